//! A message with its place in a text: `file:line:column`, the line, and a caret.

use std::fmt;

use passo_asl::source::LineIndex;

/// Longest piece of a line that is shown, in characters.
const SHOWN_CHARACTERS_MAX: usize = 120;

/// A message about one place of a text.
pub struct Located {
    from: String,
    line: usize,
    column: usize,
    excerpt: String,
    /// Characters before the caret, within the excerpt.
    caret: usize,
    message: String,
}

impl Located {
    /// A message about the byte `offset` of `text`, which comes from `from`.
    pub fn new(from: &str, text: &str, offset: usize, message: impl Into<String>) -> Located {
        let position = LineIndex::new(text).position(text, offset);
        let line = text
            .lines()
            .nth(position.line.saturating_sub(1))
            .unwrap_or_default();
        let before = position.column.saturating_sub(1);
        // A long line, such as minified JSON, is cut around the place.
        let skipped = before.saturating_sub(SHOWN_CHARACTERS_MAX / 2);
        let excerpt: String = line
            .chars()
            .skip(skipped)
            .take(SHOWN_CHARACTERS_MAX)
            .collect();
        Located {
            from: from.to_owned(),
            line: position.line,
            column: position.column,
            excerpt: excerpt.replace('\t', " "),
            caret: before.saturating_sub(skipped),
            message: message.into(),
        }
    }
}

impl fmt::Display for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let indent = " ".repeat(self.caret);
        writeln!(
            f,
            "{}:{}:{}: {}",
            self.from, self.line, self.column, self.message
        )?;
        writeln!(f, "  {number} | {}", self.excerpt)?;
        write!(f, "  {margin} | {indent}^")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        let shown = Located::new("f.json", "{\n  \"é\": x\n}", 10, "unexpected").to_string();
        assert_eq!(
            shown,
            "f.json:2:8: unexpected\n  2 |   \"é\": x\n    |        ^"
        );
        let long = format!("{}!", "x".repeat(500));
        let shown = Located::new("f", &long, 500, "here").to_string();
        assert_eq!(
            shown.lines().last().map(str::len),
            Some("    | ".len() + 60 + 1)
        );
        assert_eq!(
            Located::new("f", "", 0, "m").to_string(),
            "f:1:1: m\n  1 | \n    | ^"
        );
    }
}
