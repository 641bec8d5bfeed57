//! Source that is not an expression, and where errors say they are.

use crate::run::{check, outcome};
use passo_jsonata::{Expression, Limits, Profile};

#[test]
fn malformed_source_has_official_codes() {
    check(&[
        ("'open", "!S0101"),
        ("1e999", "!S0102"),
        ("'\\q'", "!S0103"),
        ("'\\u12'", "!S0104"),
        ("`open", "!S0105"),
        ("/* open", "!S0106"),
        ("1 2", "!S0201"),
        ("[1 2]", "!S0202"),
        ("(1", "!S0203"),
        ("1 ! 2", "!S0204"),
        ("", "!S0207"),
        ("1 +", "!S0207"),
        ("function(1){1}", "!S0208"),
        ("* = / 2", "!S0302"),
        ("+ 1", "!S0211"),
        ("1 := 2", "!S0212"),
        ("a.true", "!S0213"),
        ("$match('a', //)", "!S0301"),
        ("$match('a', /a)", "!S0302"),
        ("$match('a', /(/)", "!S0302"),
        ("$match('a', /+/)", "!S0303"),
    ]);
}

#[test]
fn operators_of_later_versions_are_unknown() {
    check(&[("missing ?? 1", "!S0211"), ("missing ?: 1", "!S0211")]);
}

#[test]
fn comments_names_and_escapes() {
    check(&[
        ("/* one */ 1 /* two **/ + /* three */ 1", "2"),
        ("{'and': 1}.and + {'or': 2}.or + {'in': 3}.in", "6"),
        (r#""\u00e9\ud83d\ude00\/\t""#, "\"é\u{1F600}/\\t\""),
        ("'it\\'s' = \"it's\"", "!S0103"),
        ("`a b` := 1", "!S0212"),
    ]);
}

#[test]
fn errors_say_where() {
    for (source, code, position, token) in [
        ("1 + + 2", "S0211", 5, "+"),
        ("[1, 'a' + 1]", "T2001", 9, "+"),
        ("$uppercase(1)", "T0410", 11, "uppercase"),
        ("$sum([1]) + $sqrt(-1)", "D3060", 18, "sqrt"),
    ] {
        let random = || 0;
        let environment = passo_jsonata::Environment {
            now_millis: 0,
            random: &random,
            host_functions: &passo_jsonata::NoHostFunctions,
        };
        let result = Expression::compile(source, &Profile::default()).and_then(|it| {
            it.evaluate(
                None,
                &passo_jsonata::NoBindings,
                &environment,
                &Limits::default(),
            )
        });
        let error = result.unwrap_err();
        let place = (error.code, error.position, error.token.as_deref());
        assert_eq!(place, (code, Some(position), Some(token)), "{source}");
    }
}

#[test]
fn nesting_is_bounded_and_chains_may_be_long() {
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
    for source in [
        deep("(", ")"),
        deep("[", "]"),
        deep("{'a':", "}"),
        deep("-", ""),
        deep("1 ? ", ""),
        deep("function(){", "}"),
        deep("a[", "]"),
        deep("1 + ", ""),
        deep("a.", ""),
        "{".repeat(50_000),
    ] {
        assert_eq!(outcome(&source, None, &Limits::default()), "!U1001");
    }
    let list = format!("[{}1]", "1, ".repeat(20_000));
    assert!(outcome(&list, None, &Limits::default()).starts_with("[1,1,"));
}
