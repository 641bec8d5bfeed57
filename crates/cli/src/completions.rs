//! `passo completions`: what a shell needs to complete commands and options.

use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::{Shell, generate};

use crate::arguments::Arguments;
use crate::exit::Exit;

/// Options of `passo completions`.
#[derive(Debug, Args)]
#[command(
    after_help = "For example:\n  passo completions bash > ~/.local/share/bash-completion/completions/passo\n  \
                        passo completions zsh > ~/.zfunc/_passo\n  \
                        passo completions fish > ~/.config/fish/completions/passo.fish"
)]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub shell: ShellArgument,
}

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShellArgument {
    /// GNU Bash
    Bash,
    /// Zsh
    Zsh,
    /// fish
    Fish,
}

/// Prints a shell's completions.
pub fn completions(arguments: &CompletionsArguments) -> Exit {
    let shell = match arguments.shell {
        ShellArgument::Bash => Shell::Bash,
        ShellArgument::Zsh => Shell::Zsh,
        ShellArgument::Fish => Shell::Fish,
    };
    let mut out = Vec::new();
    generate(shell, &mut Arguments::command(), "passo", &mut out);
    crate::output::line(String::from_utf8_lossy(&out).trim_end());
    Exit::Ok
}
