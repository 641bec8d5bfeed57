//! Names of things inside one execution. All are counters, so that a replay gives the same names.

use std::fmt;

/// The id of an event as users see it in a history: 1, 2, 3 …; 0 stands for "no event".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EventId(u64);

/// The place of an engine event in its execution's journal: 1, 2, 3 …. Unlike an [`EventId`] it also counts
/// events that users never see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sequence(u64);

/// One attempt at a task: the sequence number of the event that scheduled it. Stable across crash and
/// replay, so it serves as idempotency key downstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(u64);

/// One timer: the sequence number of the event that asked for it; 0 is the whole execution's timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerId(u64);

/// One run of a Distributed Map: the sequence number of the event that started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapRunId(u64);

/// One thread of control: the root block, a Parallel branch, a Map iteration. Reused after its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameId(u32);

/// A payload that an execution's events mention: 0 is the execution's input, then in order of first mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PayloadId(u32);

impl EventId {
    /// No event: what precedes the first one.
    pub const NONE: EventId = EventId(0);

    /// The id with this number.
    pub const fn new(number: u64) -> EventId {
        EventId(number)
    }

    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The id after this one.
    pub const fn next(self) -> EventId {
        EventId(self.0.saturating_add(1))
    }
}

impl Sequence {
    /// The place with this number.
    pub const fn new(number: u64) -> Sequence {
        Sequence(number)
    }

    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The place after this one.
    pub const fn next(self) -> Sequence {
        Sequence(self.0.saturating_add(1))
    }
}

impl TaskId {
    /// The task that the event at this place scheduled.
    pub const fn new(sequence: u64) -> TaskId {
        TaskId(sequence)
    }

    /// The number of that place.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl TimerId {
    /// The timeout of the whole execution.
    pub const EXECUTION: TimerId = TimerId(0);

    /// The timer that the event at this place asked for.
    pub const fn new(sequence: u64) -> TimerId {
        TimerId(sequence)
    }

    /// The number of that place.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl MapRunId {
    /// The Map run that the event at this place started.
    pub const fn new(sequence: u64) -> MapRunId {
        MapRunId(sequence)
    }

    /// The number of that place.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl FrameId {
    /// The frame of the execution's own block.
    pub const ROOT: FrameId = FrameId(0);

    /// The frame with this number.
    pub const fn new(number: u32) -> FrameId {
        FrameId(number)
    }

    /// The number.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl PayloadId {
    /// The execution's input.
    pub const INPUT: PayloadId = PayloadId(0);

    /// The payload with this number.
    pub const fn new(number: u32) -> PayloadId {
        PayloadId(number)
    }

    /// The number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The id after this one.
    pub const fn next(self) -> PayloadId {
        PayloadId(self.0.saturating_add(1))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
