//! Entering and leaving states, and the ends of scopes.

use std::sync::Arc;

use passo_asl::program::{StateId, StateKind, Transition};
use passo_json::Payload;

use super::turn::Turn;
use crate::flow::Value;
use crate::{Data, EventId, EventKind, FrameId, Invariant};

/// How a state is left.
pub(crate) struct Exit {
    pub output: Value,
    pub assigned: Vec<(Arc<str>, Payload)>,
    pub next: Option<StateId>,
}

impl Turn<'_> {
    pub fn enter(&mut self, id: FrameId) -> Result<(), Invariant> {
        let frame = self.frame(id)?;
        let (previous, state, input) = (frame.previous, frame.state, frame.input.clone());
        self.emit(id, previous, EventKind::StateEntered { state, input })
    }

    pub fn exit(&mut self, id: FrameId, exit: Exit) -> Result<(), Invariant> {
        let previous = self.frame(id)?.previous;
        self.exit_after(id, previous, exit)
    }

    pub fn exit_after(
        &mut self,
        id: FrameId,
        previous: EventId,
        exit: Exit,
    ) -> Result<(), Invariant> {
        let state = self.frame(id)?.state;
        let mut names = self.names();
        let output = names.of(exit.output);
        let assigned = if exit.assigned.is_empty() {
            None
        } else {
            let named = exit
                .assigned
                .into_iter()
                .map(|(name, value)| (name, names.of(Value::New(value))));
            Some(named.collect::<Box<[(Arc<str>, Data)]>>())
        };
        self.emit(
            id,
            previous,
            EventKind::StateExited {
                state,
                output,
                assigned,
                next: exit.next,
            },
        )
    }

    /// The last state of a scope was left.
    pub fn end_scope(&mut self, id: FrameId, output: Data) -> Result<(), Invariant> {
        let frame = self.frame(id)?;
        let (previous, index) = (frame.previous, frame.position);
        let Some(parent) = frame.parent else {
            return self.emit(id, previous, EventKind::ExecutionSucceeded { output });
        };
        match self.state(parent)?.kind {
            StateKind::Map(_) => self.emit(
                parent,
                previous,
                EventKind::MapIterationSucceeded { index, output },
            ),
            _ => self.emit(id, previous, EventKind::BranchSucceeded { output }),
        }
    }
}

/// Where a transition leads.
pub(crate) fn next_of(transition: Transition) -> Option<StateId> {
    match transition {
        Transition::Next(state) => Some(state),
        Transition::End => None,
    }
}
