//! Operators on two values, and truth.

use crate::run::check;

#[test]
fn arithmetic() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3.5"),
        ("6 / 2", "3"),
        ("-7 % 3", "-1"),
        ("5.5 % 2", "1.5"),
        ("-(3)", "-3"),
        ("- missing", "undefined"),
        ("1 + missing", "undefined"),
        ("'a' + 1", "!T2001"),
        ("1 + null", "!T2002"),
        ("-'a'", "!D1002"),
        ("1 / 0", "!D1001"),
        ("0 / 0", "!D1001"),
        ("1e308 * 10", "!D1001"),
        ("9007199254740991 + 0", "9007199254740991"),
    ]);
}

#[test]
fn equality_is_deep() {
    check(&[
        (
            "{'a': [1, {'b': null}]} = {'a': [1.0, {'b': null}]}",
            "true",
        ),
        ("{'a': 1, 'b': 2} = {'b': 2, 'a': 1}", "true"),
        ("[1, 2] = [2, 1]", "false"),
        ("orders.id = [1, 2]", "true"),
        ("1 = '1'", "false"),
        ("missing = missing", "false"),
        ("missing != 1", "false"),
        ("$sum = $sum", "true"),
    ]);
}

#[test]
fn comparison() {
    check(&[
        ("1 < 2 and 'a' < 'b'", "true"),
        ("2 <= 2 and 2 >= 2 and 3 > 2", "true"),
        ("1 < missing", "undefined"),
        ("1 < 'a'", "!T2009"),
        ("1 < true", "!T2010"),
        ("missing < {}", "!T2010"),
        // By UTF-16 code units: half of a surrogate pair is below U+FF61.
        ("'\u{1F600}' < '\u{FF61}'", "true"),
        ("'é' > 'z'", "true"),
    ]);
}

#[test]
fn truth() {
    check(&[
        ("true and 'x'", "true"),
        ("false or []", "false"),
        ("false or [0, [0, 1]]", "true"),
        ("$boolean([0])", "false"),
        ("$boolean({})", "false"),
        ("$boolean($sum)", "false"),
        ("$boolean(missing)", "undefined"),
        ("false and $error('not evaluated')", "false"),
        ("true or $error('not evaluated')", "true"),
        ("0 ? 1 : 2", "2"),
        ("0 ? 1", "undefined"),
    ]);
}

#[test]
fn text_and_membership() {
    check(&[
        ("1 & 'a' & missing & null & true", r#""1anulltrue""#),
        ("'' & [1, 0.1 + 0.2]", r#""[1,0.3]""#),
        ("'a' in ['a', 'b']", "true"),
        ("'a' in 'a'", "true"),
        ("missing in [1]", "false"),
        ("{} in [{}]", "false"),
    ]);
}

#[test]
fn ranges() {
    check(&[
        ("[1..3]", "[1,2,3]"),
        ("[1..1]", "[1]"),
        ("[3..1]", "[]"),
        ("[1..missing]", "[]"),
        ("[0, 2..3, 9]", "[0,2,3,9]"),
        ("[1..3].($ * $)", "[1,4,9]"),
        ("$count([1..10000000])", "10000000"),
        ("[1..10000001]", "!D2014"),
        ("[1.5..2]", "!T2003"),
        ("[1..'a']", "!T2004"),
        (
            "[9007199254740990..9007199254740992]",
            "[9007199254740990,9007199254740991,9007199254740992]",
        ),
    ]);
}
