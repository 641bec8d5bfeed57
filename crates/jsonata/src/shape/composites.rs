//! Nodes that keep their form: only their children are shaped.
//!
//! One small function a node, because they recurse: what one needs on the stack, all would need.

use super::tree::{Group, Shape, ShapeKind};
use super::{Shaper, ancestry};
use crate::error::Error;
use crate::syntax::{BinaryOperator, LambdaSyntax, Literal, Syntax, SyntaxKind};
use std::sync::Arc;

impl Shaper {
    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: Syntax,
        right: Syntax,
        position: usize,
    ) -> Result<Shape, Error> {
        let mut chain = vec![(operator, right, position)];
        let mut first = left;
        // A loop, so that a long chain of operators needs no more stack than a short one.
        loop {
            match first.kind {
                SyntaxKind::Binary(operator, left, right) => {
                    chain.push((operator, *right, first.position));
                    first = *left;
                }
                kind => {
                    first = Syntax { kind, ..first };
                    break;
                }
            }
        }
        let mut shaped = self.shape(first)?;
        while let Some((operator, right, position)) = chain.pop() {
            let pair = Box::new((shaped, self.shape(right)?));
            let seeking = ancestry::seeking_of([&pair.0, &pair.1]);
            shaped = Shape::new(ShapeKind::Binary(operator, pair), position).with_seeking(seeking);
        }
        Ok(shaped)
    }

    pub(super) fn apply(
        &mut self,
        left: Syntax,
        right: Syntax,
        position: usize,
    ) -> Result<Shape, Error> {
        let pair = Box::new((self.shape(left)?, self.shape(right)?));
        let keep_array = pair.0.keep_array || pair.1.keep_array;
        let mut shaped = Shape::new(ShapeKind::Apply(pair), position);
        shaped.keep_array = keep_array;
        Ok(shaped)
    }

    pub(super) fn bind(
        &mut self,
        name: Arc<str>,
        value: Syntax,
        position: usize,
    ) -> Result<Shape, Error> {
        let value = Box::new(self.shape(value)?);
        let seeking = ancestry::seeking_of([&*value]);
        Ok(Shape::new(ShapeKind::Bind(name, value), position).with_seeking(seeking))
    }

    pub(super) fn array(&mut self, items: Vec<Syntax>, position: usize) -> Result<Shape, Error> {
        let items = self.list(items)?;
        let seeking = ancestry::seeking_of(&items);
        Ok(Shape::new(ShapeKind::Array(items), position).with_seeking(seeking))
    }

    pub(super) fn object(
        &mut self,
        pairs: Vec<(Syntax, Syntax)>,
        position: usize,
    ) -> Result<Shape, Error> {
        let pairs = self.pairs(pairs)?;
        let seeking = ancestry::seeking_of(pairs.iter().flat_map(|(key, value)| [key, value]));
        let group = Group { pairs, position };
        Ok(Shape::new(ShapeKind::Object(group), position).with_seeking(seeking))
    }

    pub(super) fn block(&mut self, items: Vec<Syntax>, position: usize) -> Result<Shape, Error> {
        let items = self.list(items)?;
        let seeking = ancestry::seeking_of(&items);
        let constructed = items.iter().any(Shape::starts_constructed);
        let mut shaped = Shape::new(ShapeKind::Block(items), position).with_seeking(seeking);
        shaped.constructed = constructed;
        Ok(shaped)
    }

    pub(super) fn condition(
        &mut self,
        condition: Syntax,
        then: Syntax,
        otherwise: Option<Box<Syntax>>,
        position: usize,
    ) -> Result<Shape, Error> {
        let condition = self.shape(condition)?;
        let then = self.shape(then)?;
        let otherwise = otherwise.map(|node| self.shape(*node)).transpose()?;
        let mut seeking = ancestry::seeking_of([&condition, &then]);
        seeking.extend(ancestry::seeking_of(&otherwise));
        let kind = ShapeKind::Condition(Box::new((condition, then, otherwise)));
        Ok(Shape::new(kind, position).with_seeking(seeking))
    }

    pub(super) fn call(
        &mut self,
        procedure: Syntax,
        arguments: Vec<Syntax>,
        position: usize,
    ) -> Result<Shape, Error> {
        let arguments = self.list(arguments)?;
        let seeking = ancestry::seeking_of(&arguments);
        let procedure = Box::new(self.shape(procedure)?);
        Ok(Shape::new(ShapeKind::Call(procedure, arguments), position).with_seeking(seeking))
    }

    pub(super) fn partial(
        &mut self,
        procedure: Syntax,
        arguments: Vec<Syntax>,
        position: usize,
    ) -> Result<Shape, Error> {
        let arguments = self.list(arguments)?;
        let seeking = ancestry::seeking_of(&arguments);
        let procedure = Box::new(self.shape(procedure)?);
        Ok(Shape::new(ShapeKind::Partial(procedure, arguments), position).with_seeking(seeking))
    }

    pub(super) fn lambda(&mut self, lambda: LambdaSyntax, position: usize) -> Result<Shape, Error> {
        let body = Box::new(self.shape(lambda.body)?);
        let kind = ShapeKind::Lambda {
            parameters: lambda.parameters,
            signature: lambda.signature,
            body,
        };
        Ok(Shape::new(kind, position))
    }

    pub(super) fn transform(
        &mut self,
        pattern: Syntax,
        update: Syntax,
        delete: Option<Box<Syntax>>,
        position: usize,
    ) -> Result<Shape, Error> {
        let pattern = Box::new(self.shape(pattern)?);
        let update = Box::new(self.shape(update)?);
        let delete = delete
            .map(|node| self.shape(*node).map(Box::new))
            .transpose()?;
        let kind = ShapeKind::Transform {
            pattern,
            update,
            delete,
        };
        Ok(Shape::new(kind, position))
    }

    /// A sign before a literal number makes a literal number.
    pub(super) fn negate(&mut self, operand: Syntax, position: usize) -> Result<Shape, Error> {
        let mut shaped = Box::new(self.shape(operand)?);
        if let ShapeKind::Literal(Literal::Number(number)) = &mut shaped.kind {
            *number = -*number;
            return Ok(*shaped);
        }
        let seeking = ancestry::seeking_of([&*shaped]);
        Ok(Shape::new(ShapeKind::Negate(shaped), position).with_seeking(seeking))
    }

    fn list(&mut self, items: Vec<Syntax>) -> Result<Vec<Shape>, Error> {
        items.into_iter().map(|item| self.shape(item)).collect()
    }

    pub(super) fn pairs(
        &mut self,
        pairs: Vec<(Syntax, Syntax)>,
    ) -> Result<Vec<(Shape, Shape)>, Error> {
        let both = |(key, value)| Ok((self.shape(key)?, self.shape(value)?));
        pairs.into_iter().map(both).collect()
    }
}
