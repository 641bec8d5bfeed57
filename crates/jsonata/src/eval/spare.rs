//! Frames and argument lists of calls that are over, to be used again.
//!
//! A callback is called once for every item of an array: its frame and its argument list need not
//! be asked for anew each time. What is kept is empty and small.

use crate::frame::Frame;
use crate::value::Value;
use std::rc::Rc;

/// Frames and lists that are kept at most.
const KEPT_MAX: usize = 16;
/// Slots or items that a kept frame or list has room for at most.
const ROOM_MAX: usize = 64;

/// What finished calls left.
#[derive(Debug, Default)]
pub(crate) struct Spare {
    frames: Vec<Rc<Frame>>,
    lists: Vec<Vec<Value>>,
}

impl Spare {
    /// An empty list with room for so many arguments.
    pub(crate) fn list(&mut self, capacity: usize) -> Vec<Value> {
        match self.lists.pop() {
            Some(mut list) => {
                list.reserve(capacity);
                list
            }
            None => Vec::with_capacity(capacity),
        }
    }

    /// A frame whose first variables have these values, in so many slots.
    pub(crate) fn frame(
        &mut self,
        mut values: Vec<Value>,
        slots: usize,
        parent: &Rc<Frame>,
    ) -> Rc<Frame> {
        let mut frame = self.frames.pop().unwrap_or_default();
        match Rc::get_mut(&mut frame) {
            Some(own) => own.fill(&mut values, slots, Rc::clone(parent)),
            // Not reached: what is kept has one owner.
            None => frame = Rc::new(Frame::of(&mut values, slots, Rc::clone(parent))),
        }
        if self.lists.len() < KEPT_MAX && values.capacity() <= ROOM_MAX {
            self.lists.push(values);
        }
        frame
    }

    /// Takes the frame of a finished call, unless something still holds it.
    pub(crate) fn keep(&mut self, mut frame: Rc<Frame>) {
        if self.frames.len() < KEPT_MAX
            && let Some(own) = Rc::get_mut(&mut frame)
            && own.empty() <= ROOM_MAX
        {
            self.frames.push(frame);
        }
    }
}
