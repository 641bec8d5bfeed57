//! What may follow a value: operators, predicates, calls, bindings, order-by and group-by.

use super::{Parser, height_of, height_of_pairs, leaf};
use crate::error::Error;
use crate::lexer::{Expect, Token, TokenKind};
use crate::signature::Signature;
use crate::syntax::{BinaryOperator, LambdaSyntax, SortTerm, Syntax, SyntaxKind};
use std::sync::Arc;

impl Parser<'_> {
    /// The node of `operator`, already consumed, over what stands left of it.
    pub(super) fn infix(&mut self, left: Syntax, operator: &Token) -> Result<Syntax, Error> {
        let position = operator.position;
        let TokenKind::Operator(text) = operator.kind else {
            return Ok(left);
        };
        match text {
            "(" => self.call(left, position),
            "[" => self.filter(left, position),
            "{" => {
                let pairs = self.pairs()?;
                let height = left.height.max(height_of_pairs(&pairs));
                Ok(Syntax::new(
                    SyntaxKind::Group(Box::new(left), pairs),
                    position,
                    height,
                ))
            }
            "^" => self.sort(left, position),
            "?" => self.condition(left, position),
            ":=" => self.bind(left, position),
            "@" | "#" => self.binding(left, text, position),
            _ => self.binary(left, text, position),
        }
    }

    fn binary(&mut self, left: Syntax, text: &str, position: usize) -> Result<Syntax, Error> {
        let right = self.expression(super::left_binding(&TokenKind::Operator(match text {
            "." => ".",
            "~>" => "~>",
            "+" | "-" | "&" => "+",
            "*" | "/" | "%" => "*",
            "and" => "and",
            "or" => "or",
            _ => "=",
        })))?;
        let height = left.height.max(right.height);
        let (left, right) = (Box::new(left), Box::new(right));
        let kind = match (text, BinaryOperator::parse(text)) {
            (".", _) => SyntaxKind::Map(left, right),
            ("~>", _) => SyntaxKind::Apply(left, right),
            (_, Some(operator)) => SyntaxKind::Binary(operator, left, right),
            (_, None) => return Err(self.fault("S0204", format!("unknown operator: \"{text}\""))),
        };
        Ok(Syntax::new(kind, position, height))
    }

    /// `left[predicate]` or `left[]`, the bracket consumed.
    fn filter(&mut self, mut left: Syntax, position: usize) -> Result<Syntax, Error> {
        if self.is("]") {
            let mut step = &mut left;
            while let SyntaxKind::Filter(inner, _) = &mut step.kind {
                step = &mut **inner;
            }
            step.keep_array = true;
            self.advance(Expect::Operand)?;
            return Ok(left);
        }
        let predicate = self.expression(0)?;
        self.require("]", Expect::Operator)?;
        let height = left.height.max(predicate.height);
        let kind = SyntaxKind::Filter(Box::new(left), Box::new(predicate));
        Ok(Syntax::new(kind, position, height))
    }

    /// `left^(<a, >b)`, the circumflex consumed.
    fn sort(&mut self, left: Syntax, position: usize) -> Result<Syntax, Error> {
        self.require("(", Expect::Operand)?;
        let mut terms = Vec::new();
        loop {
            let descending = self.is(">");
            if descending || self.is("<") {
                self.advance(Expect::Operand)?;
            }
            terms.push(SortTerm {
                descending,
                expression: self.expression(0)?,
            });
            if !self.is(",") {
                break;
            }
            self.advance(Expect::Operand)?;
        }
        self.require(")", Expect::Operand)?;
        let height = left
            .height
            .max(height_of(terms.iter().map(|term| &term.expression)));
        Ok(Syntax::new(
            SyntaxKind::Sort(Box::new(left), terms),
            position,
            height,
        ))
    }

    /// `left ? then : else`, the question mark consumed.
    fn condition(&mut self, left: Syntax, position: usize) -> Result<Syntax, Error> {
        let then = self.expression(0)?;
        let mut height = left.height.max(then.height);
        let mut otherwise = None;
        if self.is(":") {
            self.advance(Expect::Operand)?;
            let node = self.expression(0)?;
            height = height.max(node.height);
            otherwise = Some(Box::new(node));
        }
        let kind = SyntaxKind::Condition(Box::new(left), Box::new(then), otherwise);
        Ok(Syntax::new(kind, position, height))
    }

    /// `$name := value`, the operator consumed. Binds to the right.
    fn bind(&mut self, left: Syntax, position: usize) -> Result<Syntax, Error> {
        let SyntaxKind::Variable(name) = left.kind else {
            let message = "the left side of := must be a variable name (start with $)";
            return Err(Error::new("S0212", message).at(left.position).token(":="));
        };
        let value = self.expression(9)?;
        let height = value.height;
        Ok(Syntax::new(
            SyntaxKind::Bind(name, Box::new(value)),
            position,
            height,
        ))
    }

    /// `left@$name` or `left#$name`, the operator consumed.
    fn binding(
        &mut self,
        left: Syntax,
        text: &'static str,
        position: usize,
    ) -> Result<Syntax, Error> {
        let right = self.expression(80)?;
        let SyntaxKind::Variable(name) = right.kind else {
            let message =
                format!("the right side of \"{text}\" must be a variable name (start with $)");
            return Err(Error::new("S0214", message).at(right.position).token(text));
        };
        let height = left.height;
        let left = Box::new(left);
        let kind = match text {
            "@" => SyntaxKind::Focus(left, name),
            _ => SyntaxKind::Index(left, name),
        };
        Ok(Syntax::new(kind, position, height))
    }

    /// `left(arguments)`, the parenthesis consumed; a function definition where the name says so.
    fn call(&mut self, left: Syntax, position: usize) -> Result<Syntax, Error> {
        let mut arguments = Vec::new();
        let mut partial = false;
        if !self.is(")") {
            loop {
                if self.is("?") {
                    partial = true;
                    arguments.push(leaf(SyntaxKind::Placeholder, self.token.position));
                    self.advance(Expect::Operand)?;
                } else {
                    arguments.push(self.expression(0)?);
                }
                if !self.is(",") {
                    break;
                }
                self.advance(Expect::Operand)?;
            }
        }
        self.require(")", Expect::Operator)?;
        if matches!(&left.kind, SyntaxKind::Name(name) if matches!(&**name, "function" | "λ")) {
            return self.lambda(&arguments, position);
        }
        let height = left.height.max(height_of(&arguments));
        let left = Box::new(left);
        let kind = if partial {
            SyntaxKind::Partial(left, arguments)
        } else {
            SyntaxKind::Call(left, arguments)
        };
        Ok(Syntax::new(kind, position, height))
    }

    /// The signature and the body of a function whose parameters have been read.
    fn lambda(&mut self, arguments: &[Syntax], position: usize) -> Result<Syntax, Error> {
        let mut parameters = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let SyntaxKind::Variable(name) = &argument.kind else {
                let message = format!(
                    "parameter {} of function definition must be a variable name (start with $)",
                    index + 1
                );
                return Err(Error::new("S0208", message).at(argument.position));
            };
            parameters.push(Arc::clone(name));
        }
        let signature = if self.is("<") {
            Some(self.signature()?)
        } else {
            None
        };
        self.require("{", Expect::Operand)?;
        let body = self.expression(0)?;
        self.require("}", Expect::Operand)?;
        let height = body.height;
        let lambda = LambdaSyntax {
            parameters,
            signature,
            body,
        };
        Ok(Syntax::new(
            SyntaxKind::Lambda(Box::new(lambda)),
            position,
            height,
        ))
    }

    /// `<…>`: the tokens up to the matching bracket, joined.
    fn signature(&mut self) -> Result<Arc<Signature>, Error> {
        let position = self.token.position;
        let mut depth = 1_u32;
        let mut text = String::from("<");
        while depth > 0 && !self.is("{") && self.token.kind != TokenKind::End {
            self.advance(Expect::Operand)?;
            if self.is(">") {
                depth -= 1;
            } else if self.is("<") {
                depth += 1;
            }
            text.push_str(&self.token.kind.text());
        }
        self.require(">", Expect::Operand)?;
        Signature::parse(&text).map(Arc::new).map_err(|error| {
            let offset = error.position.unwrap_or(0);
            Error {
                position: Some(position + offset),
                ..error
            }
        })
    }
}
