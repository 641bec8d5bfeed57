//! `passo eval`.

use insta::assert_snapshot;

use crate::command::Passo;

fn check(arguments: &[&str], expect: &str) {
    let output = Passo::new([&["eval"], arguments].concat()).output();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        format!("{expect}\n"),
        "{arguments:?}"
    );
}

#[test]
fn values_go_to_standard_output() {
    let input = r#"{"items": [{"price": 2}, {"price": 3}]}"#;
    check(&["$sum($states.input.items.price)", "-i", input], "5");
    check(
        &["{% $states.input.items[0] %}", "-i", input],
        "{\n  \"price\": 2\n}",
    );
    check(
        &[
            "$states.context.Execution.Name",
            "--context",
            r#"{"Execution": {"Name": "n"}}"#,
        ],
        "\"n\"",
    );
    check(&["$.items[*].price", "-i", input], "[\n  2,\n  3\n]");
    check(&["States.MathAdd($.items[0].price, 1)", "-i", input], "3");
    check(&["items[1].price * 2", "-i", input], "6");
    check(
        &["$partition([1, 2, 3], 2)"],
        "[\n  [\n    1,\n    2\n  ],\n  [\n    3\n  ]\n]",
    );
}

#[test]
fn input_may_come_from_standard_input() {
    let output = Passo::new(["eval", "$.a", "-i", "-"])
        .input(r#"{"a": 1}"#)
        .output();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "1\n");
}

#[test]
fn faults_have_their_place() {
    let cases = [
        "$states.input.a +",
        "$.a[0",
        "States.Format(1",
        "{% 1",
        "1 + \"a\"",
        "$states.input.missing",
        "$.missing",
    ];
    let shown = cases.map(|expression| {
        format!(
            "$ passo eval '{expression}'\n{}",
            Passo::new(["eval", expression]).transcript()
        )
    });
    assert_snapshot!(shown.join("\n"));
}
