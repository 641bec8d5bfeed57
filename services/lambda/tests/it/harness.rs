//! A directory with a function's files, a server that runs it, and a sink that remembers its lines.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use bytes::Bytes;
use passo_json::Json;
use passo_lambda::{
    Function, FunctionError, Functions, InvokeError, InvokeOptions, InvokeOutcome, LogSink,
    LogSource, LogStream, LogType, Runtime, Settings,
};
use passo_vocab::Arn;
use tempfile::TempDir;

/// Remembers what it is given.
#[derive(Default)]
pub struct Recorder {
    lines: Mutex<Vec<(LogStream, String)>>,
}

impl Recorder {
    /// The first line that starts so, and is not `but`.
    pub fn find(&self, start: &str, but: &str) -> Option<String> {
        let lines = self.lines.lock().unwrap();
        let found = lines
            .iter()
            .find(|(_, line)| line.starts_with(start) && line != but);
        found.map(|(_, line)| line.clone())
    }
}

impl LogSink for Recorder {
    fn write(&self, _: &LogSource, stream: LogStream, line: &str, _: SystemTime) {
        self.lines.lock().unwrap().push((stream, line.to_owned()));
    }
}

pub struct Harness {
    pub directory: TempDir,
    pub functions: Functions,
    pub recorder: Arc<Recorder>,
}

impl Harness {
    pub fn new(files: &[(&str, &str)]) -> Harness {
        Harness::with(Settings::default(), files)
    }

    pub fn with(settings: Settings, files: &[(&str, &str)]) -> Harness {
        let directory = TempDir::new().unwrap();
        for (name, text) in files {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        let recorder = Arc::new(Recorder::default());
        let functions =
            Functions::new(settings, Arc::clone(&recorder) as Arc<dyn LogSink>).unwrap();
        Harness {
            directory,
            functions,
            recorder,
        }
    }

    pub fn function(&self, runtime: &str, handler: &str) -> Function {
        self.named("f", runtime, handler)
    }

    pub fn named(&self, name: &str, runtime: &str, handler: &str) -> Function {
        let arn = format!("arn:aws:lambda:us-east-1:123456789012:function:{name}");
        let runtime = Runtime::parse(runtime).unwrap();
        let directory: PathBuf = self.directory.path().to_owned();
        Function::new(&Arn::parse(&arn).unwrap(), runtime, handler, directory).unwrap()
    }

    pub fn python(&self) -> Function {
        self.function("python3.12", "handler.handler")
    }

    pub async fn try_invoke(
        &self,
        function: &Function,
        payload: &str,
    ) -> Result<InvokeOutcome, InvokeError> {
        let options = InvokeOptions {
            log_type: LogType::Tail,
            ..InvokeOptions::default()
        };
        self.functions
            .invoke(function, Bytes::from(payload.to_owned()), options)
            .await
    }

    pub async fn invoke(&self, function: &Function, payload: &str) -> InvokeOutcome {
        self.try_invoke(function, payload).await.unwrap()
    }

    /// The result of an invocation that must succeed.
    pub async fn result(&self, function: &Function, payload: &str) -> String {
        let outcome = self.invoke(function, payload).await;
        let text = text(&outcome);
        assert_eq!(outcome.function_error, None, "{text}");
        text
    }

    /// The error document of an invocation that must fail, with the request id replaced by `ID`.
    pub async fn error(&self, function: &Function, payload: &str) -> String {
        let outcome = self.invoke(function, payload).await;
        assert_eq!(
            outcome.function_error,
            Some(FunctionError::Unhandled),
            "{}",
            text(&outcome)
        );
        text(&outcome).replace(outcome.request_id.as_str(), "ID")
    }

    /// Shuts down and gives all lines of the log.
    pub async fn lines(self) -> Vec<(LogStream, String)> {
        self.functions.shutdown().await;
        let lines = self.recorder.lines.lock().unwrap();
        lines.clone()
    }
}

pub fn text(outcome: &InvokeOutcome) -> String {
    String::from_utf8(outcome.payload.to_vec()).unwrap()
}

pub fn tail(outcome: &InvokeOutcome) -> String {
    String::from_utf8(outcome.log_tail.clone().unwrap().to_vec()).unwrap()
}

pub fn json(text: &str) -> Json {
    Json::parse(text).unwrap()
}

pub fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

/// Whether there is a process with this id that is not a zombie.
pub fn lives(id: i64) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else {
        return false;
    };
    !stat.rsplit(") ").next().unwrap().starts_with('Z')
}
