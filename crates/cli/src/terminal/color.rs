//! Whether to use colours.

use clap::ValueEnum;

/// `--color`. `auto` follows the terminal, `NO_COLOR` and `CLICOLOR_FORCE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// Where the output is a terminal.
    #[default]
    Auto,
    /// Also in files and pipes.
    Always,
    /// Nowhere.
    Never,
}

impl ColorWhen {
    /// Makes every later write through `anstream` follow the choice.
    pub fn apply(self) {
        match self {
            ColorWhen::Auto => {}
            ColorWhen::Always => anstream::ColorChoice::Always.write_global(),
            ColorWhen::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}
