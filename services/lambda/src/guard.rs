//! A small process that outlives this one just long enough to end the functions' processes.
//!
//! A process that is killed with `kill -9` cannot clean up. The guard can: it holds the reading end of a pipe
//! whose writing end only this process has, and knows all process groups.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Pid;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::Mutex;

use crate::error::InvokeError;

const SCRIPT: &str = include_str!("bootstrap/guard.sh");
const SHELL: &str = "/bin/sh";
/// The guard only has to end a few processes; when it takes longer, it goes on without being waited for.
const END_WAIT: Duration = Duration::from_secs(2);

/// The guard process. Dropping it has the same effect as the death of this process.
#[derive(Debug)]
pub(crate) struct Guard {
    process: Mutex<Option<(Child, ChildStdin)>>,
}

/// What names the processes of one sandbox: their group, and the address in their environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SandboxMark {
    pub group: Pid,
    pub address: String,
}

impl Guard {
    /// Starts the guard. `directory` is removed when this process is gone.
    pub(crate) fn start(directory: &Path, search_path: &str) -> Result<Guard, InvokeError> {
        let mut child = Command::new(SHELL)
            .args(["-c", SCRIPT, "passo-lambda-guard"])
            .arg(directory)
            .env_clear()
            .env("PATH", search_path)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A signal to the terminal's process group must not reach it.
            .process_group(0)
            .spawn()
            .map_err(|error| InvokeError::start(SHELL, error))?;
        let stdin = child
            .stdin
            .take()
            .ok_or_else(|| InvokeError::start(SHELL, io::ErrorKind::BrokenPipe.into()))?;
        Ok(Guard {
            process: Mutex::new(Some((child, stdin))),
        })
    }

    /// Tells of a new process group.
    pub(crate) async fn add(&self, mark: &SandboxMark) -> io::Result<()> {
        self.tell('+', mark).await
    }

    /// Tells that nothing is left of a process group.
    pub(crate) async fn remove(&self, mark: &SandboxMark) {
        // Without a guard there is nobody to be told.
        let _ = self.tell('-', mark).await;
    }

    /// Ends the guard, which ends whatever is still registered.
    pub(crate) async fn end(&self) {
        let Some((mut child, stdin)) = self.process.lock().await.take() else {
            return;
        };
        drop(stdin);
        let _ = tokio::time::timeout(END_WAIT, child.wait()).await;
    }

    async fn tell(&self, verb: char, mark: &SandboxMark) -> io::Result<()> {
        let line = format!("{verb} {} {}\n", mark.group.as_raw_nonzero(), mark.address);
        let mut process = self.process.lock().await;
        let Some((_, stdin)) = process.as_mut() else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        stdin.write_all(line.as_bytes()).await
    }
}
