//! The first example: its four stories with real functions, and its mocks without.

use insta::assert_snapshot;

use crate::command::Passo;

fn order(id: &str) -> Passo {
    let input = format!(r#"{{"orderId": "{id}"}}"#);
    Passo::new([
        "run",
        "examples/order-processing",
        "--clock",
        "virtual",
        "--seed",
        "1",
        "--input",
        &input,
    ])
}

fn mocked(case: &str) -> Passo {
    let mocks = "examples/order-processing/mocks.json";
    Passo::new([
        "run",
        "examples/order-processing",
        "--clock",
        "virtual",
        "--seed",
        "1",
        "--mock",
        mocks,
        "--test-case",
        case,
    ])
}

#[test]
fn a_valid_order_is_confirmed() {
    assert_snapshot!(order("12345").transcript());
}

#[test]
fn an_unknown_order_is_rejected() {
    assert_snapshot!(order("99999").transcript());
}

#[test]
fn a_payment_that_fails_twice_is_retried() {
    assert_snapshot!(order("12346").transcript());
}

#[test]
fn a_refused_payment_cancels_the_order() {
    assert_snapshot!(order("12347").transcript());
}

#[test]
fn mocks_need_no_functions() {
    assert_snapshot!(
        mocked("HappyPath")
            .env("PATH", "/nowhere")
            .exact_transcript()
    );
}

#[test]
fn retries_run_out() {
    assert_snapshot!(mocked("GatewayNeverAnswers").exact_transcript());
}

#[test]
fn unknown_test_cases_list_the_known_ones() {
    assert_snapshot!(mocked("Unknown").transcript());
}

#[test]
fn a_missing_interpreter_is_told() {
    assert_snapshot!(order("12345").env("PATH", "/nowhere").transcript());
}

#[test]
fn functions_logs_are_shown_on_request() {
    let run = Passo::new([
        "run",
        "examples/order-processing",
        "--logs",
        "-q",
        "-i",
        r#"{"orderId": "12345"}"#,
    ]);
    let output = run.output();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    let expect = "  ConfirmOrderFunction | to Ana: your order 12345 is confirmed\n";
    assert!(stderr.contains(expect), "{stderr}");
}
