//! The server's own site: health and administration.

use passo_json::{Json, json};
use passo_server::{Configuration, Data};

use crate::client::{Answer, send};
use crate::functions;
use crate::world::World;

async fn ask(world: &World, line: &str, body: &str) -> Answer {
    send(
        world.address,
        &format!("{line} HTTP/1.1"),
        "",
        "states",
        body,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_says_how_it_is() {
    let world = World::ephemeral().await;
    let health = ask(&world, "GET /health", "").await.ok();
    assert_eq!(health.get("status"), Some(&Json::from("ok")));
    let facts = ask(&world, "GET /_passo/v1/server", "").await.ok();
    assert_eq!(
        facts.get("clock").and_then(|clock| clock.get("kind")),
        Some(&Json::from("real"))
    );
    for (line, body, status) in [
        ("POST /_passo/v1/server", "", 405),
        ("GET /_passo/v1/nothing", "", 404),
        ("GET /_passo/v2/server", "", 404),
        ("POST /_passo/v1/clock", r#"{"advance":"PT1H"}"#, 409),
        ("PUT /_passo/v1/mocks", "[]", 400),
        ("POST /_passo/v1/reload", "", 409),
    ] {
        let answer = ask(&world, line, body).await;
        assert_eq!(answer.status, status, "{line} {}", answer.body);
        let error = Json::parse(&answer.body).unwrap();
        assert!(error.get("error").is_some(), "{line} {}", answer.body);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mocks_are_replaced_while_the_server_runs() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mocks.json");
    let file = |result: &str| {
        format!(
            r#"{{"StateMachines":{{"m":{{"TestCases":{{"Happy":{{"Invoke":"Fine"}}}}}}}},
                "MockedResponses":{{"Fine":{{"0":{{"Return":{{"Payload":"{result}"}}}}}}}}}}"#
        )
    };
    std::fs::write(&path, file("from the file")).unwrap();
    let world = World::open(Configuration {
        mock_path: Some(path),
        ..Configuration::new(Data::Ephemeral)
    })
    .await;
    let machine = world.machine("m", &functions::invoking()).await;
    let answered = async || {
        let execution = world.start(&format!("{machine}#Happy"), &json!({})).await;
        world.ended(&execution).await.get("output").cloned()
    };
    let known = ask(&world, "PUT /_passo/v1/mocks", &file("given"))
        .await
        .ok();
    assert_eq!(known, json!({"stateMachines": {"m": ["Happy"]}}));
    assert_eq!(answered().await, Some(Json::from("\"given\"")));
    ask(&world, "POST /_passo/v1/reload", "").await.ok();
    assert_eq!(answered().await, Some(Json::from("\"from the file\"")));
    let none = ask(&world, "DELETE /_passo/v1/mocks", "").await.ok();
    assert_eq!(none, json!({"stateMachines": {}}));
    world.stop().await;
}
