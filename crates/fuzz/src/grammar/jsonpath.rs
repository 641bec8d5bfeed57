//! Paths of the Jayway dialect.

use crate::random::Random;

/// Tokens of the language.
pub(crate) const WORDS: [&str; 44] = [
    "$",
    "$$",
    "$v",
    "@",
    ".",
    "..",
    "*",
    "[",
    "]",
    "[*]",
    "[0]",
    "[-1]",
    "[?(",
    ")]",
    "(",
    ")",
    ",",
    ":",
    "'a'",
    "\"b\"",
    "a",
    "b",
    "id",
    "tags",
    "==",
    "!=",
    "<",
    ">=",
    "=~",
    "/x/",
    "/(a+)+$/i",
    "&&",
    "||",
    "!",
    "in",
    "nin",
    "contains",
    "size",
    "empty",
    "anyof",
    "length()",
    "min()",
    "keys()",
    "null",
];

const ROOTS: [&str; 6] = ["$", "$", "$", "$$", "$v", "$n"];
const NAMES: [&str; 10] = [
    "a", "b", "c", "id", "name", "tags", "Account", "Order", "x-y", "é",
];
const OPERATORS: [&str; 18] = [
    "==", "!=", "<", "<=", ">", ">=", "=~", "in", "nin", "subsetof", "anyof", "noneof", "contains",
    "size", "empty", "===", "type", "all",
];
const VALUES: [&str; 12] = [
    "1",
    "-2.5e3",
    "'x'",
    "\"y\"",
    "true",
    "null",
    "[1, 'a']",
    "/x.*/i",
    "{}",
    "99999999999999999999",
    "''",
    "[]",
];

/// A path.
pub(crate) fn path(random: &mut Random) -> String {
    let mut out = random.pick(&ROOTS).to_owned();
    steps(random, 0, &mut out);
    out
}

fn steps(random: &mut Random, depth: usize, out: &mut String) {
    for _ in 0..random.below(5) {
        step(random, depth, out);
    }
    if random.once_in(8) {
        let function = [
            "length", "min", "max", "avg", "sum", "stddev", "keys", "first", "last", "index",
            "append", "concat",
        ];
        out.push('.');
        out.push_str(random.pick(&function));
        out.push_str(random.pick(&["()", "(1)", "($.a)", "($..*, 'x')", "(-1)"]));
    }
}

fn step(random: &mut Random, depth: usize, out: &mut String) {
    match random.below(9) {
        0 | 1 => {
            out.push('.');
            out.push_str(random.pick(&NAMES));
        }
        2 => {
            out.push_str("..");
            out.push_str(random.pick(&["a", "*", "[0]", "id", "['b']"]));
        }
        3 => out.push_str(random.pick(&[".*", "[*]", "['a','b']", "[\"c\"]", "['a.b']"])),
        4 | 5 => {
            let index = random.pick(&[
                "0",
                "1",
                "-1",
                "2147483648",
                "99999999999999999999",
                "0,1,2",
                "1:",
                ":-1",
                "::2",
                "0:9:0",
            ]);
            out.push('[');
            out.push_str(index);
            out.push(']');
        }
        6 if depth < 3 => {
            out.push_str("[?(");
            condition(random, depth + 1, out);
            out.push_str(")]");
        }
        _ => {
            out.push_str("['");
            out.push_str(random.pick(&NAMES));
            out.push_str("']");
        }
    }
}

fn condition(random: &mut Random, depth: usize, out: &mut String) {
    if depth < 4 && random.once_in(3) {
        let (open, between, close) =
            random.pick(&[("", " && ", ""), ("(", " || ", ")"), ("!(", " && ", ")")]);
        out.push_str(open);
        condition(random, depth + 1, out);
        out.push_str(between);
        condition(random, depth + 1, out);
        out.push_str(close);
        return;
    }
    operand(random, depth, out);
    if !random.once_in(4) {
        out.push(' ');
        out.push_str(random.pick(&OPERATORS));
        out.push(' ');
        operand(random, depth, out);
    }
}

fn operand(random: &mut Random, depth: usize, out: &mut String) {
    if random.once_in(2) {
        out.push_str(random.pick(&VALUES));
        return;
    }
    out.push_str(random.pick(&["@", "@", "$"]));
    steps(random, depth + 1, out);
}
