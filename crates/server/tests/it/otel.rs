//! Traces, as a collector gets them.

use std::collections::BTreeMap;

use passo_json::{Json, json};
use passo_server::{Configuration, Data};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::world::World;

const TRACE: &str = "5759e988bd862e3fe1be46a994272793";

/// Takes requests until everything was sent: their spans by name.
async fn collect(listener: TcpListener, until: &str) -> BTreeMap<String, Json> {
    let mut spans = BTreeMap::new();
    while !spans.contains_key(until) {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        loop {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).await.unwrap();
            if count == 0 {
                break;
            }
            request.extend(bytes.iter().take(count));
            let text = String::from_utf8_lossy(&request);
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            assert!(head.starts_with("POST /v1/traces "), "{head}");
            let Ok(body) = Json::parse(body) else {
                continue;
            };
            let found = body.get("resourceSpans").unwrap().at(0).unwrap();
            let found = found.get("scopeSpans").unwrap().at(0).unwrap();
            for span in found.get("spans").unwrap().as_array().unwrap().iter() {
                let name = span.get("name").unwrap().as_str().unwrap().to_owned();
                spans.insert(name, span.clone());
            }
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            stream.write_all(answer.as_bytes()).await.unwrap();
            break;
        }
    }
    spans
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_executions_and_tasks_are_traced() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let collected = tokio::spawn(collect(listener, "traced"));
    let world = World::open(Configuration {
        otlp_endpoint: Some(endpoint),
        ..Configuration::new(Data::Ephemeral)
    })
    .await;
    let machine = json!({"StartAt": "Missing", "States": {"Missing": {"Type": "Task", "End": true,
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:none"}}});
    let machine = world.machine("traced", &machine).await;
    let parameters = json!({"stateMachineArn": machine, "input": "{\"secret\":\"canary\"}",
        "traceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"});
    world.states("StartExecution", &parameters).await.ok();
    let spans = collected.await.unwrap();
    let text = |span: &str, member: &str| {
        let member = spans.get(span).unwrap().get(member).unwrap();
        member.as_str().unwrap().to_owned()
    };
    assert_eq!(text("traced", "traceId"), TRACE);
    assert_eq!(text("traced", "parentSpanId"), "53995c3f42cd8ad8");
    assert_eq!(text("Missing", "traceId"), TRACE);
    assert_eq!(text("Missing", "parentSpanId"), text("traced", "spanId"));
    let failed = json!({"code": 2});
    assert_eq!(spans.get("Missing").unwrap().get("status"), Some(&failed));
    assert_eq!(spans.get("traced").unwrap().get("status"), Some(&failed));
    assert_eq!(text("states.StartExecution", "traceId").len(), 32);
    for span in spans.values() {
        assert!(!span.to_text().contains("canary"), "{}", span.to_text());
    }
    world.stop().await;
}
