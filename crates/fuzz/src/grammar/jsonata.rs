//! JSONata expressions.

use crate::random::Random;

/// Tokens of the language.
pub(crate) const WORDS: [&str; 66] = [
    "a",
    "b",
    "Account",
    "Order",
    "Product",
    "Price",
    "$",
    "$$",
    "$x",
    "$f",
    "$v",
    "$s",
    "%",
    "*",
    "**",
    "@$i",
    "#$i",
    ".",
    "..",
    ",",
    ";",
    ":",
    ":=",
    "?",
    "=",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "~>",
    "&",
    "+",
    "-",
    "/",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "^(",
    "^(>",
    "|",
    "and",
    "or",
    "in",
    "not",
    "function",
    "λ",
    "($x)",
    "<n-n>",
    "<a<s>:o>",
    "<(sa)?:x>",
    "true",
    "false",
    "null",
    "'text'",
    "\"\\u00e9\"",
    "`a b`",
    "/a(b)?/",
    "/./i",
    "%.%",
    "/* c */",
    "~> $f()",
];

const FUNCTIONS: [&str; 66] = [
    "sum",
    "count",
    "max",
    "min",
    "average",
    "string",
    "substring",
    "substringBefore",
    "substringAfter",
    "lowercase",
    "uppercase",
    "length",
    "trim",
    "pad",
    "match",
    "contains",
    "replace",
    "split",
    "join",
    "formatNumber",
    "formatBase",
    "formatInteger",
    "parseInteger",
    "number",
    "floor",
    "ceil",
    "round",
    "abs",
    "sqrt",
    "power",
    "random",
    "boolean",
    "not",
    "map",
    "zip",
    "filter",
    "single",
    "reduce",
    "sift",
    "keys",
    "lookup",
    "append",
    "exists",
    "spread",
    "merge",
    "reverse",
    "each",
    "error",
    "assert",
    "type",
    "sort",
    "shuffle",
    "distinct",
    "base64encode",
    "base64decode",
    "encodeUrlComponent",
    "encodeUrl",
    "decodeUrlComponent",
    "decodeUrl",
    "eval",
    "toMillis",
    "fromMillis",
    "clone",
    "now",
    "millis",
    "f",
];

const TEXTS: [&str; 20] = [
    "''",
    "'a'",
    "'a b-c, d'",
    "'é😀'",
    "'2018-03-27T14:03:00.123Z'",
    "'27 April 2008'",
    "'#,##0.00'",
    "'00.0e0'",
    "'w'",
    "'I'",
    "'[Y0001]-[M01]-[D01]'",
    "'[D1o] [MNn] [Y]'",
    "'%7B%'",
    "'1e5'",
    "'0x1F'",
    "'one hundred and one'",
    "'$1$$'",
    "'[1,2'",
    "'-0530'",
    "'('",
];

const PATTERNS: [&str; 8] = [
    "/a/",
    "/(a|b)*c/",
    "/\\w+\\s?/i",
    "/^.*$/m",
    "/(?=a)b?/",
    "/([a-z]+)-\\1/",
    "/(a+)+$/",
    "/x*/",
];

const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "2",
    "3",
    "10",
    "1.5",
    "100",
    "1000",
    "1e6",
    "9007199254740993",
    "1e21",
    "1e308",
    "0.1",
    "5e-324",
];

const OPERATORS: [&str; 20] = [
    " + ", " - ", " * ", " / ", " % ", " & ", " = ", " != ", " < ", " > ", " <= ", " >= ", " and ",
    " or ", " in ", " ~> ", ".", ".", ".", "..",
];

/// An expression.
pub(crate) fn expression(random: &mut Random) -> String {
    let mut out = String::new();
    write(random, 0, &mut out);
    out
}

fn write(random: &mut Random, depth: usize, out: &mut String) {
    if depth > 5 || out.len() > 2_000 || random.once_in(4) {
        return leaf(random, out);
    }
    match random.below(16) {
        0..=2 => {
            write(random, depth + 1, out);
            out.push_str(random.pick(&OPERATORS));
            write(random, depth + 1, out);
        }
        3..=6 => call(random, depth, out),
        7 => list(random, depth, ("(", "; ", ")"), out),
        8 => list(random, depth, ("[", ", ", "]"), out),
        9 => {
            out.push('[');
            write(random, depth + 1, out);
            out.push_str("..");
            write(random, depth + 1, out);
            out.push(']');
        }
        10 => {
            out.push_str("{'a': ");
            write(random, depth + 1, out);
            out.push_str(", $string(");
            write(random, depth + 1, out);
            out.push_str("): 1}");
        }
        11 => {
            write(random, depth + 1, out);
            let (open, close) = random.pick(&[
                ("[", "]"),
                ("^(", ")"),
                ("{'k': ", "}"),
                (".(", ")"),
                (" ? ", " : 0"),
                ("@$i.", ""),
            ]);
            out.push_str(open);
            write(random, depth + 1, out);
            out.push_str(close);
        }
        12 => {
            out.push_str("($x := ");
            write(random, depth + 1, out);
            out.push_str("; $f := function($a, $b){ ");
            write(random, depth + 1, out);
            out.push_str(" }; ");
            write(random, depth + 1, out);
            out.push(')');
        }
        13 => {
            out.push_str("function($x, $y)");
            out.push_str(random.pick(&["", "<nn:n>", "<a?:x>", "<s-:s>"]));
            out.push('{');
            write(random, depth + 1, out);
            out.push('}');
        }
        14 => {
            out.push_str("$ ~> |");
            write(random, depth + 1, out);
            out.push('|');
            write(random, depth + 1, out);
            out.push('|');
        }
        _ => {
            out.push('-');
            write(random, depth + 1, out);
        }
    }
}

fn call(random: &mut Random, depth: usize, out: &mut String) {
    out.push('$');
    out.push_str(random.pick(&FUNCTIONS));
    out.push('(');
    for argument in 0..random.below(4) {
        if argument > 0 {
            out.push_str(", ");
        }
        match random.below(12) {
            0 => out.push('?'),
            1 => {
                out.push('$');
                out.push_str(random.pick(&FUNCTIONS));
            }
            2 => {
                out.push_str("function($a, $b, $c){ ");
                write(random, depth + 1, out);
                out.push_str(" }");
            }
            3 => out.push_str(random.pick(&PATTERNS)),
            4..=6 => leaf(random, out),
            _ => write(random, depth + 1, out),
        }
    }
    out.push(')');
}

fn list(
    random: &mut Random,
    depth: usize,
    (open, between, close): (&str, &str, &str),
    out: &mut String,
) {
    out.push_str(open);
    for item in 0..random.below(4) {
        if item > 0 {
            out.push_str(between);
        }
        write(random, depth + 1, out);
    }
    out.push_str(close);
}

fn leaf(random: &mut Random, out: &mut String) {
    let names = [
        "a", "b", "c", "Account", "Order", "Product", "Price", "id", "tags", "`a.b`", "*", "**",
        "%",
    ];
    let values = [
        "$", "$$", "$v", "$s", "$x", "$a", "$b", "true", "false", "null", "[]", "{}", "()", "$f",
    ];
    out.push_str(match random.below(6) {
        0 | 1 => random.pick(&names),
        2 => random.pick(&values),
        3 | 4 => random.pick(&NUMBERS),
        _ => random.pick(&TEXTS),
    });
}
