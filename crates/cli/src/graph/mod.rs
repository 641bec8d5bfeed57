//! `passo graph`: the picture of a workflow, on the terminal or in a file.

mod arguments;
mod format;
mod outline;
#[cfg(feature = "png")]
mod png;
mod subject;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

pub use arguments::GraphCommand;

use crate::exit::Exit;
use crate::output::lines;
use crate::problem::Problem;
use arguments::{ExportArguments, ShowArguments};
use format::Format;
use passo_graph::{Picture, Scope};
use subject::Subject;

/// Carries out `passo graph show` or `passo graph export`.
///
/// # Errors
/// When there is no such workflow, or the picture cannot be drawn or written.
pub async fn graph(command: &GraphCommand) -> Result<Exit, Problem> {
    match command {
        GraphCommand::Show(arguments) => show(arguments).await,
        GraphCommand::Export(arguments) => export(arguments).await,
    }
}

async fn show(arguments: &ShowArguments) -> Result<Exit, Problem> {
    let subject = Subject::find(&arguments.subject).await?;
    let scope = subject.scope()?;
    lines(&outline::lines_of(&subject, &scope));
    Ok(Exit::Ok)
}

async fn export(arguments: &ExportArguments) -> Result<Exit, Problem> {
    let file = arguments
        .file
        .as_deref()
        .filter(|file| *file != Path::new("-"));
    let format = Format::of(arguments.format, file)?;
    if format.is_binary() && file.is_none() && std::io::stdout().is_terminal() {
        return Err(
            Problem::new("a picture of pixels is nothing for a terminal")
                .next("passo graph export … -o FILE.png")
                .exit(Exit::Usage),
        );
    }
    let subject = Subject::find(&arguments.subject).await?;
    let drawn = drawn(format, &subject, &subject.scope()?, arguments)?;
    match file {
        Some(file) => std::fs::write(file, drawn).map_err(|error| {
            Problem::new(format!("`{}` cannot be written", file.display())).why(error)
        })?,
        // A reader that went away is no problem of ours.
        None => drop(std::io::stdout().lock().write_all(&drawn)),
    }
    Ok(Exit::Ok)
}

fn drawn(
    format: Format,
    subject: &Subject,
    scope: &Scope<'_>,
    arguments: &ExportArguments,
) -> Result<Vec<u8>, Problem> {
    let picture = Picture::of(scope);
    let standings = subject.standings.as_ref();
    let theme = arguments.theme.into();
    match format {
        Format::Svg => Ok(passo_graph::svg(&picture, theme, standings).into_bytes()),
        Format::Mermaid => Ok(passo_graph::mermaid(&picture, standings).into_bytes()),
        Format::Dot => Ok(passo_graph::dot(&picture, standings).into_bytes()),
        Format::Png => pixels(&passo_graph::svg(&picture, theme, standings)),
    }
}

#[cfg(feature = "png")]
fn pixels(svg: &str) -> Result<Vec<u8>, Problem> {
    png::pixels(svg)
}

#[cfg(not(feature = "png"))]
fn pixels(_: &str) -> Result<Vec<u8>, Problem> {
    Err(Problem::new("this passo was built without PNG")
        .next("passo graph export … -f svg, which browsers and most tools read")
        .exit(Exit::Usage))
}
