//! Paths.

use super::{Compiler, Context};
use crate::code::{Code, Node, Path, Scope, Stage, Step, StepKind, Term, Walk};
use crate::error::Error;
use crate::shape::{self, Shape, ShapeKind, StageKind};
use std::sync::Arc;

impl Compiler<'_> {
    pub(super) fn path(&mut self, shape: &Shape) -> Result<Code, Error> {
        let ShapeKind::Path {
            steps: shapes,
            keep_singleton,
        } = &shape.kind
        else {
            return Err(Error::new("S0206", "unknown expression type").at(shape.position));
        };
        let names = self.tuple_names(shapes);
        let scope = self.enter_tuples(names);
        let outer = self.context;
        let compiled = self.steps(shapes);
        self.context = Context::Present;
        let group = match (&compiled, &shape.group) {
            (Ok(_), Some(group)) => Some(self.pairs(group)).transpose(),
            _ => Ok(None),
        };
        self.context = outer;
        self.scopes.leave();
        let steps = compiled?;
        let group = group?;
        let absolute = shapes
            .first()
            .is_some_and(|s| matches!(s.kind, ShapeKind::Variable(_)));
        Ok(Code::Path(Box::new(Path {
            walk: if group.is_none() && !keep_singleton {
                walk(&steps)
            } else {
                None
            },
            steps,
            keep_singleton: *keep_singleton,
            hands_on_tuples: shape.tuple,
            group,
            scope,
            absolute,
        })))
    }

    fn steps(&mut self, shapes: &[Shape]) -> Result<Vec<Step>, Error> {
        let mut steps = Vec::with_capacity(shapes.len());
        for (index, shape) in shapes.iter().enumerate() {
            if index > 0 {
                self.context = Context::Present;
            }
            let kind = match &shape.kind {
                ShapeKind::Sort(terms) => StepKind::Sort {
                    terms: self.terms(terms)?,
                    position: shape.position,
                },
                ShapeKind::Array(_) if index == 0 && shape.constructed => {
                    StepKind::Constructed(self.node(shape)?)
                }
                ShapeKind::Block(_) if index == 0 && shape.constructed => {
                    StepKind::Constructed(self.node(shape)?)
                }
                ShapeKind::Variable(name) if index == 0 => {
                    StepKind::Evaluate(self.first_variable(shape, name, shapes)?)
                }
                _ => StepKind::Evaluate(bare(self.node(shape)?)),
            };
            steps.push(Step {
                kind,
                stages: self.stages(&shape.stages)?,
                tuple: shape.tuple,
                focus: shape.focus.as_ref().map(|name| self.number(name)),
                index: shape.index.as_ref().map(|name| self.number(name)),
                ancestor: shape.ancestor.map(|slot| {
                    let label = self.label(slot);
                    self.number(&label)
                }),
            });
        }
        Ok(steps)
    }

    /// A variable at the head of a path: the plain names after it are noted with it.
    fn first_variable(
        &mut self,
        shape: &Shape,
        name: &Arc<str>,
        steps: &[Shape],
    ) -> Result<Node, Error> {
        let mut fields = Vec::new();
        if shape.predicates.is_empty() && shape.group.is_none() && shape.stages.is_empty() {
            for step in steps.iter().skip(1) {
                let ShapeKind::Name(field) = &step.kind else {
                    break;
                };
                fields.push(Arc::clone(field));
                if !step.stages.is_empty() {
                    break;
                }
            }
        }
        let mentions = self.uses.len();
        let node = self.node(shape)?;
        if let Some(mention) = self.uses.get_mut(mentions)
            && mention.name == *name
            && mention.position == shape.position
        {
            mention.fields = fields;
        }
        Ok(node)
    }

    fn terms(&mut self, terms: &[shape::Term]) -> Result<Vec<Term>, Error> {
        let mut compiled = Vec::with_capacity(terms.len());
        for term in terms {
            compiled.push(Term {
                descending: term.descending,
                node: self.node(&term.expression)?,
            });
        }
        Ok(compiled)
    }

    fn stages(&mut self, stages: &[shape::Stage]) -> Result<Vec<Stage>, Error> {
        let mut compiled = Vec::with_capacity(stages.len());
        for stage in stages {
            compiled.push(match &stage.kind {
                StageKind::Filter(filter) => Stage::Filter(self.predicate(filter)?),
                StageKind::Index(name) => Stage::Index(self.number(name)),
            });
        }
        Ok(compiled)
    }
}

/// The short way, where every step is a plain name, but for a variable at the head.
fn walk(steps: &[Step]) -> Option<Walk> {
    let (first, rest) = steps.split_first()?;
    if field_name(first).is_some() {
        let fields = steps.iter().map(field_name).collect::<Option<_>>()?;
        return Some(Walk { head: None, fields });
    }
    let head = match &first.kind {
        StepKind::Evaluate(node) if is_plain(first, node) => match &node.code {
            Code::Variable(variable) => Some(variable.clone()),
            Code::Context => None,
            _ => return None,
        },
        _ => return None,
    };
    let fields = rest.iter().map(field_name).collect::<Option<_>>()?;
    Some(Walk { head, fields })
}

/// Whether nothing is attached to the step.
fn is_plain(step: &Step, node: &Node) -> bool {
    step.stages.is_empty() && !step.tuple && !node.keep_array && node.after.is_none()
}

fn field_name(step: &Step) -> Option<Arc<str>> {
    match &step.kind {
        StepKind::Evaluate(node) if is_plain(step, node) => match &node.code {
            Code::Field(name) => Some(Arc::clone(name)),
            _ => None,
        },
        _ => None,
    }
}

/// What stands in parentheses, where they do nothing else than stand around it.
pub(super) fn bare(node: Node) -> Node {
    let stands_alone =
        matches!(&node.code, Code::Block { scope: Scope::None, items } if items.len() == 1);
    if !stands_alone || node.after.is_some() || node.keep_array {
        return node;
    }
    match node.code {
        Code::Block { mut items, scope } => match items.pop() {
            Some(only) => bare(only),
            None => Node {
                code: Code::Block { scope, items },
                ..node
            },
        },
        code => Node { code, ..node },
    }
}
