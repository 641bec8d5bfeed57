//! What Prometheus reads of a whole server.

use std::os::unix::fs::PermissionsExt as _;

use passo_json::json;
use passo_server::{AccessKeys, Configuration, Data, MetricsToken};

use crate::client::{exchange, send};
use crate::world::World;

/// The value of the first line that begins so.
fn value(text: &str, series: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(series))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn executions_and_requests_are_counted() {
    let world = World::ephemeral().await;
    let task = json!({"StartAt": "T", "States": {
        "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:none", "End": true}}});
    let failing = world.machine("failing", &task).await;
    let pass = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    let passing = world.machine("passing", &pass).await;
    for machine in [&failing, &passing, &passing] {
        let execution = world.start(machine, &json!({})).await;
        world.ended(&execution).await;
    }
    world
        .states("DescribeExecution", &json!({"executionArn": "x"}))
        .await;
    world.states("Nonsense", &json!({})).await;
    let answer = send(world.address, "GET /metrics HTTP/1.1", "", "states", "").await;
    assert_eq!(answer.status, 200);
    let text = answer.body;
    let of = |machine: &str| format!("{{state_machine_arn=\"{machine}\"}}");
    let function = "{lambda_function_arn=\"arn:aws:lambda:us-east-1:123456789012:function:none\"}";
    for (series, expect) in [
        (format!("aws_states_executions_started_total{}", of(&passing)), 2.0),
        (format!("aws_states_executions_succeeded_total{}", of(&passing)), 2.0),
        (format!("aws_states_execution_time_seconds_count{}", of(&passing)), 2.0),
        (format!("aws_states_execution_throttled_total{}", of(&passing)), 0.0),
        (format!("aws_states_executions_failed_total{}", of(&failing)), 1.0),
        (format!("aws_states_lambda_functions_scheduled_total{function}"), 1.0),
        (format!("aws_states_lambda_functions_failed_total{function}"), 1.0),
        (format!("aws_states_lambda_function_time_seconds_count{function}"), 1.0),
        (
            "passo_api_requests_total{service=\"states\",operation=\"StartExecution\",outcome=\"success\"}".to_owned(),
            3.0,
        ),
        (
            "passo_api_requests_total{service=\"states\",operation=\"DescribeExecution\",outcome=\"InvalidArn\"}".to_owned(),
            1.0,
        ),
        (
            "passo_api_request_seconds_count{service=\"states\",operation=\"StartExecution\"}".to_owned(),
            3.0,
        ),
        ("passo_executions_open ".to_owned(), 0.0),
        ("passo_ready ".to_owned(), 1.0),
        ("passo_store_full ".to_owned(), 0.0),
    ] {
        assert_eq!(value(&text, &series), Some(expect), "{series}\n{text}");
    }
    let commits = value(&text, "passo_commits_total ").unwrap();
    assert!(commits > 0.0);
    assert_eq!(value(&text, "passo_commit_seconds_count "), Some(commits));
    assert!(value(&text, "process_resident_memory_bytes ").unwrap() > 1e6);
    assert!(!text.contains("Nonsense"), "{text}");
    assert!(text.ends_with("# EOF\n"));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_metrics_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("token");
    std::fs::write(&path, "hidden-0123456789\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut keys = AccessKeys::default();
    keys.add("AKIDALICE", "secret of alice", None).unwrap();
    let world = World::open(Configuration {
        access_keys: Some(keys),
        metrics_token: Some(MetricsToken::read(&path).unwrap()),
        ..Configuration::new(Data::Ephemeral)
    })
    .await;
    for (line, token, is_let_in) in [
        ("GET /metrics", "Bearer hidden-0123456789", true),
        ("GET /metrics", "Bearer hidden-012345678", false),
        ("GET /metrics", "", false),
        ("GET /_passo/v1/server", "Bearer hidden-0123456789", false),
        ("POST /metrics", "Bearer hidden-0123456789", false),
    ] {
        let request = format!(
            "{line} HTTP/1.1\r\nhost: {}\r\nauthorization: {token}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            world.address
        );
        let answer = exchange(world.address, request.as_bytes()).await;
        assert_eq!(
            answer.status == 200,
            is_let_in,
            "{line} {token}: {}",
            answer.body
        );
    }
    world.stop().await;
}
