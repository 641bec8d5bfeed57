//! What the host brings: functions, variables, time, chance and numbers as they are.

use crate::run::{describe, outcome};
use passo_json::{Json, json};
use passo_jsonata::{Environment, Error, Expression, HostFunctions, Limits, Profile};
use std::collections::BTreeMap;

struct Host;

impl HostFunctions for Host {
    fn call(&self, name: &str, arguments: &[Option<Json>]) -> Result<Option<Json>, Error> {
        match (name, arguments) {
            ("double", [Some(Json::Number(number))]) => Ok(Some(Json::from(number.as_f64() * 2.0))),
            ("nothing", _) => Ok(None),
            ("sum", arguments) => Ok(Some(Json::from(format!("host:{}", arguments.len())))),
            _ => Err(Error::new("H0001", "the host says no")),
        }
    }
}

#[track_caller]
fn check(source: &str, expected: &str) {
    let profile = Profile::default()
        .with_host_function("double", "<n-:n>")
        .with_host_function("nothing", "<x?>")
        .with_host_function("fail", "<x?>")
        .with_host_function("sum", "<a<n>n?>");
    let random = || u64::MAX;
    let environment = Environment {
        now_millis: 1_700_000_000_123,
        random: &random,
        host_functions: &Host,
    };
    let bindings = BTreeMap::from([("count", json!([1, 2])), ("x", json!({"y": 3}))]);
    let result = Expression::compile(source, &profile)
        .and_then(|it| it.evaluate(None, &bindings, &environment, &Limits::default()));
    assert_eq!(describe(&result), expected, "{source}");
}

#[test]
fn host_functions_are_called_with_checked_arguments() {
    check("$double(2)", "4.0");
    check("$double('a')", "!T0410");
    check("$map([1, 2], $double)", "[2.0,4.0]");
    check("3.1 ~> $double", "6.2");
    check("$nothing()", "undefined");
    check("$nothing($string)", "!T0410");
    check("$fail()", "!H0001");
    check("$sum([1], 2)", "\"host:2\"");
    check("($f := $double(?); $f(1))", "2.0");
}

#[test]
fn variables_shadow_functions() {
    check("$count", "[1,2]");
    check("$x.y", "3");
    check("($x := 1; $x)", "1");
    check("$missing", "undefined");
}

#[test]
fn time_stands_still_and_chance_is_given() {
    check("$millis()", "1700000000123");
    check("$now() = $fromMillis($millis())", "true");
    check("$now('[Y]')", "\"2023\"");
    check("$random() < 1 and $random() > 0.99", "true");
    let shuffled = outcome("$sort($shuffle([1..9]))", None, &Limits::default());
    assert_eq!(shuffled, "[1,2,3,4,5,6,7,8,9]");
}

#[test]
fn expressions_are_shared_between_threads() {
    fn needs_send_and_sync<T: Send + Sync + 'static>() {}
    needs_send_and_sync::<Expression>();
}

#[test]
fn numbers_pass_through_untouched() {
    let input = Json::parse(
        "{\"big\": 9007199254740993, \"huge\": 123456789012345678901234567890, \"one\": 1.0}",
    )
    .unwrap();
    for (source, expected) in [
        ("big", "9007199254740993"),
        ("[huge]", "[123456789012345678901234567890]"),
        ("one", "1.0"),
        ("one + 0", "1"),
        ("big + 0", "9007199254740992"),
        ("$string(one)", "\"1\""),
    ] {
        assert_eq!(
            outcome(source, Some(&input), &Limits::default()),
            expected,
            "{source}"
        );
    }
}
