//! From words to commands.

use fancy_regex::Regex;

use super::Malformed;
use super::lexer::{Token, Word, words};
use super::syntax::{Column, Command, Expression, Form, Operator, Order, Pattern, Query};
use super::value::Value;

/// How long queries, and how deep expressions, may be. Source: API Reference, `StartQuery`: 10,000 characters.
const BYTES_MAX: usize = 10_000;
const DEPTH_MAX: usize = 50;
/// Rows that a query may ask for. Source: API Reference, `StartQuery`.
const LIMIT_MAX: usize = 10_000;

/// Signs with their operators and how strongly each binds.
const OPERATORS: [(&str, Operator, u8); 13] = [
    ("or", Operator::Or, 1),
    ("and", Operator::And, 2),
    ("=", Operator::Equal, 4),
    ("!=", Operator::NotEqual, 4),
    ("<", Operator::Less, 4),
    ("<=", Operator::LessOrEqual, 4),
    (">", Operator::Greater, 4),
    (">=", Operator::GreaterOrEqual, 4),
    ("+", Operator::Plus, 5),
    ("-", Operator::Minus, 5),
    ("*", Operator::Times, 6),
    ("/", Operator::Divide, 6),
    ("%", Operator::Remainder, 6),
];
/// How strongly a comparison binds, `like` and `in` among them.
const COMPARISON: u8 = 4;

type Parsed<T> = Result<T, Malformed>;

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// Where it is none.
    pub(crate) fn parse(text: &str) -> Parsed<Query> {
        if text.len() > BYTES_MAX {
            let message = "the query is too long".to_owned();
            return Err(Malformed { message, at: 0 });
        }
        let mut parser = Parser {
            text,
            words: words(text)?,
            place: 0,
        };
        let mut commands = Vec::new();
        loop {
            while parser.takes("|") {}
            if parser.peek().is_none() {
                break;
            }
            commands.push(parser.command()?);
            if !parser.is_at_end() {
                return Err(parser.unexpected());
            }
        }
        Ok(Query { commands })
    }
}

struct Parser<'a> {
    text: &'a str,
    words: Vec<Word>,
    place: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.words.get(self.place).map(|word| &word.token)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.place += usize::from(token.is_some());
        token
    }

    fn is_at_end(&self) -> bool {
        matches!(self.peek(), None | Some(Token::Sign("|")))
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.place += usize::from(is_there);
        is_there
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is_there =
            matches!(self.peek(), Some(Token::Name(name)) if name.eq_ignore_ascii_case(word));
        self.place += usize::from(is_there);
        is_there
    }

    fn at(&self) -> usize {
        let word = self.words.get(self.place);
        word.map_or(self.text.len(), |word| word.from)
    }

    fn wrong(&self, message: impl Into<String>) -> Malformed {
        Malformed {
            message: message.into(),
            at: self.at(),
        }
    }

    fn unexpected(&self) -> Malformed {
        match self.words.get(self.place) {
            Some(word) => {
                let text = self.text.get(word.from..word.to).unwrap_or_default();
                self.wrong(format!("unexpected symbol found {text}"))
            }
            None => self.wrong("unexpected end of the query"),
        }
    }

    fn command(&mut self) -> Parsed<Command> {
        let Some(Token::Name(name)) = self.next() else {
            self.place = self.place.saturating_sub(1);
            return Err(self.unexpected());
        };
        match name.to_lowercase().as_str() {
            "fields" => Ok(Command::Fields(self.columns()?)),
            "display" => Ok(Command::Display(self.columns()?)),
            "filter" | "where" => Ok(Command::Filter(self.expression(0, 0)?)),
            "stats" => {
                let figures = self.columns()?;
                let groups = match self.takes_word("by") {
                    true => self.columns()?,
                    false => Vec::new(),
                };
                Ok(Command::Stats(figures, groups))
            }
            "sort" | "order" => self.sort(),
            "limit" | "head" => self.limit(),
            "parse" => self.parse_command(),
            "dedup" => {
                let mut fields = vec![self.expression(0, 0)?];
                while self.takes(",") {
                    fields.push(self.expression(0, 0)?);
                }
                Ok(Command::Dedup(fields))
            }
            other => {
                self.place = self.place.saturating_sub(1);
                Err(self.wrong(format!("the command {other} is not supported")))
            }
        }
    }

    fn columns(&mut self) -> Parsed<Vec<Column>> {
        let mut columns = Vec::new();
        loop {
            let from = self.at();
            let expression = self.expression(0, 0)?;
            let before = self
                .place
                .checked_sub(1)
                .and_then(|last| self.words.get(last));
            let to = before.map_or(from, |word| word.to);
            let written = self.text.get(from..to).unwrap_or_default();
            let name = match &expression {
                Expression::Field(name) => name.clone(),
                _ => written.to_owned(),
            };
            let name = match self.takes_word("as") {
                true => self.name()?,
                false => name,
            };
            columns.push(Column { name, expression });
            // Fields may stand beside each other without a comma only where a new one begins.
            if !self.takes(",") {
                return Ok(columns);
            }
        }
    }

    fn name(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.place += 1;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn sort(&mut self) -> Parsed<Command> {
        let _ = self.takes_word("by");
        let mut keys = Vec::new();
        loop {
            let key = self.expression(0, 0)?;
            let order = match self.takes_word("desc") {
                true => Order::Descending,
                false => {
                    let _ = self.takes_word("asc");
                    Order::Ascending
                }
            };
            keys.push((key, order));
            if !self.takes(",") {
                return Ok(Command::Sort(keys));
            }
        }
    }

    fn limit(&mut self) -> Parsed<Command> {
        let Some(Token::Number(number)) = self.peek() else {
            return Err(self.unexpected());
        };
        let whole = passo_json::Number::integral(*number).and_then(|number| number.as_i64());
        let count = whole.and_then(|count| usize::try_from(count).ok());
        let count = count.filter(|count| (1..=LIMIT_MAX).contains(count));
        let count = count.ok_or_else(|| self.wrong("a limit is a number from 1 to 10000"))?;
        self.place += 1;
        Ok(Command::Limit(count))
    }

    /// `parse [field] "a=*, b=*" as a, b`, `parse [field] /(?<a>…)/`
    fn parse_command(&mut self) -> Parsed<Command> {
        let has_field = !matches!(self.peek(), Some(Token::Text(_) | Token::Expression(_)));
        let of = match has_field {
            true => self.expression(COMPARISON + 1, 0)?,
            false => Expression::Field("@message".to_owned()),
        };
        match self.next() {
            Some(Token::Text(text)) => {
                let parts: Vec<String> = text.split('*').map(str::to_owned).collect();
                if !self.takes_word("as") {
                    return Err(self.unexpected());
                }
                let mut names = vec![self.name()?];
                while self.takes(",") {
                    names.push(self.name()?);
                }
                if names.len() + 1 != parts.len() {
                    return Err(self.wrong("there must be a name for each star"));
                }
                let form = Form::Stars(parts);
                Ok(Command::Parse { of, form, names })
            }
            Some(Token::Expression(text)) => {
                let expression = self.regex(&text)?;
                let names = expression.capture_names().flatten();
                let names = names.map(str::to_owned).collect();
                let form = Form::Expression(expression);
                Ok(Command::Parse { of, form, names })
            }
            _ => {
                self.place = self.place.saturating_sub(1);
                Err(self.unexpected())
            }
        }
    }

    fn regex(&self, text: &str) -> Parsed<Box<Regex>> {
        let expression = Regex::new(text);
        expression
            .map(Box::new)
            .map_err(|_| self.wrong(format!("invalid regular expression /{text}/")))
    }

    fn expression(&mut self, weakest: u8, depth: usize) -> Parsed<Expression> {
        if depth > DEPTH_MAX {
            return Err(self.wrong("the expression is too deep"));
        }
        let mut left = self.operand(depth)?;
        loop {
            if weakest <= COMPARISON
                && let Some(pattern) = self.pattern()?
            {
                let (pattern, is_wanted) = pattern;
                left = Expression::Like(Box::new(left), pattern);
                if !is_wanted {
                    left = Expression::Not(Box::new(left));
                }
                continue;
            }
            if weakest <= COMPARISON
                && let Some(is_wanted) = self.takes_in()
            {
                left = Expression::In(Box::new(left), self.list("[", "]", depth)?);
                if !is_wanted {
                    left = Expression::Not(Box::new(left));
                }
                continue;
            }
            let Some((operator, strength)) = self.operator(weakest) else {
                return Ok(left);
            };
            self.place += 1;
            let right = match operator {
                // The right one of two powers binds more strongly.
                Operator::Power => self.expression(strength, depth + 1)?,
                _ => self.expression(strength + 1, depth + 1)?,
            };
            left = Expression::Both(operator, Box::new(left), Box::new(right));
        }
    }

    fn operator(&self, weakest: u8) -> Option<(Operator, u8)> {
        let sign = match self.peek()? {
            Token::Sign("^") => return Some((Operator::Power, 7)),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::Name(name) => name.to_lowercase(),
            Token::Number(_) | Token::Duration(_) | Token::Text(_) | Token::Expression(_) => {
                return None;
            }
        };
        let found = OPERATORS.iter().find(|(other, _, _)| *other == sign);
        let (_, operator, strength) = found?;
        (*strength >= weakest).then_some((*operator, *strength))
    }

    /// `like "…"`, `not like /…/`, `=~ /…/`, and whether it is wanted.
    fn pattern(&mut self) -> Parsed<Option<(Pattern, bool)>> {
        let before = self.place;
        let is_wanted = !self.takes_word("not");
        if !self.takes("=~") && !self.takes_word("like") {
            self.place = before;
            return Ok(None);
        }
        match self.next() {
            Some(Token::Text(text)) => Ok(Some((Pattern::Text(text), is_wanted))),
            Some(Token::Expression(text)) => {
                Ok(Some((Pattern::Expression(self.regex(&text)?), is_wanted)))
            }
            _ => {
                self.place = self.place.saturating_sub(1);
                Err(self.unexpected())
            }
        }
    }

    fn takes_in(&mut self) -> Option<bool> {
        let before = self.place;
        let is_wanted = !self.takes_word("not");
        if self.takes_word("in") {
            return Some(is_wanted);
        }
        self.place = before;
        None
    }

    fn list(&mut self, begin: &str, end: &str, depth: usize) -> Parsed<Vec<Expression>> {
        if !self.takes(begin) {
            return Err(self.unexpected());
        }
        let mut items = Vec::new();
        if self.takes(end) {
            return Ok(items);
        }
        loop {
            if matches!(self.peek(), Some(Token::Sign("*"))) {
                self.place += 1;
                items.push(Expression::Star);
            } else {
                items.push(self.expression(0, depth + 1)?);
            }
            if self.takes(end) {
                return Ok(items);
            }
            if !self.takes(",") {
                return Err(self.unexpected());
            }
        }
    }

    fn operand(&mut self, depth: usize) -> Parsed<Expression> {
        if depth > DEPTH_MAX {
            return Err(self.wrong("the expression is too deep"));
        }
        if self.takes("(") {
            let inside = self.expression(0, depth + 1)?;
            return match self.takes(")") {
                true => Ok(inside),
                false => Err(self.unexpected()),
            };
        }
        if self.takes("-") {
            return Ok(Expression::Negative(Box::new(self.operand(depth + 1)?)));
        }
        if self.takes_word("not") {
            let inside = self.expression(3, depth + 1)?;
            return Ok(Expression::Not(Box::new(inside)));
        }
        match self.peek().cloned() {
            Some(Token::Number(number)) => {
                self.place += 1;
                Ok(Expression::Value(Value::Number(number)))
            }
            Some(Token::Duration(millis)) => {
                self.place += 1;
                Ok(Expression::Duration(millis))
            }
            Some(Token::Text(text)) => {
                self.place += 1;
                Ok(Expression::Value(Value::Text(text)))
            }
            Some(Token::Name(name)) => {
                self.place += 1;
                match self.peek() {
                    Some(Token::Sign("(")) => {
                        let arguments = self.list("(", ")", depth)?;
                        self.function(&name, arguments)
                    }
                    _ => Ok(Expression::Field(name)),
                }
            }
            Some(Token::Expression(_) | Token::Sign(_)) | None => Err(self.unexpected()),
        }
    }

    fn function(&self, name: &str, arguments: Vec<Expression>) -> Parsed<Expression> {
        let name = name.to_lowercase();
        match super::evaluate::is_function(&name) || super::aggregate::is_figure(&name) {
            true => Ok(Expression::Call(name, arguments)),
            false => Err(self.wrong(format!("unknown function {name}"))),
        }
    }
}
