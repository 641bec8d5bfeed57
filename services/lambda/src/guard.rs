//! A small process that outlives this one just long enough to end the functions' processes.
//!
//! A process that is killed with `kill -9` cannot clean up. The guard can: it holds the reading end of a pipe
//! whose writing end only this process has, and knows all process groups.

use std::io;
use std::path::{Path, PathBuf};
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
    directory: PathBuf,
    search_path: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    process: Option<(Child, ChildStdin)>,
    /// What a guard has to know that replaces one which somebody killed.
    marks: Vec<SandboxMark>,
    ended: bool,
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
        let process =
            spawn(directory, search_path).map_err(|error| InvokeError::start(SHELL, error))?;
        let state = State {
            process: Some(process),
            ..State::default()
        };
        Ok(Guard {
            directory: directory.to_owned(),
            search_path: search_path.to_owned(),
            state: Mutex::new(state),
        })
    }

    /// Tells of a new process group.
    ///
    /// # Errors
    /// When there is no guard any more and no new one can be started.
    pub(crate) async fn add(&self, mark: &SandboxMark) -> io::Result<()> {
        let mut state = self.state.lock().await;
        if state.ended {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        state.marks.push(mark.clone());
        if state.tell('+', mark).await.is_ok() {
            return Ok(());
        }
        state.process = Some(spawn(&self.directory, &self.search_path)?);
        for mark in state.marks.clone() {
            state.tell('+', &mark).await?;
        }
        Ok(())
    }

    /// Tells that nothing is left of a process group.
    pub(crate) async fn remove(&self, mark: &SandboxMark) {
        let mut state = self.state.lock().await;
        state.marks.retain(|known| known != mark);
        // A guard that is gone is replaced when there is something to guard.
        let _ = state.tell('-', mark).await;
    }

    /// Ends the guard, which ends whatever is still registered.
    pub(crate) async fn end(&self) {
        let mut state = self.state.lock().await;
        state.ended = true;
        let Some((mut child, stdin)) = state.process.take() else {
            return;
        };
        drop(stdin);
        let _ = tokio::time::timeout(END_WAIT, child.wait()).await;
    }
}

impl State {
    async fn tell(&mut self, verb: char, mark: &SandboxMark) -> io::Result<()> {
        let line = format!("{verb} {} {}\n", mark.group.as_raw_nonzero(), mark.address);
        let Some((_, stdin)) = self.process.as_mut() else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        stdin.write_all(line.as_bytes()).await
    }
}

fn spawn(directory: &Path, search_path: &str) -> io::Result<(Child, ChildStdin)> {
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
        .spawn()?;
    let stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    Ok((child, stdin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[tokio::test]
    async fn a_guard_that_was_killed_is_replaced_and_knows_what_the_old_one_knew() {
        let directory = tempfile::TempDir::new().unwrap();
        let guard = Guard::start(directory.path(), "/usr/bin:/bin").unwrap();
        let mut guarded = Vec::new();
        for number in 0..2 {
            if number == 1 {
                let mut state = guard.state.lock().await;
                let (old, _) = state.process.as_mut().unwrap();
                old.kill().await.unwrap();
            }
            let mut sleep = Command::new("sleep");
            let child = sleep
                .arg("1000")
                .process_group(0)
                .kill_on_drop(true)
                .spawn()
                .unwrap();
            let group = Pid::from_raw(i32::try_from(child.id().unwrap()).unwrap()).unwrap();
            let address = format!("127.0.0.1:{number}");
            guard.add(&SandboxMark { group, address }).await.unwrap();
            guarded.push(child);
        }
        guard.end().await;
        for mut child in guarded {
            let ended = tokio::time::timeout(END_WAIT, child.wait()).await;
            assert_eq!(
                ended.expect("the guard kills it").unwrap().signal(),
                Some(9)
            );
        }
        assert!(!directory.path().exists());
    }
}
