//! The words of an expression.

use super::{MathError, wrong};

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Sign(&'static str),
}

/// Longer signs first.
const SIGNS: [&str; 18] = [
    "<=", ">=", "==", "!=", "&&", "||", "<", ">", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",",
];

/// The words of `text`.
pub(super) fn words(text: &str) -> Result<Vec<Token>, MathError> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let after;
        if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            words.push(Token::Sign(sign));
            after = rest.strip_prefix(sign).unwrap_or_default();
        } else if first == '"' || first == '\'' {
            let (text, left) = quoted(rest, first)?;
            words.push(Token::Text(text));
            after = left;
        } else if first.is_ascii_digit() || first == '.' {
            let (number, left) = split(rest, |c| c.is_ascii_digit() || c == '.');
            let number = number
                .parse()
                .map_err(|_| wrong(format!("'{number}' is not a number")))?;
            words.push(Token::Number(number));
            after = left;
        } else if first.is_ascii_alphabetic() || first == '_' {
            let (name, left) = split(rest, |c| c.is_ascii_alphanumeric() || c == '_');
            words.push(Token::Name(name.to_owned()));
            after = left;
        } else {
            return Err(wrong(format!("unexpected character '{first}'")));
        }
        rest = after.trim_start();
    }
    Ok(words)
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// A quoted text; a quote in it is written twice, or after a backslash.
fn quoted(text: &str, quote: char) -> Result<(String, &str), MathError> {
    let mut found = String::new();
    let mut rest = text.chars();
    rest.next();
    while let Some(c) = rest.next() {
        match c {
            '\\' => found.extend(rest.next()),
            c if c == quote => {
                let after = rest.as_str();
                if let Some(again) = after.strip_prefix(quote) {
                    found.push(quote);
                    rest = again.chars();
                } else {
                    return Ok((found, after));
                }
            }
            c => found.push(c),
        }
    }
    Err(wrong("a text has no end"))
}
