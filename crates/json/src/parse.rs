//! From text to tree, or only to the certainty that there is one. Bounded in depth and bytes; no recursion.

use std::fmt;
use std::sync::Arc;

use crate::lexer::{Lexer, NumberToken, StringToken, TokenKind};
use crate::tree::{Container, Tree};
use crate::{Json, Number};

/// A number of so many bytes without an exponent is within binary64's range.
const IN_RANGE_BYTES_MAX: usize = 300;

/// What a document may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Levels of nesting at most.
    pub depth: u32,
    /// Bytes of text at most.
    pub bytes: usize,
}

impl Default for Limits {
    /// 1,000 levels (what Jackson, AWS's parser, allows) and 64 MiB.
    fn default() -> Limits {
        Limits {
            depth: 1000,
            bytes: 64 << 20,
        }
    }
}

/// Why a text is not a JSON document, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Bytes before the fault.
    pub offset: usize,
    /// What is wrong there.
    pub kind: ParseErrorKind,
}

/// What can be wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseErrorKind {
    /// No token of JSON starts with this character.
    UnexpectedCharacter,
    /// A token that may not stand here.
    UnexpectedToken,
    /// The text ends inside a value.
    UnexpectedEnd,
    /// Something follows the value.
    TrailingText,
    /// A string without its closing quote.
    UnterminatedString,
    /// An unescaped control character in a string.
    ControlCharacter,
    /// A backslash before a letter that has no meaning.
    InvalidEscape,
    /// `\u` without four hexadecimal digits, or half a surrogate pair.
    InvalidUnicodeEscape,
    /// A number with a missing digit or a leading zero.
    InvalidNumber,
    /// A number beyond the range of binary64.
    NumberOutOfRange,
    /// More levels than [`Limits::depth`].
    TooDeep,
    /// More bytes than [`Limits::bytes`].
    TooLong,
}

impl ParseError {
    pub(crate) fn new(offset: usize, kind: ParseErrorKind) -> ParseError {
        ParseError { offset, kind }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ParseErrorKind::UnexpectedCharacter => "unexpected character",
            ParseErrorKind::UnexpectedToken => "unexpected token",
            ParseErrorKind::UnexpectedEnd => "unexpected end of text",
            ParseErrorKind::TrailingText => "text after the value",
            ParseErrorKind::UnterminatedString => "string without a closing quote",
            ParseErrorKind::ControlCharacter => "control character in a string",
            ParseErrorKind::InvalidEscape => "invalid escape",
            ParseErrorKind::InvalidUnicodeEscape => "invalid unicode escape",
            ParseErrorKind::InvalidNumber => "invalid number",
            ParseErrorKind::NumberOutOfRange => "number out of range",
            ParseErrorKind::TooDeep => "nested too deeply",
            ParseErrorKind::TooLong => "too long",
        };
        write!(f, "{what} at byte {}", self.offset)
    }
}

impl std::error::Error for ParseError {}

/// Makes sure that `text` is one JSON document, at a fraction of the cost of building it.
///
/// # Errors
/// As [`Json::parse_with`].
pub fn validate(text: &str, limits: Limits) -> Result<(), ParseError> {
    drive(text, limits, &mut Ignore)
}

pub(crate) fn parse(text: &str, limits: Limits) -> Result<Json, ParseError> {
    let mut tree = Tree::default();
    drive(text, limits, &mut tree)?;
    Ok(tree.build())
}

/// Receives a document in order; the grammar is checked by [`drive`].
trait Sink {
    fn begin(&mut self, container: Container);
    fn key(&mut self, key: StringToken<'_>);
    fn string(&mut self, text: StringToken<'_>);
    /// Tells whether the number is within range.
    fn number(&mut self, number: NumberToken<'_>) -> bool;
    /// Takes `true`, `false` or `null`.
    fn literal(&mut self, value: Json);
    fn end(&mut self);
}

fn drive(text: &str, limits: Limits, sink: &mut impl Sink) -> Result<(), ParseError> {
    if text.len() > limits.bytes {
        return Err(ParseError::new(limits.bytes, ParseErrorKind::TooLong));
    }
    let mut lexer = Lexer::new(text);
    let mut around: Vec<Container> = Vec::new();
    // The innermost open container; `around` holds the others, the document among them.
    let mut inside = Container::Document;
    loop {
        if let Some(container) = value(&mut lexer, sink)? {
            if around.len() >= limits.depth as usize {
                return Err(ParseError::new(lexer.offset(), ParseErrorKind::TooDeep));
            }
            lexer.skip();
            around.push(std::mem::replace(&mut inside, container));
            sink.begin(container);
            if lexer.peek() != container.close() {
                if container == Container::Object {
                    key(&mut lexer, sink)?;
                }
                continue;
            }
        }
        // A value has ended, or an empty container is about to.
        loop {
            let next = lexer.peek();
            if next == Some(b',') {
                match inside {
                    Container::Document => return Err(trailing(lexer)),
                    Container::Array => lexer.skip(),
                    Container::Object => {
                        lexer.skip();
                        key(&mut lexer, sink)?;
                    }
                }
                break;
            }
            if next != inside.close() {
                return Err(match inside {
                    Container::Document => trailing(lexer),
                    Container::Array | Container::Object => unexpected(lexer),
                });
            }
            let Some(outer) = around.pop() else {
                return Ok(());
            };
            lexer.skip();
            sink.end();
            inside = outer;
        }
    }
}

/// Reads a scalar, or tells which container starts here.
#[inline]
fn value(lexer: &mut Lexer<'_>, sink: &mut impl Sink) -> Result<Option<Container>, ParseError> {
    match lexer.peek() {
        Some(b'"') => sink.string(lexer.string()?),
        Some(b'-' | b'0'..=b'9') => {
            let start = lexer.offset();
            if !sink.number(lexer.number()?) {
                return Err(ParseError::new(start, ParseErrorKind::NumberOutOfRange));
            }
        }
        Some(b'{') => return Ok(Some(Container::Object)),
        Some(b'[') => return Ok(Some(Container::Array)),
        Some(b't') => {
            lexer.literal("true")?;
            sink.literal(Json::Bool(true));
        }
        Some(b'f') => {
            lexer.literal("false")?;
            sink.literal(Json::Bool(false));
        }
        Some(b'n') => {
            lexer.literal("null")?;
            sink.literal(Json::Null);
        }
        Some(_) | None => return Err(unexpected(lexer.clone())),
    }
    Ok(None)
}

/// Reads `"key" :`.
#[inline(always)]
fn key(lexer: &mut Lexer<'_>, sink: &mut impl Sink) -> Result<(), ParseError> {
    if lexer.peek() != Some(b'"') {
        return Err(unexpected(lexer.clone()));
    }
    sink.key(lexer.string()?);
    if lexer.peek() != Some(b':') {
        return Err(unexpected(lexer.clone()));
    }
    lexer.skip();
    Ok(())
}

/// Why the token that follows may not stand there.
#[cold]
fn unexpected(mut lexer: Lexer<'_>) -> ParseError {
    match lexer.next() {
        Ok(token) if token.kind == TokenKind::End => {
            ParseError::new(token.start, ParseErrorKind::UnexpectedEnd)
        }
        Ok(token) => ParseError::new(token.start, ParseErrorKind::UnexpectedToken),
        Err(error) => error,
    }
}

/// The fault of what follows the value.
#[cold]
fn trailing(mut lexer: Lexer<'_>) -> ParseError {
    match lexer.next() {
        Ok(token) => ParseError::new(token.start, ParseErrorKind::TrailingText),
        Err(error) => error,
    }
}

struct Ignore;

impl Sink for Ignore {
    fn begin(&mut self, _container: Container) {}

    fn key(&mut self, _key: StringToken<'_>) {}

    fn string(&mut self, _text: StringToken<'_>) {}

    #[inline]
    fn number(&mut self, number: NumberToken<'_>) -> bool {
        // Only an exponent or hundreds of digits lead beyond the range.
        let in_range = !number.exponent && number.text.len() <= IN_RANGE_BYTES_MAX;
        in_range || Number::from_token(number).is_some()
    }

    fn literal(&mut self, _value: Json) {}

    fn end(&mut self) {}
}

impl Sink for Tree {
    fn begin(&mut self, container: Container) {
        Tree::begin(self, container);
    }

    #[inline]
    fn key(&mut self, key: StringToken<'_>) {
        Tree::key(self, &key.decode());
    }

    #[inline]
    fn string(&mut self, text: StringToken<'_>) {
        self.add(Json::String(Arc::from(text.decode())));
    }

    #[inline]
    fn number(&mut self, number: NumberToken<'_>) -> bool {
        let number = Number::from_token(number);
        let in_range = number.is_some();
        self.add(number.map(Json::Number).unwrap_or_default());
        in_range
    }

    fn literal(&mut self, value: Json) {
        self.add(value);
    }

    fn end(&mut self) {
        Tree::end(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use proptest::prelude::*;

    #[test]
    fn documents() {
        assert_eq!(
            Json::parse(" {\"a\":[1,2.0,{}],\"b\":{\"c\":[]}, \"a\": null} ")
                .unwrap()
                .to_text(),
            r#"{"a":null,"b":{"c":[]}}"#
        );
        assert_eq!(
            Json::parse("[[],[[]],\"x\"]").unwrap(),
            json!([[], [[]], "x"])
        );
        assert_eq!(Json::parse("12").unwrap(), json!(12));
    }

    #[test]
    fn faults_are_located() {
        use ParseErrorKind as K;
        for (text, offset, kind) in [
            ("", 0, K::UnexpectedEnd),
            ("[1,]", 3, K::UnexpectedToken),
            ("[1 2]", 3, K::UnexpectedToken),
            ("{\"a\" 1}", 5, K::UnexpectedToken),
            ("{\"a\":}", 5, K::UnexpectedToken),
            ("{a:1}", 1, K::UnexpectedCharacter),
            ("{\"a\":1,}", 7, K::UnexpectedToken),
            ("[1", 2, K::UnexpectedEnd),
            ("{} {}", 3, K::TrailingText),
            ("[01]", 2, K::InvalidNumber),
            ("[1.]", 3, K::InvalidNumber),
            ("[1e999]", 1, K::NumberOutOfRange),
            ("[}", 1, K::UnexpectedToken),
            ("trux", 0, K::UnexpectedCharacter),
        ] {
            let error = ParseError::new(offset, kind);
            assert_eq!(Json::parse(text), Err(error.clone()), "{text}");
            assert_eq!(validate(text, Limits::default()), Err(error), "{text}");
        }
    }

    #[test]
    fn limits_hold() {
        let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(
            Json::parse(&nested).unwrap_err().kind,
            ParseErrorKind::TooDeep
        );
        let limits = Limits {
            depth: 100_000,
            bytes: 1 << 20,
        };
        assert_eq!(Json::parse_with(&nested, limits).unwrap().depth(), 100_000);
        let short = Limits { depth: 3, bytes: 4 };
        assert_eq!(
            Json::parse_with("[1,2]", short).unwrap_err().kind,
            ParseErrorKind::TooLong
        );
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let scalar = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            ".*".prop_map(Json::from),
        ];
        scalar.prop_recursive(5, 64, 20, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..20).prop_map(Json::from),
                prop::collection::vec((".{0,3}", inner), 0..20)
                    .prop_map(|entries| Json::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn parse_undoes_print(value in any_json()) {
            let text = value.to_text();
            prop_assert_eq!(text.len(), value.text_bytes());
            prop_assert_eq!(Json::parse(&text).unwrap().to_text(), text);
            prop_assert_eq!(Json::parse(&value.to_pretty()).unwrap(), value);
        }

        #[test]
        fn any_text_parses_or_fails_as_serde_json_does(text in "[\\[\\]{}:,\"\\\\0-9eE.+\\- tfnaulrsx\n]{0,24}") {
            let ours = Json::parse(&text);
            let theirs: Result<serde_json::Value, _> = serde_json::from_str(&text);
            prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?}", ours, theirs);
            prop_assert_eq!(validate(&text, Limits::default()).is_ok(), ours.is_ok());
        }
    }
}
