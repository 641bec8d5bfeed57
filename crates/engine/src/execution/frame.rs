//! Frames: the threads of control of one execution.

use std::collections::BTreeMap;

use passo_asl::program::StateId;
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
    Done(Data),
    /// Waits for children, or can start some.
    Join(Box<Join>),
    /// Can move: every child ended well.
    Joined(Box<Join>),
    /// Can move: start the Map run.
    MapReady(Box<MapStarted>),
    /// Waits for a Map run.
    MapRun(Box<MapRunStage>),
    /// Can move: the Map run ended well, with this result.
    MapRunDone(Box<MapRunStage>, Data),
    /// Can move: retry, catch or give up.
    Failed(Box<FailedStage>),
    /// Waits for a timer, then does the work again.
    BackingOff { timer: TimerId, until: Timestamp },
    /// Can move: the scope ended with this output.
    Ended(Data),
    /// Moves no more; kept for a redrive.
    Dead(Box<Dead>),
}

impl RetryCounts {
    /// One more retry, because of the entry of `Retry` at that place.
    pub fn count(&mut self, retrier: u32) {
        let place = usize::try_from(retrier).unwrap_or(usize::MAX);
        if place >= self.by_retrier.len() {
            self.by_retrier.resize(place.saturating_add(1), 0);
        }
        if let Some(count) = self.by_retrier.get_mut(place) {
            *count = count.saturating_add(1);
        }
        self.total = self.total.saturating_add(1);
    }

    pub fn of(&self, retrier: usize) -> u64 {
        self.by_retrier.get(retrier).copied().unwrap_or(0)
    }

    pub fn clear(&mut self) {
        self.total = 0;
        self.by_retrier.clear();
    }
}

impl Stage {
    /// Whether the frame can do something without news from outside.
    pub fn can_move(&self) -> bool {
        match self {
            Stage::Enter
            | Stage::Entered
            | Stage::WaitOver
            | Stage::Done(_)
            | Stage::Joined(_)
            | Stage::MapReady(_)
            | Stage::MapRunDone(_, _)
            | Stage::Failed(_)
            | Stage::Ended(_) => true,
            Stage::Join(join) => join.failure.is_some() || join.can_start(),
            Stage::MapRun(run) => run.resuming,
            Stage::Waiting { .. } | Stage::Task(_) | Stage::BackingOff { .. } | Stage::Dead(_) => {
                false
            }
        }
    }

    /// The frames directly inside a frame at this stage, dead ones included, in order.
    pub fn children(&self) -> impl Iterator<Item = FrameId> {
        self.join()
            .into_iter()
            .flat_map(|join| join.children.values().copied())
    }

    fn join(&self) -> Option<&Join> {
        match self {
            Stage::Join(join) | Stage::Joined(join) => Some(join),
            Stage::Failed(failed) => failed.was.as_ref()?.join(),
            Stage::Dead(dead) => dead.was.join(),
            Stage::Enter
            | Stage::Entered
            | Stage::Waiting { .. }
            | Stage::WaitOver
            | Stage::Task(_)
            | Stage::Done(_)
            | Stage::MapReady(_)
            | Stage::MapRun(_)
            | Stage::MapRunDone(_, _)
            | Stage::BackingOff { .. }
            | Stage::Ended(_) => None,
        }
    }
}

impl Join {
    /// Children that are still to come; for a Map, none has started.
    pub fn new(map: Option<MapStarted>, total: u32, resume: EventId) -> Join {
        let places = usize::try_from(total).unwrap_or(usize::MAX);
        Join {
            map,
            total,
            next: 0,
            done: 0,
            children: BTreeMap::new(),
            results: vec![None; places],
            resume,
            announced: false,
            failure: None,
            failed: None,
        }
    }

    /// The stage of a frame that waits for these children.
    pub fn stage(self) -> Stage {
        if self.total == 0 {
            Stage::Joined(Box::new(self))
        } else {
            Stage::Join(Box::new(self))
        }
    }

    /// Whether one more iteration may run.
    pub fn can_start(&self) -> bool {
        let Some(map) = &self.map else { return false };
        let running = u32::try_from(self.children.len()).unwrap_or(u32::MAX);
        self.next < self.total && running < map.concurrency
    }
}

#[derive(Clone, Debug)]
pub(crate) struct TaskStage {
    pub task: TaskId,
    /// Earlier tasks of the same state in this execution.
    pub invocation: u32,
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
    /// Can move: a redrive lets it go on.
    pub resuming: bool,
    /// Whether history already says that the Map state succeeded.
    pub announced: bool,
}

/// Where a failure came from, as far as matchers tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The state itself, or its children.
    State,
    /// A task.
    Task,
    /// A task's worker gave no sign of life.
    Heartbeat,
}

#[derive(Clone, Debug)]
pub(crate) struct FailedStage {
    pub failure: Failure,
    pub origin: Origin,
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
