//! The listener as a client sees it: real sockets on a free port.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_clients;
mod hooks;
mod remote;

use std::sync::Arc;

use passo_json::{Json, json};
use passo_net::{Gateway, Server, Settings};
use passo_service::{BoxFuture, Call, Directory, Fault, Service};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// Answers `Echo` with what it was given and who gave it, everything else with a fault.
struct Echo;

impl Service for Echo {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            if &*call.operation != "Echo" {
                return Err(Fault::caller("NotEcho", "only `Echo`").with("reason", "TEST"));
            }
            let account = call.caller.account.as_str();
            Ok(json!({"given": call.parameters, "account": account}))
        })
    }
}

async fn exchange(request: &[u8]) -> String {
    let directory = Directory::new().with_target("Test_1", Arc::new(Echo));
    let settings = Settings {
        body_bytes_max: 1000,
        ..Settings::default()
    };
    let server = Server::bind(([127, 0, 0, 1], 0).into(), settings)
        .await
        .unwrap();
    let address = server.local_address().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(Gateway::of(directory), async {
        let _ = stopped.await;
    }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap();
    String::from_utf8(answer).unwrap()
}

fn post(target: &str, body: &str) -> Vec<u8> {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Amz-Target: {target}\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/test/aws4_request\r\n\
         Content-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

async fn check(target: &str, body: &str, status: &str, expect: &str) {
    let answer = exchange(&post(target, body)).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{head}");
    assert!(
        head.contains("content-type: application/x-amz-json-1.1"),
        "{head}"
    );
    assert!(head.contains("x-amzn-requestid: "), "{head}");
    assert_eq!(body, expect);
}

#[tokio::test]
async fn a_call_is_answered() {
    let expect = r#"{"given":{"a":1},"account":"123456789012"}"#;
    check("Test_1.Echo", "{\"a\": 1}", "200", expect).await;
    check(
        "Test_1.Echo",
        "",
        "200",
        r#"{"given":{},"account":"123456789012"}"#,
    )
    .await;
}

#[tokio::test]
async fn a_fault_keeps_its_members() {
    let expect = r#"{"__type":"NotEcho","message":"only `Echo`","reason":"TEST"}"#;
    check("Test_1.Other", "{}", "400", expect).await;
}

#[tokio::test]
async fn what_is_malformed_is_refused() {
    for target in ["Test_2.Echo", "Test_1", ""] {
        check(
            target,
            "{}",
            "400",
            r#"{"__type":"UnknownOperationException"}"#,
        )
        .await;
    }
    let nested = "[".repeat(900);
    for body in ["{", "[1]", "\"x\"", nested.as_str()] {
        check(
            "Test_1.Echo",
            body,
            "400",
            r#"{"__type":"SerializationException"}"#,
        )
        .await;
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let answer = exchange(&post("Test_1.Echo", &"x".repeat(1001))).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
