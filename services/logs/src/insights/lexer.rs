//! The words of a query, with where they are.

use super::Malformed;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    /// `5m`, in milliseconds.
    Duration(i64),
    Text(String),
    /// `/…/`
    Expression(String),
    Name(String),
    Sign(&'static str),
}

/// A word with its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) token: Token,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Longer signs first.
const SIGNS: [&str; 18] = [
    "=~", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", "[", "]", ",",
];

/// Milliseconds of the units of durations. A month has 30 days.
const UNITS: [(&str, i64); 10] = [
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 604_800_000),
    ("mo", 2_592_000_000),
    ("mon", 2_592_000_000),
    ("q", 7_776_000_000),
    ("y", 31_536_000_000),
];

struct Lexer<'a> {
    text: &'a str,
    rest: &'a str,
    words: Vec<Word>,
    /// The first word of the command.
    command: Option<String>,
}

/// The words of `text`; commands are divided by `|`.
pub(super) fn words(text: &str) -> Result<Vec<Word>, Malformed> {
    let mut lexer = Lexer {
        text,
        rest: text,
        words: Vec::new(),
        command: None,
    };
    loop {
        lexer.rest = lexer.rest.trim_start();
        if lexer.rest.starts_with('#') {
            let end = lexer.rest.find('\n').unwrap_or(lexer.rest.len());
            lexer.skip(end);
            continue;
        }
        let Some(first) = lexer.rest.chars().next() else {
            return Ok(lexer.words);
        };
        let from = lexer.place();
        let token = lexer.token(first)?;
        match &token {
            Token::Sign("|") => lexer.command = None,
            Token::Name(name) if lexer.command.is_none() => {
                lexer.command = Some(name.to_lowercase());
            }
            _ => {}
        }
        let to = lexer.place();
        lexer.words.push(Word { token, from, to });
    }
}

impl<'a> Lexer<'a> {
    fn place(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    fn skip(&mut self, bytes: usize) -> &'a str {
        let (skipped, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        skipped
    }

    fn wrong(&self, message: impl Into<String>) -> Malformed {
        Malformed {
            message: message.into(),
            at: self.place(),
        }
    }

    fn token(&mut self, first: char) -> Result<Token, Malformed> {
        match first {
            '"' | '\'' | '`' => {
                let inside = self.enclosed(first)?;
                Ok(match first {
                    '`' => Token::Name(inside),
                    _ => Token::Text(inside),
                })
            }
            '/' if self.wants_expression() => Ok(Token::Expression(self.expression()?)),
            '|' => {
                self.skip(1);
                Ok(Token::Sign("|"))
            }
            c if c.is_ascii_digit() => self.number(),
            c if c.is_alphabetic() || "@_$~".contains(c) => {
                let belongs = |c: char| c.is_alphanumeric() || "@_.$~:".contains(c);
                let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
                Ok(Token::Name(self.skip(end).to_owned()))
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| self.rest.starts_with(**sign));
                let sign =
                    sign.ok_or_else(|| self.wrong(format!("unexpected symbol '{first}'")))?;
                self.skip(sign.len());
                Ok(Token::Sign(sign))
            }
        }
    }

    /// Whether a slash begins an expression and does not divide.
    fn wants_expression(&self) -> bool {
        let is_parse = self.command.as_deref() == Some("parse");
        let after = self.words.last().map(|word| &word.token);
        is_parse
            || match after {
                Some(Token::Name(name)) => name.eq_ignore_ascii_case("like"),
                Some(Token::Sign(sign)) => *sign == "=~",
                _ => false,
            }
    }

    fn number(&mut self) -> Result<Token, Malformed> {
        let belongs = |c: char| c.is_ascii_digit() || c == '.';
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let digits = self.skip(end);
        let number: f64 = digits
            .parse()
            .map_err(|_| self.wrong(format!("'{digits}' is not a number")))?;
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic());
        let unit = self.skip(end.unwrap_or(self.rest.len()));
        if unit.is_empty() {
            return Ok(Token::Number(number));
        }
        let known = UNITS.iter().find(|(name, _)| *name == unit);
        let whole: Option<i64> = digits.parse().ok();
        let millis = known
            .zip(whole)
            .and_then(|((_, unit), count)| unit.checked_mul(count));
        let millis = millis.filter(|millis| *millis > 0);
        millis
            .map(Token::Duration)
            .ok_or_else(|| self.wrong(format!("'{digits}{unit}' is not a period")))
    }

    fn enclosed(&mut self, quote: char) -> Result<String, Malformed> {
        self.skip(1);
        let mut found = String::new();
        let mut chars = self.rest.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some(next) if next == quote || next == '\\' => found.push(next),
                    Some('n') => found.push('\n'),
                    Some('t') => found.push('\t'),
                    Some(next) => found.extend(['\\', next]),
                    None => {}
                },
                c if c == quote => {
                    self.rest = chars.as_str();
                    return Ok(found);
                }
                c => found.push(c),
            }
        }
        Err(self.wrong("a text has no end"))
    }

    fn expression(&mut self) -> Result<String, Malformed> {
        self.skip(1);
        let mut found = String::new();
        let mut chars = self.rest.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => {
                    let next = chars.next();
                    if next != Some('/') {
                        found.push('\\');
                    }
                    found.extend(next);
                }
                '/' => {
                    self.rest = chars.as_str();
                    return Ok(found);
                }
                c => found.push(c),
            }
        }
        Err(self.wrong("an expression has no end"))
    }
}
