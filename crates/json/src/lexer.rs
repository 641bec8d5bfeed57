//! A pull lexer over JSON text, with byte offsets, for the parser here and for readers that keep positions.

use std::borrow::Cow;

use crate::decimal::Decimal;
use crate::parse::{ParseError, ParseErrorKind};
use crate::scan::plain_run;

/// So many digits always fit 64 bits.
const SHORT_NUMBER_DIGITS: usize = 18;

/// One token and where it stands: `start..end` in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind<'a>,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// The tokens of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind<'a> {
    /// `{`
    BeginObject,
    /// `}`
    EndObject,
    /// `[`
    BeginArray,
    /// `]`
    EndArray,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// A string; its escapes are known to be right.
    String(StringToken<'a>),
    /// A number in JSON's grammar, as written.
    Number(&'a str),
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// The end of the text.
    End,
}

/// The inside of a string literal, its escapes checked but not yet resolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StringToken<'a> {
    raw: &'a str,
    escaped: bool,
}

impl<'a> StringToken<'a> {
    /// The text that the literal stands for.
    #[inline]
    pub fn decode(self) -> Cow<'a, str> {
        if self.escaped {
            Cow::Owned(self.unescape())
        } else {
            Cow::Borrowed(self.raw)
        }
    }

    fn unescape(self) -> String {
        let mut text = String::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some((plain, escape)) = rest.split_once('\\') {
            text.push_str(plain);
            let mut chars = escape.chars();
            rest = match chars.next() {
                Some('u') => push_unicode_escape(chars.as_str(), &mut text),
                Some(simple) => {
                    text.push(simple_escape(simple).unwrap_or(simple));
                    chars.as_str()
                }
                None => "",
            };
        }
        text.push_str(rest);
        text
    }
}

/// A number in JSON's grammar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NumberToken<'a> {
    /// As written.
    pub text: &'a str,
    /// Whether a minus sign leads it.
    pub negative: bool,
    /// Whether it is written with an exponent.
    pub exponent: bool,
    /// Its magnitude, where it has few digits and no exponent.
    pub short: Option<Decimal>,
}

/// Reads tokens one after the other.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of `text`.
    pub fn new(text: &'a str) -> Lexer<'a> {
        Lexer { text, at: 0 }
    }

    /// The next token; [`TokenKind::End`] for ever once the text is used up.
    ///
    /// # Errors
    /// Where no token of JSON starts, a literal or a string does not end, an escape is wrong, or a string
    /// holds a control character or half a surrogate pair.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator could not tell an error from the end"
    )]
    pub fn next(&mut self) -> Result<Token<'a>, ParseError> {
        let first = self.peek();
        let start = self.at;
        let kind = match first {
            None => TokenKind::End,
            Some(b'{') => self.single(TokenKind::BeginObject),
            Some(b'}') => self.single(TokenKind::EndObject),
            Some(b'[') => self.single(TokenKind::BeginArray),
            Some(b']') => self.single(TokenKind::EndArray),
            Some(b':') => self.single(TokenKind::Colon),
            Some(b',') => self.single(TokenKind::Comma),
            Some(b'"') => TokenKind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => TokenKind::Number(self.number()?.text),
            Some(b't') => self.word("true", TokenKind::True)?,
            Some(b'f') => self.word("false", TokenKind::False)?,
            Some(b'n') => self.word("null", TokenKind::Null)?,
            Some(_) => return Err(ParseError::new(start, ParseErrorKind::UnexpectedCharacter)),
        };
        Ok(Token {
            kind,
            start,
            end: self.at,
        })
    }

    /// Skips white space; gives the byte that the next token starts with, `None` at the end of the text.
    #[inline(always)]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.byte()?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Where the next token starts, once [`Lexer::peek`] has looked at it.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Passes over a token of one byte that [`Lexer::peek`] has seen.
    #[inline]
    pub(crate) fn skip(&mut self) {
        self.at += 1;
    }

    /// The string whose opening quote [`Lexer::peek`] has seen.
    ///
    /// # Errors
    /// Where it does not end, an escape is wrong, or it holds a control character.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Result<StringToken<'a>, ParseError> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            at += plain_run(bytes.get(at..).unwrap_or_default());
            match bytes.get(at) {
                None => return Err(ParseError::new(self.at, ParseErrorKind::UnterminatedString)),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape(at)?;
                }
                Some(_) => return Err(ParseError::new(at, ParseErrorKind::ControlCharacter)),
            }
        }
        self.at = at + 1;
        Ok(StringToken {
            raw: self.text.get(start..at).unwrap_or_default(),
            escaped,
        })
    }

    /// The number whose first byte [`Lexer::peek`] has seen.
    ///
    /// # Errors
    /// Where a digit is missing, or a zero leads others.
    #[inline(always)]
    pub(crate) fn number(&mut self) -> Result<NumberToken<'a>, ParseError> {
        let start = self.at;
        let negative = self.skip_byte(b"-");
        let mut digits = 0;
        let integer_start = self.at;
        if self.skip_byte(b"0") {
            if matches!(self.byte(), Some(b'0'..=b'9')) {
                return Err(ParseError::new(self.at, ParseErrorKind::InvalidNumber));
            }
        } else {
            self.digits(&mut digits)?;
        }
        let integer_digits = self.at - integer_start;
        let fraction_digits = if self.skip_byte(b".") {
            self.digits(&mut digits)?
        } else {
            0
        };
        let exponent = self.skip_byte(b"eE");
        if exponent {
            self.skip_byte(b"+-");
            self.digits(&mut 0)?;
        }
        let is_short = !exponent && integer_digits + fraction_digits <= SHORT_NUMBER_DIGITS;
        let short = is_short.then_some(Decimal {
            mantissa: digits,
            scale: fraction_digits,
        });
        Ok(NumberToken {
            text: self.text.get(start..self.at).unwrap_or_default(),
            negative,
            exponent,
            short,
        })
    }

    /// Passes over `word`, whose first byte [`Lexer::peek`] has seen.
    ///
    /// # Errors
    /// Where something else stands there.
    pub(crate) fn literal(&mut self, word: &str) -> Result<(), ParseError> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(ParseError::new(
                self.at,
                ParseErrorKind::UnexpectedCharacter,
            ));
        }
        self.at += word.len();
        Ok(())
    }

    fn single(&mut self, kind: TokenKind<'a>) -> TokenKind<'a> {
        self.skip();
        kind
    }

    fn word(&mut self, word: &str, kind: TokenKind<'a>) -> Result<TokenKind<'a>, ParseError> {
        self.literal(word)?;
        Ok(kind)
    }

    /// Passes over digits, at least one, adding them to `value`, which wraps where they are many.
    #[inline(always)]
    fn digits(&mut self, value: &mut u64) -> Result<usize, ParseError> {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            *value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        if self.at == start {
            return Err(ParseError::new(self.at, ParseErrorKind::InvalidNumber));
        }
        Ok(self.at - start)
    }

    /// Checks the escape that starts at `at` and tells where the text goes on.
    fn escape(&self, at: usize) -> Result<usize, ParseError> {
        let invalid = ParseError::new(at, ParseErrorKind::InvalidEscape);
        let byte = self
            .text
            .as_bytes()
            .get(at + 1)
            .copied()
            .ok_or(invalid.clone())?;
        if byte != b'u' {
            return simple_escape(char::from(byte))
                .map(|_| at + 2)
                .ok_or(invalid);
        }
        let rest = self.text.get(at..).ok_or(invalid)?;
        match surrogate_pair_or_unit(rest.get(2..).unwrap_or_default()) {
            Some((_, used)) => Ok(at + 2 + used),
            None => Err(ParseError::new(at, ParseErrorKind::InvalidUnicodeEscape)),
        }
    }

    #[inline(always)]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn skip_byte(&mut self, any_of: &[u8]) -> bool {
        let skips = self.byte().is_some_and(|byte| any_of.contains(&byte));
        self.at += usize::from(skips);
        skips
    }
}

fn simple_escape(letter: char) -> Option<char> {
    Some(match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => return None,
    })
}

/// The character that the text after `\u` stands for, and how many bytes of it were used.
fn surrogate_pair_or_unit(text: &str) -> Option<(char, usize)> {
    let unit = hex4(text)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, 4));
    }
    let low = text.get(4..)?.strip_prefix("\\u").and_then(hex4)?;
    if !(0xd800..0xdc00).contains(&unit) || !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    let character = char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))?;
    Some((character, 10))
}

fn hex4(text: &str) -> Option<u32> {
    let digits = text.get(..4)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if plain {
        u32::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

fn push_unicode_escape<'a>(rest: &'a str, text: &mut String) -> &'a str {
    match surrogate_pair_or_unit(rest) {
        Some((character, used)) => {
            text.push(character);
            rest.get(used..).unwrap_or_default()
        }
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_decode() {
        for (literal, expect) in [
            (r#""plain""#, Some("plain")),
            (r#""a\n\t\"\\\/b""#, Some("a\n\t\"\\/b")),
            (r#""\u00e9\ud83d\ude00!""#, Some("é😀!")),
            (r#""\ud83d""#, None),
            (r#""\ude00\ud83d""#, None),
            (r#""\x""#, None),
            (r#""\u12""#, None),
            (r#""\u+123""#, None),
            ("\"a\nb\"", None),
            (r#""open"#, None),
            (r#""\"#, None),
        ] {
            let decoded = match Lexer::new(literal).next().map(|token| token.kind) {
                Ok(TokenKind::String(token)) => Some(token.decode().into_owned()),
                _ => None,
            };
            assert_eq!(decoded.as_deref(), expect, "{literal}");
        }
    }

    #[test]
    fn offsets_are_bytes() {
        let mut lexer = Lexer::new(" {\"é\" : -1.5e3 }");
        let mut spans = Vec::new();
        loop {
            let token = lexer.next().unwrap();
            spans.push((token.start, token.end));
            if token.kind == TokenKind::End {
                break;
            }
        }
        assert_eq!(spans, [(1, 2), (2, 6), (7, 8), (9, 15), (16, 17), (17, 17)]);
    }
}
