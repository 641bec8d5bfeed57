//! What errors say. Users see these texts, so they follow the official ones.

use crate::run::result;
use passo_jsonata::Limits;

#[track_caller]
fn check(source: &str, code: &str, message: &str) {
    let error = result(source, None, &Limits::default()).unwrap_err();
    assert_eq!(
        (error.code, error.message.as_str()),
        (code, message),
        "{source}"
    );
}

#[test]
fn messages_name_the_operator_the_function_and_the_value() {
    check(
        "'a' * 2",
        "T2001",
        "the left side of the \"*\" operator must evaluate to a number",
    );
    check(
        "1 < 'a'",
        "T2009",
        "the values 1 and \"a\" either side of operator \"<\" must be of the same data type",
    );
    check("-'a'", "D1002", "cannot negate a non-numeric value: \"a\"");
    check(
        "$uppercase(1)",
        "T0410",
        "argument 1 of function \"uppercase\" does not match function signature",
    );
    check(
        "$join([1])",
        "T0412",
        "argument 1 of function \"join\" must be an array of strings",
    );
    check(
        "$map([1], $uppercase)",
        "T0410",
        "argument 1 of function \"map\" does not match function signature",
    );
    check(
        "1.5.$abs()",
        "S0213",
        "the literal value 1.5 cannot be used as a step within a path expression",
    );
    check(
        "[true].$abs()",
        "T0411",
        "context value is not a compatible type with argument 1 of function \"abs\"",
    );
    check(
        "$number('x')",
        "D3030",
        "unable to cast value to a number: \"x\"",
    );
    check(
        "{1: 2}",
        "T1003",
        "key in object structure must evaluate to a string; got: 1",
    );
    check("$missing()", "T1006", "attempted to invoke a non-function");
    check(
        "uppercase('a')",
        "T1005",
        "attempted to invoke a non-function. Did you mean $uppercase?",
    );
    check("$error('As it is.')", "D3137", "As it is.");
    check("(1", "S0203", "expected \")\" before end of expression");
    check("[1 2]", "S0202", "expected \"]\", got \"2\"");
    check(
        "1 ~> 2",
        "T2006",
        "the right side of the function application operator ~> must be a function",
    );
}
