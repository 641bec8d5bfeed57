//! What the user is told when a command cannot do its work: what, why, and what to do next.

use std::fmt;
use std::io::Write;

use anstyle::{AnsiColor, Style};

use crate::exit::Exit;
use crate::terminal::Clean;

/// A command cannot do its work.
#[derive(Clone, Debug)]
pub struct Problem {
    what: String,
    why: Vec<String>,
    shown: Option<String>,
    next: Option<String>,
    exit: Exit,
}

impl Problem {
    /// A problem in one sentence without a full stop, in lower case.
    pub fn new(what: impl Into<String>) -> Problem {
        Problem {
            what: what.into(),
            why: Vec::new(),
            shown: None,
            next: None,
            exit: Exit::Usage,
        }
    }

    /// Adds a reason; there may be several.
    #[must_use]
    pub fn why(mut self, reason: impl fmt::Display) -> Problem {
        self.why.push(reason.to_string());
        self
    }

    /// Adds a picture of the fault, with colours of its own.
    #[must_use]
    pub fn shows(mut self, picture: String) -> Problem {
        self.shown = Some(picture);
        self
    }

    /// Says what to do, best as a command.
    #[must_use]
    pub fn next(mut self, advice: impl Into<String>) -> Problem {
        self.next = Some(advice.into());
        self
    }

    /// How the command ends, where that is not [`Exit::Usage`].
    #[must_use]
    pub fn exit(mut self, exit: Exit) -> Problem {
        self.exit = exit;
        self
    }

    /// How the command ends.
    pub fn exit_code(&self) -> Exit {
        self.exit
    }

    /// The first reason, or the problem itself where there is none.
    pub fn reason(&self) -> String {
        self.why.first().unwrap_or(&self.what).clone()
    }

    /// What to do, where that is known.
    pub fn advice(&self) -> Option<String> {
        self.next.clone()
    }

    /// Prints the problem to standard error. A standard error that is gone is no further problem.
    pub fn print(&self) {
        let mut out = anstream::stderr().lock();
        let _ = self.write(&mut out);
    }

    fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
        let dim = Style::new().dimmed();
        writeln!(out, "{red}error{red:#}: {}", Clean::lines(&self.what))?;
        for reason in &self.why {
            writeln!(out, "  {dim}why{dim:#}: {}", Clean::lines(reason))?;
        }
        if let Some(shown) = &self.shown {
            writeln!(out, "{}", shown.trim_end())?;
        }
        if let Some(next) = &self.next {
            writeln!(out, " {dim}next{dim:#}: {}", Clean::lines(next))?;
        }
        Ok(())
    }
}
