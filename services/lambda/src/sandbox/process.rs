//! One process group: started, watched, and ended with everything it started.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, PipeWriter};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::process::{Child, Command};

use crate::guard::{Guard, SandboxMark};

/// A program to start.
#[derive(Debug)]
pub(crate) struct Launch {
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    pub directory: PathBuf,
    pub environment: BTreeMap<String, String>,
}

/// A started process, leader of its own group. Dropping it kills the group.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    mark: SandboxMark,
    guard: Arc<Guard>,
    exited: Option<ExitStatus>,
}

impl Process {
    /// Starts a program and makes the guard know of it.
    pub(crate) async fn start(
        launch: &Launch,
        address: &str,
        (stdout, stderr): (PipeWriter, PipeWriter),
        guard: &Arc<Guard>,
    ) -> io::Result<Process> {
        let child = Command::new(&launch.program)
            .args(&launch.arguments)
            .current_dir(&launch.directory)
            .env_clear()
            .envs(&launch.environment)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let group = child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw)
            .ok_or(io::ErrorKind::NotFound)?;
        let mark = SandboxMark {
            group,
            address: address.to_owned(),
        };
        let process = Process {
            child,
            mark,
            guard: Arc::clone(guard),
            exited: None,
        };
        process.guard.add(&process.mark).await?;
        Ok(process)
    }

    /// The leader's id, which is the group's.
    pub(crate) fn group(&self) -> Pid {
        self.mark.group
    }

    /// Waits for the leader's end. Cancel-safe; says the same again when asked again. `None` when the system does
    /// not say how it ended.
    pub(crate) async fn wait(&mut self) -> Option<ExitStatus> {
        if self.exited.is_none() {
            self.exited = self.child.wait().await.ok();
        }
        self.exited
    }

    /// How the leader ended, once [`Process::wait`] has seen it.
    pub(crate) fn exited(&self) -> Option<ExitStatus> {
        self.exited
    }

    /// Stops the group between invocations, as AWS does: threads and children that a function left at work go on
    /// with its next event.
    pub(crate) fn freeze(&self) {
        let _ = rustix::process::kill_process_group(self.mark.group, Signal::STOP);
    }

    /// Undoes [`Process::freeze`].
    pub(crate) fn thaw(&self) {
        let _ = rustix::process::kill_process_group(self.mark.group, Signal::CONT);
    }

    /// Kills the group and whoever left it, and waits until they are gone.
    pub(crate) async fn end(mut self) -> Option<ExitStatus> {
        kill_group(self.mark.group);
        let status = self.wait().await;
        let address = self.mark.address.clone();
        // Reading all of /proc takes milliseconds on a busy machine: not on a thread that serves others.
        let _ = tokio::task::spawn_blocking(move || end_strays(&address)).await;
        self.guard.remove(&self.mark).await;
        status
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Reached without `end` only when the runtime itself goes down; `kill_on_drop` takes the leader.
        if self.exited.is_none() {
            kill_group(self.mark.group);
        }
    }
}

fn kill_group(group: Pid) {
    // The group may be gone already.
    let _ = rustix::process::kill_process_group(group, Signal::KILL);
}

/// Rounds of [`end_strays`]: a process that forks while it is killed needs a second one.
const STRAY_ROUNDS_MAX: u32 = 200;
const STRAY_ROUND_WAIT: Duration = Duration::from_millis(1);

/// Kills processes that carry the sandbox's address in their environment, also those that left the group
/// (`setsid`), until there are none. Does nothing where there is no `/proc`.
fn end_strays(address: &str) {
    let wanted = format!("AWS_LAMBDA_RUNTIME_API={address}");
    for _ in 0..STRAY_ROUNDS_MAX {
        let mut found = false;
        for (id, directory) in processes() {
            // Unreadable and empty when the process is another user's or already dead.
            let environment = std::fs::read(directory.join("environ")).unwrap_or_default();
            if environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == wanted.as_bytes())
            {
                found = true;
                let _ = rustix::process::kill_process(id, Signal::KILL);
            }
        }
        if !found {
            return;
        }
        std::thread::sleep(STRAY_ROUND_WAIT);
    }
}

fn processes() -> impl Iterator<Item = (Pid, PathBuf)> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let id = entry
            .file_name()
            .to_str()?
            .parse()
            .ok()
            .and_then(Pid::from_raw)?;
        Some((id, entry.path()))
    })
}

/// Descendants that are counted; a fork bomb is ended by the deadline, not by its memory.
const DESCENDANTS_MAX: usize = 256;

/// Resident memory of a process and its descendants, in KiB. `None` where there is no `/proc`, or the process is
/// gone.
pub(crate) fn resident_kilobytes(leader: Pid) -> Option<u64> {
    let leader = leader.as_raw_nonzero().get();
    let mut total = status_field(leader, "VmRSS:")?;
    let mut to_visit = vec![leader];
    let mut visited = 0;
    while let Some(id) = to_visit.pop() {
        for child in children(id) {
            visited += 1;
            if visited > DESCENDANTS_MAX {
                return Some(total);
            }
            total = total.saturating_add(status_field(child, "VmRSS:").unwrap_or_default());
            to_visit.push(child);
        }
    }
    Some(total)
}

/// The most resident memory that a process has had itself, in KiB.
pub(crate) fn peak_kilobytes(leader: Pid) -> Option<u64> {
    status_field(leader.as_raw_nonzero().get(), "VmHWM:")
}

fn status_field(id: i32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn children(id: i32) -> Vec<i32> {
    let threads = std::fs::read_dir(format!("/proc/{id}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let read = |thread: std::fs::DirEntry| {
        std::fs::read_to_string(thread.path().join("children")).unwrap_or_default()
    };
    threads
        .map(read)
        .flat_map(|ids| {
            ids.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Why the system does not execute a file, in the words that AWS uses, when the file itself is the reason.
pub(crate) fn not_executable(program: &Path, error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Some("permission denied"),
        io::ErrorKind::NotFound if program.exists() => Some("no such file or directory"),
        _ if error.raw_os_error() == Some(rustix::io::Errno::NOEXEC.raw_os_error()) => {
            Some("exec format error")
        }
        _ => None,
    }
}
