//! Pictures of workflows and executions.

use passo_json::{Json, json};

use crate::client::{Answer, send};
use crate::world::World;

async fn ask(world: &World, line: &str, body: &str) -> Answer {
    let line = format!("{line} HTTP/1.1");
    let head = "content-type: application/json";
    send(world.address, &line, head, "states", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_have_a_layout_and_a_picture() {
    let world = World::ephemeral().await;
    let draft =
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"Gone"},"B":{"Type":"Oops"}}}"#;
    let laid = ask(&world, "POST /_passo/v1/layout", draft).await.ok();
    let names: Vec<&str> = laid
        .get("nodes")
        .and_then(Json::as_array)
        .unwrap()
        .iter()
        .filter_map(|node| node.get("name").and_then(Json::as_str))
        .collect();
    assert_eq!(names, ["", "A", "B"]);
    assert_eq!(laid.pointer("/edges/0/to"), Some(&Json::from("A")));
    let drawn = ask(&world, "POST /_passo/v1/graph?theme=dark", draft).await;
    assert_eq!(drawn.header("content-type"), Some("image/svg+xml"));
    assert!(drawn.body.starts_with("<svg "), "{}", drawn.body);
    for (line, body, status) in [
        ("POST /_passo/v1/layout", "[]", 400),
        ("POST /_passo/v1/layout", "{}", 400),
        ("GET /_passo/v1/layout", "", 405),
        ("POST /_passo/v1/graph?theme=blue", draft, 400),
        ("GET /_passo/v1/graph", "", 400),
        ("DELETE /_passo/v1/graph", "", 405),
        (
            "GET /_passo/v1/graph?workflow=arn:aws:states:us-east-1:123456789012:stateMachine:no",
            "",
            400,
        ),
        (
            "GET /_passo/v1/graph?execution=arn:aws:states:us-east-1:123456789012:execution:no:no",
            "",
            404,
        ),
        (
            "GET /_passo/v1/graph?execution=arn:aws:states:us-east-1:999999999999:execution:no:no",
            "",
            404,
        ),
    ] {
        let answer = ask(&world, line, body).await;
        assert_eq!(answer.status, status, "{line} {}", answer.body);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_execution_is_drawn_as_it_stands() {
    let world = World::ephemeral().await;
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "C"}], "Default": "B"},
        "B": {"Type": "Fail", "Error": "No"},
        "C": {"Type": "Succeed"}
    }});
    let machine = world.machine("m", &definition).await;
    let execution = world.start(&machine, &json!({})).await;
    world.ended(&execution).await;
    let plain = ask(
        &world,
        &format!("GET /_passo/v1/graph?workflow={machine}"),
        "",
    )
    .await;
    assert!(plain.body.contains("<title>A</title>"), "{}", plain.body);
    let line = format!("GET /_passo/v1/graph?execution={execution}");
    let drawn = ask(&world, &line, "").await;
    for title in ["A: succeeded", "B: failed", "C"] {
        let title = format!("<title>{title}</title>");
        assert!(drawn.body.contains(&title), "{title} {}", drawn.body);
    }
    world.stop().await;
}
