//! Templates, and the resources that they become.

use std::fmt::Write as _;

use passo_asl::source::Format;
use passo_json::Json;
use passo_template::{Deployment, Made, Stack};

fn stack(text: &str, parameters: &[(&str, &str)]) -> Result<Stack, String> {
    let parameters = parameters.iter();
    let deployment = Deployment {
        parameters: parameters
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect(),
        exports: [("net:vpc".into(), "vpc-1".into())].into(),
        stored: [("/size".into(), "large".into())].into(),
        ..Deployment::default()
    };
    Stack::read(text, Format::Yaml, &deployment).map_err(|errors| {
        let errors = errors.iter().map(ToString::to_string);
        errors.collect::<Vec<_>>().join("; ")
    })
}

/// Each resource as a line, with its properties; what making gives is `<name>` and `<name.Arn>`.
fn lines(stack: &Stack) -> String {
    let mut values = stack.values();
    let mut lines = String::new();
    for resource in stack.resources() {
        let properties = stack.properties(resource, &values).unwrap();
        let id = &resource.logical_id;
        let kind = resource.resource_type.trim_start_matches("AWS::");
        writeln!(lines, "{id} {kind} {}", properties.to_text()).unwrap();
        let made = Made::new(format!("<{id}>")).with("Arn", format!("<{id}.Arn>"));
        values.insert_imagined(id, made);
    }
    lines
}

fn ids(text: &str, parameters: &[(&str, &str)]) -> String {
    match stack(text, parameters) {
        Ok(stack) => {
            let ids = stack.resources().iter();
            ids.map(|one| &*one.logical_id)
                .collect::<Vec<_>>()
                .join(" ")
        }
        Err(error) => error,
    }
}

/// The properties of the resource `R`.
fn value(text: &str) -> String {
    let template = format!("Resources:\n  R: {{Type: T, Properties: {{V: {text}}}}}\n{MORE}");
    match stack(&template, &[]) {
        Ok(stack) => {
            let found = stack.resources().iter().find(|one| &*one.logical_id == "R");
            let mut values = stack.values();
            values.insert_imagined(&"Q".into(), Made::new("url"));
            match stack.properties(found.unwrap(), &values) {
                Ok(properties) => properties.get("V").map(Json::to_text).unwrap_or_default(),
                Err(error) => error.to_string(),
            }
        }
        Err(error) => error,
    }
}

const MORE: &str = r#"
  Q: {Type: AWS::SQS::Queue}
Parameters:
  Many: {Type: CommaDelimitedList, Default: "a, b"}
  Size: {Type: "AWS::SSM::Parameter::Value<String>", Default: /size}
Conditions:
  Yes: !Equals [1, "1"]
  No: !Not [!Condition Yes]
Mappings:
  M: {one: {two: 3}}
"#;

#[test]
fn functions_are_evaluated() {
    for (text, expect) in [
        ("!Ref Many", r#"["a","b"]"#),
        ("!Ref Size", r#""large""#),
        ("!Select [1, !Ref Many]", r#""b""#),
        ("!Join ['-', !Split [',', 'x,y']]", r#""x-y""#),
        ("!FindInMap [M, one, two]", "3"),
        ("!FindInMap [M, one, no, {DefaultValue: d}]", r#""d""#),
        ("!If [Yes, 1, !Ref Nobody]", "1"),
        ("!If [No, 1, !Ref AWS::NoValue]", ""),
        ("!Base64 hello", r#""aGVsbG8=""#),
        ("{'Fn::Base64': !Sub '${AWS::Region}'}", r#""dXMtZWFzdC0x""#),
        ("!GetAZs ''", r#"["us-east-1a","us-east-1b","us-east-1c"]"#),
        (
            "!Cidr [10.0.0.0/24, 2, 4]",
            r#"["10.0.0.0/28","10.0.0.16/28"]"#,
        ),
        ("!ImportValue net:vpc", r#""vpc-1""#),
        ("!ImportValue nothing", "no stack exports `nothing`"),
        ("{'Fn::Length': !Ref Many}", "2"),
        ("{'Fn::ToJsonString': {a: !Ref Q}}", r#""{\"a\":\"url\"}""#),
        ("!GetAtt Q.Arn", r#""arn:aws:sqs:us-east-1:000000000000:Q""#),
        ("!Sub ['${A}/${Q}', {A: 1}]", r#""1/url""#),
        (
            "!Transform {Name: AWS::Include}",
            "the intrinsic function `Transform` is not supported; supported are Ref, GetAtt, Sub, Join, Select, Split, FindInMap, If, Base64, Cidr, GetAZs, ImportValue, Length and ToJsonString",
        ),
    ] {
        assert_eq!(value(text), expect, "{text}");
    }
}

#[test]
fn resources_come_after_those_that_they_need() {
    for (resources, expect) in [
        ("A: {Type: T, DependsOn: B}, B: {Type: T}", "B A"),
        (
            "A: {Type: T, Properties: {X: !Sub '${B.Arn}'}}, B: {Type: T, DependsOn: [C]}, C: {Type: T}",
            "C B A",
        ),
        (
            "A: {Type: T, Properties: {X: {'Fn::GetAtt': [B, Arn]}}}, B: {Type: T}",
            "B A",
        ),
        (
            "A: {Type: T, Properties: {X: !Sub ['${B}', {B: x}]}}, B: {Type: T, Properties: {Y: !Ref A}}",
            "A B",
        ),
        (
            "A: {Type: T, DependsOn: B}, B: {Type: T, Properties: {X: !Ref C}}, C: {Type: T, DependsOn: A}",
            "resources need each other: A -> B -> C -> A",
        ),
        (
            "A: {Type: T, DependsOn: A}",
            "resources need each other: A -> A",
        ),
        (
            "A: {Type: T, Condition: Never}, B: {Type: T, DependsOn: A}",
            "B",
        ),
    ] {
        let text = format!("Conditions: {{Never: !Equals [a, b]}}\nResources: {{{resources}}}");
        assert_eq!(ids(&text, &[]), expect, "{resources}");
    }
}

#[test]
fn parameters_are_checked() {
    let text = "Parameters:\n  \
                Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}\n  \
                Count: {Type: Number, Default: 1, MinValue: 1, MaxValue: 9}\n  \
                Name: {Type: String, Default: abc, MaxLength: 3}\n\
                Resources: {A: {Type: T}}";
    for (name, given, expect) in [
        ("Stage", "prod", "A"),
        (
            "Stage",
            "test",
            "the parameter `Stage` must be one of its AllowedValues",
        ),
        ("Count", "x", "the parameter `Count` must be a number"),
        (
            "Count",
            "10",
            "the parameter `Count` must be within its MinValue and MaxValue",
        ),
        (
            "Name",
            "long",
            "the length of the parameter `Name` must be within its MinLength and MaxLength",
        ),
        ("Other", "x", "the template has no parameter `Other`"),
    ] {
        assert_eq!(ids(text, &[(name, given)]), expect, "{name}={given}");
    }
}

#[test]
fn outputs_whose_condition_holds() {
    let text = "Conditions: {Never: !Equals [a, b]}\n\
                Resources: {Q: {Type: AWS::SQS::Queue}}\n\
                Outputs:\n  \
                Url: {Value: !Ref Q, Export: {Name: !Sub '${AWS::StackName}-url'}}\n  \
                No: {Value: 1, Condition: Never}";
    let stack = stack(text, &[]).unwrap();
    let mut values = stack.values();
    values.insert(&"Q".into(), Made::new("url"));
    let outputs = stack.outputs(&values).unwrap();
    assert_eq!(outputs.len(), 1);
    assert_eq!(outputs[0].export.as_deref(), Some("local-url"));
    assert_eq!(&*outputs[0].value, "url");
}

#[test]
fn sam_functions_bring_along_what_they_need() {
    let text = r#"
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: code/
      Tags: {a: b}
      AutoPublishAlias: live
      FunctionUrlConfig: {AuthType: NONE}
      EventInvokeConfig: {MaximumRetryAttempts: 1}
      Policies: [AWSLambdaExecute, {SQSSendMessagePolicy: {QueueName: !GetAtt Q.QueueName}}, {NoSuchPolicy: {}}]
      Events:
        Up: {Type: S3, Properties: {Bucket: !Ref B, Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}}
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, BatchSize: 5}}
        News: {Type: SNS, Properties: {Topic: !Ref T}}
        Each: {Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false}}
        Then: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
        Bus: {Type: EventBridgeRule, Properties: {Pattern: {source: [a]}}}
        Web: {Type: Api, Properties: {Path: /x, Method: get}}
        Http: {Type: HttpApi, Properties: {Path: /x, Method: ANY}}
        Odd: {Type: Cognito}
  B: {Type: AWS::S3::Bucket}
  Q: {Type: AWS::SQS::Queue}
  T: {Type: AWS::SNS::Topic}
"#;
    let stack = stack(text, &[]).unwrap();
    let left_out: Vec<String> = stack.left_out().iter().map(ToString::to_string).collect();
    assert_eq!(
        left_out,
        [
            "the policy template `NoSuchPolicy` is not known; the role lacks it",
            "the event `Odd` of `F` is of the type `Cognito`, which is not supported",
        ]
    );
    insta::assert_snapshot!(lines(&stack));
}

#[test]
fn sam_state_machines_tables_and_apis() {
    let text = r#"
Globals: {HttpApi: {CorsConfiguration: true}}
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: machine
      Type: EXPRESS
      DefinitionUri: m.asl.json
      DefinitionSubstitutions: {T: !Ref S}
      Logging: {Level: ALL}
      AutoPublishAlias: live
      Events:
        Start: {Type: Api, Properties: {Path: /start, Method: post, RestApiId: !Ref A}}
        Each: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), Input: "{}"}}
        Bus: {Type: CloudWatchEvent, Properties: {Pattern: {source: [a]}}}
  S: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: key, Type: Number}}}
  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}
  A: {Type: AWS::Serverless::Api, Properties: {StageName: v1, Name: mine}}
  H: {Type: AWS::Serverless::HttpApi}
  C: {Type: AWS::Serverless::Connector, Properties: {}}
"#;
    insta::assert_snapshot!(lines(&stack(text, &[]).unwrap()));
}
