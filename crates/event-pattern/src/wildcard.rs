//! `*` stands for any text, `\*` for itself.

/// A text with wildcards: the pieces between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wildcard {
    /// At least one; the first begins the text, the last ends it.
    pieces: Vec<String>,
}

impl Wildcard {
    /// Reads a text with wildcards; `None` where two of them follow each other, or a backslash escapes nothing.
    pub(crate) fn parse(text: &str) -> Option<Wildcard> {
        let mut pieces = Vec::new();
        let mut piece = String::new();
        let mut after_star = false;
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '*' if after_star => return None,
                '*' => pieces.push(std::mem::take(&mut piece)),
                '\\' => match characters.next() {
                    Some(escaped @ ('*' | '\\')) => piece.push(escaped),
                    _ => return None,
                },
                other => piece.push(other),
            }
            after_star = character == '*';
        }
        pieces.push(piece);
        Some(Wildcard { pieces })
    }

    /// Whether `text` is one of those that are meant. Each piece is taken where it first occurs: taking it later never
    /// helps the pieces behind it.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.pieces.as_slice() else {
            return self.pieces.first().is_some_and(|only| only == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for piece in middle {
            let Some((_, behind)) = rest.split_once(piece.as_str()) else {
                return false;
            };
            rest = behind;
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text, expect) in [
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("*", "", true),
            ("*.png", "dir/a.png", true),
            ("*.png", "dir/a.pngx", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*bc*bc", "abcbc", true),
            ("ab*ba", "aba", false),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("a\\\\*", "a\\b", true),
        ] {
            let wildcard = Wildcard::parse(pattern).unwrap();
            assert_eq!(wildcard.matches(text), expect, "{pattern} {text}");
        }
        for bad in ["**", "a**b", "\\", "\\x"] {
            assert_eq!(Wildcard::parse(bad), None, "{bad}");
        }
    }
}
