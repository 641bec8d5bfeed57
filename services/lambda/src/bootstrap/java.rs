//! Java's bootstrap, which is compiled by the machine's own compiler when a function needs it first.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;
use tokio::sync::Mutex;

use crate::error::InvokeError;
use crate::function::Function;

const SOURCES: [(&str, &str); 3] = [
    ("Bootstrap.java", include_str!("java/Bootstrap.java")),
    ("Json.java", include_str!("java/Json.java")),
    ("Values.java", include_str!("java/Values.java")),
];
const MAIN: &str = "passo.Bootstrap";
/// What a function brings that does the same, as a jar whose name begins so: AWS's own client.
const CLIENT_JAR: &str = "aws-lambda-java-runtime-interface-client";
const CLIENT_MAIN: &str = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
/// Of a function's memory, what the heap gets, in percent; the machine itself needs the rest.
const HEAP_PERCENT: u32 = 70;

/// The compiled bootstrap.
#[derive(Debug, Default)]
pub(crate) struct JavaBootstrap {
    compiled: Mutex<Option<PathBuf>>,
}

impl JavaBootstrap {
    /// The arguments that make `java` run a function. Classes are compiled below `directory`.
    ///
    /// # Errors
    /// Where there is no compiler beside `java`, and the function does not bring AWS's client.
    pub(crate) async fn arguments(
        &self,
        java: &Path,
        directory: &Path,
        function: &Function,
        (task_root, layers): (&Path, Option<&Path>),
    ) -> Result<Vec<OsString>, InvokeError> {
        let library = task_root.join("lib");
        let brings_client = has_client(&library).await;
        let mut places = vec![task_root.to_owned(), library.join("*")];
        places.extend(layers.map(|layers| layers.join("java/lib/*")));
        let (main, handler) = if brings_client {
            (CLIENT_MAIN, Some(function.handler()))
        } else {
            places.insert(0, self.compiled(java, directory).await?);
            (MAIN, None)
        };
        let class_path = std::env::join_paths(places).map_err(|error| {
            InvokeError::start("the class path", io::Error::other(error.to_string()))
        })?;
        let heap = function.memory_megabytes().saturating_mul(HEAP_PERCENT) / 100;
        let mut arguments: Vec<OsString> = [
            format!("-Xmx{heap}m"),
            // What AWS's own runtime is started with: the quickest start for one invocation at a time.
            "-XX:+UseSerialGC".to_owned(),
            "-XX:TieredStopAtLevel=1".to_owned(),
            "-Xshare:auto".to_owned(),
            "-cp".to_owned(),
        ]
        .map(OsString::from)
        .into();
        arguments.extend([class_path, OsString::from(main)]);
        arguments.extend(handler.map(OsString::from));
        Ok(arguments)
    }

    async fn compiled(&self, java: &Path, directory: &Path) -> Result<PathBuf, InvokeError> {
        let mut compiled = self.compiled.lock().await;
        if let Some(place) = &*compiled {
            return Ok(place.clone());
        }
        let compiler = java.with_file_name("javac");
        let place = directory.join("java");
        compile(&compiler, &place).await.map_err(|error| {
            let what = format!(
                "the Java compiler `{}`, without which a function has to bring {CLIENT_JAR}",
                compiler.display()
            );
            InvokeError::start(what, error)
        })?;
        *compiled = Some(place.clone());
        Ok(place)
    }
}

async fn compile(compiler: &Path, place: &Path) -> io::Result<()> {
    let sources = place.join("sources");
    tokio::fs::create_dir_all(&sources).await?;
    let mut command = Command::new(compiler);
    command
        .arg("-nowarn")
        .arg("-proc:none")
        .arg("-d")
        .arg(place);
    for (name, text) in SOURCES {
        let path = sources.join(name);
        tokio::fs::write(&path, text).await?;
        command.arg(path);
    }
    let output = command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(io::Error::other(said))
}

async fn has_client(library: &Path) -> bool {
    let Ok(mut entries) = tokio::fs::read_dir(library).await else {
        return false;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(CLIENT_JAR) {
            return true;
        }
    }
    false
}
