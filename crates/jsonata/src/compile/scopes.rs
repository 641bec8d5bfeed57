//! Which variable lives in which slot.
//!
//! A function has a frame; blocks and paths inside it have scopes. Where nothing in a function can
//! capture a frame, the scopes' slots are hoisted into it, and entering a scope costs nothing.

use crate::code::{Scope, Slot};
use std::sync::Arc;

/// The scopes open at one place of the expression.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    scopes: Vec<Open>,
    functions: Vec<Function>,
}

#[derive(Debug)]
struct Open {
    names: Vec<Arc<str>>,
    first: usize,
    own_frame: bool,
}

#[derive(Debug)]
struct Function {
    hoist: bool,
    /// Slots of the function's own frame so far.
    slots: usize,
    /// The first of its scopes.
    scopes: usize,
}

impl Scopes {
    /// Enters the body of a function (or the whole expression). `hoist` says that nothing in it
    /// captures a frame.
    pub(super) fn enter_function(&mut self, hoist: bool) {
        self.functions.push(Function {
            hoist,
            slots: 0,
            scopes: self.scopes.len(),
        });
    }

    /// Leaves the body; gives how many slots its frame needs.
    pub(super) fn leave_function(&mut self) -> usize {
        self.functions.pop().map_or(0, |function| function.slots)
    }

    /// Enters a scope that binds `names`. `base` says that they live in the function's own frame.
    pub(super) fn enter(&mut self, names: &[Arc<str>], base: bool) -> Scope {
        let Some(function) = self.functions.last_mut() else {
            return Scope::None;
        };
        let count = names.len();
        let in_frame = base || function.hoist || count == 0;
        let first = if in_frame { function.slots } else { 0 };
        if in_frame {
            function.slots += count;
        }
        self.scopes.push(Open {
            names: names.to_vec(),
            first,
            own_frame: !in_frame,
        });
        if count == 0 {
            Scope::None
        } else if in_frame {
            Scope::Hoisted { first, count }
        } else {
            Scope::Frame { count }
        }
    }

    /// Leaves the innermost scope.
    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// The slots where a name may be, from the inside out.
    pub(super) fn resolve(&self, name: &str) -> Vec<Slot> {
        let mut slots = Vec::new();
        let mut up = 0;
        let mut function = self.functions.len();
        for (index, scope) in self.scopes.iter().enumerate().rev() {
            let at = scope.names.iter().position(|other| &**other == name);
            if let Some(at) = at {
                slots.push(Slot {
                    up,
                    index: scope.first + at,
                });
            }
            up += usize::from(scope.own_frame);
            let starts = |one: &Function| one.scopes == index;
            if let Some(current) = function.checked_sub(1)
                && self.functions.get(current).is_some_and(starts)
            {
                up += 1;
                function = current;
            }
        }
        slots
    }
}
