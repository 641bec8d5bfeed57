//! Dots, brackets, braces, `^`, `@` and `#`: everything that builds or extends a path.

use super::tree::{Group, Shape, ShapeKind, Stage, StageKind, Term};
use super::{Shaper, ancestry};
use crate::error::Error;
use crate::syntax::{Literal, SortTerm, Syntax};
use std::sync::Arc;

impl Shaper {
    /// `left.right`
    pub(super) fn map(&mut self, left: Syntax, right: Syntax) -> Result<Shape, Error> {
        let position = left.position;
        let left = self.shape(left)?;
        let mut seeking = Vec::new();
        let mut path = if matches!(left.kind, ShapeKind::Path { .. }) {
            left
        } else {
            if let ShapeKind::Parent(slot) = left.kind {
                seeking.push(slot);
            }
            Shape::path(vec![left], position)
        };
        path.seeking.extend(seeking);
        let mut right = self.shape(right)?;
        let ShapeKind::Path {
            steps,
            keep_singleton,
        } = &mut path.kind
        else {
            return Ok(path);
        };
        if let ShapeKind::Path { steps: more, .. } = right.kind {
            steps.extend(more);
        } else {
            right.stages.append(&mut right.predicates);
            steps.push(right);
        }
        for step in steps.iter_mut() {
            name_literal(step)?;
        }
        *keep_singleton |= steps.iter().any(|step| step.keep_array);
        mark_constructed(steps.first_mut());
        mark_constructed(steps.last_mut());
        self.ancestry.resolve(steps, &mut path.seeking)?;
        Ok(path)
    }

    /// `left[right]`
    pub(super) fn filter(
        &mut self,
        left: Syntax,
        right: Syntax,
        position: usize,
    ) -> Result<Shape, Error> {
        let mut shaped = self.shape(left)?;
        let in_path = matches!(shaped.kind, ShapeKind::Path { .. });
        if shaped.last_step()?.group.is_some() {
            let message = "a predicate cannot follow a grouping expression in a step";
            return Err(Error::new("S0209", message).at(position));
        }
        let predicate = self.shape(right)?;
        let step = shaped.last_step()?;
        for slot in &predicate.seeking {
            if self.ancestry.level(*slot) == 1 {
                self.ancestry.seek(step, *slot)?;
            } else {
                self.ancestry.add_level(*slot, -1);
            }
        }
        step.seeking.extend_from_slice(&predicate.seeking);
        let stage = Stage {
            kind: StageKind::Filter(Box::new(predicate)),
        };
        if in_path {
            step.stages.push(stage);
        } else {
            step.predicates.push(stage);
        }
        Ok(shaped)
    }

    /// `left{…}`
    pub(super) fn group(
        &mut self,
        left: Syntax,
        pairs: Vec<(Syntax, Syntax)>,
        position: usize,
    ) -> Result<Shape, Error> {
        let mut shaped = self.shape(left)?;
        if shaped.group.is_some() {
            let message = "each step can only have one grouping expression";
            return Err(Error::new("S0210", message).at(position));
        }
        shaped.group = Some(Group {
            pairs: self.pairs(pairs)?,
            position,
        });
        Ok(shaped)
    }

    /// `left^(…)`
    pub(super) fn sort(
        &mut self,
        left: Syntax,
        terms: Vec<SortTerm>,
        position: usize,
    ) -> Result<Shape, Error> {
        let left = self.shape(left)?;
        let mut path = match left.kind {
            ShapeKind::Path { .. } => left,
            _ => Shape::path(vec![left], position),
        };
        let mut shaped = Vec::with_capacity(terms.len());
        for term in terms {
            let expression = self.shape(term.expression)?;
            shaped.push(Term {
                descending: term.descending,
                expression,
            });
        }
        let seeking = ancestry::seeking_of(shaped.iter().map(|term| &term.expression));
        let step = Shape::new(ShapeKind::Sort(shaped), position).with_seeking(seeking);
        if let ShapeKind::Path { steps, .. } = &mut path.kind {
            steps.push(step);
            self.ancestry.resolve(steps, &mut path.seeking)?;
        }
        Ok(path)
    }

    /// `left@$name`
    pub(super) fn focus(
        &mut self,
        left: Syntax,
        name: Arc<str>,
        position: usize,
        keep_array: bool,
    ) -> Result<Shape, Error> {
        let mut shaped = self.shape(left)?;
        let step = shaped.last_step()?;
        if !step.stages.is_empty() || !step.predicates.is_empty() {
            let message = "a context variable binding must precede any predicates on a step";
            return Err(Error::new("S0215", message).at(position));
        }
        if matches!(step.kind, ShapeKind::Sort(_)) {
            let message = "a context variable binding must precede the 'order-by' clause on a step";
            return Err(Error::new("S0216", message).at(position));
        }
        step.keep_array |= keep_array;
        step.focus = Some(name);
        step.tuple = true;
        Ok(shaped)
    }

    /// `left#$name`
    pub(super) fn index(
        &mut self,
        left: Syntax,
        name: Arc<str>,
        position: usize,
    ) -> Result<Shape, Error> {
        let mut shaped = self.shape(left)?;
        if !matches!(shaped.kind, ShapeKind::Path { .. }) {
            shaped.stages.append(&mut shaped.predicates);
            shaped = Shape::path(vec![shaped], position);
        }
        let step = shaped.last_step()?;
        if step.stages.is_empty() {
            step.index = Some(name);
        } else {
            step.stages.push(Stage {
                kind: StageKind::Index(name),
            });
        }
        step.tuple = true;
        Ok(shaped)
    }
}

/// A string as a step is a name; a number, a boolean and null are not steps.
fn name_literal(step: &mut Shape) -> Result<(), Error> {
    let ShapeKind::Literal(literal) = &step.kind else {
        return Ok(());
    };
    let text = match literal {
        Literal::String(text) => {
            step.kind = ShapeKind::Name(Arc::clone(text));
            return Ok(());
        }
        Literal::Number(number) => crate::number::to_text(*number),
        Literal::Boolean(boolean) => boolean.to_string(),
        Literal::Null => "null".to_owned(),
    };
    let message =
        format!("the literal value {text} cannot be used as a step within a path expression");
    Err(Error::new("S0213", message).at(step.position).value(text))
}

fn mark_constructed(step: Option<&mut Shape>) {
    if let Some(step) = step
        && matches!(step.kind, ShapeKind::Array(_))
    {
        step.constructed = true;
    }
}
