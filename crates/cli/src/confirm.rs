//! Asking before much is changed.

use std::io::{BufRead as _, IsTerminal as _};

use clap::Args;

use crate::exit::Exit;
use crate::problem::Problem;

/// Options of commands that change many things, or one that cannot be had back.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct ConfirmArguments {
    /// Says what would be done, and does nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Does not ask
    #[arg(long, short = 'y')]
    pub yes: bool,
}

impl ConfirmArguments {
    /// Whether to go on with `what`, which is done to `things`. Asks on a terminal only.
    ///
    /// # Errors
    /// When nobody can be asked, or the answer is no.
    pub fn go_on(self, what: &str, things: &[String]) -> Result<bool, Problem> {
        if self.dry_run {
            for thing in things {
                anstream::eprintln!("would {what} {thing}");
            }
            return Ok(false);
        }
        if self.yes || things.is_empty() {
            return Ok(true);
        }
        let count = things.len();
        let subject = match things {
            [only] => only.clone(),
            _ => format!("{count} of them"),
        };
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Err(
                Problem::new(format!("{what} {subject}? nobody is there to ask"))
                    .next("add --yes to do it, or --dry-run to see what would be done"),
            );
        }
        for thing in things.iter().take(20) {
            anstream::eprintln!("  {thing}");
        }
        anstream::eprint!("{what} {subject}? [y/N] ");
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        read.map_err(|error| Problem::new("the answer cannot be read").why(error))?;
        if matches!(answer.trim(), "y" | "Y" | "yes") {
            return Ok(true);
        }
        Err(Problem::new("nothing was changed").exit(Exit::Failed))
    }
}
