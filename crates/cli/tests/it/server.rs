//! A server within the test, for commands that talk to one.

use passo_json::Json;
use passo_net::client::{Client, ClientSettings, Credentials};
use passo_net::{Remote, RemoteSettings};
use passo_server::{Configuration, Data, Server};
use passo_service::{Call, Caller, RequestId, Service as _};
use passo_vocab::{AccountId, Region};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::command::Passo;

/// A server on a free port that keeps nothing.
pub struct World {
    endpoint: String,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<tokio::task::JoinHandle<()>>,
    runtime: Runtime,
}

impl World {
    pub fn open() -> World {
        let runtime = Runtime::new().unwrap();
        let configuration = Configuration {
            port: 0,
            ..Configuration::new(Data::Ephemeral)
        };
        let server = runtime.block_on(Server::open(configuration)).unwrap();
        let endpoint = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = runtime.spawn(server.serve(async {
            let _ = stopped.await;
        }));
        World {
            endpoint,
            stop: Some(stop),
            serving: Some(serving),
            runtime,
        }
    }

    /// A command that talks to it.
    pub fn passo(&self, arguments: &[&str]) -> Passo {
        Passo::new(arguments).env("AWS_ENDPOINT_URL", &self.endpoint)
    }

    /// What an operation of AWS's answers; nothing where it is refused.
    pub fn call(&self, service: &str, operation: &str, parameters: Json) -> Option<Json> {
        let listed = passo_model::find(service).unwrap();
        let client = Client::new(&ClientSettings::default()).unwrap();
        let settings = RemoteSettings {
            endpoint: Some(self.endpoint.clone()),
            region: None,
            credentials: Some(Credentials::any()),
        };
        let call = Call {
            operation: operation.into(),
            parameters,
            caller: Caller {
                account: AccountId::parse("000000000000").unwrap(),
                region: Region::parse("us-east-1").unwrap(),
            },
            request_id: RequestId::new("test"),
        };
        let remote = Remote::new(listed, settings, client);
        self.runtime.block_on(remote.call(call)).ok()
    }

    /// What a command said, with everything masked that differs from run to run.
    pub fn says(&self, arguments: &[&str]) -> String {
        let said = self.passo(arguments).transcript();
        squeeze(&mask(&said.replace(&self.endpoint, "[endpoint]")))
    }

    /// The same of several commands, one after the other.
    pub fn say_all(&self, commands: &[&[&str]]) -> String {
        let said = commands.iter().map(|arguments| {
            let line = arguments.join(" ");
            format!("$ passo {line}\n{}\n", self.says(arguments))
        });
        said.collect()
    }

    /// What a command printed, which must have gone well.
    pub fn output(&self, arguments: &[&str]) -> String {
        let output = self.passo(arguments).output();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(serving) = self.serving.take() {
            let _ = self.runtime.block_on(serving);
        }
    }
}

/// Makes gaps between columns two spaces wide: how wide they are depends on durations.
fn squeeze(text: &str) -> String {
    let mut squeezed = String::new();
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        squeezed.push_str(&line[..indent]);
        let mut spaces = 0;
        for c in line[indent..].chars() {
            spaces = if c == ' ' { spaces + 1 } else { 0 };
            if spaces <= 2 {
                squeezed.push(c);
            }
        }
    }
    squeezed.replace("[time]  ", "[time] ")
}

/// Masks instants and ids.
pub fn mask(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-:.+".contains(c);
    let mut masked = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\0']) {
        if is_part(c) {
            word.push(c);
            continue;
        }
        let id = word.rfind(':').map_or(0, |colon| colon + 1);
        match word.as_str() {
            word if is_instant(word) => masked.push_str("[instant]"),
            word if is_uuid(&word[id..]) => masked.push_str(&format!("{}[id]", &word[..id])),
            word => masked.push_str(word),
        }
        word.clear();
        masked.extend((c != '\0').then_some(c));
    }
    masked
}

fn is_instant(word: &str) -> bool {
    word.len() >= 20 && word.starts_with("20") && word.ends_with('Z') && word.as_bytes()[10] == b'T'
}

fn is_uuid(word: &str) -> bool {
    let parts: Vec<usize> = word.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12]
}
