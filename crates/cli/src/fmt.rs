//! `passo fmt`: definitions in one form.

use std::path::PathBuf;

use clap::Args;
use passo_asl::source::{SourceLimits, read};
use passo_asl::{Format, formatted};

use crate::check::definition_files;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::project::Definition;

/// Options of `passo fmt`.
#[derive(Debug, Args)]
pub struct FmtArguments {
    /// Definitions, or folders to search for *.asl.json and *.asl.yaml
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Write nothing; end with 1 where a file is not in its form
    #[arg(long)]
    check: bool,
}

/// What became of a file.
enum Outcome {
    Same,
    Changed,
    /// It stays as it is, which is no fault.
    Left(&'static str),
    /// It is no definition.
    Broken(String),
}

/// Writes definitions in one form: the order of members, two spaces, one newline at the end.
///
/// # Errors
/// When a path cannot be read or written.
pub fn fmt(arguments: &FmtArguments) -> Result<Exit, Problem> {
    let (mut changed, mut broken) = (0_usize, 0_usize);
    for file in definition_files(&arguments.paths)? {
        let shown = file.display();
        match format_file(&file, arguments.check)? {
            Outcome::Same => {}
            Outcome::Changed => {
                changed = changed.saturating_add(1);
                crate::output::line(&shown.to_string());
            }
            Outcome::Left(why) => anstream::eprintln!("{shown}: left as it is: {why}"),
            Outcome::Broken(why) => {
                broken = broken.saturating_add(1);
                anstream::eprintln!("{shown}: {why}");
            }
        }
    }
    let fails = broken > 0 || (arguments.check && changed > 0);
    Ok(if fails { Exit::Failed } else { Exit::Ok })
}

fn format_file(file: &std::path::Path, is_check: bool) -> Result<Outcome, Problem> {
    let definition = Definition::read(file)?;
    if definition.format == Format::Yaml && has_comments(&definition.text) {
        return Ok(Outcome::Left("its comments would be lost"));
    }
    let node = match read(&definition.text, definition.format, SourceLimits::default()) {
        Ok(node) => node,
        Err(error) => return Ok(Outcome::Broken(error.message)),
    };
    let value = node.to_json();
    if value.as_object().is_none() {
        return Ok(Outcome::Broken("it is no definition".to_owned()));
    }
    let text = formatted(&value, definition.format);
    if text == definition.text {
        return Ok(Outcome::Same);
    }
    // A key that stands twice, or a tag, is not in the value: nothing may get lost.
    let is_whole = read(&text, definition.format, SourceLimits::default())
        .is_ok_and(|again| again.to_json() == value)
        && !has_tags(&definition);
    if !is_whole {
        return Ok(Outcome::Left("its tags would be lost"));
    }
    if !is_check {
        std::fs::write(file, text).map_err(|error| {
            Problem::new(format!("`{}` cannot be written", file.display())).why(error)
        })?;
    }
    Ok(Outcome::Changed)
}

/// Whether a YAML text may have comments; a `#` in a text counts too.
fn has_comments(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with('#') || line.contains(" #"))
}

fn has_tags(definition: &Definition) -> bool {
    definition.format == Format::Yaml
        && definition
            .text
            .lines()
            .any(|line| line.contains(": !") || line.contains("- !"))
}
