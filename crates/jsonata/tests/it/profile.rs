//! What a profile refuses.

use passo_jsonata::error::{REFUSED_CONTEXT, REFUSED_FUNCTION};
use passo_jsonata::{Expression, Profile};

#[track_caller]
fn code(profile: &Profile, source: &str) -> &'static str {
    Expression::compile(source, profile).map_or_else(|error| error.code, |_| "ok")
}

#[test]
fn refused_functions_are_refused_wherever_they_are_mentioned() {
    let profile = Profile::default().with_refused("eval");
    for (source, expected) in [
        ("$eval('1')", REFUSED_FUNCTION),
        ("($f := $eval; $f('1'))", REFUSED_FUNCTION),
        ("['1'] ~> $map($eval)", REFUSED_FUNCTION),
        ("function(){$eval}", REFUSED_FUNCTION),
        ("$eval(?)", REFUSED_FUNCTION),
        ("a[$eval('1')]", REFUSED_FUNCTION),
        ("eval", "ok"),
        ("($eval := 1; $eval)", "ok"),
        ("function($eval){$eval}", "ok"),
    ] {
        assert_eq!(code(&profile, source), expected, "{source}");
    }
    assert_eq!(code(&Profile::default(), "$eval('1')"), "ok");
}

#[test]
fn the_top_level_context_can_be_forbidden() {
    let profile = Profile {
        forbid_context_root: true,
        ..Profile::default()
    };
    for source in [
        "$",
        "$$",
        "a",
        "a.b",
        "$x + a",
        "*",
        "**",
        "[1, a]",
        "{'k': a}",
        "$x ? a : 1",
        "function($y){a}",
        "$map($x, function($y){$y.b & $.c})",
        "$x[$$.a]",
        "$sum(a)",
        "(a)",
        "$f := a",
        "a ~> $sum",
    ] {
        assert_eq!(code(&profile, source), REFUSED_CONTEXT, "{source}");
    }
    for source in [
        "$x",
        "$x.a",
        "$x[a = 1]",
        "$x.(a + $)",
        "$x.{'k': a}",
        "$x{a: $sum(b)}",
        "$x^(a)",
        "$x.*",
        "$x.**",
        "[1, 2].$",
        "{'a': 1}.a",
        "$x ~> |a|{'b': c}|",
        "$map($x, function($y){$y.b})",
        "$x@$v.a",
        "($y := $x; $y.a)",
    ] {
        assert_eq!(code(&profile, source), "ok", "{source}");
    }
}
