//! The server under test: the real binary in a process of its own, and what the kernel says of it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Ticks of a second in `/proc`: Linux fixes it for programs.
const TICKS_PER_SECOND: f64 = 100.0;

/// What the server says once it answers.
const LISTENS: &str = "passo listens on http://";

/// A server that runs. Dropping it kills it, as a power cut would.
pub struct Server {
    child: Child,
    address: SocketAddr,
    born: Instant,
}

impl Server {
    /// Starts `binary` on `data`, and waits until it says where it listens.
    ///
    /// # Errors
    /// Where it cannot be started, or ends.
    pub fn start(binary: &Path, data: &Path, options: &[String]) -> Result<Server> {
        let born = Instant::now();
        let mut child = Command::new(binary)
            .args(["serve", "--port", "0", "--data"])
            .arg(data)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start `{}`", binary.display()))?;
        let stderr = child.stderr.take().context("a process has no stderr")?;
        let mut lines = BufReader::new(stderr).lines();
        let mut said = String::new();
        let address = loop {
            let Some(line) = lines.next() else {
                bail!("the server ended: {said}");
            };
            let line = line?;
            let address = line
                .split_once(LISTENS)
                .and_then(|(_, rest)| rest.split(' ').next());
            match address {
                Some(address) => break address.parse()?,
                None => said.push_str(&line),
            }
        };
        // A pipe that nobody reads would stop the server when it is full.
        thread::spawn(move || lines.for_each(drop));
        Ok(Server {
            child,
            address,
            born,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// When its process was started.
    pub fn born(&self) -> Instant {
        self.born
    }

    /// How long ago that was.
    pub fn age(&self) -> Duration {
        self.born.elapsed()
    }

    /// Bytes of memory that are resident now.
    ///
    /// # Errors
    /// Where the kernel does not tell.
    pub fn resident_bytes(&self) -> Result<u64> {
        resident_bytes(self.child.id())
    }

    /// Seconds of CPU so far, all threads.
    ///
    /// # Errors
    /// Where the kernel does not tell.
    pub fn cpu_seconds(&self) -> Result<f64> {
        cpu_seconds(&self.child.id().to_string())
    }

    /// Ends it without a warning.
    ///
    /// # Errors
    /// Where it cannot be.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Seconds of CPU that this process, the client, has taken so far.
///
/// # Errors
/// Where the kernel does not tell.
pub fn own_cpu_seconds() -> Result<f64> {
    cpu_seconds("self")
}

/// How many threads wanted a CPU during the last minute, on average.
pub fn machine_load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn resident_bytes(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let line = line.context("the kernel tells no VmRSS")?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes * 1024)
}

fn cpu_seconds(process: &str) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The program's name, in parentheses, may itself contain spaces.
    let (_, fields) = stat.rsplit_once(')').context("the kernel tells no CPU")?;
    let mut times = fields.split_whitespace().skip(11);
    let user: f64 = times.next().context("no user time")?.parse()?;
    let system: f64 = times.next().context("no system time")?.parse()?;
    Ok((user + system) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_tells_of_this_process() {
        assert!(resident_bytes(std::process::id()).unwrap() > 100_000);
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(60) {
            std::hint::spin_loop();
        }
        assert!(own_cpu_seconds().unwrap() > 0.0);
    }
}
