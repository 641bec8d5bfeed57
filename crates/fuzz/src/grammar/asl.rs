//! Definitions of state machines.

use serde_json::{Map, Value, json};

use crate::random::Random;

/// Names and values of the language.
pub(crate) const WORDS: [&str; 96] = [
    "A",
    "B",
    "C",
    "Type",
    "Pass",
    "Task",
    "Choice",
    "Wait",
    "Succeed",
    "Fail",
    "Parallel",
    "Map",
    "Next",
    "End",
    "StartAt",
    "States",
    "Comment",
    "Version",
    "1.0",
    "TimeoutSeconds",
    "QueryLanguage",
    "JSONata",
    "JSONPath",
    "Input",
    "InputPath",
    "OutputPath",
    "ResultPath",
    "Parameters",
    "ResultSelector",
    "Result",
    "Output",
    "Arguments",
    "Assign",
    "Resource",
    "arn:aws:states:::lambda:invoke",
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "arn:aws:states:::states:startExecution.sync:2",
    "arn:aws:lambda:us-east-1:123456789012:function:f",
    "arn:aws:states:::aws-sdk:dynamodb:getItem",
    "arn:aws:states:us-east-1:123456789012:activity:a",
    "HeartbeatSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "Credentials",
    "RoleArn",
    "Retry",
    "Catch",
    "ErrorEquals",
    "States.ALL",
    "States.Timeout",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
    "FULL",
    "Choices",
    "Default",
    "Variable",
    "Condition",
    "And",
    "Or",
    "Not",
    "StringEquals",
    "NumericGreaterThanPath",
    "IsPresent",
    "TimestampLessThan",
    "StringMatches",
    "Seconds",
    "SecondsPath",
    "Timestamp",
    "TimestampPath",
    "Error",
    "Cause",
    "ErrorPath",
    "CausePath",
    "Branches",
    "ItemProcessor",
    "Iterator",
    "ItemsPath",
    "Items",
    "ItemSelector",
    "MaxConcurrency",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ProcessorConfig",
    "Mode",
    "DISTRIBUTED",
    "ToleratedFailureCount",
    "Label",
    "$.a",
    "{% $states.input %}",
    "{% 1 + %}",
    "${Substitution}",
    "2024-01-01T00:00:00Z",
];

/// Definitions to start from.
pub(crate) const SEEDS: [&str; 9] = [
    r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"a":1},"ResultPath":"$.r","Next":"B"},"B":{"Type":"Succeed"}}}"#,
    r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"ResultSelector":{"p.$":"$.Payload"},"TimeoutSeconds":5,"HeartbeatSeconds":2,"Retry":[{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1,"MaxAttempts":3,"BackoffRate":2.0,"MaxDelaySeconds":9,"JitterStrategy":"FULL"}],"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"F"}],"End":true},"F":{"Type":"Fail","Error":"E","Cause":"C"}}}"#,
    r#"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.a","IsPresent":true},{"Not":{"Variable":"$.a","NumericGreaterThanPath":"$.b"}}],"Next":"B"},{"Variable":"$.s","StringMatches":"a*","Next":"B"}],"Default":"B"},"B":{"Type":"Wait","SecondsPath":"$.s","Next":"C"},"C":{"Type":"Wait","Timestamp":"2024-01-01T00:00:00Z","End":true}}}"#,
    r#"{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},{"StartAt":"C","States":{"C":{"Type":"Pass","Parameters":{"x.$":"States.Format('{}', $.a)"},"End":true}}}],"ResultPath":null,"Next":"D"},"D":{"Type":"Succeed","OutputPath":"$.x"}}}"#,
    r#"{"StartAt":"A","States":{"A":{"Type":"Map","ItemsPath":"$.items","ItemSelector":{"i.$":"$$.Map.Item.Index"},"MaxConcurrency":3,"ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true}}}"#,
    r#"{"StartAt":"A","States":{"A":{"Type":"Map","Label":"m","ToleratedFailurePercentage":5,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","MaxItems":10},"Parameters":{"Bucket":"b","Key.$":"$.k"}},"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"x":1}},"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true}}}"#,
    r#"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:dynamodb:getItem","Arguments":{"Key":"{% $states.input.id %}"},"Assign":{"v":"{% $states.result.Item %}"},"Output":"{% $merge([$states.input, {'v': $v}]) %}","Next":"B"},"B":{"Type":"Choice","Choices":[{"Condition":"{% $v > 1 %}","Assign":{"w":1},"Next":"C"}],"Default":"C"},"C":{"Type":"Map","Items":"{% [1..3] %}","ItemProcessor":{"StartAt":"D","States":{"D":{"Type":"Wait","Seconds":"{% $w %}","End":true}}},"End":true}}}"#,
    r#"{"Comment":"c","Version":"1.0","TimeoutSeconds":60,"StartAt":"A","States":{"A":{"QueryLanguage":"JSONata","Type":"Pass","Output":{"a":["{% 1 %}",{"b":"{% $uuid() %}"}]},"Next":"B"},"B":{"Type":"Pass","InputPath":"$.a[0]","OutputPath":"$$.Execution.Id","Assign":{"x.$":"$.y","z":"$.y"},"End":true}}}"#,
    r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","Credentials":{"RoleArn.$":"$.role"},"TimeoutSecondsPath":"$.t","HeartbeatSecondsPath":"$.h","Next":"B"},"B":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"u","MessageBody":{"t.$":"$$.Task.Token"}},"End":true}}}"#,
];

const TYPES: [&str; 8] = [
    "Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map",
];
const NAMES: [&str; 4] = ["A", "B", "C", "D"];

/// A definition of up to four states.
pub(crate) fn definition(random: &mut Random) -> String {
    let jsonata = random.once_in(2);
    let mut definition = machine(random, 0, jsonata);
    if jsonata {
        set(&mut definition, "QueryLanguage", "JSONata".into());
    }
    definition.to_string()
}

fn machine(random: &mut Random, depth: usize, jsonata: bool) -> Value {
    // Names are unique in a whole definition, so each level has its own.
    let names: Vec<String> = NAMES
        .iter()
        .take(1 + random.below(NAMES.len()))
        .map(|name| {
            if depth == 0 {
                (*name).to_owned()
            } else {
                format!("{name}{depth}{}", random.below(1000))
            }
        })
        .collect();
    let mut states = Map::new();
    for (name, at) in names.iter().zip(1..) {
        // Each state leads to the one after it, so that all can be reached.
        let state = state(random, depth, jsonata, names.get(at));
        states.insert(name.clone(), state);
    }
    json!({ "StartAt": names.first(), "States": states })
}

fn state(random: &mut Random, depth: usize, jsonata: bool, next: Option<&String>) -> Value {
    let mut kind = random.pick(&TYPES);
    let ends = matches!(kind, "Succeed" | "Fail");
    if ends && next.is_some() || kind == "Choice" && next.is_none() || depth >= 2 {
        kind = "Pass";
    }
    let mut state = json!({ "Type": kind });
    match kind {
        "Pass" if jsonata => set(
            &mut state,
            "Output",
            json!({ "a": "{% $states.input.a + 1 %}" }),
        ),
        "Pass" => set(&mut state, "Parameters", json!({ "a.$": "$.a", "b": 1 })),
        "Task" => set(
            &mut state,
            "Resource",
            "arn:aws:states:::lambda:invoke".into(),
        ),
        "Wait" => set(&mut state, "Seconds", 1.into()),
        "Choice" => {
            let mut rule = if jsonata {
                json!({ "Condition": "{% $states.input.a = 1 %}" })
            } else {
                json!({ "Or": [{ "Variable": "$.a", "IsNull": true }, { "Variable": "$.b", "StringEquals": "x" }] })
            };
            set(&mut rule, "Next", json!(next));
            set(&mut state, "Choices", json!([rule]));
            set(&mut state, "Default", json!(next));
        }
        "Parallel" => set(
            &mut state,
            "Branches",
            json!([machine(random, depth + 1, jsonata)]),
        ),
        "Map" => set(
            &mut state,
            "ItemProcessor",
            machine(random, depth + 1, jsonata),
        ),
        _ => {}
    }
    match (kind, next) {
        ("Choice" | "Succeed" | "Fail", _) => {}
        (_, Some(next)) => set(&mut state, "Next", next.as_str().into()),
        (_, None) => set(&mut state, "End", true.into()),
    }
    if random.once_in(12) {
        let (field, value) = (random.pick(&WORDS), random.pick(&WORDS));
        set(&mut state, field, value.into());
    }
    state
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(key.to_owned(), value);
    }
}
