//! Templates as users write them, and what they are read as.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod stack;

use std::fmt::Write as _;

use proptest::prelude::*;

use passo_asl::source::{Format, LineIndex};
use passo_template::{Code, DefinitionSource, Deployment, Project, read, substitute};

fn project(text: &str) -> Project {
    let format = if text.starts_with('{') {
        Format::Json
    } else {
        Format::Yaml
    };
    read(text, format, &Deployment::default()).unwrap()
}

/// Each complaint as `line:column: message`.
fn complaints(text: &str) -> String {
    let errors = read(text, Format::Yaml, &Deployment::default()).unwrap_err();
    let lines = LineIndex::new(text);
    let mut shown = String::new();
    for error in errors {
        let at = lines.position(text, error.span.start);
        writeln!(shown, "{}:{}: {error}", at.line, at.column).unwrap();
    }
    shown
}

const SAM: &str = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: test}
  Limit: {Type: Number, Default: 5}
Globals:
  Function:
    Runtime: python3.12
    Handler: app.handler
    Timeout: 20
    Environment: {Variables: {STAGE: !Ref Stage, LEVEL: info}}
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      DefinitionUri: flow.asl.yaml
      Events: {Nightly: {Type: Schedule}}
      DefinitionSubstitutions:
        WorkArn: !GetAtt Work.Arn
        Table: !Ref Orders
        Limit: !Ref Limit
        Queue: !Sub "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${Stage}-${!x}"
  Work:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: worker
      CodeUri: work/
      Layers: [!Ref Shared]
      Environment: {Variables: {LEVEL: debug, ORDERS: !GetAtt Orders.Arn}}
  Orders:
    Type: AWS::DynamoDB::Table
  Logs:
    Type: AWS::Logs::LogGroup
"#;

#[test]
fn sam_functions_take_globals_under_their_own_properties() {
    let project = project(SAM);
    let [function] = &project.functions[..] else {
        panic!("one function");
    };
    assert_eq!(&*function.name, "worker");
    assert_eq!(
        &*function.arn,
        "arn:aws:lambda:us-east-1:000000000000:function:worker"
    );
    assert_eq!(function.code, Code::Path("work/".into()));
    assert_eq!(
        (function.timeout_seconds, function.memory_megabytes),
        (20, 128)
    );
    let environment: Vec<_> = function
        .environment
        .iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    assert_eq!(
        environment,
        [
            "LEVEL=debug",
            "ORDERS=arn:aws:dynamodb:us-east-1:000000000000:Orders",
            "STAGE=test"
        ]
    );
}

#[test]
fn sam_state_machines_have_their_substitutions_resolved() {
    let project = project(SAM);
    let [machine] = &project.state_machines[..] else {
        panic!("one state machine");
    };
    assert_eq!(
        machine.definition,
        DefinitionSource::File("flow.asl.yaml".into())
    );
    assert_eq!(
        &*machine.arn,
        "arn:aws:states:us-east-1:000000000000:stateMachine:Flow"
    );
    let text = "${WorkArn} ${Table} ${Limit} ${Queue} ${Other}";
    assert_eq!(
        substitute(text, &machine.substitutions),
        "arn:aws:lambda:us-east-1:000000000000:function:worker Orders 5 \
         https://sqs.us-east-1.amazonaws.com/000000000000/test-${x} ${Other}"
    );
    let unsupported: Vec<_> = project
        .unsupported
        .iter()
        .map(|one| (&*one.logical_id, one.harmless))
        .collect();
    assert_eq!(
        unsupported,
        [
            ("Flow.Events.Nightly", true),
            ("Work.Layers", false),
            ("Orders", false),
            ("Logs", true)
        ]
    );
}

#[test]
fn cloudformation_in_json() {
    let project = project(
        r#"{"Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "nodejs20.x", "Handler": "index.handler", "Code": {"ZipFile": "exports.handler = 1"}}},
            "M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
                "StateMachineName": "machine", "RoleArn": {"Fn::GetAtt": ["R", "Arn"]},
                "DefinitionString": {"Fn::Join": ["", ["{\"Resource\":\"", {"Fn::GetAtt": ["F", "Arn"]}, "\"}"]]}}},
            "N": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
                "RoleArn": "r", "Definition": {"StartAt": {"Ref": "F"}}}},
            "R": {"Type": "AWS::IAM::Role"}}}"#,
    );
    let [function] = &project.functions[..] else {
        panic!("one function");
    };
    assert_eq!(function.code, Code::Inline("exports.handler = 1".into()));
    assert_eq!(function.timeout_seconds, 3);
    let [first, second] = &project.state_machines[..] else {
        panic!("two state machines");
    };
    assert_eq!(&*first.name, "machine");
    assert_eq!(&*first.role_arn, "arn:aws:iam::000000000000:role/R");
    let text = r#"{"Resource":"arn:aws:lambda:us-east-1:000000000000:function:F"}"#;
    assert_eq!(first.definition, DefinitionSource::Text(text.into()));
    let text = "{\n  \"StartAt\": \"F\"\n}";
    assert_eq!(second.definition, DefinitionSource::Text(text.into()));
}

#[test]
fn intrinsic_functions() {
    let cases = [
        ("!Join ['-', [a, !Ref 'AWS::Region']]", "a-us-east-1"),
        ("!Select [1, !Split ['/', 'a/b/c']]", "b"),
        ("!Select [0, !Ref List]", "x"),
        ("!FindInMap [Sizes, !Ref 'AWS::Region', small]", "1"),
        (
            "!Sub ['${A}-${F.Arn}', {A: !Ref F}]",
            "F-arn:aws:lambda:us-east-1:000000000000:function:F",
        ),
        ("{'Fn::Sub': '${AWS::StackName}'}", "local"),
        (
            "!Ref M",
            "arn:aws:states:us-east-1:000000000000:stateMachine:M",
        ),
        ("!Ref Unset", ""),
    ];
    for (value, expect) in cases {
        let text = format!(
            "Parameters: {{List: {{Type: CommaDelimitedList, Default: 'x, y'}}, Unset: {{Type: String, Default: ''}}}}\n\
             Mappings: {{Sizes: {{us-east-1: {{small: 1}}}}}}\n\
             Resources:\n  \
               F: {{Type: 'AWS::Lambda::Function', Properties: {{Runtime: r, Handler: h, Code: c}}}}\n  \
               M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      \
                 DefinitionUri: x\n      DefinitionSubstitutions:\n        V: {value}\n"
        );
        let project = project(&text);
        assert_eq!(
            substitute("${V}", &project.state_machines[0].substitutions),
            expect,
            "{value}"
        );
    }
}

#[test]
fn every_complaint_has_its_place() {
    let text = "\
Parameters:
  Stage: {Type: String}
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: s3://bucket/key
  B:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: b.asl.json
      DefinitionSubstitutions:
        Arn: !GetAtt Missing.Arn
        Name: !Base64 x
  C:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: FAST
      DefinitionUri: c.asl.json
  D:
    Properties: {}
  E:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, CodeUri: x}
";
    insta::assert_snapshot!(complaints(text));
    assert_eq!(
        complaints("a: b"),
        "1:1: a template needs an object `Resources`\n"
    );
}

/// A template of two stages.
const STAGES: &str = "
Parameters: {Stage: {Type: String, Default: test}}
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
  IsTest: !Not [!Condition IsProduction]
  Always: !Or [{Condition: IsTest}, !And [!Condition IsProduction, !Condition IsProduction]]
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flow.asl.json
      DefinitionSubstitutions:
        Level: !If [IsProduction, warn, debug]
        Absent: !If [Always, !Ref AWS::NoValue, x]
  Queue:
    Condition: IsProduction
    Type: AWS::SQS::Queue
";

#[test]
fn conditions_choose_resources_and_values() {
    for (stage, level, queues) in [("test", "debug", 0), ("production", "warn", 1)] {
        let mut deployment = Deployment::default();
        deployment.parameters.insert("Stage".into(), stage.into());
        let project = read(STAGES, Format::Yaml, &deployment).unwrap();
        let substitutions = &project.state_machines[0].substitutions;
        assert_eq!(
            substitute("${Level} ${Absent}", substitutions),
            format!("{level} ${{Absent}}")
        );
        assert_eq!(project.unsupported.len(), queues);
    }
}

#[test]
fn conditions_have_their_places_too() {
    let text = "\
Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
Resources:
  Flow: {Type: 'AWS::Serverless::StateMachine', Properties: {DefinitionUri: a}}
";
    assert_eq!(complaints(text), "3:12: the condition `A` needs itself\n");
}

#[test]
fn a_long_chain_of_conditions_is_refused() {
    let mut text = String::from("Conditions:\n");
    for index in 0..5000 {
        writeln!(text, "  C{index}: !Not [!Condition C{}]", index + 1).unwrap();
    }
    text.push_str("Resources: {F: {Type: X}}\n");
    let complaints = complaints(&text);
    assert!(
        complaints.contains("conditions need each other too deeply"),
        "{complaints}"
    );
}

/// Pieces that make up templates, in any order.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Resources",
        "Conditions",
        "Parameters",
        "Type",
        "Properties",
        ": ",
        "\n",
        "  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "!Ref ",
        "!Sub ",
        "!GetAtt ",
        "!If ",
        "!Join ",
        "!Equals ",
        "${",
        "${!",
        "A",
        "A.Arn",
        "AWS::Region",
        "'",
        "AWS::Serverless::Function",
        "AWS::Serverless::StateMachine",
        "Definition",
        "DefinitionUri",
        "Fn::Sub",
        "é",
        "1",
    ])
}

proptest! {
    /// Any text is read or refused; positions of complaints lie within it.
    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(piece(), 0..60)) {
        let text = format!("Resources:\n  A: {{Type: 'AWS::Serverless::StateMachine', Properties: {{DefinitionUri: {}", pieces.concat());
        for text in [pieces.concat(), text] {
            if let Err(errors) = read(&text, Format::Yaml, &Deployment::default()) {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|error| error.span.start <= text.len()));
            }
        }
    }
}
