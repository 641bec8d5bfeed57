//! From text to a path.
//!
//! Entry point: [`query`]. Filters are read in `parse_filter`, which comes back here for their paths;
//! literals are read in `parse_literal`.

use std::sync::Arc;

use crate::SyntaxError;
use crate::jsonpath::functions::{Argument, Call, Function};
use crate::jsonpath::query::{Query, Root, Slice, Step};

/// Steps of one path at most.
const STEPS_MAX: usize = 1000;
/// Paths within filters within paths at most.
pub(crate) const NESTING_MAX: u32 = 32;

/// Where a path stands, which decides where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is the whole text.
    Whole,
    /// It is an operand in a filter: blanks, parentheses and operators end it.
    Filter,
    /// It is an argument of a path function: commas and parentheses end it.
    Argument,
    /// It is an argument of an intrinsic function: as before, but it may start anywhere.
    Intrinsic,
}

/// Compiles a whole path.
pub(crate) fn query(text: &str) -> Result<Query, SyntaxError> {
    let mut parser = Parser::new(text);
    parser.skip_blanks();
    if parser.peek() != Some('$') {
        return Err(parser.error("A path must start with '$'"));
    }
    let query = parser.query(Place::Whole)?;
    parser.skip_blanks();
    match parser.peek() {
        None => Ok(query),
        Some(unexpected) => Err(parser.error(format!("Unexpected character '{unexpected}'"))),
    }
}

/// A position in a text, with what the grammar needs to move on.
pub(crate) struct Parser<'a> {
    text: &'a str,
    offset: usize,
    pub(crate) nesting: u32,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str) -> Parser<'a> {
        Parser {
            text,
            offset: 0,
            nesting: 0,
        }
    }

    /// The path at the position, which is on `$` or `@`.
    pub(crate) fn query(&mut self, place: Place) -> Result<Query, SyntaxError> {
        let start = self.offset;
        let root = self.root()?;
        let is_inner = matches!(place, Place::Filter | Place::Argument);
        if is_inner && matches!(root, Root::Context | Root::Variable(_)) {
            return Err(SyntaxError::new(
                start,
                "Only '$' and '@' may start a path within a path",
            ));
        }
        let mut steps = Vec::new();
        while let Some(next) = self.peek() {
            match next {
                '.' => self.dot(place, &mut steps)?,
                '[' => steps.push(self.bracket()?),
                _ => break,
            }
            if steps.len() > STEPS_MAX {
                return Err(self.error("The path has too many steps"));
            }
        }
        Ok(Query { root, steps })
    }

    fn root(&mut self) -> Result<Root, SyntaxError> {
        if self.eat('@') {
            return Ok(Root::Item);
        }
        if !self.eat('$') {
            return Err(self.error("A path must start with '$'"));
        }
        if self.eat('$') {
            return Ok(Root::Context);
        }
        let name = self.take_while(|character| character.is_alphanumeric() || character == '_');
        if name.is_empty() {
            return Ok(Root::Document);
        }
        if name.starts_with(char::is_numeric) {
            return Err(self.error("A variable name must not start with a digit"));
        }
        Ok(Root::Variable(name.into()))
    }

    /// `.name`, `.*`, `.function()`, `..` and what follows it.
    fn dot(&mut self, place: Place, steps: &mut Vec<Step>) -> Result<(), SyntaxError> {
        self.eat('.');
        if self.eat('.') {
            steps.push(Step::Scan);
        }
        match self.peek() {
            None => Err(self.error("Path must not end with a '.' or '..'")),
            Some('.') => Err(self.error("Character '.' is not valid here")),
            Some('[') => {
                steps.push(self.bracket()?);
                Ok(())
            }
            Some('*') => {
                self.bump();
                steps.push(Step::Wildcard);
                Ok(())
            }
            Some(_) => {
                steps.push(self.name_or_function(place)?);
                Ok(())
            }
        }
    }

    fn name_or_function(&mut self, place: Place) -> Result<Step, SyntaxError> {
        let start = self.offset;
        let name = self.take_while(|character| match place {
            Place::Whole => !matches!(character, '.' | '[' | ']' | '(' | ' '),
            Place::Argument | Place::Intrinsic => {
                !matches!(character, '.' | '[' | ']' | '(' | ' ' | ',' | ')')
            }
            Place::Filter => {
                !matches!(
                    character,
                    '.' | '[' | ']' | '(' | ')' | ' ' | ',' | '<' | '>' | '='
                ) && !matches!(character, '~' | '!' | '&' | '|')
            }
        });
        if self.peek() == Some('(') {
            let Some(function) = Function::from_name(name) else {
                return Err(SyntaxError::new(
                    start,
                    format!("'{name}' is not a path function"),
                ));
            };
            return self.call(function).map(Step::Function);
        }
        if name.is_empty() {
            return Err(self.error("A property name is missing"));
        }
        if place == Place::Whole && self.peek() == Some(' ') && !self.rest().trim().is_empty() {
            return Err(self.error(
                "Use bracket notion ['my prop'] if your property contains blank characters",
            ));
        }
        Ok(Step::Name(name.into()))
    }

    fn call(&mut self, function: Function) -> Result<Call, SyntaxError> {
        self.bump();
        let mut arguments = Vec::new();
        self.skip_blanks();
        if self.eat(')') {
            return Ok(Call {
                function,
                arguments,
            });
        }
        self.nested(|parser| {
            loop {
                parser.skip_blanks();
                arguments.push(match parser.peek() {
                    Some('$' | '@') => Argument::Path(parser.query(Place::Argument)?),
                    Some(_) | None => Argument::Literal(parser.literal()?),
                });
                parser.skip_blanks();
                if parser.eat(')') {
                    return Ok(());
                }
                parser.expect(',')?;
            }
        })?;
        Ok(Call {
            function,
            arguments,
        })
    }

    fn bracket(&mut self) -> Result<Step, SyntaxError> {
        self.bump();
        self.skip_blanks();
        let step = match self.peek() {
            Some('\'' | '"') => self.names()?,
            Some('*') => {
                self.bump();
                Step::Wildcard
            }
            Some('?') => {
                self.bump();
                self.skip_blanks();
                self.nested(Parser::parenthesised_filter)
                    .map(Step::Filter)?
            }
            Some(':' | '-' | '0'..='9') => self.indexes()?,
            Some(_) | None => {
                return Err(self.error("Expected a quoted name, an index, '*' or '?'"));
            }
        };
        self.skip_blanks();
        self.expect(']')?;
        Ok(step)
    }

    fn names(&mut self) -> Result<Step, SyntaxError> {
        let mut names = Vec::new();
        loop {
            self.skip_blanks();
            names.push(Arc::from(self.quoted()?));
            self.skip_blanks();
            if !self.eat(',') {
                break;
            }
        }
        Ok(match <[Arc<str>; 1]>::try_from(names) {
            Ok([name]) => Step::Name(name),
            Err(names) => Step::Names(names),
        })
    }

    fn indexes(&mut self) -> Result<Step, SyntaxError> {
        let first = self.optional_integer()?;
        self.skip_blanks();
        if self.eat(':') {
            self.skip_blanks();
            let to = self.optional_integer()?;
            return Ok(Step::Slice(Slice { from: first, to }));
        }
        let Some(first) = first else {
            return Err(self.error("An index is missing"));
        };
        let mut indexes = vec![first];
        while self.eat(',') {
            self.skip_blanks();
            let Some(next) = self.optional_integer()? else {
                return Err(self.error("An index is missing"));
            };
            indexes.push(next);
            self.skip_blanks();
        }
        Ok(if indexes.len() == 1 {
            Step::Index(first)
        } else {
            Step::Indexes(indexes)
        })
    }

    fn optional_integer(&mut self) -> Result<Option<i64>, SyntaxError> {
        let start = self.offset;
        let digits = self.take_while(|character| character == '-' || character.is_ascii_digit());
        if digits.is_empty() {
            return Ok(None);
        }
        // Java's int is the range of Jayway's indexes.
        match digits.parse::<i32>() {
            Ok(index) => Ok(Some(i64::from(index))),
            Err(_) => Err(SyntaxError::new(
                start,
                format!("'{digits}' is not an index"),
            )),
        }
    }

    /// Runs a part of the grammar that may contain itself.
    pub(crate) fn nested<T>(
        &mut self,
        part: impl FnOnce(&mut Parser<'a>) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.nesting >= NESTING_MAX {
            return Err(self.error("The path is nested too deeply"));
        }
        self.nesting += 1;
        let result = part(self);
        self.nesting -= 1;
        result
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.offset += next.len_utf8();
        Some(next)
    }

    pub(crate) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.bump();
        }
        found
    }

    /// Takes a fixed text.
    pub(crate) fn eat_text(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.offset += wanted.len();
        }
        found
    }

    pub(crate) fn expect(&mut self, wanted: char) -> Result<(), SyntaxError> {
        if self.eat(wanted) {
            Ok(())
        } else {
            Err(self.error(format!("Expected '{wanted}'")))
        }
    }

    pub(crate) fn skip_blanks(&mut self) {
        self.take_while(|character| matches!(character, ' ' | '\t' | '\n' | '\r'));
    }

    pub(crate) fn take_while(&mut self, accepts: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest
            .find(|character| !accepts(character))
            .unwrap_or(rest.len());
        self.offset += end;
        rest.get(..end).unwrap_or_default()
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError::new(self.offset, message)
    }
}
