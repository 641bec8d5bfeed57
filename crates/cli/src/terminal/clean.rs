//! Text from outside, made safe to print: a name or payload must not move the cursor or change the title.

use std::fmt;

/// Prints a text with its control characters made visible.
pub struct Clean<'a> {
    text: &'a str,
    keep_newlines: bool,
}

impl<'a> Clean<'a> {
    /// One line: a newline is made visible too.
    pub fn line(text: &'a str) -> Clean<'a> {
        Clean {
            text,
            keep_newlines: false,
        }
    }

    /// Several lines: newlines stay.
    pub fn lines(text: &'a str) -> Clean<'a> {
        Clean {
            text,
            keep_newlines: true,
        }
    }
}

impl fmt::Display for Clean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.text.chars() {
            match character {
                '\n' if self.keep_newlines => f.write_str("\n")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\t")?,
                '\r' => f.write_str("\\r")?,
                other if other.is_control() || turns_text(other) => {
                    write!(f, "\\u{{{:x}}}", u32::from(other))?;
                }
                other => write!(f, "{other}")?,
            }
        }
        Ok(())
    }
}

/// Marks that reorder the characters around them (Unicode bidirectional controls), and line separators.
fn turns_text(character: char) -> bool {
    matches!(
        character,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::Clean;

    #[test]
    fn control_characters_are_made_visible() {
        let cases = [
            ("plain ✔ text", "plain ✔ text"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("one\ntwo\r", "one\\ntwo\\r"),
            ("a\u{202e}b\u{9b}", "a\\u{202e}b\\u{9b}"),
        ];
        for (text, expect) in cases {
            assert_eq!(Clean::line(text).to_string(), expect);
        }
        assert_eq!(Clean::lines("one\ntwo").to_string(), "one\ntwo");
    }
}
