//! A remote service, at a listener of our own.

use std::sync::Arc;

use passo_json::{Json, json};
use passo_net::client::{Client, ClientSettings};
use passo_net::{Gateway, Remote, RemoteSettings, Server, Settings};
use passo_service::{BoxFuture, Call, Caller, Directory, Fault, RequestId, Service};
use passo_vocab::{AccountId, Region};
use tokio::sync::oneshot;

/// Answers with what it was given where its shape has a place for that.
struct Desk;

impl Service for Desk {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            let caller = format!("{} {}", call.caller.account, call.caller.region);
            match &*call.operation {
                "GetParameter" => Ok(json!({"Parameter": {"Name": caller, "Version": 1}})),
                "Publish" => Ok(json!({"MessageId": caller})),
                "ListFunctions" => Ok(json!({"NextMarker": caller, "Functions": []})),
                "ListMetrics" => Ok(json!({"NextToken": caller})),
                "SendMessage" => Err(Fault::caller("QueueDoesNotExist", "no queue")),
                "GetRole" => Err(Fault::caller("NoSuchEntity", "no role").with_status(404)),
                other => Err(Fault::caller("ResourceNotFoundException", other)),
            }
        })
    }
}

fn caller() -> Caller {
    Caller {
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("eu-west-1").unwrap(),
    }
}

async fn ask(endpoint: String, service: &str, operation: &str, parameters: Json) -> String {
    let listed = passo_model::find(service).unwrap();
    let settings = RemoteSettings {
        endpoint: Some(endpoint),
        region: None,
        credentials: None,
    };
    let client = Client::new(&ClientSettings::default()).unwrap();
    let call = Call {
        operation: operation.into(),
        parameters,
        caller: caller(),
        request_id: RequestId::new("01234567-89ab-4cde-8f01-23456789abcd"),
    };
    match Remote::new(listed, settings, client).call(call).await {
        Ok(answer) => answer.to_text(),
        Err(fault) => format!("{} {} {}", fault.status, fault.code, fault.message),
    }
}

#[tokio::test]
async fn every_protocol_reaches_a_server() {
    let desk: Arc<dyn Service> = Arc::new(Desk);
    let names = ["ssm", "sns", "lambda", "monitoring", "sqs", "iam"];
    let directory = names
        .into_iter()
        .fold(Directory::new(), |all, it| all.with_name(it, desk.clone()));
    let server = Server::bind(([127, 0, 0, 1], 0).into(), Settings::default());
    let server = server.await.unwrap();
    let endpoint = format!("http://{}", server.local_address().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(Gateway::of(directory), async {
        let _ = stopped.await;
    }));
    for (service, operation, parameters, expect) in [
        (
            "ssm",
            "GetParameter",
            json!({"Name": "n"}),
            r#"{"Parameter":{"Name":"123456789012 eu-west-1","Version":1}}"#,
        ),
        (
            "sns",
            "Publish",
            json!({"Message": "m"}),
            r#"{"MessageId":"123456789012 eu-west-1"}"#,
        ),
        (
            "lambda",
            "ListFunctions",
            json!({}),
            r#"{"Functions":[],"NextMarker":"123456789012 eu-west-1"}"#,
        ),
        (
            "cloudwatch",
            "ListMetrics",
            json!({}),
            r#"{"NextToken":"123456789012 eu-west-1"}"#,
        ),
        (
            "sqs",
            "SendMessage",
            json!({"QueueUrl": "q", "MessageBody": "m"}),
            "400 QueueDoesNotExist no queue",
        ),
        (
            "iam",
            "GetRole",
            json!({"RoleName": "r"}),
            "404 NoSuchEntity no role",
        ),
        (
            "lambda",
            "GetFunction",
            json!({"FunctionName": "f"}),
            "404 ResourceNotFoundException GetFunction",
        ),
        ("sns", "Leap", json!({}), "400 UnknownOperationException "),
        (
            "lambda",
            "GetFunction",
            json!({}),
            "400 ValidationException The member 'FunctionName' is a part of the path and must not be empty.",
        ),
    ] {
        let answer = ask(endpoint.clone(), service, operation, parameters).await;
        assert_eq!(answer, expect, "{service} {operation}");
    }
    stop.send(()).unwrap();
    serving.await.unwrap();
    let gone = ask(endpoint, "sns", "Publish", json!({"Message": "m"})).await;
    assert!(gone.starts_with("503 SdkClientException"), "{gone}");
}
