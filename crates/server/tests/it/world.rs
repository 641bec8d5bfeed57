//! A server for one test.

use std::net::SocketAddr;
use std::path::Path;

use passo_json::{Json, json};
use passo_server::{Configuration, Data, Server};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Answer, post_json};

pub const ROLE: &str = "arn:aws:iam::123456789012:role/test";

/// A server that answers until it is stopped.
pub struct World {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl World {
    /// A server on a free port.
    pub async fn open(configuration: Configuration) -> World {
        let server = Server::open(Configuration {
            port: 0,
            ..configuration
        })
        .await
        .unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(server.serve(async {
            let _ = stopped.await;
        }));
        World {
            address,
            stop,
            serving,
        }
    }

    /// One that keeps nothing.
    pub async fn ephemeral() -> World {
        World::open(Configuration::new(Data::Ephemeral)).await
    }

    /// One that keeps everything in `directory`.
    pub async fn in_directory(directory: &Path) -> World {
        World::open(Configuration::new(Data::Directory(directory.to_owned()))).await
    }

    /// Stops it, as a signal does.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }

    /// Calls Step Functions.
    pub async fn states(&self, operation: &str, parameters: &Json) -> Answer {
        post_json(
            self.address,
            &format!("AWSStepFunctions.{operation}"),
            parameters,
        )
        .await
    }

    /// A state machine of this definition.
    pub async fn machine(&self, name: &str, definition: &Json) -> String {
        let parameters = json!({
            "name": name, "definition": definition.to_text(), "roleArn": ROLE
        });
        let answer = self.states("CreateStateMachine", &parameters).await.ok();
        answer
            .get("stateMachineArn")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Starts an execution.
    pub async fn start(&self, machine: &str, input: &Json) -> String {
        let parameters = json!({"stateMachineArn": machine, "input": input.to_text()});
        let answer = self.states("StartExecution", &parameters).await.ok();
        answer
            .get("executionArn")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Waits for the end of an execution: its description.
    pub async fn ended(&self, execution: &str) -> Json {
        let parameters = json!({"executionArn": execution});
        loop {
            let answer = self.states("DescribeExecution", &parameters).await.ok();
            if answer.get("status") != Some(&Json::from("RUNNING")) {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    }

    /// The types of an execution's events.
    pub async fn history(&self, execution: &str) -> Vec<String> {
        let parameters = json!({"executionArn": execution});
        let answer = self.states("GetExecutionHistory", &parameters).await.ok();
        let events = answer.get("events").unwrap().as_array().unwrap().iter();
        events
            .map(|event| event.get("type").unwrap().as_str().unwrap().to_owned())
            .collect()
    }

    /// Waits until an execution's history has an event of this type.
    pub async fn reached(&self, execution: &str, event: &str) {
        while !self
            .history(execution)
            .await
            .iter()
            .any(|seen| seen == event)
        {
            tokio::task::yield_now().await;
        }
    }
}
