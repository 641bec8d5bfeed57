//! The built-in functions, by family.

use crate::run::check;

#[test]
fn strings() {
    check(&[
        (
            "$string({'a': [1.0, null, 'x\\n\\u0001']})",
            r#""{\"a\":[1,null,\"x\\n\\u0001\"]}""#,
        ),
        (
            "$string([1, {'a': []}], true)",
            r#""[\n  1,\n  {\n    \"a\": []\n  }\n]""#,
        ),
        ("$string($sum)", r#""""#),
        ("$length('\u{1F600}é')", "2"),
        ("$substring('hello', 1, 3)", r#""ell""#),
        ("$substring('hello', -3)", r#""llo""#),
        ("$substring('hello', -10, 2)", r#""he""#),
        ("$substring('hello', 2, 0)", r#""""#),
        (
            "$substringBefore('a-b-c', '-') & $substringAfter('a-b-c', '-')",
            r#""ab-c""#,
        ),
        ("$substringAfter('abc', 'x')", r#""abc""#),
        ("$trim('  a \\n b ')", r#""a b""#),
        (
            "$pad('a', 3, '-+') & '|' & $pad('a', -4, 'xyz') & $pad('abc', 2)",
            r#""a-+|xyzaabc""#,
        ),
        ("$join(['a', 'b'], ', ') & $join('c')", r#""a, bc""#),
        ("$join([1])", "!T0412"),
        ("$uppercase('straße') & $lowercase('ÀB')", r#""STRASSEàb""#),
        ("$uppercase(missing)", "undefined"),
        ("$uppercase(1)", "!T0410"),
    ]);
}

#[test]
fn searching() {
    check(&[
        ("$contains('abc', 'b') and $contains('abc', /B/i)", "true"),
        ("$split('a,b,,c', ',')", r#"["a","b","","c"]"#),
        ("$split('a1b22c', /[0-9]+/)", r#"["a","b","c"]"#),
        ("$split('a,b,c', ',', 2)", r#"["a","b"]"#),
        ("$split('abc', '')", r#"["a","b","c"]"#),
        ("$split('a', ',', -1)", "!D3020"),
        (
            "$match('a1 b2', /([a-z])([0-9])/)[1]",
            r#"{"match":"b2","index":3,"groups":["b","2"]}"#,
        ),
        ("$match('aaa', /a/, 2).index", "[0,1]"),
        ("$match('a', /b/)", "undefined"),
        ("$match('\u{1F600}b', /b/).index", "2"),
        ("$replace('a.b.c', '.', '-', 1)", r#""a-b.c""#),
        (
            "$replace('john smith', /(\\w+) (\\w+)/, '$2 $1 $$ $0 $9')",
            r#""smith john $ john smith ""#,
        ),
        (
            "$replace('abc', /b/, function($m){$m.match & $m.start})",
            r#""ab1c""#,
        ),
        ("$replace('abc', /b/, function(){1})", "!D3012"),
        ("$replace('abc', '', 'x')", "!D3010"),
        ("$replace('abc', /x*/, '-')", "!D1004"),
        ("/b/('abc').start", "1"),
    ]);
}

#[test]
fn encodings() {
    check(&[
        (
            "$base64encode('user:pass') & $base64decode('dXNlcjpwYXNz')",
            r#""dXNlcjpwYXNzuser:pass""#,
        ),
        ("$base64decode($base64encode('\u{1F600}'))", "\"\u{1F600}\""),
        (
            "$encodeUrlComponent('?x=é&y') & $encodeUrl('?x=é&y')",
            r#""%3Fx%3D%C3%A9%26y?x=%C3%A9&y""#,
        ),
        (
            "$decodeUrlComponent('%3Fx%3D%C3%A9') & $decodeUrl('%3Fx%C3%A9')",
            r#""?x=é%3Fxé""#,
        ),
        ("$decodeUrl('%E0%A4%A')", "!D3140"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        (
            "$number('-1.5e2') + $number('0x1F') + $number(true)",
            "-118",
        ),
        ("$number('1,5')", "!D3030"),
        ("$number('')", "!D3030"),
        ("$number('.5')", "!D3030"),
        ("$number([1])", "!T0410"),
        ("$round(2.5) & $round(3.5) & $round(-0.5)", r#""240""#),
        ("$round(1.005, 2)", "1"),
        ("$round(12345.678, -2)", "12300"),
        ("$floor(-1.5) & $ceil(1.2) & $abs(-3)", r#""-223""#),
        ("$power(2, 10) + $sqrt(16)", "1028"),
        ("$power(10, 400)", "!D3061"),
        ("$sqrt(-1)", "!D3060"),
        (
            "$formatBase(255, 16) & $formatBase(-5, 2) & $formatBase(7)",
            r#""ff-1017""#,
        ),
        ("$formatBase(1, 1)", "!D3100"),
        (
            "$formatNumber(1234.5, '#,##0.00') & $formatInteger(12, 'I') & $parseInteger('XII', 'I')",
            r#""1,234.50XII12""#,
        ),
        (
            "$sum([]) & $max([1, 3]) & $min([2, 1]) & $average([1, 2])",
            r#""0311.5""#,
        ),
        ("$max([])", "undefined"),
        ("$sum(['a'])", "!T0412"),
        ("$sum(missing)", "undefined"),
    ]);
}

#[test]
fn arrays_and_objects() {
    check(&[
        ("$count(missing) & $count(1) & $count([1, 2])", r#""012""#),
        ("$append([1], 2)", "[1,2]"),
        ("$append(missing, 2)", "2"),
        ("$reverse([1, 2, 3])", "[3,2,1]"),
        (
            "$distinct([1, 1.0, 'a', {'b': 1}, {'b': 1}, [1], [1]])",
            r#"[1,"a",{"b":1},[1]]"#,
        ),
        ("$zip([1, 2], ['a', 'b', 'c'])", r#"[[1,"a"],[2,"b"]]"#),
        ("$keys([{'a': 1}, {'b': 2, 'a': 3}])", r#"["a","b"]"#),
        ("$keys(1)", "undefined"),
        ("$lookup(orders, 'id')", "[1,2]"),
        ("$spread({'a': 1, 'b': 2})", r#"[{"a":1},{"b":2}]"#),
        ("$merge([{'a': 1, 'b': 2}, {'a': 3}])", r#"{"a":3,"b":2}"#),
        ("$merge([1])", "!T0412"),
    ]);
}

#[test]
fn types_and_errors() {
    check(&[
        (
            "[null, 1, 'a', true, [], {}, $sum].$type($)",
            r#"["null","number","string","boolean","array","object","function"]"#,
        ),
        ("$type([]) & $type(/a/)", r#""arrayfunction""#),
        ("$type(missing)", "undefined"),
        ("$exists(customer.none) and $not($exists(missing))", "true"),
        ("$error('mine')", "!D3137"),
        ("$assert(false)", "!D3141"),
        ("$assert(true)", "undefined"),
    ]);
}
