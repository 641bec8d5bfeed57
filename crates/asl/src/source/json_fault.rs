//! Faults of JSON text in the words of AWS's parser (Jackson).

use passo_json::{Lexer, ParseError, TokenKind};

use super::lines::LineIndex;

/// A fault of a JSON text, told as AWS tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// The sentence, without the place.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, where AWS's parser stood when it gave up.
    pub column: usize,
}

impl JsonFault {
    /// The place as AWS writes it: `[Source: (String)"…"; line: 1, column: 4]`.
    pub fn source(&self, text: &str) -> String {
        let shown: String = text.chars().take(SNIPPET).collect();
        let rest = text.chars().count().saturating_sub(SNIPPET);
        let truncated = if rest > 0 {
            format!("[truncated {rest} chars]")
        } else {
            String::new()
        };
        let (line, column) = (self.line, self.column);
        format!("[Source: (String)\"{shown}\"{truncated}; line: {line}, column: {column}]")
    }
}

/// How much of a text Jackson repeats.
const SNIPPET: usize = 500;

const EXPECTED: &str =
    "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/// Tells why `text` is no JSON document.
///
/// The words for an unknown word and for a missing double quote are recorded on AWS; the others follow
/// Jackson's.
pub fn json_fault(text: &str, error: &ParseError) -> JsonFault {
    let (message, at) = sentence(text, error.offset);
    let position = LineIndex::new(text).position(text, at);
    JsonFault {
        message,
        line: position.line,
        column: position.column,
    }
}

/// What is wrong at `offset`, and where Jackson stands after reading it.
fn sentence(text: &str, offset: usize) -> (String, usize) {
    let rest = text.get(offset..).unwrap_or_default();
    let word: String = rest
        .chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect();
    let context = Context::before(text, offset);
    let Some(character) = rest.chars().next() else {
        return (end_of_input(&context), text.len());
    };
    let after = offset + character.len_utf8();
    if character == '"' && Lexer::new(rest).next().is_err() {
        return (
            "Unexpected end-of-input in VALUE_STRING".to_owned(),
            text.len(),
        );
    }
    let expected = match context {
        Context::Value if character.is_alphabetic() => {
            let message = format!("Unrecognized token '{word}': {EXPECTED}");
            return (message, offset + word.len());
        }
        Context::Value => {
            "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        }
        Context::FirstKey | Context::Key => "was expecting double-quote to start field name",
        Context::Colon => "was expecting a colon to separate field name and value",
        Context::InObject => "was expecting comma to separate Object entries",
        Context::InArray => "was expecting comma to separate Array entries",
        Context::Trailing if character.is_alphabetic() => {
            let message = format!("Unrecognized token '{word}': {EXPECTED}");
            return (message, offset + word.len());
        }
        Context::Trailing => {
            "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        }
    };
    let code = u32::from(character);
    let shown = if character.is_control() {
        format!("(CTRL-CHAR, code {code})")
    } else {
        format!("('{character}' (code {code}))")
    };
    (format!("Unexpected character {shown}: {expected}"), after)
}

fn end_of_input(context: &Context) -> String {
    match context {
        Context::FirstKey | Context::Key | Context::Colon | Context::InObject => {
            "Unexpected end-of-input: expected close marker for Object".to_owned()
        }
        Context::InArray => "Unexpected end-of-input: expected close marker for Array".to_owned(),
        Context::Value | Context::Trailing => "No content to map due to end-of-input".to_owned(),
    }
}

/// What the grammar wants at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Context {
    Value,
    FirstKey,
    Key,
    Colon,
    InObject,
    InArray,
    Trailing,
}

impl Context {
    /// Runs the grammar up to `offset`.
    fn before(text: &str, offset: usize) -> Context {
        let mut lexer = Lexer::new(text.get(..offset).unwrap_or_default());
        let mut open: Vec<bool> = Vec::new();
        let mut context = Context::Value;
        while let Ok(token) = lexer.next() {
            context = match (token.kind, context) {
                (TokenKind::End, _) => break,
                (TokenKind::BeginObject, _) => {
                    open.push(true);
                    Context::FirstKey
                }
                (TokenKind::BeginArray, _) => {
                    open.push(false);
                    Context::Value
                }
                (TokenKind::EndObject | TokenKind::EndArray, _) => {
                    open.pop();
                    Context::after_value(&open)
                }
                (TokenKind::Colon, _) => Context::Value,
                (TokenKind::Comma, _) if open.last() == Some(&true) => Context::Key,
                (TokenKind::Comma, _) => Context::Value,
                (TokenKind::String(_), Context::FirstKey | Context::Key) => Context::Colon,
                _ => Context::after_value(&open),
            };
        }
        context
    }

    fn after_value(open: &[bool]) -> Context {
        match open.last() {
            Some(true) => Context::InObject,
            Some(false) => Context::InArray,
            None => Context::Trailing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::Json;

    #[test]
    fn in_the_words_of_jackson() {
        for (text, message, column) in [
            (
                "not a definition",
                "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
                4,
            ),
            (
                "{'a': 1}",
                "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
                3,
            ),
            (
                "{\"a\" 1}",
                "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
                7,
            ),
            (
                "[1 2]",
                "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries",
                5,
            ),
            (
                "{\"a\": 1",
                "Unexpected end-of-input: expected close marker for Object",
                8,
            ),
        ] {
            let error = Json::parse(text).unwrap_err();
            let fault = json_fault(text, &error);
            assert_eq!(
                (fault.message.as_str(), fault.column),
                (message, column),
                "{text}"
            );
        }
    }

    #[test]
    fn repeats_the_source() {
        let fault = JsonFault {
            message: String::new(),
            line: 2,
            column: 5,
        };
        assert_eq!(
            fault.source("ab"),
            "[Source: (String)\"ab\"; line: 2, column: 5]"
        );
        let long = "x".repeat(503);
        assert!(fault.source(&long).contains("\"[truncated 3 chars]; line"));
    }
}
