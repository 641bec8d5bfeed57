//! Writing to standard output. A reader that went away is no problem of ours.

use std::io::Write as _;

/// Prints one line, colours as `--color` has them.
pub fn line(text: &str) {
    let _ = writeln!(anstream::stdout().lock(), "{text}");
}

/// Prints several lines.
pub fn lines(lines: &[String]) {
    let mut out = anstream::stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
}
