//! `passo convert`: JSONPath states as JSONata states that do the same.

use std::path::PathBuf;

use clap::Args;
use passo_asl::Format;
use passo_asl::source::SourceLimits;
use passo_convert::{Finding, Severity, Which};

use crate::exit::Exit;
use crate::output;
use crate::problem::Problem;
use crate::project::Definition;

/// Options of `passo convert`.
#[derive(Debug, Args)]
pub struct ConvertArguments {
    /// A definition: JSON or YAML
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Only this state, with what is inside of it
    #[arg(long, value_name = "NAME")]
    state: Option<String>,

    /// Write the file, in place of printing it
    #[arg(long, short = 'w')]
    write: bool,
}

/// Prints or writes the converted definition, and tells what is to be known of it.
///
/// # Errors
/// When the file cannot be read or written, or has no state of the name.
pub fn convert(arguments: &ConvertArguments) -> Result<Exit, Problem> {
    let file = &arguments.file;
    let definition = Definition::read(file)?;
    let read =
        passo_asl::source::read(&definition.text, definition.format, SourceLimits::default());
    let root = read.map_err(|error| {
        Problem::new(format!("`{}` cannot be read", file.display()))
            .why(error.message)
            .next(format!("passo check {}", file.display()))
    })?;
    let which = match &arguments.state {
        Some(name) => Which::State(name.clone()),
        None => Which::All,
    };
    let converted = passo_convert::convert(&root.to_json(), &which);
    if !converted.found {
        let name = arguments.state.as_deref().unwrap_or_default();
        return Err(Problem::new(format!("there is no state `{name}`")).exit(Exit::NotFound));
    }
    let text = match definition.format {
        Format::Json => converted.definition.to_pretty() + "\n",
        Format::Yaml => passo_asl::source::to_yaml(&converted.definition),
    };
    converted.findings.iter().for_each(tell);
    if arguments.write && converted.converted > 0 {
        std::fs::write(file, text).map_err(|error| {
            Problem::new(format!("`{}` cannot be written", file.display())).why(error)
        })?;
    } else if !arguments.write {
        output::line(text.trim_end());
    }
    summary(&converted);
    let failed = converted
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    Ok(if failed { Exit::Failed } else { Exit::Ok })
}

fn tell(finding: &Finding) {
    let severity = finding.severity.name().to_lowercase();
    anstream::eprintln!("{severity}: {}: {}", finding.location, finding.message);
}

fn summary(converted: &passo_convert::Converted) {
    let left = match converted.left {
        0 => String::new(),
        left => format!(", {left} left in JSONPath"),
    };
    anstream::eprintln!("{} states converted{left}", converted.converted);
}
