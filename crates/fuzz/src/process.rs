//! What the kernel says of a process: memory and processor time.

use std::fs;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, setrlimit};

/// What a worker may map beyond what it has when it starts.
const EXTRA_BYTES: u64 = 256 << 20;

/// Ticks of processor time in a second, as `/proc` counts them on Linux.
const TICKS_PER_SECOND: u64 = 100;

/// Limits this process to what it has mapped now and 256 MiB more. Asking for more aborts it.
///
/// # Errors
/// When the kernel does not say what is mapped, or refuses the limit.
pub(crate) fn limit_memory() -> Result<()> {
    let status =
        fs::read_to_string("/proc/self/status").context("failed to read the own status")?;
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let size = size.and_then(|size| size.split_whitespace().next()?.parse::<u64>().ok());
    let bytes = size
        .context("the own status has no size")?
        .saturating_mul(1024);
    let limit = Some(bytes.saturating_add(EXTRA_BYTES));
    setrlimit(
        Resource::As,
        Rlimit {
            current: limit,
            maximum: limit,
        },
    )
    .context("failed to limit the memory")
}

/// The processor time, in milliseconds, that a process has used; `None` once it is gone.
pub(crate) fn processor_millis(id: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in parentheses may hold blanks; times are the 12th and 13th field after it.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some((user + system) * 1000 / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_time() {
        assert!(processor_millis(std::process::id()).is_some());
        assert_eq!(processor_millis(u32::MAX), None);
    }
}
