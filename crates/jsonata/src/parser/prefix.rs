//! What may start a value: literals, names, brackets, and the signs that stand before.

use super::{Parser, height_of, height_of_pairs, leaf};
use crate::error::Error;
use crate::lexer::{Expect, Token, TokenKind};
use crate::syntax::{BinaryOperator, Literal, RegexSource, Syntax, SyntaxKind};

impl Parser<'_> {
    /// The value that `token`, already consumed, starts.
    pub(super) fn prefix(&mut self, token: Token) -> Result<Syntax, Error> {
        let position = token.position;
        let kind = match token.kind {
            TokenKind::Name(name) => SyntaxKind::Name(name),
            TokenKind::Variable(name) => SyntaxKind::Variable(name),
            TokenKind::String(text) => SyntaxKind::Literal(Literal::String(text)),
            TokenKind::Number(number) => SyntaxKind::Literal(Literal::Number(number)),
            TokenKind::Boolean(boolean) => SyntaxKind::Literal(Literal::Boolean(boolean)),
            TokenKind::Null => SyntaxKind::Literal(Literal::Null),
            TokenKind::Regex {
                pattern,
                ignore_case,
                multi_line,
            } => SyntaxKind::Regex(RegexSource {
                pattern,
                ignore_case,
                multi_line,
            }),
            TokenKind::End => SyntaxKind::End,
            TokenKind::Operator(operator) => return self.prefix_operator(operator, position),
        };
        Ok(leaf(kind, position))
    }

    fn prefix_operator(
        &mut self,
        operator: &'static str,
        position: usize,
    ) -> Result<Syntax, Error> {
        match operator {
            "and" | "or" | "in" => Ok(leaf(SyntaxKind::Name(operator.into()), position)),
            "*" => Ok(leaf(SyntaxKind::Wildcard, position)),
            "**" => Ok(leaf(SyntaxKind::Descendants, position)),
            "%" => Ok(leaf(SyntaxKind::Parent, position)),
            "-" => {
                let operand = self.expression(70)?;
                let height = operand.height;
                Ok(Syntax::new(
                    SyntaxKind::Negate(Box::new(operand)),
                    position,
                    height,
                ))
            }
            "(" => self.block(position),
            "[" => self.array(position),
            "{" => {
                let pairs = self.pairs()?;
                let height = height_of_pairs(&pairs);
                Ok(Syntax::new(SyntaxKind::Object(pairs), position, height))
            }
            "|" => self.transform(position),
            _ => {
                let message =
                    format!("the symbol \"{operator}\" cannot be used as a unary operator");
                Err(Error::new("S0211", message).at(position).token(operator))
            }
        }
    }

    /// `(a; b; c)`, the parenthesis consumed.
    fn block(&mut self, position: usize) -> Result<Syntax, Error> {
        let mut items = Vec::new();
        while !self.is(")") {
            items.push(self.expression(0)?);
            if !self.is(";") {
                break;
            }
            self.advance(Expect::Operand)?;
        }
        self.require(")", Expect::Operator)?;
        let height = height_of(&items);
        Ok(Syntax::new(SyntaxKind::Block(items), position, height))
    }

    /// `[a, b..c]`, the bracket consumed.
    fn array(&mut self, position: usize) -> Result<Syntax, Error> {
        let mut items = Vec::new();
        if !self.is("]") {
            loop {
                items.push(self.array_item()?);
                if !self.is(",") {
                    break;
                }
                self.advance(Expect::Operand)?;
            }
        }
        self.require("]", Expect::Operator)?;
        let height = height_of(&items);
        Ok(Syntax::new(SyntaxKind::Array(items), position, height))
    }

    fn array_item(&mut self) -> Result<Syntax, Error> {
        let first = self.expression(0)?;
        if !self.is("..") {
            return Ok(first);
        }
        let position = self.token.position;
        self.advance(Expect::Operand)?;
        let last = self.expression(0)?;
        let height = first.height.max(last.height);
        let kind = SyntaxKind::Binary(BinaryOperator::Range, Box::new(first), Box::new(last));
        Ok(Syntax::new(kind, position, height))
    }

    /// `|pattern|update,delete|`, the first bar consumed.
    fn transform(&mut self, position: usize) -> Result<Syntax, Error> {
        let pattern = Box::new(self.expression(0)?);
        self.require("|", Expect::Operand)?;
        let update = Box::new(self.expression(0)?);
        let mut height = pattern.height.max(update.height);
        let mut delete = None;
        if self.is(",") {
            self.advance(Expect::Operand)?;
            let names = self.expression(0)?;
            height = height.max(names.height);
            delete = Some(Box::new(names));
        }
        self.require("|", Expect::Operand)?;
        Ok(Syntax::new(
            SyntaxKind::Transform {
                pattern,
                update,
                delete,
            },
            position,
            height,
        ))
    }
}
