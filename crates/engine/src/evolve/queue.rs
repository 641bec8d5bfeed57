//! Whose turn it is.

use crate::execution::Stage;
use crate::{Execution, FrameId};

impl Execution {
    /// The frame of an event uses up its turn, if it is next.
    pub(super) fn take_turn(&mut self, id: FrameId) {
        if self.ready.front().is_some_and(|(front, _)| *front == id) && self.front_is_current() {
            self.ready.pop_front();
            if let Some(frame) = self.frames.get_mut(id) {
                frame.queued = false;
            }
        }
    }

    /// Gives a frame that can move a turn after all others. An inline Map that can start an iteration goes first, so
    /// that its iterations begin together.
    pub(super) fn settle(&mut self, id: FrameId) {
        let Some(frame) = self.frames.get_mut(id) else {
            return;
        };
        if frame.queued || !frame.stage.can_move() {
            return;
        }
        frame.queued = true;
        let entry = (id, frame.generation);
        if matches!(frame.stage, Stage::Join(_)) {
            self.ready.push_front(entry);
        } else {
            self.ready.push_back(entry);
        }
    }

    /// Gives a frame the next turn, wherever it stood.
    pub(super) fn hurry(&mut self, id: FrameId) {
        let Some(frame) = self.frames.get_mut(id) else {
            return;
        };
        let entry = (id, frame.generation);
        if frame.queued {
            self.ready.retain(|queued| *queued != entry);
        }
        frame.queued = true;
        self.ready.push_front(entry);
    }

    /// Leaves a frame that can move at the front of the queue, or the queue empty.
    pub(super) fn purge_queue(&mut self) {
        while let Some((id, _)) = self.ready.front().copied() {
            let current = self.front_is_current();
            if let Some(frame) = self.frames.get_mut(id)
                && current
            {
                if frame.stage.can_move() {
                    return;
                }
                frame.queued = false;
            }
            self.ready.pop_front();
        }
    }

    fn front_is_current(&self) -> bool {
        let Some((id, generation)) = self.ready.front() else {
            return false;
        };
        self.frames
            .get(*id)
            .is_some_and(|frame| frame.generation == *generation)
    }
}
