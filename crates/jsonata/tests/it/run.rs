//! Runs an expression and compares what comes out.

use passo_json::Json;
use passo_jsonata::{Environment, Error, Expression, Limits, NoBindings, NoHostFunctions, Profile};

/// The document that tables of cases share.
pub const ORDERS: &str = r#"{
    "customer": {"name": "Ana", "tags": ["a", "b"], "none": null},
    "orders": [
        {"id": 1, "lines": [{"sku": "x", "qty": 2, "price": 1.5}, {"sku": "y", "qty": 1, "price": 10}]},
        {"id": 2, "lines": [{"sku": "x", "qty": 4, "price": 1.5}]}
    ],
    "nested": [[1, 2], [3, [4]]],
    "empty": [],
    "one": ["only"]
}"#;

/// What an expression gives: JSON text, `undefined`, or `!` and the error's code.
pub fn outcome(source: &str, input: Option<&Json>, limits: &Limits) -> String {
    describe(&result(source, input, limits))
}

pub fn result(source: &str, input: Option<&Json>, limits: &Limits) -> Result<Option<Json>, Error> {
    let random = || 1 << 63;
    let environment = Environment {
        now_millis: 1_500_000_000_000,
        random: &random,
        host_functions: &NoHostFunctions,
    };
    Expression::compile(source, &Profile::default())
        .and_then(|it| it.evaluate(input, &NoBindings, &environment, limits))
}

pub fn describe(result: &Result<Option<Json>, Error>) -> String {
    match result {
        Ok(Some(json)) => json.to_text(),
        Ok(None) => "undefined".to_owned(),
        Err(error) => format!("!{}", error.code),
    }
}

/// Checks an expression on a document.
#[track_caller]
pub fn check_on(input: &str, source: &str, expected: &str) {
    let input = Json::parse(input).unwrap();
    let actual = outcome(source, Some(&input), &Limits::default());
    assert_eq!(actual, expected, "{source}");
}

/// Checks expressions on [`ORDERS`].
#[track_caller]
pub fn check(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        check_on(ORDERS, source, expected);
    }
}
