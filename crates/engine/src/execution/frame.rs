//! Frames: the threads of control of one execution.

use std::collections::BTreeMap;

use passo_asl::program::{BlockId, StateId};
use passo_expr::Variables;
use passo_json::Payload;
use passo_vocab::{Failure, Timestamp};

use crate::event::{MapRunStarted, MapStarted, TaskScheduled};
use crate::{Data, EventId, FrameId, MapRunId, TaskId, TimerId};

/// The root block, a Parallel branch or a Map iteration, and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// Tells this use of the slot from earlier and later ones.
    pub generation: u32,
    /// Whether the ready queue holds it.
    pub queued: bool,
    pub parent: Option<FrameId>,
    /// The number of the branch or iteration.
    pub position: u32,
    pub block: BlockId,
    /// The current state.
    pub state: StateId,
    pub stage: Stage,
    /// The raw input of the current state.
    pub input: Data,
    /// What the next visible event of this frame follows.
    pub previous: EventId,
    /// The `…StateEntered` event of the current state.
    pub entered: EventId,
    /// What that event follows.
    pub before: EventId,
    pub entered_at: Timestamp,
    pub variables: Variables,
    pub retries: RetryCounts,
}

/// Retries during the current visit to a state.
#[derive(Clone, Debug, Default)]
pub(crate) struct RetryCounts {
    pub total: u32,
    /// By entry of `Retry`; shorter than it until used.
    pub by_retrier: Vec<u64>,
}

/// Where a frame is within its state. Every event leads from one stage to another.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// Can move: enter the state.
    Enter,
    /// Can move: do the state's work (again).
    Entered,
    /// Waits for a timer.
    Waiting { timer: TimerId, until: Timestamp },
    /// Can move: leave the Wait state.
    WaitOver,
    /// Waits for news of a task.
    Task(Box<TaskStage>),
    /// Can move: the work is done, with this result.
    Done(Box<Data>),
    /// Waits for children, or can start some.
    Join(Box<Join>),
    /// Can move: every child ended well.
    Joined(Box<Join>),
    /// Can move: start the Map run.
    MapReady(Box<MapStarted>),
    /// Waits for a Map run.
    MapRun(Box<MapRunStage>),
    /// Can move: the Map run ended well, with this result.
    MapRunDone(Box<MapRunStage>, Box<Data>),
    /// Can move: retry, catch or give up.
    Failed(Box<FailedStage>),
    /// Waits for a timer, then does the work again.
    BackingOff { timer: TimerId, until: Timestamp },
    /// Can move: the scope ended with this output.
    Ended(Box<Data>),
    /// Moves no more; kept for a redrive.
    Dead(Box<Dead>),
}

#[derive(Clone, Debug)]
pub(crate) struct TaskStage {
    pub task: TaskId,
    pub scheduled: TaskScheduled,
    pub started: bool,
    pub submitted: Option<Payload>,
    pub timer: Option<(TimerId, Timestamp)>,
    /// Whether that timer is the heartbeat's.
    pub heartbeat: bool,
    /// When `TimeoutSeconds` are over.
    pub deadline: Option<Timestamp>,
}

/// Children of a Parallel state or of an inline Map.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    /// None for a Parallel state.
    pub map: Option<MapStarted>,
    pub total: u32,
    pub next: u32,
    pub done: u32,
    pub children: BTreeMap<u32, FrameId>,
    pub results: Vec<Option<Data>>,
    /// What the next iteration's first event follows.
    pub resume: EventId,
    /// Whether history already says that every child ended well.
    pub announced: bool,
    /// The first failure; the other children are then aborted.
    pub failure: Option<Failure>,
    /// The child that failed.
    pub failed: Option<FrameId>,
}

#[derive(Clone, Debug)]
pub(crate) struct MapRunStage {
    pub map_run: MapRunId,
    pub map: MapStarted,
    pub started: MapRunStarted,
    /// The `MapRunStarted` event.
    pub event: EventId,
    pub redrives: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct FailedStage {
    pub failure: Failure,
    /// The failure also goes by `States.HeartbeatTimeout`.
    pub heartbeat: bool,
    /// Whether history already says so (`ParallelStateFailed`, `MapStateFailed`).
    pub announced: bool,
    /// No longer retried or caught: a catcher itself failed.
    pub terminal: bool,
    /// What the state had under way: `Join` or `MapRun`, for a redrive.
    pub was: Option<Stage>,
}

#[derive(Clone, Debug)]
pub(crate) struct Dead {
    /// History says that its state was aborted.
    pub aborted: bool,
    /// Its iteration or branch is over for its parent.
    pub closed: bool,
    pub was: Stage,
}

/// The frames of an execution, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frames {
    slots: Vec<Option<Frame>>,
    free: Vec<FrameId>,
    generation: u32,
}

impl Frames {
    /// Puts a frame into the first free slot.
    pub fn insert(&mut self, mut frame: Frame) -> FrameId {
        self.generation = self.generation.wrapping_add(1);
        frame.generation = self.generation;
        if let Some(id) = self.free.pop()
            && let Some(slot) = self.slots.get_mut(slot_of(id))
        {
            *slot = Some(frame);
            return id;
        }
        let id = FrameId::new(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.push(Some(frame));
        id
    }

    pub fn remove(&mut self, id: FrameId) -> Option<Frame> {
        let frame = self.slots.get_mut(slot_of(id))?.take()?;
        self.free.push(id);
        Some(frame)
    }

    pub fn get(&self, id: FrameId) -> Option<&Frame> {
        self.slots.get(slot_of(id))?.as_ref()
    }

    pub fn get_mut(&mut self, id: FrameId) -> Option<&mut Frame> {
        self.slots.get_mut(slot_of(id))?.as_mut()
    }

    /// Every frame, in order of slots.
    pub fn iter(&self) -> impl Iterator<Item = (FrameId, &Frame)> {
        self.slots
            .iter()
            .zip(0_u32..)
            .filter_map(|(slot, number)| Some((FrameId::new(number), slot.as_ref()?)))
    }
}

fn slot_of(id: FrameId) -> usize {
    usize::try_from(id.number()).unwrap_or(usize::MAX)
}
