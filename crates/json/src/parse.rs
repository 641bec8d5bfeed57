//! From text to tree, or only to the certainty that there is one. Bounded in depth and bytes; no recursion.

use std::fmt;
use std::sync::Arc;

use crate::lexer::{Lexer, StringToken, Token, TokenKind};
use crate::{Json, Number, Object};

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
    Ok(tree.done)
}

/// Receives a document in order; the grammar is checked by [`drive`].
trait Sink {
    fn begin(&mut self, container: Container);
    fn key(&mut self, key: StringToken<'_>);
    fn scalar(&mut self, token: &Token<'_>) -> Result<(), ParseError>;
    fn end(&mut self);
}

#[derive(Clone, Copy, PartialEq)]
enum Container {
    Array,
    Object,
}

fn drive(text: &str, limits: Limits, sink: &mut impl Sink) -> Result<(), ParseError> {
    if text.len() > limits.bytes {
        return Err(ParseError::new(limits.bytes, ParseErrorKind::TooLong));
    }
    let mut lexer = Lexer::new(text);
    let mut open: Vec<Container> = Vec::new();
    let mut token = lexer.next()?;
    loop {
        // A value starts at `token`.
        let begun = match token.kind {
            TokenKind::BeginArray => Some(Container::Array),
            TokenKind::BeginObject => Some(Container::Object),
            _ => None,
        };
        if let Some(container) = begun {
            if open.len() >= limits.depth as usize {
                return Err(ParseError::new(token.start, ParseErrorKind::TooDeep));
            }
            open.push(container);
            sink.begin(container);
            token = lexer.next()?;
            if !closes(&token, container) {
                if container == Container::Object {
                    token = entry(&token, &mut lexer, sink)?;
                }
                continue;
            }
        } else {
            sink.scalar(&token)?;
            token = lexer.next()?;
        }
        // A value has ended before `token`, or an empty container is about to.
        while open
            .last()
            .is_some_and(|container| closes(&token, *container))
        {
            open.pop();
            sink.end();
            token = lexer.next()?;
        }
        token = match (open.last(), &token.kind) {
            (None, TokenKind::End) => return Ok(()),
            (None, _) => return Err(ParseError::new(token.start, ParseErrorKind::TrailingText)),
            (Some(Container::Array), TokenKind::Comma) => lexer.next()?,
            (Some(Container::Object), TokenKind::Comma) => {
                let key = lexer.next()?;
                entry(&key, &mut lexer, sink)?
            }
            _ => return Err(unexpected(&token)),
        };
    }
}

fn closes(token: &Token<'_>, container: Container) -> bool {
    match container {
        Container::Array => token.kind == TokenKind::EndArray,
        Container::Object => token.kind == TokenKind::EndObject,
    }
}

/// Reads `"key" :` and gives the token where the value starts.
fn entry<'a>(
    token: &Token<'a>,
    lexer: &mut Lexer<'a>,
    sink: &mut impl Sink,
) -> Result<Token<'a>, ParseError> {
    let TokenKind::String(key) = token.kind else {
        return Err(unexpected(token));
    };
    sink.key(key);
    let colon = lexer.next()?;
    if colon.kind != TokenKind::Colon {
        return Err(unexpected(&colon));
    }
    lexer.next()
}

fn unexpected(token: &Token<'_>) -> ParseError {
    let kind = match token.kind {
        TokenKind::End => ParseErrorKind::UnexpectedEnd,
        _ => ParseErrorKind::UnexpectedToken,
    };
    ParseError::new(token.start, kind)
}

struct Ignore;

impl Sink for Ignore {
    fn begin(&mut self, _container: Container) {}

    fn key(&mut self, _key: StringToken<'_>) {}

    fn scalar(&mut self, token: &Token<'_>) -> Result<(), ParseError> {
        match token.kind {
            TokenKind::Number(lexeme) => number(lexeme, token.start).map(|_| ()),
            TokenKind::String(_) | TokenKind::True | TokenKind::False | TokenKind::Null => Ok(()),
            _ => Err(unexpected(token)),
        }
    }

    fn end(&mut self) {}
}

/// Builds the tree. Keys are interned: documents repeat a few keys many times.
#[derive(Default)]
struct Tree {
    open: Vec<Building>,
    keys: Vec<Option<Arc<str>>>,
    done: Json,
}

enum Building {
    Array(Vec<Json>),
    Object {
        entries: Vec<(Arc<str>, Json)>,
        key: Arc<str>,
    },
}

const INTERNED_KEYS: usize = 64;

impl Tree {
    fn add(&mut self, value: Json) {
        match self.open.last_mut() {
            None => self.done = value,
            Some(Building::Array(items)) => items.push(value),
            Some(Building::Object { entries, key }) => entries.push((key.clone(), value)),
        }
    }

    fn intern(&mut self, key: &str) -> Arc<str> {
        if self.keys.is_empty() {
            self.keys.resize(INTERNED_KEYS, None);
        }
        let bytes = key.as_bytes();
        let ends = usize::from(bytes.first().copied().unwrap_or(0))
            + 7 * usize::from(bytes.last().copied().unwrap_or(0));
        let Some(slot) = self.keys.get_mut((key.len() + ends) % INTERNED_KEYS) else {
            return Arc::from(key);
        };
        match slot {
            Some(known) if **known == *key => known.clone(),
            _ => {
                let fresh: Arc<str> = Arc::from(key);
                *slot = Some(fresh.clone());
                fresh
            }
        }
    }
}

impl Sink for Tree {
    fn begin(&mut self, container: Container) {
        self.open.push(match container {
            Container::Array => Building::Array(Vec::new()),
            Container::Object => Building::Object {
                entries: Vec::new(),
                key: Arc::from(""),
            },
        });
    }

    fn key(&mut self, token: StringToken<'_>) {
        let fresh = self.intern(&token.decode());
        if let Some(Building::Object { key, .. }) = self.open.last_mut() {
            *key = fresh;
        }
    }

    fn scalar(&mut self, token: &Token<'_>) -> Result<(), ParseError> {
        let value = match token.kind {
            TokenKind::String(text) => Json::String(Arc::from(text.decode())),
            TokenKind::Number(lexeme) => Json::Number(number(lexeme, token.start)?),
            TokenKind::True => Json::Bool(true),
            TokenKind::False => Json::Bool(false),
            TokenKind::Null => Json::Null,
            _ => return Err(unexpected(token)),
        };
        self.add(value);
        Ok(())
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Building::Array(items)) => self.add(Json::from(items)),
            Some(Building::Object { entries, .. }) => {
                self.add(Json::Object(Object::from_entries(entries)));
            }
            None => {}
        }
    }
}

fn number(lexeme: &str, offset: usize) -> Result<Number, ParseError> {
    Number::from_lexeme(lexeme)
        .ok_or_else(|| ParseError::new(offset, ParseErrorKind::NumberOutOfRange))
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
