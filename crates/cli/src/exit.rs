//! How a command ends, as the shell sees it.

use std::process::ExitCode;

/// The outcome of a command. The numbers are part of the interface: scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: it did what was asked.
    Ok,
    /// 1: the execution failed, the check found an error, or the server refused.
    Failed,
    /// 2: the command line, or a file it names, cannot be used.
    Usage,
    /// 3: what is named does not exist.
    NotFound,
    /// 4: the server cannot be reached.
    Unreachable,
    /// 5: the time limit given to the command is over.
    TimedOut,
    /// 130: interrupted by the user, as shells report it.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Ok => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::NotFound => 3,
            Exit::Unreachable => 4,
            Exit::TimedOut => 5,
            Exit::Interrupted => 130,
        })
    }
}
