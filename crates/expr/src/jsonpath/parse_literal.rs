//! From text to the literals of filters and functions: strings, numbers, `true`, `false`, `null`, lists, objects.

use passo_json::Json;

use crate::SyntaxError;
use crate::jsonpath::parse::Parser;

impl Parser<'_> {
    /// A string, number, `true`, `false`, `null`, list or object, as filters and functions write it.
    pub(crate) fn literal(&mut self) -> Result<Json, SyntaxError> {
        match self.peek() {
            Some('\'' | '"') => self.quoted().map(Json::from),
            Some('[') => self.nested(Parser::list_literal),
            Some('{') => self.nested(Parser::object_literal),
            Some('-' | '0'..='9') => {
                let start = self.offset();
                let digits = self.take_while(|character| {
                    character.is_ascii_digit() || matches!(character, '-' | '+' | '.' | 'e' | 'E')
                });
                Json::parse(digits)
                    .map_err(|_| SyntaxError::new(start, format!("'{digits}' is not a number")))
            }
            Some(_) | None => {
                let start = self.offset();
                match self.take_while(char::is_alphabetic) {
                    "true" => Ok(Json::from(true)),
                    "false" => Ok(Json::from(false)),
                    "null" => Ok(Json::Null),
                    _ => Err(SyntaxError::new(start, "A value is missing")),
                }
            }
        }
    }

    fn list_literal(&mut self) -> Result<Json, SyntaxError> {
        self.bump();
        let mut items = Vec::new();
        self.skip_blanks();
        while !self.eat(']') {
            items.push(self.literal()?);
            self.skip_blanks();
            if !self.eat(',') && self.peek() != Some(']') {
                return Err(self.error("Expected ',' or ']'"));
            }
            self.skip_blanks();
        }
        Ok(Json::from(items))
    }

    fn object_literal(&mut self) -> Result<Json, SyntaxError> {
        self.bump();
        let mut members = Vec::new();
        self.skip_blanks();
        while !self.eat('}') {
            let name = self.quoted()?;
            self.skip_blanks();
            self.expect(':')?;
            self.skip_blanks();
            members.push((name, self.literal()?));
            self.skip_blanks();
            if !self.eat(',') && self.peek() != Some('}') {
                return Err(self.error("Expected ',' or '}'"));
            }
            self.skip_blanks();
        }
        Ok(Json::Object(members.into_iter().collect()))
    }

    /// A quoted string; a backslash takes the next character literally, except for JSON's own letters.
    pub(crate) fn quoted(&mut self) -> Result<String, SyntaxError> {
        let start = self.offset();
        let Some(quote @ ('\'' | '"')) = self.bump() else {
            return Err(SyntaxError::new(start, "Expected a quote"));
        };
        let mut string = String::new();
        loop {
            match self.bump() {
                None => return Err(SyntaxError::new(start, "The string is not closed")),
                Some(end) if end == quote => return Ok(string),
                Some('\\') => match self.bump() {
                    None => return Err(SyntaxError::new(start, "The string is not closed")),
                    Some('n') => string.push('\n'),
                    Some('t') => string.push('\t'),
                    Some('r') => string.push('\r'),
                    Some('b') => string.push('\u{8}'),
                    Some('f') => string.push('\u{c}'),
                    Some('u') => string.push(self.unicode_escape()?),
                    Some(other) => string.push(other),
                },
                Some(other) => string.push(other),
            }
        }
    }

    fn unicode_escape(&mut self) -> Result<char, SyntaxError> {
        let start = self.offset();
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.bump().and_then(|character| character.to_digit(16));
            let Some(digit) = digit else {
                return Err(SyntaxError::new(
                    start,
                    "'\\u' needs four hexadecimal digits",
                ));
            };
            code = code * 16 + digit;
        }
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}
