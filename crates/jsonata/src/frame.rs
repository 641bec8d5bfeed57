//! Where variables live while an expression runs.

use crate::code::Slot;
use crate::value::Value;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The variables of one call of a function, or of one run of a scope that functions capture.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    slots: RefCell<Vec<Option<Value>>>,
    parent: Option<Rc<Frame>>,
    captured: Cell<bool>,
}

impl Frame {
    pub(crate) fn new(slots: usize, parent: Option<Rc<Frame>>) -> Frame {
        Frame {
            slots: RefCell::new(vec![None; slots]),
            parent,
            captured: Cell::new(false),
        }
    }

    /// A frame whose first variables have these values, in so many slots. Empties the list.
    pub(crate) fn of(values: &mut Vec<Value>, slots: usize, parent: Rc<Frame>) -> Frame {
        let mut frame = Frame::default();
        frame.fill(values, slots, parent);
        frame
    }

    /// Makes an empty frame one whose first variables have these values. Empties the list.
    pub(crate) fn fill(&mut self, values: &mut Vec<Value>, slots: usize, parent: Rc<Frame>) {
        let own = self.slots.get_mut();
        own.reserve(slots);
        own.extend(values.drain(..).map(Some));
        own.resize(slots, None);
        self.parent = Some(parent);
    }

    /// Forgets all variables, the frame around and that it was captured; tells for how many slots
    /// there is room.
    pub(crate) fn empty(&mut self) -> usize {
        let slots = self.slots.get_mut();
        slots.clear();
        self.parent = None;
        self.captured.set(false);
        slots.capacity()
    }

    fn up(&self, levels: usize) -> Option<&Frame> {
        let mut frame = self;
        for _ in 0..levels {
            frame = frame.parent.as_deref()?;
        }
        Some(frame)
    }

    /// What is seen of the variable's value where it is; nothing where it is not bound yet.
    #[inline]
    pub(crate) fn look<T>(&self, slot: Slot, see: impl FnOnce(&Value) -> T) -> Option<T> {
        let slots = self.up(slot.up)?.slots.borrow();
        slots.get(slot.index)?.as_ref().map(see)
    }

    /// Binds the variable.
    pub(crate) fn set(&self, slot: Slot, value: Value) {
        if let Some(frame) = self.up(slot.up) {
            frame.set_own(slot.index, Some(value));
        }
    }

    /// Binds or unbinds a variable of this very frame.
    pub(crate) fn set_own(&self, index: usize, value: Option<Value>) {
        let old = match self.slots.borrow_mut().get_mut(index) {
            Some(cell) => std::mem::replace(cell, value),
            None => None,
        };
        // Dropped only now, when the slots are no longer borrowed.
        drop(old);
    }

    /// Unbinds so many variables of this very frame.
    pub(crate) fn reset(&self, first: usize, count: usize) {
        for index in first..first.saturating_add(count) {
            self.set_own(index, None);
        }
    }

    /// Forgets all variables. Breaks the circle of a function that its own frame holds.
    pub(crate) fn clear(&self) {
        let slots = self.slots.take();
        drop(slots);
    }

    pub(crate) fn parent(&self) -> Option<&Rc<Frame>> {
        self.parent.as_ref()
    }

    /// Marks the frame as captured; tells whether it was not before.
    pub(crate) fn capture(&self) -> bool {
        !self.captured.replace(true)
    }
}
