//! A workflow on the terminal: its states from above, what is inside them, and where one goes from them.

use anstyle::{AnsiColor, Style};
use passo_graph::{OutlineLine, Scope, Status, outline};

use super::subject::Subject;
use crate::terminal::{Clean, width_of};

/// Characters of a name, beyond which notes are not below each other any more.
const NAME_MAX: usize = 44;

/// The lines, with colours.
pub fn lines_of(subject: &Subject, scope: &Scope<'_>) -> Vec<String> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let found = outline(scope, subject.standings.as_ref());
    let widths = found.iter().filter(|line| line.is_state).map(width);
    let column = widths.max().unwrap_or_default().min(NAME_MAX);
    let states = scope.count();
    let word = if states == 1 { "state" } else { "states" };
    let name = Clean::line(&subject.name);
    let title = format!("{bold}{name}{bold:#}  {dim}{states} {word}{dim:#}");
    let shows_status = subject.standings.is_some();
    let lines = found.iter().map(|line| shown(line, column, shows_status));
    std::iter::once(title).chain(lines).collect()
}

fn shown(line: &OutlineLine, column: usize, shows_status: bool) -> String {
    let dim = Style::new().dimmed();
    let bars = format!("{dim}{}{dim:#}", line.bars);
    let text = Clean::line(&line.text);
    if !line.is_state {
        return format!("{bars}{dim}{text}{dim:#}");
    }
    let gap = " ".repeat(column.saturating_sub(width(line)) + 2);
    let note = Clean::line(&line.note);
    if !shows_status {
        return format!("{bars}{text}{gap}{dim}{note}{dim:#}");
    }
    let (sign, word, style) = standing(line.status);
    format!("{bars}{style}{sign}{style:#} {text}{gap}{style}{word:<12}{style:#}{dim}{note}{dim:#}")
}

/// A sign, a word and a colour: none of them is alone.
fn standing(status: Option<Status>) -> (char, &'static str, Style) {
    let colored = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match status {
        Some(Status::Succeeded) => ('✔', "succeeded", colored(AnsiColor::Green)),
        Some(Status::Running) => ('●', "running", colored(AnsiColor::Cyan)),
        Some(Status::Caught) => ('!', "caught", colored(AnsiColor::Yellow)),
        Some(Status::Failed) => ('✖', "failed", colored(AnsiColor::Red)),
        Some(Status::Aborted) => ('■', "aborted", colored(AnsiColor::Yellow)),
        None => ('·', "not reached", Style::new().dimmed()),
    }
}

fn width(line: &OutlineLine) -> usize {
    let characters = line.bars.chars().chain(line.text.chars());
    characters.map(width_of).sum()
}
