//! Whole definitions.

use passo_asl::{CompileOptions, Format, compile};
use passo_convert::{Severity, Which, convert};
use passo_json::{Json, json};

#[test]
fn a_whole_definition_says_its_language_once() {
    let machine = json!({
        "Comment": "c", "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "M"},
            "M": {"Type": "Map", "ItemsPath": "$.l", "Next": "P", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "InputPath": "$.x", "End": true}}}},
            "P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}]}
        }
    });
    let converted = convert(&machine, &Which::All);
    assert_eq!(converted.converted, 5);
    let text = converted.definition.to_text();
    assert_eq!(text.matches("QueryLanguage").count(), 1, "{text}");
    assert!(
        text.starts_with(r#"{"Comment":"c","QueryLanguage":"JSONata","StartAt""#),
        "{text}"
    );
    compile(&text, Format::Json, &CompileOptions::default()).unwrap();
    assert_eq!(convert(&converted.definition, &Which::All).converted, 0);
}

#[test]
fn one_state_with_what_is_inside() {
    let machine = json!({
        "StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "M"},
            "M": {"Type": "Map", "ItemsPath": "$.l", "End": true, "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "InputPath": "$.x", "End": true}}}}
        }
    });
    let converted = convert(&machine, &Which::State("M".to_owned()));
    assert_eq!((converted.converted, converted.left), (2, 1));
    assert_eq!(
        converted.definition.pointer("/States/A"),
        machine.pointer("/States/A")
    );
    compile(
        &converted.definition.to_text(),
        Format::Json,
        &CompileOptions::default(),
    )
    .unwrap();
    assert!(!convert(&machine, &Which::State("X".to_owned())).found);
}

#[test]
fn what_is_no_definition_is_no_reason_to_panic() {
    for text in [
        "1",
        "[]",
        "{}",
        r#"{"States": []}"#,
        r#"{"States": {"S": 1}}"#,
        r#"{"States": {"S": {}}}"#,
        r#"{"States": {"S": {"Type": "Choice", "Choices": {}}}}"#,
        r#"{"States": {"S": {"Type": "Choice", "Choices": [{"And": 1}, {"Not": 2}]}}}"#,
        r#"{"States": {"S": {"Type": "Task", "InputPath": 3, "Catch": [1]}}}"#,
        r#"{"States": {"S": {"Type": "Pass", "Parameters": {"x.$": 1}}}}"#,
        r#"{"States": {"S": {"Type": "Map", "ItemReader": 1}}}"#,
    ] {
        let machine = Json::parse(text).unwrap();
        let converted = convert(&machine, &Which::All);
        assert_eq!(converted.definition, machine, "{text}");
    }
}

#[test]
fn errors_of_json_path_are_told() {
    let machine = json!({"StartAt": "S", "States": {"S": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
        "Catch": [{"ErrorEquals": ["States.ParameterPathFailure"], "Next": "S"}]
    }}});
    let found = convert(&machine, &Which::All).findings;
    assert_eq!(found[0].severity, Severity::Warning);
    assert_eq!(found[0].location, "/States/S/Catch/0/ErrorEquals");
}

#[test]
fn a_variable_that_hides_a_function_is_in_the_way() {
    let machine = json!({"StartAt": "S", "States": {
        "S": {"Type": "Pass", "Assign": {"count": 1, "v": 2}, "Next": "T"},
        "T": {"Type": "Pass", "Parameters": {"n.$": "States.ArrayLength($.l)"}, "Next": "U"},
        "U": {"Type": "Pass", "Parameters": {"n.$": "$.l[1:]"}, "Next": "V"},
        "V": {"Type": "Pass", "Parameters": {"n.$": "$count"}, "End": true}
    }});
    let converted = convert(&machine, &Which::All);
    assert_eq!(
        (converted.converted, converted.left),
        (2, 2),
        "{:?}",
        converted.findings
    );
}
