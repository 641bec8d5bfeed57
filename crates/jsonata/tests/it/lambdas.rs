//! Functions as values: definitions, calls, application, and functions that take functions.

use crate::run::check;

#[test]
fn closures_and_recursion() {
    check(&[
        ("(function($x){$x + 1})(2)", "3"),
        ("(λ($x, $y){$y})(2)", "undefined"),
        (
            "($f := function($n){$n < 2 ? 1 : $n * $f($n - 1)}; $f(10))",
            "3628800",
        ),
        ("($x := 1; $f := function(){$x}; $x := 2; $f())", "2"),
        ("($f := function($x){function($y){$x + $y}}; $f(1)(2))", "3"),
        ("($x := 1; ($x := 2); $x)", "1"),
        ("($x := 1; ($y := $x; $x := 5; [$x, $y]))", "[5,1]"),
        ("[1, 2].($x := $ * 10; function(){$x}) .$()", "[10,20]"),
        ("$f := function(){1}", "!U2001"),
        ("[function(){1}]", "!U2001"),
        ("{'f': function($x){$x * 2}}.f(4)", "8"),
        ("($f := function($x, $x){$x}; $f(1, 2))", "2"),
    ]);
}

#[test]
fn tail_calls_do_not_grow_the_stack() {
    check(&[
        (
            "($loop := function($n, $s){$n = 0 ? $s : $loop($n - 1, $s + $n)}; $loop(100000, 0))",
            "5000050000",
        ),
        (
            "($even := function($n){$n = 0 ? true : $odd($n - 1)}; $odd := function($n){$n = 0 ? false : $even($n - 1)}; $even(20001))",
            "false",
        ),
        (
            "($f := function($n){($m := $n - 1; $m < 0 ? 'done' : $f($m))}; $f(50000))",
            r#""done""#,
        ),
    ]);
}

#[test]
fn signatures() {
    check(&[
        ("(function($x)<n:n>{$x})('a')", "!T0410"),
        ("(function($a)<a<n>>{$a})(1)", "[1]"),
        ("(function($a)<a<n>>{$a})(['b'])", "!T0412"),
        ("customer.name.(function($s)<s->{$s})()", r#""Ana""#),
        ("1.(1)", "!S0213"),
        ("[5].(function($s)<s->{$s})()", "!T0411"),
        ("(function($a, $b)<n?s>{$a})('x')", r#""x""#),
        ("(function($a)<n+>{$a})(1, 2, 3)", "1"),
        ("(function($a)<(sn)>{$a})(true)", "!T0410"),
        ("function($a)<s<n>>{1}", "!S0401"),
        ("function($a)<(sa<n>)>{1}", "!S0402"),
    ]);
}

#[test]
fn application_and_partial_application() {
    check(&[
        ("'a' ~> $uppercase", r#""A""#),
        ("'abc' ~> $substring(1) ~> $uppercase()", r#""BC""#),
        ("($f := $uppercase ~> $length; $f('abc'))", "3"),
        (
            "($first := $substring(?, 0, ?); $first('hello', 2))",
            r#""he""#,
        ),
        (
            "($add := function($x, $y){$x + $y}; $map([1, 2], $add(?, 10)))",
            "[11,12]",
        ),
        ("1 ~> 2", "!T2006"),
        ("missing(1)", "!T1006"),
        ("sum([1])", "!T1005"),
        ("sum(?)", "!T1007"),
        ("missing(?)", "!T1008"),
        ("$missing(?)", "!T1008"),
        ("'a' ~> /a/ ~> $type", r#""object""#),
    ]);
}

#[test]
fn higher_order_functions() {
    check(&[
        (
            "$map([3, 4], function($v, $i, $a){$v + $i + $count($a)})",
            "[5,7]",
        ),
        ("$map(5, function($v){$v})", "5"),
        ("$map(missing, function($v){$v})", "undefined"),
        ("$map([1, 2], function($v){$v = 1 ? $v})", "1"),
        ("$map([1, 2], function(){7})", "[7,7]"),
        ("$filter([1, 2, 3], function($v){$v > 1})", "[2,3]"),
        ("$single([1, 2], function($v){$v = 2})", "2"),
        ("$single([1, 2])", "!D3138"),
        ("$single([1], function(){false})", "!D3139"),
        ("$reduce([1, 2, 3], function($a, $v){$a * 10 + $v})", "123"),
        (
            "$reduce([1, 2], function($a, $v, $i, $all){$a + $i + $count($all)}, 0)",
            "5",
        ),
        ("$reduce([1], function($a){$a})", "!D3050"),
        (
            "$sift(customer, function($v, $k){$k = 'name'})",
            r#"{"name":"Ana"}"#,
        ),
        ("$sift(customer, function(){false})", "undefined"),
        (
            "$each({'a': 1, 'b': 2}, function($v, $k){$k & $v})",
            r#"["a1","b2"]"#,
        ),
        ("$map(['a', 'b'], $uppercase)", r#"["A","B"]"#),
        ("$sort([3, 1, 2])", "[1,2,3]"),
        ("$sort(['b', 'a'])", r#"["a","b"]"#),
        ("$sort([1, 'a'])", "!D3070"),
        (
            "$sort(orders.lines, function($a, $b){$a.qty < $b.qty}).qty",
            "[4,2,1]",
        ),
    ]);
}

#[test]
fn comparators_of_one_field_sort_as_any_other() {
    let items = "[{'k': 2, 'n': 1}, {'k': 1, 'n': 2}, {'k': 2, 'n': 3}, {'k': 1, 'n': 4}]";
    for (comparator, expected) in [
        ("$a.k > $b.k", "[2,4,1,3]"),
        ("$b.k < $a.k", "[2,4,1,3]"),
        ("$a.k < $b.k", "[1,3,2,4]"),
        ("$b.k > $a.k", "[1,3,2,4]"),
        ("($a.k > $b.k)", "[2,4,1,3]"),
        ("$a.k >= $b.k", "[4,2,3,1]"),
        ("$a.k > $b.n", "[1,2,3,4]"),
        ("$a.x > $b.x", "[1,2,3,4]"),
        ("$a.k > $a.k", "[1,2,3,4]"),
    ] {
        let source = format!("$sort({items}, function($a, $b){{{comparator}}}).n");
        check(&[(&source, expected)]);
    }
    check(&[
        (
            "$sort([{'k': 1}, {'k': 'a'}], function($a, $b){$a.k > $b.k})",
            "!T2009",
        ),
        (
            "$sort([{'k': 2}, {}, {'k': 1}], function($a, $b){$a.k > $b.k}).k",
            "[2,1]",
        ),
        (
            "$sort([{'k': 'b'}, {'k': 'a'}], function($a, $b){$a.k > $b.k}).k",
            r#"["a","b"]"#,
        ),
    ]);
}
