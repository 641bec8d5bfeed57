//! From text to a filter: `(@.price < 10 && !@.sold)`.

use std::sync::Arc;

use fancy_regex::{Regex, RegexBuilder};
use passo_json::Json;

use crate::SyntaxError;
use crate::jsonpath::filter::{Filter, Operand, Operator, SYMBOLS, WORDS};
use crate::jsonpath::parse::{Parser, Place};

/// Steps that a pattern may go back on one text before it counts as not matching.
const BACKTRACK_MAX: usize = 100_000;
/// Bytes of a compiled pattern.
const PATTERN_BYTES_MAX: usize = 1 << 20;

impl Parser<'_> {
    /// The filter in parentheses at the position.
    pub(crate) fn parenthesised_filter(&mut self) -> Result<Filter, SyntaxError> {
        self.expect('(')?;
        let filter = self.any()?;
        self.skip_blanks();
        self.expect(')')?;
        Ok(filter)
    }

    fn any(&mut self) -> Result<Filter, SyntaxError> {
        let first = self.all()?;
        let mut alternatives = vec![first];
        loop {
            self.skip_blanks();
            if !self.eat_text("||") {
                return Ok(single_or(alternatives, Filter::Any));
            }
            alternatives.push(self.all()?);
        }
    }

    fn all(&mut self) -> Result<Filter, SyntaxError> {
        let first = self.condition()?;
        let mut conditions = vec![first];
        loop {
            self.skip_blanks();
            if !self.eat_text("&&") {
                return Ok(single_or(conditions, Filter::All));
            }
            conditions.push(self.condition()?);
        }
    }

    fn condition(&mut self) -> Result<Filter, SyntaxError> {
        self.skip_blanks();
        match self.peek() {
            Some('!') => {
                self.bump();
                self.nested(Parser::condition)
                    .map(|filter| Filter::Not(Box::new(filter)))
            }
            Some('(') => self.nested(Parser::parenthesised_filter),
            Some(_) | None => self.comparison(),
        }
    }

    fn comparison(&mut self) -> Result<Filter, SyntaxError> {
        let left = self.operand()?;
        self.skip_blanks();
        if self.eat_text("=~") {
            self.skip_blanks();
            return Ok(Filter::Matches {
                left,
                pattern: Arc::new(self.pattern()?),
            });
        }
        let Some(operator) = self.operator()? else {
            return Ok(match left {
                Operand::Path(query) => Filter::Exists(query),
                Operand::Literal(value) => {
                    Filter::Constant(!matches!(value, Json::Null | Json::Bool(false)))
                }
            });
        };
        self.skip_blanks();
        let right = self.operand()?;
        Ok(Filter::Compare {
            left,
            operator,
            right,
        })
    }

    fn operand(&mut self) -> Result<Operand, SyntaxError> {
        match self.peek() {
            Some('@' | '$') => self
                .nested(|parser| parser.query(Place::Filter))
                .map(Operand::Path),
            Some(_) | None => self.literal().map(Operand::Literal),
        }
    }

    fn operator(&mut self) -> Result<Option<Operator>, SyntaxError> {
        for (symbol, operator) in SYMBOLS {
            if self.eat_text(symbol) {
                return Ok(Some(operator));
            }
        }
        let start = self.offset();
        let word = self.take_while(|character| character.is_ascii_alphabetic());
        if word.is_empty() {
            return Ok(None);
        }
        let known = WORDS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word));
        match known {
            Some((_, operator)) => Ok(Some(*operator)),
            None => Err(SyntaxError::new(
                start,
                format!("Filter operator '{word}' is not supported"),
            )),
        }
    }

    /// `/pattern/flags`. The whole text must match, as Java's `matches` demands.
    fn pattern(&mut self) -> Result<Regex, SyntaxError> {
        let start = self.offset();
        self.expect('/')?;
        let mut source = String::new();
        loop {
            match self.bump() {
                None => return Err(SyntaxError::new(start, "The pattern is not closed")),
                Some('/') => break,
                Some('\\') => {
                    let escaped = self.bump();
                    if escaped != Some('/') {
                        source.push('\\');
                    }
                    source.extend(escaped);
                }
                Some(other) => source.push(other),
            }
        }
        let flags = self.take_while(|character| character.is_ascii_alphabetic());
        if let Some(unknown) = flags.chars().find(|flag| !"idmsuxU".contains(*flag)) {
            return Err(self.error(format!("'{unknown}' is not a pattern flag")));
        }
        // Java's `d`, `u` and `U` only change how letters and line ends are understood.
        let known: String = flags
            .chars()
            .filter(|flag| "imsx".contains(*flag))
            .collect();
        let inner = if known.is_empty() {
            "?:".to_owned()
        } else {
            format!("?{known}:")
        };
        RegexBuilder::new(&format!(r"\A({inner}{source})\z"))
            .backtrack_limit(BACKTRACK_MAX)
            .delegate_size_limit(PATTERN_BYTES_MAX)
            .build()
            .map_err(|error| SyntaxError::new(start, format!("The pattern is not valid: {error}")))
    }
}

fn single_or(filters: Vec<Filter>, combine: fn(Vec<Filter>) -> Filter) -> Filter {
    match <[Filter; 1]>::try_from(filters) {
        Ok([filter]) => filter,
        Err(filters) => combine(filters),
    }
}
