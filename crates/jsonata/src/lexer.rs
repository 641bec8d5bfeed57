//! From source text to tokens.
//!
//! Whether `/` starts a regular expression or is the division operator depends on what the parser
//! expects, so tokens are pulled one at a time: [`Lexer::next`]. Positions are byte offsets just
//! after the token, as error reports want them.

use crate::error::Error;
use std::sync::Arc;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind {
    /// A field name, plain or in backquotes.
    Name(Arc<str>),
    /// A variable, without its `$`: empty for the context, `$` for the root.
    Variable(Arc<str>),
    /// A string literal, unescaped.
    String(Arc<str>),
    /// A number literal.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// A regular expression literal.
    Regex {
        /// The text between the slashes.
        pattern: Arc<str>,
        /// Whether the flag `i` is set.
        ignore_case: bool,
        /// Whether the flag `m` is set.
        multi_line: bool,
    },
    /// An operator or a punctuation mark; also `and`, `or` and `in`.
    Operator(&'static str),
    /// The end of the source.
    End,
}

impl TokenKind {
    /// The token as text for error reports.
    pub(crate) fn text(&self) -> String {
        match self {
            TokenKind::Name(text) | TokenKind::Variable(text) | TokenKind::String(text) => {
                text.to_string()
            }
            TokenKind::Number(number) => crate::number::to_text(*number),
            TokenKind::Boolean(boolean) => boolean.to_string(),
            TokenKind::Null => "null".to_owned(),
            TokenKind::Regex { pattern, .. } => format!("/{pattern}/"),
            TokenKind::Operator(operator) => (*operator).to_owned(),
            TokenKind::End => "(end)".to_owned(),
        }
    }
}

/// A token and where it ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) position: usize,
}

/// What the parser expects next: decides what `/` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    /// A value: `/` starts a regular expression.
    Operand,
    /// An operator: `/` divides.
    Operator,
}

/// Operators of two characters, tried before those of one.
const DOUBLE: [&str; 7] = ["..", ":=", "!=", ">=", "<=", "**", "~>"];
/// Operators of one character. They also end a plain name.
const SINGLE: [(&str, char); 25] = [
    (".", '.'),
    ("[", '['),
    ("]", ']'),
    ("{", '{'),
    ("}", '}'),
    ("(", '('),
    (")", ')'),
    (",", ','),
    ("@", '@'),
    ("#", '#'),
    (";", ';'),
    (":", ':'),
    ("?", '?'),
    ("+", '+'),
    ("-", '-'),
    ("*", '*'),
    ("/", '/'),
    ("%", '%'),
    ("|", '|'),
    ("=", '='),
    ("<", '<'),
    (">", '>'),
    ("^", '^'),
    ("&", '&'),
    ("!", '!'),
];

fn single_operator(character: char) -> Option<&'static str> {
    if character == '~' {
        return Some("~");
    }
    SINGLE
        .iter()
        .find(|(_, one)| *one == character)
        .map(|(text, _)| *text)
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{b}')
}

/// Pulls tokens from a source text.
#[derive(Debug)]
pub(crate) struct Lexer<'a> {
    source: &'a str,
    position: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(source: &'a str) -> Lexer<'a> {
        Lexer {
            source,
            position: 0,
        }
    }

    /// The next token.
    pub(crate) fn next(&mut self, expect: Expect) -> Result<Token, Error> {
        self.skip_blank()?;
        let Some(character) = self.peek() else {
            return Ok(self.token(TokenKind::End));
        };
        if character == '/' && expect == Expect::Operand {
            self.position += 1;
            return self.regex();
        }
        if let Some(operator) = self.operator(character) {
            return Ok(self.token(TokenKind::Operator(operator)));
        }
        match character {
            '"' | '\'' => self.string(character),
            '0'..='9' => self.number(),
            '`' => self.quoted_name(),
            _ => Ok(self.name()),
        }
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.position..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.position += character.len_utf8();
        Some(character)
    }

    fn token(&self, kind: TokenKind) -> Token {
        Token {
            kind,
            position: self.position,
        }
    }

    fn error(&self, code: &'static str, message: &str) -> Error {
        Error::new(code, message).at(self.position)
    }

    /// Skips white space and comments.
    fn skip_blank(&mut self) -> Result<(), Error> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches(is_space).len();
            self.position += blank;
            let Some(comment) = self.rest().strip_prefix("/*") else {
                return Ok(());
            };
            let Some(length) = comment.find("*/") else {
                return Err(self.error("S0106", "comment has no closing tag"));
            };
            self.position += length + 4;
        }
    }

    fn operator(&mut self, character: char) -> Option<&'static str> {
        let rest = self.rest();
        if let Some(double) = DOUBLE.iter().find(|double| rest.starts_with(**double)) {
            self.position += 2;
            return Some(double);
        }
        let single = single_operator(character)?;
        self.position += 1;
        Some(single)
    }

    /// Scans a regular expression up to the slash that is neither escaped nor in brackets.
    fn regex(&mut self) -> Result<Token, Error> {
        let body = self.rest();
        let mut nesting = 0_i64;
        let mut backslashes = 0_usize;
        for (offset, character) in body.char_indices() {
            match character {
                '/' if nesting == 0 && backslashes.is_multiple_of(2) => {
                    return self.regex_end(body, offset);
                }
                '(' | '[' | '{' if backslashes == 0 => nesting += 1,
                ')' | ']' | '}' if backslashes == 0 => nesting -= 1,
                _ => {}
            }
            backslashes = if character == '\\' {
                backslashes + 1
            } else {
                0
            };
        }
        self.position = self.source.len();
        Err(self.error("S0302", "no terminating / in regular expression"))
    }

    fn regex_end(&mut self, body: &str, length: usize) -> Result<Token, Error> {
        self.position += length;
        if length == 0 {
            return Err(self.error("S0301", "empty regular expressions are not allowed"));
        }
        self.position += 1;
        let rest = self.rest();
        let flags = rest.get(..rest.len() - rest.trim_start_matches(['i', 'm']).len());
        let flags = flags.unwrap_or("");
        self.position += flags.len();
        Ok(self.token(TokenKind::Regex {
            pattern: body.get(..length).unwrap_or("").into(),
            ignore_case: flags.contains('i'),
            multi_line: flags.contains('m'),
        }))
    }

    fn string(&mut self, quote: char) -> Result<Token, Error> {
        self.position += 1;
        let mut text = String::new();
        loop {
            let Some(character) = self.bump() else {
                return Err(self.error("S0101", "string literal must end with a matching quote"));
            };
            match character {
                '\\' => text.push(self.escape()?),
                _ if character == quote => return Ok(self.token(TokenKind::String(text.into()))),
                _ => text.push(character),
            }
        }
    }

    /// What follows a backslash in a string.
    fn escape(&mut self) -> Result<char, Error> {
        let Some(character) = self.peek() else {
            return Err(self.error("S0103", "unsupported escape sequence at the end"));
        };
        let plain = match character {
            '"' | '\\' | '/' => character,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode_escape(),
            _ => {
                let message = format!("unsupported escape sequence: \\{character}");
                return Err(self.error("S0103", &message).token(character));
            }
        };
        self.position += 1;
        Ok(plain)
    }

    /// `uXXXX`, and a second `\uXXXX` where the first is the high half of a pair. A half without its
    /// partner has no place in a Rust string and becomes U+FFFD.
    fn unicode_escape(&mut self) -> Result<char, Error> {
        let high = self.hex_escape()?;
        if let Some(character) = char::from_u32(high) {
            return Ok(character);
        }
        if high < 0xDC00 && self.rest().starts_with("\\u") {
            let back = self.position;
            self.position += 1;
            if let Ok(low) = self.hex_escape()
                && (0xDC00..0xE000).contains(&low)
            {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.position = back;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex_escape(&mut self) -> Result<u32, Error> {
        let message = "the escape sequence \\u must be followed by 4 hex digits";
        let digits = self
            .rest()
            .get(1..5)
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(digits) = digits else {
            return Err(self.error("S0104", message));
        };
        let code = u32::from_str_radix(digits, 16).map_err(|_| self.error("S0104", message))?;
        self.position += 5;
        Ok(code)
    }

    fn number(&mut self) -> Result<Token, Error> {
        let rest = self.rest().as_bytes();
        let digits = |from: usize| {
            rest.get(from..)
                .unwrap_or(&[])
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count()
        };
        let mut length = if rest.first() == Some(&b'0') {
            1
        } else {
            digits(0)
        };
        if rest.get(length) == Some(&b'.') {
            let fraction = digits(length + 1);
            length += if fraction == 0 { 0 } else { fraction + 1 };
        }
        if matches!(rest.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(length + 1), Some(b'+' | b'-')));
            let exponent = digits(length + 1 + sign);
            length += if exponent == 0 {
                0
            } else {
                exponent + 1 + sign
            };
        }
        let text = self.rest().get(..length).unwrap_or("");
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.position += length;
                Ok(self.token(TokenKind::Number(number)))
            }
            _ => Err(self
                .error("S0102", &format!("number out of range: {text}"))
                .token(text)),
        }
    }

    fn quoted_name(&mut self) -> Result<Token, Error> {
        self.position += 1;
        let Some(length) = self.rest().find('`') else {
            self.position = self.source.len();
            return Err(self.error("S0105", "quoted property name must be terminated with a `"));
        };
        let name = self.rest().get(..length).unwrap_or("").into();
        self.position += length + 1;
        Ok(self.token(TokenKind::Name(name)))
    }

    fn name(&mut self) -> Token {
        let rest = self.rest();
        let ends = |character: char| is_space(character) || single_operator(character).is_some();
        let length = rest.find(ends).unwrap_or(rest.len());
        self.position += length;
        let text = rest.get(..length).unwrap_or("");
        self.token(match text {
            "or" => TokenKind::Operator("or"),
            "in" => TokenKind::Operator("in"),
            "and" => TokenKind::Operator("and"),
            "true" => TokenKind::Boolean(true),
            "false" => TokenKind::Boolean(false),
            "null" => TokenKind::Null,
            _ => match text.strip_prefix('$') {
                Some(variable) => TokenKind::Variable(variable.into()),
                None => TokenKind::Name(text.into()),
            },
        })
    }
}
