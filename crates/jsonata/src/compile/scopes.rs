//! Which variable lives in which slot.
//!
//! A function has a frame; blocks and paths inside it have scopes. Where nothing in a function can
//! capture a frame, the scopes' slots are hoisted into it, and entering a scope costs nothing.

use super::name_set::NameSet;
use crate::code::{Scope, Slot};

/// The scopes open at one place of the expression.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    scopes: Vec<Open>,
    functions: Vec<Function>,
}

#[derive(Debug)]
struct Open {
    names: NameSet,
    /// Whether each name has been bound before the current place, in source order.
    bound: Vec<bool>,
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

    /// Enters the scope of a function's parameters and of the names that its body binds itself,
    /// which all live in the function's own frame.
    pub(super) fn enter_body(&mut self, parameters: usize, names: NameSet) {
        self.open(names, true, false);
        if let Some(scope) = self.scopes.last_mut() {
            scope
                .bound
                .iter_mut()
                .take(parameters)
                .for_each(|bound| *bound = true);
        }
    }

    /// Enters the scope of a block, whose names are bound one after the other.
    pub(super) fn enter(&mut self, names: NameSet) -> Scope {
        self.open(names, false, false)
    }

    /// Enters a scope whose names are bound from the start.
    pub(super) fn enter_bound(&mut self, names: NameSet) -> Scope {
        self.open(names, false, true)
    }

    fn open(&mut self, names: NameSet, base: bool, bound: bool) -> Scope {
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
            bound: vec![bound; count],
            names,
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

    /// The slot of a name that is bound here.
    pub(super) fn bind(&mut self, name: &str) -> Slot {
        for scope in self.scopes.iter_mut().rev() {
            let at = scope.names.place(name);
            if let Some(bound) = at.and_then(|at| scope.bound.get_mut(at)) {
                *bound = true;
                break;
            }
        }
        // Every name that is bound has been collected into a scope before.
        self.resolve(name).first().copied().unwrap_or(Slot {
            up: 0,
            index: usize::MAX,
        })
    }

    /// Whether a name, read here, is the caller's: nothing has bound it yet. Inside a function,
    /// names that are bound outside of it count as bound, since the function may run later.
    pub(super) fn is_free(&self, name: &str) -> bool {
        let own = self.functions.last().map_or(0, |function| function.scopes);
        self.scopes.iter().enumerate().rev().all(|(index, scope)| {
            let at = scope.names.place(name);
            let bound = at.and_then(|at| scope.bound.get(at));
            bound.is_none_or(|bound| index >= own && !bound)
        })
    }

    /// The slots where a name may be, from the inside out.
    pub(super) fn resolve(&self, name: &str) -> Vec<Slot> {
        let mut slots = Vec::new();
        let mut up = 0;
        let mut function = self.functions.len();
        for (index, scope) in self.scopes.iter().enumerate().rev() {
            let at = scope.names.place(name);
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
