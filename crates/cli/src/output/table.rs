//! Tables for people: columns aligned, no frames, so that they can be cut and searched.

use anstyle::{AnsiColor, Style};
use passo_json::Json;

use super::fields;
use crate::terminal::{Clean, width_of};

/// Widest a column gets before its texts are cut.
const COLUMN_CHARACTERS_MAX: usize = 80;

/// A text and its style.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    style: Style,
}

/// A column: its title, and how a row is shown in it.
pub struct Column {
    title: &'static str,
    cell: fn(&Json) -> Cell,
    text: Option<fn(&Json) -> String>,
}

impl Cell {
    /// A text as it is.
    pub fn plain(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            style: Style::new(),
        }
    }

    /// A text that matters less.
    pub fn dim(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            style: Style::new().dimmed(),
        }
    }

    /// The status of an execution or Map run, as a word with a colour.
    pub fn status(status: &str) -> Cell {
        Cell {
            text: status.to_owned(),
            style: status_style(status),
        }
    }
}

impl Column {
    /// A column that is the same for people and for scripts.
    pub const fn new(title: &'static str, cell: fn(&Json) -> Cell) -> Column {
        Column {
            title,
            cell,
            text: None,
        }
    }

    /// With another value for scripts, such as a full ARN or an exact time.
    pub const fn with_text(mut self, text: fn(&Json) -> String) -> Column {
        self.text = Some(text);
        self
    }

    /// The value for scripts.
    pub(super) fn plain(&self, row: &Json) -> String {
        let text = match self.text {
            Some(text) => text(row),
            None => (self.cell)(row).text,
        };
        // A tab or newline would look like the end of a value.
        text.replace(['\t', '\n', '\r'], " ")
    }
}

/// The colour of a status.
pub fn status_style(status: &str) -> Style {
    let color = match status {
        "SUCCEEDED" | "ACTIVE" => AnsiColor::Green,
        "FAILED" | "TIMED_OUT" => AnsiColor::Red,
        "RUNNING" | "PENDING_REDRIVE" => AnsiColor::Cyan,
        "ABORTED" | "DELETING" => AnsiColor::Yellow,
        _ => return Style::new(),
    };
    Style::new().fg_color(Some(color.into()))
}

/// The lines of a table.
pub(super) fn draw(rows: &[Json], columns: &[Column]) -> Vec<String> {
    let titles = columns.iter().map(|column| column.title.to_owned());
    let cells = rows
        .iter()
        .map(|row| columns.iter().map(|column| (column.cell)(row)).collect());
    layout(titles.collect(), cells.collect())
}

/// A table of named members.
pub(super) fn draw_members(rows: &[Json], names: &[String]) -> Vec<String> {
    let titles = names.iter().map(|name| name.to_uppercase());
    let cells = rows.iter().map(|row| {
        let texts = fields::texts(row, names);
        texts.into_iter().map(Cell::plain).collect()
    });
    layout(titles.collect(), cells.collect())
}

fn layout(titles: Vec<String>, rows: Vec<Vec<Cell>>) -> Vec<String> {
    let bold = Style::new().dimmed();
    let head = titles.into_iter().map(|text| Cell { text, style: bold });
    let mut all: Vec<Vec<Cell>> = vec![head.collect()];
    all.extend(rows);
    for cell in all.iter_mut().flatten() {
        cell.text = cut(&Clean::line(&cell.text).to_string());
    }
    let columns = all.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = all.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(&cell.text)).max().unwrap_or(0)
        })
        .collect();
    all.iter()
        .map(|row| {
            let mut line = String::new();
            for (cell, columns) in row.iter().zip(&widths) {
                let Cell { text, style } = cell;
                let missing = columns.saturating_sub(width(text)).saturating_add(2);
                line.push_str(&format!("{style}{text}{style:#}{}", " ".repeat(missing)));
            }
            line.truncate(line.trim_end().len());
            line
        })
        .collect()
}

fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// Whoever sees an ARN wants to copy it.
fn cut(text: &str) -> String {
    if text.starts_with("arn:") || text.chars().count() <= COLUMN_CHARACTERS_MAX {
        return text.to_owned();
    }
    let kept: String = text.chars().take(COLUMN_CHARACTERS_MAX - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn columns_are_aligned() {
        let columns = [
            Column::new("NAME", |row| {
                Cell::plain(fields::texts(row, &["name".to_owned()]).concat())
            }),
            Column::new("STATUS", |_| Cell::status("FAILED")),
        ];
        let rows = [json!({"name": "漢字"}), json!({"name": "a\u{1b}[31m"})];
        let lines = draw(&rows, &columns).join("\n");
        let plain = anstream::adapter::strip_str(&lines).to_string();
        assert_eq!(
            plain,
            "NAME         STATUS\n漢字         FAILED\na\\u{1b}[31m  FAILED"
        );
    }
}
