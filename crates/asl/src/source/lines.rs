//! From byte offsets to lines and columns.

/// A place in a text as people count: from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
}

/// The starts of a text's lines.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// The index of `text`; lines end with a line feed.
    pub fn new(text: &str) -> LineIndex {
        let after_feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(after_feeds.map(|(at, _)| at + 1))
            .collect();
        LineIndex { starts }
    }

    /// The place of a byte offset in the `text` that the index was made of; an offset beyond the end gives
    /// the end.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let line = self
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.as_bytes().get(start..offset.min(text.len()));
        let is_character_start = |byte: &&u8| (**byte & 0xc0) != 0x80;
        let characters = before
            .unwrap_or_default()
            .iter()
            .filter(is_character_start)
            .count();
        Position {
            line: line + 1,
            column: characters + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters() {
        let text = "a\né b\n";
        let index = LineIndex::new(text);
        for (offset, line, column) in [
            (0, 1, 1),
            (1, 1, 2),
            (2, 2, 1),
            (4, 2, 2),
            (6, 2, 4),
            (7, 3, 1),
            (99, 3, 1),
        ] {
            let position = index.position(text, offset);
            assert_eq!((position.line, position.column), (line, column), "{offset}");
        }
    }
}
