//! Publishing, listing and deleting versions.

use passo_json::json;

use crate::stage::{PASS, PASS_AGAIN, ROLE, Stage, gives, refuses};

#[test]
fn a_revision_is_published_once() {
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": PASS, "roleArn": ROLE, "publish": true, "versionDescription": "first"}),
            gives(json!({"stateMachineArn": "$m", "stateMachineVersionArn": "$v1"})),
        ),
        ("PublishStateMachineVersion", json!({"stateMachineArn": "$m"}), gives(json!({"stateMachineVersionArn": "$v1"}))),
        ("UpdateStateMachine", json!({"stateMachineArn": "$m", "definition": PASS, "publish": true}), gives(json!({"stateMachineVersionArn": "$v1", "revisionId": null}))),
        ("UpdateStateMachine", json!({"stateMachineArn": "$m", "definition": PASS_AGAIN}), gives(json!({"revisionId": "$r", "stateMachineVersionArn": null}))),
        ("PublishStateMachineVersion", json!({"stateMachineArn": "$m", "revisionId": "old"}), refuses("ConflictException", "for revision old. The current State Machine revision is ")),
        ("PublishStateMachineVersion", json!({"stateMachineArn": "$m", "revisionId": "$r"}), gives(json!({"stateMachineVersionArn": "$v2"}))),
        ("DescribeStateMachine", json!({"stateMachineArn": "$v1"}), gives(json!({"definition": PASS, "description": "first", "revisionId": null}))),
        ("DescribeStateMachine", json!({"stateMachineArn": "$v2"}), gives(json!({"definition": PASS_AGAIN, "description": null, "revisionId": "$r", "stateMachineArn": "$v2"}))),
        ("ListStateMachineVersions", json!({"stateMachineArn": "$m"}), gives(json!({"stateMachineVersions": [{"stateMachineVersionArn": "$v2"}, {"stateMachineVersionArn": "$v1"}]}))),
    ]);
}

#[test]
fn a_number_is_never_used_again() {
    let mut stage = Stage::new();
    stage.play(vec![
        (
            "CreateStateMachine",
            json!({"name": "m", "definition": PASS, "roleArn": ROLE, "publish": true}),
            gives(json!({"stateMachineArn": "$m", "stateMachineVersionArn": "$v1"})),
        ),
        (
            "DeleteStateMachineVersion",
            json!({"stateMachineVersionArn": "$v1"}),
            gives(json!({})),
        ),
        (
            "DeleteStateMachineVersion",
            json!({"stateMachineVersionArn": "$v1"}),
            gives(json!({})),
        ),
        (
            "ListStateMachineVersions",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"stateMachineVersions": []})),
        ),
        (
            "PublishStateMachineVersion",
            json!({"stateMachineArn": "$m"}),
            gives(json!({"stateMachineVersionArn": "$m:2"})),
        ),
        (
            "DescribeStateMachine",
            json!({"stateMachineArn": "$v1"}),
            refuses("StateMachineDoesNotExist", ":1'"),
        ),
        (
            "DeleteStateMachineVersion",
            json!({"stateMachineVersionArn": "$m"}),
            refuses("InvalidArn", ""),
        ),
    ]);
}

#[test]
fn versions_are_listed_in_pages_from_the_newest() {
    let mut stage = Stage::new();
    stage.play(vec![(
        "CreateStateMachine",
        json!({"name": "m", "definition": PASS, "roleArn": ROLE}),
        gives(json!({"stateMachineArn": "$m"})),
    )]);
    for number in 1..=12 {
        let role = format!("arn:aws:iam::1:role/{number}");
        let update = json!({"stateMachineArn": "$m", "roleArn": role, "publish": true});
        stage.play(vec![(
            "UpdateStateMachine",
            update,
            gives(json!({"stateMachineVersionArn": "*"})),
        )]);
    }
    let versions = |numbers: &[i32]| {
        let versions = numbers
            .iter()
            .map(|number| json!({"stateMachineVersionArn": format!("$m:{number}")}));
        json!({"stateMachineVersions": versions.collect::<Vec<_>>()})
    };
    stage.play(vec![
        (
            "ListStateMachineVersions",
            json!({"stateMachineArn": "$m", "maxResults": 10}),
            gives(versions(&[12, 11, 10, 9, 8, 7, 6, 5, 4, 3])),
        ),
        (
            "ListStateMachineVersions",
            json!({"stateMachineArn": "$m", "maxResults": 10}),
            gives(json!({"nextToken": "$next"})),
        ),
        (
            "ListStateMachineVersions",
            json!({"stateMachineArn": "$m", "maxResults": 3, "nextToken": "$next"}),
            gives(versions(&[2, 1])),
        ),
    ]);
}
