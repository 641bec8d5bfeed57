//! From the tree as written to the tree as meant: dots become paths of steps, brackets become
//! predicates or stages, and every `%` finds the step whose input it names.
//!
//! Entry point: [`shape`]. Variables are still names here; [`crate::compile`] resolves them.

mod ancestry;
mod paths;
mod tree;

pub(crate) use tree::{Group, Shape, ShapeKind, Stage, StageKind, Term};

use crate::error::Error;
use crate::lexer::TokenKind;
use crate::syntax::{Literal, Syntax, SyntaxKind};
use ancestry::Ancestry;

/// Shapes a whole expression.
pub(crate) fn shape(syntax: Syntax) -> Result<(Shape, Vec<usize>), Error> {
    let mut shaper = Shaper {
        ancestry: Ancestry::default(),
    };
    let shaped = shaper.shape(syntax)?;
    if matches!(shaped.kind, ShapeKind::Parent(_)) || !shaped.seeking.is_empty() {
        return Err(ancestry::no_parent(&shaped));
    }
    Ok((shaped, shaper.ancestry.labels()))
}

struct Shaper {
    ancestry: Ancestry,
}

impl Shaper {
    fn shape(&mut self, syntax: Syntax) -> Result<Shape, Error> {
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
            SyntaxKind::Name(name) => {
                let mut step = Shape::new(ShapeKind::Name(name), position);
                step.keep_array = syntax.keep_array;
                Ok(Shape::path(vec![step], position))
            }
            SyntaxKind::End => {
                let text = TokenKind::End.text();
                Err(Error::new("S0207", "unexpected end of expression")
                    .at(position)
                    .token(text))
            }
            SyntaxKind::Map(left, right) => self.map(*left, *right),
            SyntaxKind::Filter(left, right) => self.filter(*left, *right, position),
            SyntaxKind::Group(left, pairs) => self.group(*left, pairs, position),
            SyntaxKind::Sort(left, terms) => self.sort(*left, terms, position),
            SyntaxKind::Focus(left, name) => self.focus(*left, name, position, syntax.keep_array),
            SyntaxKind::Index(left, name) => self.index(*left, name, position),
            SyntaxKind::Negate(operand) => self.negate(*operand, position),
            other => self.composite(other, position),
        }
    }

    /// Nodes that keep their form: only their children are shaped.
    fn composite(&mut self, kind: SyntaxKind, position: usize) -> Result<Shape, Error> {
        Ok(match kind {
            SyntaxKind::Binary(operator, left, right) => {
                let left = self.shape(*left)?;
                let right = self.shape(*right)?;
                let seeking = ancestry::seeking_of([&left, &right]);
                let kind = ShapeKind::Binary(operator, Box::new((left, right)));
                Shape::new(kind, position).with_seeking(seeking)
            }
            SyntaxKind::Apply(left, right) => {
                let left = self.shape(*left)?;
                let right = self.shape(*right)?;
                let keep_array = left.keep_array || right.keep_array;
                let mut shaped = Shape::new(ShapeKind::Apply(Box::new((left, right))), position);
                shaped.keep_array = keep_array;
                shaped
            }
            SyntaxKind::Bind(name, value) => {
                let value = self.shape(*value)?;
                let seeking = ancestry::seeking_of([&value]);
                let kind = ShapeKind::Bind(name, Box::new(value));
                Shape::new(kind, position).with_seeking(seeking)
            }
            SyntaxKind::Array(items) => {
                let items = self.list(items)?;
                let seeking = ancestry::seeking_of(&items);
                Shape::new(ShapeKind::Array(items), position).with_seeking(seeking)
            }
            SyntaxKind::Object(pairs) => {
                let pairs = self.pairs(pairs)?;
                let seeking =
                    ancestry::seeking_of(pairs.iter().flat_map(|(key, value)| [key, value]));
                let group = Group { pairs, position };
                Shape::new(ShapeKind::Object(group), position).with_seeking(seeking)
            }
            SyntaxKind::Block(items) => {
                let items = self.list(items)?;
                let seeking = ancestry::seeking_of(&items);
                let constructed = items.iter().any(Shape::starts_constructed);
                let mut shaped =
                    Shape::new(ShapeKind::Block(items), position).with_seeking(seeking);
                shaped.constructed = constructed;
                shaped
            }
            SyntaxKind::Condition(condition, then, otherwise) => {
                let condition = self.shape(*condition)?;
                let then = self.shape(*then)?;
                let otherwise = otherwise.map(|node| self.shape(*node)).transpose()?;
                let mut seeking = ancestry::seeking_of([&condition, &then]);
                seeking.extend(ancestry::seeking_of(&otherwise));
                let kind = ShapeKind::Condition(Box::new((condition, then, otherwise)));
                Shape::new(kind, position).with_seeking(seeking)
            }
            SyntaxKind::Call(procedure, arguments) => {
                let arguments = self.list(arguments)?;
                let seeking = ancestry::seeking_of(&arguments);
                let procedure = Box::new(self.shape(*procedure)?);
                Shape::new(ShapeKind::Call(procedure, arguments), position).with_seeking(seeking)
            }
            SyntaxKind::Partial(procedure, arguments) => {
                let arguments = self.list(arguments)?;
                let seeking = ancestry::seeking_of(&arguments);
                let procedure = Box::new(self.shape(*procedure)?);
                Shape::new(ShapeKind::Partial(procedure, arguments), position).with_seeking(seeking)
            }
            SyntaxKind::Lambda(lambda) => {
                let body = Box::new(self.shape(lambda.body)?);
                let (parameters, signature) = (lambda.parameters, lambda.signature);
                Shape::new(
                    ShapeKind::Lambda {
                        parameters,
                        signature,
                        body,
                    },
                    position,
                )
            }
            SyntaxKind::Transform {
                pattern,
                update,
                delete,
            } => {
                let pattern = Box::new(self.shape(*pattern)?);
                let update = Box::new(self.shape(*update)?);
                let delete = delete
                    .map(|node| self.shape(*node).map(Box::new))
                    .transpose()?;
                Shape::new(
                    ShapeKind::Transform {
                        pattern,
                        update,
                        delete,
                    },
                    position,
                )
            }
            _ => return Err(Error::new("S0206", "unknown expression type").at(position)),
        })
    }

    fn list(&mut self, items: Vec<Syntax>) -> Result<Vec<Shape>, Error> {
        items.into_iter().map(|item| self.shape(item)).collect()
    }

    fn pairs(&mut self, pairs: Vec<(Syntax, Syntax)>) -> Result<Vec<(Shape, Shape)>, Error> {
        let both = |(key, value)| Ok((self.shape(key)?, self.shape(value)?));
        pairs.into_iter().map(both).collect()
    }

    /// A sign before a literal number makes a literal number.
    fn negate(&mut self, operand: Syntax, position: usize) -> Result<Shape, Error> {
        let mut shaped = self.shape(operand)?;
        if let ShapeKind::Literal(Literal::Number(number)) = &mut shaped.kind {
            *number = -*number;
            return Ok(shaped);
        }
        let seeking = ancestry::seeking_of([&shaped]);
        Ok(Shape::new(ShapeKind::Negate(Box::new(shaped)), position).with_seeking(seeking))
    }
}
