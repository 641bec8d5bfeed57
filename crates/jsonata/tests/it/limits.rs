//! Whatever an expression does, it ends, within what it may use.

use crate::run::outcome;
use passo_json::Json;
use passo_jsonata::Limits;

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let limits = Limits {
        steps: 400_000,
        bytes: 16 << 20,
        ..Limits::default()
    };
    for (source, expected) in cases {
        assert_eq!(outcome(source, None, &limits), *expected, "{source}");
    }
}

#[test]
fn recursion_and_loops_end() {
    check(&[
        ("($f := function($x){1 + $f($x)}; $f(1))", "!U1001"),
        ("($f := function(){$f()}; $f())", "!U1001"),
        (
            "($f := function($x){$map([1, 2], function($y){$f($y)})[0] + 1}; $f(1))",
            "!U1001",
        ),
        (
            "($f := function($a, $b){$f($b, $a) and true}; $sort([1, 2], $f))",
            "!U1001",
        ),
        (
            "($f := function($x){$replace('abc', /b/, $f) & ''}; $f(1))",
            "!U1001",
        ),
        (
            "($f := function($x){($x ~> |$|{'a': $f($)}|) = 1}; $f({}))",
            "!U1001",
        ),
        ("($f := $f ~> $f; 1)", "!T2006"),
    ]);
}

#[test]
fn text_does_not_grow_without_bound() {
    check(&[
        ("$pad('x', 2e9)", "!U1001"),
        ("$pad('x', 1e300)", "!U1001"),
        ("$reduce([1..40], function($a){$a & $a}, 'x')", "!D3050"),
        ("$reduce([1..40], function($a, $i){$a & $a}, 'x')", "!U1001"),
        (
            "$reduce([1..40], function($a, $i){$replace($a, 'x', 'xx')}, 'x')",
            "!U1001",
        ),
        (
            "$reduce([1..40], function($a, $i){$join([$a, $a])}, 'x')",
            "!U1001",
        ),
        (
            "$reduce([1..40], function($a, $i){$string([$a, $a])}, 'x')",
            "!U1001",
        ),
    ]);
}

#[test]
fn arrays_do_not_grow_without_bound() {
    check(&[
        (
            "$reduce([1..40], function($a, $i){$append($a, $a)}, [1])",
            "!U1001",
        ),
        (
            "$reduce([1..40], function($a, $i){[$a, $a]}, [1])",
            "!U1001",
        ),
        ("[1..3000].[1..3000]", "!U1001"),
        ("$zip([1..10000000], [1..10000000])", "!U1001"),
        (
            "$map([1..3000], function($x){$map([1..3000], function($y){$y})})",
            "!U1001",
        ),
        ("$split($pad('x', 5000000), '')", "!U1001"),
        ("$sort([1..10000000], function($a, $b){$a > $b})", "!U1001"),
    ]);
}

#[test]
fn values_that_share_their_parts_are_not_spelled_out() {
    let doubled = "$reduce([1..60], function($a, $i){[[$a, $a]]}, 0)";
    check(&[
        (doubled, "!U1001"),
        (&format!("{doubled} = {doubled}"), "!U1001"),
        (&format!("$boolean({doubled})"), "!U1001"),
        (&format!("$string({doubled})"), "!U1001"),
        (&format!("$distinct([{doubled}, {doubled}])"), "!U1001"),
        (&format!("{doubled}.**"), "!U1001"),
        (&format!("{doubled} ~> |$|{{}}|"), "!U1001"),
        (
            "$reduce([1..60], function($a, $i){{'a': $a, 'b': $a, 'f': $sum}}, 0)",
            "!U1001",
        ),
        (
            "$reduce([1..60], function($a, $i){$map([1, 2], function(){$a})}, 0)",
            "!U1001",
        ),
    ]);
}

#[test]
fn nesting_of_values_is_bounded() {
    check(&[
        ("$reduce([1..5000], function($a, $i){[[$a]]}, 0)", "!U1001"),
        (
            "$reduce([1..5000], function($a, $i){{'a': $a}}, 0)",
            "!U1001",
        ),
        (
            "$reduce([1..5000], function($a, $i){$map([1, 2], function(){$a})}, 0)",
            "!U1001",
        ),
        (
            "($f := function($n, $g){$n = 0 ? $type($g) : $f($n - 1, $g ~> $string)}; $f(5000, $string))",
            "!U1001",
        ),
        (
            "($f := function($n, $g){$n = 0 ? $type($g) : $f($n - 1, function(){$g})}; $f(5000, $string))",
            "\"function\"",
        ),
    ]);
}

#[test]
fn limits_are_the_callers() {
    let limited = |source: &str, limits: Limits| outcome(source, None, &limits);
    let few = Limits {
        steps: 100,
        ..Limits::default()
    };
    assert_eq!(limited("$map([1..200], function($x){$x})", few), "!U1001");
    let shallow = Limits {
        depth: 20,
        ..Limits::default()
    };
    let recursive = "($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(10))";
    assert_eq!(limited(recursive, shallow), "!U1001");
    assert_eq!(limited(recursive, Limits::default()), "10");
    let short = Limits {
        sequence_length: 10,
        ..Limits::default()
    };
    assert_eq!(limited("[1, 2].([1..10])", short), "!D2014");
    let small = Limits {
        bytes: 100,
        ..Limits::default()
    };
    assert_eq!(limited("$pad('x', 200)", small), "!U1001");
}

#[test]
fn a_deep_input_is_walked_within_the_stack() {
    let text = format!("{}1{}", "[".repeat(999), "]".repeat(999));
    let input = Json::parse(&text).unwrap();
    for (source, expected) in [
        ("$string($) = $string($)", "true"),
        ("$count(**)", "1"),
        ("$ = $", "true"),
    ] {
        assert_eq!(
            outcome(source, Some(&input), &Limits::default()),
            expected,
            "{source}"
        );
    }
}

/// What a step does must not grow with the values and the variables it touches: each of these takes
/// few nodes, but minutes where only nodes are counted.
#[test]
fn work_inside_of_a_step_is_counted() {
    let many = |name: &str| -> String {
        let names: Vec<String> = (0..2000).map(|index| format!("${name}{index}")).collect();
        names.join(",")
    };
    let untaken = many("a").replace(',', ":=1,");
    let text = "$s := $pad('', 20000, '#') & '0'; $map([1..1000], function($v){";
    let object = "$o := $merge([1..1000].{$string($): $}); $map([1..1000], function($v){";
    check(&[
        (
            &format!("($f := function(){{$f{}()}}; $f())", "[0]".repeat(2000)),
            "!U1001",
        ),
        ("($a := [1..2000].($ * 1); $a[$a])", "!U1001"),
        (
            &format!("($f := function($n,{}){{$f($n)}}; $f(0))", many("a")),
            "!U1001",
        ),
        (
            &format!("($f := function($n){{($n ? [{untaken}:=1]; $f($n))}}; $f(0))"),
            "!U1001",
        ),
        (&format!("({text}$length($s)}}))"), "!U1001"),
        (&format!("({text}$substring($s, -3)}}))"), "!U1001"),
        (&format!("({text}$contains($s, 'abc')}}))"), "!U1001"),
        (&format!("({text}$match($s, /y/)}}))"), "!U1001"),
        (&format!("({text}$parseInteger($s, 'w')}}))"), "!U1001"),
        (&format!("({text}$formatInteger(1, $s)}}))"), "!U1001"),
        (&format!("({text}$toMillis('1', $s)}}))"), "!U1001"),
        (
            "($a := [1..1000]; $map([1..1000], function($v){$a = $a}))",
            "!U1001",
        ),
        (&format!("({object}$keys($o)}}))"), "!U1001"),
        (&format!("({object}$o = $o}}))"), "!U1001"),
        (&format!("({object}$merge([$o, $o])}}))"), "!U1001"),
        ("$map([1..10000], function($v){$fromMillis($v)})", "!U1001"),
        (
            "$map([1..10000], function($v){$formatInteger(1e300, 'w')})",
            "!U1001",
        ),
        (
            "$map([1..10000], function($v){$formatBase(1e300, 2)})",
            "!U1001",
        ),
        (
            "($s := $pad('', 5000000, 'ab'); $map([1..100], function($v){$s <= $s}))",
            "!U1001",
        ),
        ("($s := $pad('', 1000000, 'ab'); [1..200]^($s))", "!U1001"),
    ]);
}

/// Parameters that share a name share a slot too, but each call binds every one of them.
#[test]
fn a_call_spends_for_all_its_parameters() {
    let parameters = vec!["$a"; 3_000].join(", ");
    let limits = Limits {
        steps: 400_000,
        ..Limits::default()
    };
    // Three hundred calls of so many parameters fit; a thousand do not.
    for (calls, expected) in [(300, "300"), (1_000, "!U1001")] {
        let source = format!("($f := function({parameters}){{1}}; $sum([1..{calls}].$f(0)))");
        assert_eq!(outcome(&source, None, &limits), expected, "{calls}");
    }
}
