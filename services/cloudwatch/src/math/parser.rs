//! The tree of an expression.

use super::lexer::{Token, words};
use super::{MathError, wrong};

/// How deep expressions may be.
const DEPTH_MAX: usize = 60;
/// How long they may be. Source: API Reference, `MetricDataQuery`.
const BYTES_MAX: usize = 2048;

/// One expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    Number(f64),
    Text(String),
    Name(String),
    List(Vec<Expression>),
    Negative(Box<Expression>),
    Both(Operator, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
}

/// What stands between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Power,
}

/// Signs with their operators and how strongly each binds.
const OPERATORS: [(&str, Operator, u8); 13] = [
    ("||", Operator::Or, 1),
    ("&&", Operator::And, 2),
    ("<", Operator::Less, 3),
    ("<=", Operator::LessOrEqual, 3),
    (">", Operator::Greater, 3),
    (">=", Operator::GreaterOrEqual, 3),
    ("==", Operator::Equal, 3),
    ("!=", Operator::NotEqual, 3),
    ("+", Operator::Plus, 4),
    ("-", Operator::Minus, 4),
    ("*", Operator::Times, 5),
    ("/", Operator::Divide, 5),
    ("^", Operator::Power, 6),
];

/// Reads an expression.
///
/// # Errors
/// Where it is none.
pub(crate) fn parse(text: &str) -> Result<Expression, MathError> {
    if text.len() > BYTES_MAX {
        return Err(wrong("the expression is too long"));
    }
    let mut parser = Parser {
        words: words(text)?,
        place: 0,
    };
    let expression = parser.expression(0, 0)?;
    match parser.peek() {
        None => Ok(expression),
        Some(_) => Err(wrong("there is more than one expression")),
    }
}

struct Parser {
    words: Vec<Token>,
    place: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.words.get(self.place)
    }

    fn next(&mut self) -> Option<Token> {
        let word = self.words.get(self.place).cloned();
        self.place += 1;
        word
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        if is_there {
            self.place += 1;
        }
        is_there
    }

    fn expression(&mut self, weakest: u8, depth: usize) -> Result<Expression, MathError> {
        if depth > DEPTH_MAX {
            return Err(wrong("the expression is too deep"));
        }
        let mut left = self.operand(depth)?;
        while let Some((operator, strength)) = self.operator(weakest) {
            self.place += 1;
            // Of equals the left one binds more strongly; of powers the right one.
            let after = if operator == Operator::Power {
                strength
            } else {
                strength + 1
            };
            let right = self.expression(after, depth + 1)?;
            left = Expression::Both(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn operator(&self, weakest: u8) -> Option<(Operator, u8)> {
        let (sign, is_word) = match self.peek()? {
            Token::Sign(sign) => (*sign, false),
            Token::Name(name) => (name.as_str(), true),
            Token::Number(_) | Token::Text(_) => return None,
        };
        let sign = match (sign, is_word) {
            ("AND", true) => "&&",
            ("OR", true) => "||",
            (_, true) => return None,
            (sign, false) => sign,
        };
        let found = OPERATORS.iter().find(|(other, _, _)| *other == sign);
        let (_, operator, strength) = found?;
        (*strength >= weakest).then_some((*operator, *strength))
    }

    fn operand(&mut self, depth: usize) -> Result<Expression, MathError> {
        match self.next() {
            Some(Token::Number(number)) => Ok(Expression::Number(number)),
            Some(Token::Text(text)) => Ok(Expression::Text(text)),
            Some(Token::Name(name)) if self.takes("(") => {
                Ok(Expression::Call(name, self.list(")", depth)?))
            }
            Some(Token::Name(name)) => Ok(Expression::Name(name)),
            Some(Token::Sign("-")) => {
                let operand = self.expression(6, depth + 1)?;
                Ok(Expression::Negative(Box::new(operand)))
            }
            Some(Token::Sign("(")) => {
                let inside = self.expression(0, depth + 1)?;
                match self.takes(")") {
                    true => Ok(inside),
                    false => Err(wrong("a parenthesis is not closed")),
                }
            }
            Some(Token::Sign("[")) => Ok(Expression::List(self.list("]", depth)?)),
            Some(Token::Sign(sign)) => Err(wrong(format!("unexpected '{sign}'"))),
            None => Err(wrong("the expression is not complete")),
        }
    }

    fn list(&mut self, end: &str, depth: usize) -> Result<Vec<Expression>, MathError> {
        let mut items = Vec::new();
        if self.takes(end) {
            return Ok(items);
        }
        loop {
            items.push(self.expression(0, depth + 1)?);
            if self.takes(end) {
                return Ok(items);
            }
            if !self.takes(",") {
                return Err(wrong("a list is not closed"));
            }
        }
    }
}
