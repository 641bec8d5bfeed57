//! From the tree as written to the tree as meant: dots become paths of steps, brackets become
//! predicates or stages, and every `%` finds the step whose input it names.
//!
//! Entry point: [`shape`]. Variables are still names here; [`crate::compile`] resolves them.

mod ancestry;
mod composites;
mod paths;
mod tree;

pub(crate) use tree::{Group, Shape, ShapeKind, Stage, StageKind, Term};

use crate::error::Error;
use crate::lexer::TokenKind;
use crate::stack::{self, COMPILE_STACK_BYTES, Stack};
use crate::syntax::{Syntax, SyntaxKind};
use ancestry::Ancestry;
use std::sync::Arc;

/// Shapes a whole expression.
pub(crate) fn shape(syntax: Syntax) -> Result<(Shape, Vec<usize>), Error> {
    let mut shaper = Shaper {
        ancestry: Ancestry::default(),
        stack: Stack::here(COMPILE_STACK_BYTES),
    };
    let shaped = shaper.shape(syntax)?;
    if matches!(shaped.kind, ShapeKind::Parent(_)) || !shaped.seeking.is_empty() {
        return Err(ancestry::no_parent(&shaped));
    }
    Ok((shaped, shaper.ancestry.labels()))
}

struct Shaper {
    ancestry: Ancestry,
    stack: Stack,
}

impl Shaper {
    fn shape(&mut self, syntax: Syntax) -> Result<Shape, Error> {
        if self.stack.is_exhausted() {
            return Err(stack::nests_too_deeply(syntax.position));
        }
        let keep_array = syntax.keep_array;
        let mut shaped = self.shape_kind(syntax)?;
        shaped.keep_array |= keep_array;
        Ok(shaped)
    }

    fn shape_kind(&mut self, syntax: Syntax) -> Result<Shape, Error> {
        let position = syntax.position;
        let leaf = |kind| Ok(Shape::new(kind, position));
        match syntax.kind {
            SyntaxKind::Literal(literal) => leaf(ShapeKind::Literal(literal)),
            SyntaxKind::Variable(name) => leaf(ShapeKind::Variable(name)),
            SyntaxKind::Regex(source) => leaf(ShapeKind::Regex(source)),
            SyntaxKind::Wildcard => leaf(ShapeKind::Wildcard),
            SyntaxKind::Descendants => leaf(ShapeKind::Descendants),
            SyntaxKind::Placeholder => leaf(ShapeKind::Placeholder),
            SyntaxKind::Parent => leaf(ShapeKind::Parent(self.ancestry.slot())),
            SyntaxKind::Name(name) => Ok(name_path(name, position, syntax.keep_array)),
            SyntaxKind::End => Err(unexpected_end(position)),
            SyntaxKind::Map(left, right) => self.map(*left, *right),
            SyntaxKind::Filter(left, right) => self.filter(*left, *right, position),
            SyntaxKind::Group(left, pairs) => self.group(*left, pairs, position),
            SyntaxKind::Sort(left, terms) => self.sort(*left, terms, position),
            SyntaxKind::Focus(left, name) => self.focus(*left, name, position, syntax.keep_array),
            SyntaxKind::Index(left, name) => self.index(*left, name, position),
            SyntaxKind::Negate(operand) => self.negate(*operand, position),
            SyntaxKind::Binary(operator, left, right) => {
                self.binary(operator, *left, *right, position)
            }
            SyntaxKind::Apply(left, right) => self.apply(*left, *right, position),
            SyntaxKind::Bind(name, value) => self.bind(name, *value, position),
            SyntaxKind::Array(items) => self.array(items, position),
            SyntaxKind::Object(pairs) => self.object(pairs, position),
            SyntaxKind::Block(items) => self.block(items, position),
            SyntaxKind::Condition(condition, then, otherwise) => {
                self.condition(*condition, *then, otherwise, position)
            }
            SyntaxKind::Call(procedure, arguments) => self.call(*procedure, arguments, position),
            SyntaxKind::Partial(procedure, arguments) => {
                self.partial(*procedure, arguments, position)
            }
            SyntaxKind::Lambda(lambda) => self.lambda(*lambda, position),
            SyntaxKind::Transform {
                pattern,
                update,
                delete,
            } => self.transform(*pattern, *update, delete, position),
        }
    }
}

fn name_path(name: Arc<str>, position: usize, keep_array: bool) -> Shape {
    let mut step = Shape::new(ShapeKind::Name(name), position);
    step.keep_array = keep_array;
    Shape::path(vec![step], position)
}

fn unexpected_end(position: usize) -> Error {
    Error::new("S0207", "unexpected end of expression")
        .at(position)
        .token(TokenKind::End.text())
}
