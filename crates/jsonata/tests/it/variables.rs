//! Which variables an expression asks its caller for.

use passo_jsonata::{Expression, Profile};

/// The variables, and every mention with its fields.
#[track_caller]
fn check(source: &str, variables: &[&str], uses: &[&str]) {
    let profile = Profile::default().with_host_function("uuid", "<:s>");
    let expression = Expression::compile(source, &profile).unwrap();
    assert_eq!(
        expression.variables().collect::<Vec<_>>(),
        variables,
        "{source}"
    );
    let mentions = expression.variable_uses().iter().map(|mention| {
        let mut text = mention.name.to_string();
        for field in &mention.fields {
            text = format!("{text}.{field}");
        }
        text
    });
    assert_eq!(mentions.collect::<Vec<_>>(), uses, "{source}");
}

#[test]
fn free_variables_are_found() {
    check("1", &[], &[]);
    check("$a + $b + $a", &["a", "b"], &["a", "b", "a"]);
    check("$sum($a) & $uuid()", &["a"], &["a"]);
    check("$$ & $", &[], &[]);
    check("($a := 1; $a)", &[], &[]);
    check("($a := $a + 1; $a)", &["a"], &["a"]);
    check("($f := function($n){$f($n - $k)}; $f(1))", &["k"], &["k"]);
    check("function($x){$x + $y}", &["y"], &["y"]);
    check("($x := 1); $x".replace(';', "+").as_str(), &["x"], &["x"]);
    check("a@$v.b#$i.[$v, $i, $w]", &["w"], &["w"]);
    check(
        "x[$a]^($b){$c: $d} ~> |$|$e|",
        &["a", "b", "c", "d", "e"],
        &["a", "b", "c", "d", "e"],
    );
}

#[test]
fn fields_after_a_variable_are_found() {
    check("$states.result.a[0].b", &["states"], &["states.result.a"]);
    check("$states", &["states"], &["states"]);
    check("$states[0].input", &["states"], &["states"]);
    check("$states.`input`.*.c", &["states"], &["states.input"]);
    check("$states.(result)", &["states"], &["states"]);
    check("$states.$lookup('result')", &["states"], &["states"]);
    check(
        "[$states.input, $states.errorOutput.Cause]",
        &["states"],
        &["states.input", "states.errorOutput.Cause"],
    );
}
