//! Finds, for every `%`, the step whose input it names.
//!
//! A `%` is a slot with a level: how many steps to go back. The slot travels up the tree until a
//! path takes it, and then back along the path's steps.

use super::tree::{Shape, ShapeKind};
use crate::error::Error;

/// The slots of all `%` of an expression.
#[derive(Debug, Default)]
pub(super) struct Ancestry {
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    label: usize,
    level: i64,
}

/// The slots that a parent node takes over from its children.
pub(super) fn seeking_of<'s>(children: impl IntoIterator<Item = &'s Shape>) -> Vec<usize> {
    let mut seeking = Vec::new();
    for child in children {
        seeking.extend_from_slice(&child.seeking);
        if let ShapeKind::Parent(slot) = child.kind {
            seeking.push(slot);
        }
    }
    seeking
}

/// `%` where there is no step to go back to.
pub(super) fn no_parent(shape: &Shape) -> Error {
    Error::new(
        "S0217",
        "the object representing the 'parent' cannot be derived from this expression",
    )
    .at(shape.position)
}

impl Ancestry {
    /// A slot for one more `%`.
    pub(super) fn slot(&mut self) -> usize {
        let label = self.slots.len();
        self.slots.push(Slot { label, level: 1 });
        label
    }

    /// The label that each slot ended up with: slots that name the same step share one.
    pub(super) fn labels(&self) -> Vec<usize> {
        self.slots.iter().map(|slot| slot.label).collect()
    }

    pub(super) fn level(&self, slot: usize) -> i64 {
        self.slots.get(slot).map_or(0, |slot| slot.level)
    }

    pub(super) fn add_level(&mut self, slot: usize, change: i64) {
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.level += change;
        }
    }

    fn label(&self, slot: usize) -> usize {
        self.slots.get(slot).map_or(slot, |slot| slot.label)
    }

    /// Goes one step back: marks the step where the slot's level is used up.
    pub(super) fn seek(&mut self, node: &mut Shape, slot: usize) -> Result<(), Error> {
        let error = no_parent(node);
        match &mut node.kind {
            ShapeKind::Name(_) | ShapeKind::Wildcard => {
                self.add_level(slot, -1);
                if self.level(slot) == 0 {
                    if let Some(earlier) = node.ancestor {
                        let label = self.label(earlier);
                        if let Some(slot) = self.slots.get_mut(slot) {
                            slot.label = label;
                        }
                    }
                    node.ancestor = Some(slot);
                    node.tuple = true;
                }
                Ok(())
            }
            ShapeKind::Parent(_) => {
                self.add_level(slot, 1);
                Ok(())
            }
            ShapeKind::Block(items) => {
                if let Some(last) = items.last_mut() {
                    node.tuple = true;
                    self.seek(last, slot)?;
                }
                Ok(())
            }
            ShapeKind::Path { steps, .. } => {
                node.tuple = true;
                let mut back = steps.iter_mut().rev();
                if let Some(last) = back.next() {
                    self.seek(last, slot)?;
                }
                for step in back {
                    if self.level(slot) <= 0 {
                        break;
                    }
                    self.seek(step, slot)?;
                }
                Ok(())
            }
            _ => Err(error),
        }
    }

    /// Sends the slots that the last step of a path seeks back along the path; those that do not
    /// find their step go on to the path's parent.
    pub(super) fn resolve(
        &mut self,
        steps: &mut [Shape],
        seeking: &mut Vec<usize>,
    ) -> Result<(), Error> {
        let Some((last, earlier)) = steps.split_last_mut() else {
            return Ok(());
        };
        let mut slots = last.seeking.clone();
        if let ShapeKind::Parent(slot) = last.kind {
            slots.push(slot);
        }
        for slot in slots {
            let mut end = earlier.len();
            while self.level(slot) > 0 {
                let Some(mut index) = end.checked_sub(1) else {
                    seeking.push(slot);
                    break;
                };
                // Steps in a row that bind the focus have the same input: they count as one.
                while index > 0
                    && earlier.get(index).is_some_and(|step| step.focus.is_some())
                    && earlier
                        .get(index - 1)
                        .is_some_and(|step| step.focus.is_some())
                {
                    index -= 1;
                }
                if let Some(step) = earlier.get_mut(index) {
                    self.seek(step, slot)?;
                }
                end = index;
            }
        }
        Ok(())
    }
}
