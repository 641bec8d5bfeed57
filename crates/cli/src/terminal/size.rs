//! How much fits on the terminal.

/// The size of a terminal, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalSize {
    /// Characters in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
}

impl TerminalSize {
    /// The size of the terminal that standard error goes to, where it does.
    pub fn of_stderr() -> Option<TerminalSize> {
        let size = rustix::termios::tcgetwinsize(std::io::stderr()).ok()?;
        let size = TerminalSize {
            columns: usize::from(size.ws_col),
            rows: usize::from(size.ws_row),
        };
        (size.columns > 0 && size.rows > 0).then_some(size)
    }
}
