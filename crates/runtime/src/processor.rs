//! A partition brought to life: a thread that takes messages, lets the partition decide, and hands its turns on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use passo_vocab::Timestamp;

use crate::committer::Pending;
use crate::partition::Partition;
use crate::partition::message::Message;
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

/// A message on its way, and the fact that it is.
pub(crate) struct Envelope {
    pub(crate) message: Message,
    pub(crate) under_way: UnderWay,
}

/// Drives one partition.
pub(crate) struct Processor {
    pub(crate) partition: Partition,
    pub(crate) inbox: Receiver<Envelope>,
    pub(crate) turns: SyncSender<Pending>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) in_flight: InFlight,
    pub(crate) settings: Settings,
    pub(crate) durable: Arc<AtomicU64>,
    pub(crate) forgotten_at: Timestamp,
}

impl Processor {
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
        let Some(at) = self.partition.next_timer() else {
            return SLEEP_MAX;
        };
        let now = self.clock.now();
        if at <= now {
            return Duration::ZERO;
        }
        if self.in_flight.count() == 0 && self.clock.jump(at) {
            return Duration::ZERO;
        }
        let wait = Duration::from_millis(u64::try_from(at.millis_since(now)).unwrap_or(0));
        if self.clock.is_virtual() {
            VIRTUAL_PAUSE
        } else {
            wait.min(SLEEP_MAX)
        }
    }

    fn take(&mut self, envelope: Envelope, handled: &mut Vec<UnderWay>) {
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

    /// Ends the turn. Whether anybody is there to take it.
    fn hand_on(&mut self) -> bool {
        let Some(turn) = self.partition.end_turn() else {
            return true;
        };
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
