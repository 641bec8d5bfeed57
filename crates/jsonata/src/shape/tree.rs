//! The tree as meant.

use crate::error::Error;
use crate::signature::Signature;
use crate::syntax::{BinaryOperator, Literal, RegexSource};
use std::sync::Arc;

/// A node, with what paths and predicates have attached to it.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) kind: ShapeKind,
    pub(crate) position: usize,
    pub(crate) keep_array: bool,
    /// An array constructor at an end of a path: its value is not flattened.
    pub(crate) constructed: bool,
    /// As a step: carries tuples. As a path: hands its tuples on.
    pub(crate) tuple: bool,
    /// Predicates of a node that is not a step.
    pub(crate) predicates: Vec<Stage>,
    /// Stages of a step.
    pub(crate) stages: Vec<Stage>,
    pub(crate) group: Option<Group>,
    pub(crate) focus: Option<Arc<str>>,
    pub(crate) index: Option<Arc<str>>,
    /// The slot of the `%` that names this step's input.
    pub(crate) ancestor: Option<usize>,
    /// Slots of `%` below that have not found their step yet.
    pub(crate) seeking: Vec<usize>,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum ShapeKind {
    Literal(Literal),
    Name(Arc<str>),
    Variable(Arc<str>),
    Regex(RegexSource),
    Wildcard,
    Descendants,
    Parent(usize),
    Placeholder,
    Path {
        steps: Vec<Shape>,
        keep_singleton: bool,
    },
    Sort(Vec<Term>),
    Negate(Box<Shape>),
    Binary(BinaryOperator, Box<(Shape, Shape)>),
    Apply(Box<(Shape, Shape)>),
    Bind(Arc<str>, Box<Shape>),
    Array(Vec<Shape>),
    Object(Group),
    Block(Vec<Shape>),
    Condition(Box<(Shape, Shape, Option<Shape>)>),
    Call(Box<Shape>, Vec<Shape>),
    Partial(Box<Shape>, Vec<Shape>),
    Lambda {
        parameters: Vec<Arc<str>>,
        signature: Option<Arc<Signature>>,
        body: Box<Shape>,
    },
    Transform {
        pattern: Box<Shape>,
        update: Box<Shape>,
        delete: Option<Box<Shape>>,
    },
}

/// The pairs of an object constructor or a group-by.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) pairs: Vec<(Shape, Shape)>,
    pub(crate) position: usize,
}

/// A predicate, or a stage of a step.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) kind: StageKind,
}

/// What a stage does.
#[derive(Clone, Debug)]
pub(crate) enum StageKind {
    Filter(Box<Shape>),
    Index(Arc<str>),
}

/// A term of an order-by.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub(crate) descending: bool,
    pub(crate) expression: Shape,
}

impl Shape {
    pub(crate) fn new(kind: ShapeKind, position: usize) -> Shape {
        Shape {
            kind,
            position,
            keep_array: false,
            constructed: false,
            tuple: false,
            predicates: Vec::new(),
            stages: Vec::new(),
            group: None,
            focus: None,
            index: None,
            ancestor: None,
            seeking: Vec::new(),
        }
    }

    /// A path of these steps.
    pub(crate) fn path(steps: Vec<Shape>, position: usize) -> Shape {
        let keep_singleton = steps.iter().any(|step| step.keep_array);
        Shape::new(
            ShapeKind::Path {
                steps,
                keep_singleton,
            },
            position,
        )
    }

    pub(crate) fn with_seeking(mut self, seeking: Vec<usize>) -> Shape {
        self.seeking = seeking;
        self
    }

    /// Whether this is an array constructor, or a path that starts with one marked as such.
    pub(crate) fn starts_constructed(&self) -> bool {
        match &self.kind {
            ShapeKind::Path { steps, .. } => {
                self.constructed || steps.first().is_some_and(|step| step.constructed)
            }
            _ => self.constructed,
        }
    }

    /// The last step of a path; the node itself where it is no path.
    pub(crate) fn last_step(&mut self) -> Result<&mut Shape, Error> {
        if !matches!(self.kind, ShapeKind::Path { .. }) {
            return Ok(self);
        }
        let position = self.position;
        match &mut self.kind {
            ShapeKind::Path { steps, .. } => steps.last_mut(),
            _ => None,
        }
        .ok_or_else(|| Error::new("S0206", "a path without steps").at(position))
    }
}
