//! What can be fuzzed: one entry of the table for each language.

mod asl;
mod intrinsics;
mod jsonata;
mod jsonpath;
mod scope;

use std::fmt;

use clap::ValueEnum;

use crate::case::{Case, Outcome};
use crate::random::Random;

/// The name of a target on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TargetName {
    /// JSONata: compile and evaluate.
    Jsonata,
    /// JSONPath: paths and reference paths, read and written.
    Jsonpath,
    /// Definitions in JSON and YAML: read, validate and lower.
    Asl,
    /// Intrinsic functions: parse and evaluate.
    Intrinsics,
}

impl TargetName {
    /// What the name stands for.
    pub(crate) fn target(self) -> &'static Target {
        match self {
            TargetName::Jsonata => &jsonata::TARGET,
            TargetName::Jsonpath => &jsonpath::TARGET,
            TargetName::Asl => &asl::TARGET,
            TargetName::Intrinsics => &intrinsics::TARGET,
        }
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.target().name)
    }
}

/// A language under test.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Texts to start from.
    pub(crate) seeds: &'static [&'static str],
    /// Tokens of the language.
    pub(crate) words: &'static [&'static str],
    /// Whether the code is a JSON document.
    pub(crate) trees: bool,
    /// Makes a text after the grammar.
    pub(crate) generate: fn(&mut Random) -> String,
    /// Runs a case; a panic is a failure.
    pub(crate) run: fn(&Case) -> Outcome,
}
