//! From text to a call.

use std::sync::Arc;

use crate::intrinsics::call::{Argument, Call};
use crate::intrinsics::table;
use crate::jsonpath::{Parser, Place};
use crate::{Path, SyntaxError};

/// Calls in one text at most, the outermost included.
///
/// Source: Step Functions Developer Guide, "Intrinsic functions": up to 10 in a field.
const CALLS_MAX: usize = 10;

/// Compiles a whole call.
pub(super) fn call(text: &str) -> Result<Call, SyntaxError> {
    let mut parser = CallParser {
        text,
        inner: Parser::new(text),
        calls: 0,
    };
    parser.inner.skip_blanks();
    let call = parser.call()?;
    parser.inner.skip_blanks();
    match parser.inner.peek() {
        None => Ok(call),
        Some(unexpected) => Err(parser
            .inner
            .error(format!("Unexpected character '{unexpected}'"))),
    }
}

struct CallParser<'a> {
    text: &'a str,
    inner: Parser<'a>,
    calls: usize,
}

impl CallParser<'_> {
    fn call(&mut self) -> Result<Call, SyntaxError> {
        let start = self.inner.offset();
        self.calls += 1;
        if self.calls > CALLS_MAX {
            return Err(self
                .inner
                .error(format!("More than {CALLS_MAX} intrinsic functions")));
        }
        let name = self
            .inner
            .take_while(|character| character.is_ascii_alphanumeric() || character == '.');
        let Some(function) = table::find(name) else {
            return Err(SyntaxError::new(
                start,
                format!("'{name}' is not an intrinsic function"),
            ));
        };
        let arguments = self.arguments()?;
        let count = arguments.len();
        if count < function.arguments_min || count > function.arguments_max {
            let message = format!("{name} does not take {count} arguments");
            return Err(SyntaxError::new(start, message));
        }
        Ok(Call {
            function,
            arguments,
        })
    }

    fn arguments(&mut self) -> Result<Vec<Argument>, SyntaxError> {
        let mut arguments = Vec::new();
        self.inner.skip_blanks();
        self.inner.expect('(')?;
        self.inner.skip_blanks();
        if self.inner.eat(')') {
            return Ok(arguments);
        }
        loop {
            self.inner.skip_blanks();
            arguments.push(self.argument()?);
            self.inner.skip_blanks();
            if self.inner.eat(')') {
                return Ok(arguments);
            }
            self.inner.expect(',')?;
        }
    }

    fn argument(&mut self) -> Result<Argument, SyntaxError> {
        match self.inner.peek() {
            Some('\'') => self.string(),
            Some('$') => {
                let start = self.inner.offset();
                self.inner.query(Place::Intrinsic)?;
                let text = self
                    .text
                    .get(start..self.inner.offset())
                    .unwrap_or_default();
                Path::parse(text).map(Argument::Path)
            }
            Some('S') => self.call().map(Argument::Call),
            Some('-' | '0'..='9' | 't' | 'f' | 'n') => self.inner.literal().map(Argument::Literal),
            Some(_) | None => Err(self.inner.error("An argument is missing")),
        }
    }

    /// A string in single quotes. A backslash stands before a quote, a brace or a backslash only.
    fn string(&mut self) -> Result<Argument, SyntaxError> {
        let start = self.inner.offset();
        self.inner.bump();
        let mut text = String::new();
        let mut pieces = Vec::new();
        let mut piece = String::new();
        let mut is_malformed = false;
        loop {
            match self.inner.bump() {
                None => return Err(SyntaxError::new(start, "The string is not closed")),
                Some('\'') => break,
                Some('\\') => match self.inner.bump() {
                    Some(escaped @ ('\'' | '{' | '}' | '\\')) => {
                        text.push(escaped);
                        piece.push(escaped);
                    }
                    Some(_) => is_malformed = true,
                    None => return Err(SyntaxError::new(start, "The string is not closed")),
                },
                Some('{') if self.inner.peek() == Some('}') => {
                    self.inner.bump();
                    text.push_str("{}");
                    pieces.push(Arc::from(std::mem::take(&mut piece)));
                }
                Some(other) => {
                    text.push(other);
                    piece.push(other);
                }
            }
        }
        if is_malformed {
            return Ok(Argument::Malformed(
                "A backslash escapes a character that needs no escape",
            ));
        }
        pieces.push(piece.into());
        Ok(Argument::Text {
            text: text.into(),
            pieces,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Intrinsic;
    use crate::intrinsics::call::testing::check;

    #[test]
    fn strings_have_escapes() {
        check(
            r"States.Array('it\'s', '\{\}', '\\', 'é', '')",
            "{}",
            r#"["it's","{}","\\","é",""]"#,
        );
        check(
            r"States.Array('a\nb')",
            "{}",
            "! A backslash escapes a character that needs no escape",
        );
    }

    #[test]
    fn paths_may_hold_commas_and_parentheses() {
        check(
            "States.Array($.a[0,1], $['b,c'])",
            r#"{"a":[1,2],"b,c":3}"#,
            "[[1,2],3]",
        );
        check(
            "States.ArrayLength($.a[?(@.x == ',)')])",
            r#"{"a":[{"x":",)"},{}]}"#,
            "1",
        );
        check("  States.Array ( $ , 1 )  ", "{}", "[{},1]");
    }

    #[test]
    fn refuses_what_is_not_a_call() {
        for text in [
            "",
            "States.Array",
            "States.Array(",
            "States.Array(1",
            "States.Array(1,)",
            "States.Array(,)",
            "States.Array(1 2)",
            "States.Array('a)",
            r"States.Array('a\",
            "States.Array(\"a\")",
            "States.Array(abc)",
            "States.Array($.)",
            "States.Array() x",
            "States.Nope()",
            "states.Array()",
            "States.UUID(1)",
            "States.MathAdd(1)",
            "States.Format()",
        ] {
            assert!(Intrinsic::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ten_calls_are_enough() {
        let nested =
            |calls: usize| format!("{}1{}", "States.Array(".repeat(calls), ")".repeat(calls));
        assert!(Intrinsic::parse(&nested(10)).is_ok());
        assert!(Intrinsic::parse(&nested(11)).is_err());
        assert!(Intrinsic::parse(&nested(100_000)).is_err());
    }
}
