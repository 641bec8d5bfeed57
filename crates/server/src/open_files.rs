//! How many files and connections this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that a busy server wants: ten thousand connections, the store's files, and three for each process of a function.
const WANTED: u64 = 16_384;
/// Files that connections leave to everything else.
const KEPT: u64 = 1_024;

/// Raises the limit as far as that is wanted and allowed.
///
/// Returns how many connections there may be at once: `wanted`, or fewer where files are scarce. A server without a limit
/// for its connections would stop accepting for want of files, and the store would fail for the same reason.
pub(crate) fn connections_max(wanted: usize) -> usize {
    let files = raised();
    // With few files connections get half of them.
    let left = files.saturating_sub(KEPT).max(files / 2).max(1);
    usize::try_from(left).unwrap_or(wanted).min(wanted)
}

fn raised() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let before = current.unwrap_or(u64::MAX);
    let goal = maximum.unwrap_or(u64::MAX).min(WANTED);
    if before >= goal {
        return before;
    }
    let limit = Rlimit {
        current: Some(goal),
        maximum,
    };
    match setrlimit(Resource::Nofile, limit) {
        Ok(()) => goal,
        Err(_) => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_to_others() {
        let files = usize::try_from(raised()).unwrap();
        assert!(connections_max(usize::MAX) < files);
        assert_eq!(connections_max(1), 1);
    }
}
