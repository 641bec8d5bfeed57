//! A partition brought to life: a thread that takes messages, lets the partition decide, and hands its turns on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender};
use std::time::Duration;

use passo_vocab::Timestamp;

use crate::committer::Pending;
use crate::figures::Counters;
use crate::inbox::Inbox;
use crate::partition::message::Message;
use crate::partition::{Load, Partition};
use crate::ports::{Clock, Entropy};
use crate::{InFlight, Settings, UnderWay};

/// Timers fired, and executions forgotten, in one turn.
const DUE_MAX: usize = 1_000;

/// How often executions that ended long ago are looked for.
const FORGET_EVERY_MILLIS: i64 = 60_000;

/// How long a thread sleeps at most, so that a clock that was set back or a virtual one is noticed.
const SLEEP_MAX: Duration = Duration::from_millis(500);

/// How long virtual time waits for something that is under way.
const VIRTUAL_PAUSE: Duration = Duration::from_micros(200);

/// How often a virtual clock is looked at that somebody else may move.
const VIRTUAL_SLEEP_MAX: Duration = Duration::from_millis(5);

/// A message on its way, and the fact that it is.
pub(crate) struct Envelope {
    pub(crate) message: Message,
    pub(crate) under_way: UnderWay,
}

/// What all partitions of a runtime have around them.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) turns: SyncSender<Pending>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) in_flight: InFlight,
    pub(crate) settings: Settings,
    pub(crate) counters: Arc<Counters>,
}

/// Drives one partition.
pub(crate) struct Processor {
    partition: Partition,
    inbox: Inbox<Envelope>,
    turns: SyncSender<Pending>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    in_flight: InFlight,
    settings: Settings,
    durable: Arc<AtomicU64>,
    forgotten_at: Timestamp,
    counters: Arc<Counters>,
    /// Its own part in them.
    counted: Load,
}

impl Processor {
    /// Drives `partition`, which has recovered, with the messages of `inbox`.
    pub(crate) fn new(
        partition: Partition,
        inbox: Inbox<Envelope>,
        surroundings: Surroundings,
    ) -> Processor {
        let Surroundings {
            turns,
            clock,
            entropy,
            in_flight,
            settings,
            counters,
        } = surroundings;
        let forgotten_at = clock.now();
        Processor {
            partition,
            inbox,
            turns,
            clock,
            entropy,
            in_flight,
            settings,
            durable: Arc::new(AtomicU64::new(0)),
            forgotten_at,
            counters,
            counted: Load::default(),
        }
    }

    /// Works until every sender of messages is gone and everything before that is handed on.
    pub(crate) fn run(mut self) {
        let mut busy = true;
        let mut handled: Vec<UnderWay> = Vec::new();
        loop {
            match self.next(busy) {
                Ok(Some(envelope)) => self.take(envelope, &mut handled),
                Ok(None) => {}
                Err(()) => return,
            }
            while handled.len() < self.settings.turn_messages_max {
                let Ok(envelope) = self.inbox.try_recv() else {
                    break;
                };
                self.take(envelope, &mut handled);
            }
            busy = self.advance();
            if !self.hand_on() {
                return;
            }
            handled.clear();
        }
    }

    /// The next message; `None` where something else is to be done first.
    fn next(&mut self, busy: bool) -> Result<Option<Envelope>, ()> {
        if busy {
            return match self.inbox.try_recv() {
                Ok(envelope) => Ok(Some(envelope)),
                Err(std::sync::mpsc::TryRecvError::Empty) => Ok(None),
                Err(std::sync::mpsc::TryRecvError::Disconnected) => Err(()),
            };
        }
        match self.inbox.recv_timeout(self.sleep()) {
            Ok(envelope) => Ok(Some(envelope)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(()),
        }
    }

    /// How long there is nothing to do; a virtual clock jumps there at once when nothing else is under way.
    fn sleep(&self) -> Duration {
        let is_virtual = self.clock.is_virtual();
        let sleep_max = if is_virtual {
            VIRTUAL_SLEEP_MAX
        } else {
            SLEEP_MAX
        };
        let Some(at) = self.partition.next_timer() else {
            if self.in_flight.count() == 0 {
                self.clock.rest();
            }
            return sleep_max;
        };
        let now = self.clock.now();
        if at <= now {
            return Duration::ZERO;
        }
        if self.in_flight.count() == 0 {
            if self.clock.jump(at) {
                return Duration::ZERO;
            }
        } else if is_virtual {
            return VIRTUAL_PAUSE;
        }
        let wait = Duration::from_millis(u64::try_from(at.millis_since(now)).unwrap_or(0));
        wait.min(sleep_max)
    }

    fn take(&mut self, envelope: Envelope, handled: &mut Vec<UnderWay>) {
        self.counters.inbox.fetch_sub(1, Ordering::Relaxed);
        self.partition
            .handle(envelope.message, self.clock.now(), self.entropy.seed());
        handled.push(envelope.under_way);
    }

    /// What needs no message: executions with more to do, timers, retention. Whether there is more of it.
    fn advance(&mut self) -> bool {
        let now = self.clock.now();
        self.partition.release(self.durable.load(Ordering::SeqCst));
        // A store that cannot be read now may be later: the timer stays and is tried again.
        let due = self
            .partition
            .fire_timers(now, self.entropy.seed(), DUE_MAX)
            .unwrap_or(false);
        // Last, because timers give executions and Map runs something to tell each other.
        let ready = self.partition.go_on(now, self.entropy.seed());
        let mut stale = false;
        if now.millis_since(self.forgotten_at) >= FORGET_EVERY_MILLIS {
            stale = self.partition.forget(now, DUE_MAX).unwrap_or(false);
            if !stale {
                self.forgotten_at = now;
            }
        }
        ready || due || stale
    }

    /// Says how much there is of everything.
    fn count(&mut self) {
        let load = self.partition.load_figures();
        let before = std::mem::replace(&mut self.counted, load);
        let counters = &self.counters;
        // Adding a difference wraps, so that what has become less is taken away: others count into the same figures.
        let add = |counter: &AtomicUsize, now: usize, before| {
            counter.fetch_add(now.wrapping_sub(before), Ordering::Relaxed);
        };
        add(
            &counters.executions_in_memory,
            load.executions_in_memory,
            before.executions_in_memory,
        );
        add(
            &counters.executions_open,
            load.executions_open,
            before.executions_open,
        );
        add(&counters.timers, load.timers, before.timers);
        let quarantined = load.quarantined.wrapping_sub(before.quarantined);
        counters
            .quarantined
            .fetch_add(quarantined, Ordering::Relaxed);
    }

    /// Ends the turn. Whether anybody is there to take it.
    fn hand_on(&mut self) -> bool {
        let turn = self.partition.end_turn();
        self.count();
        let Some(turn) = turn else {
            return true;
        };
        self.counters.turns_waiting.fetch_add(1, Ordering::Relaxed);
        let (durable, under_way) = (self.durable.clone(), self.in_flight.begin());
        self.turns
            .send(Pending {
                turn,
                durable,
                under_way,
            })
            .is_ok()
    }
}
