//! Alarms of a virtual clock: timers that are not the runtime's own.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use passo_vocab::Timestamp;

use crate::{InFlight, UnderWay};

/// Completes when its time has come, with something that holds time still until it is dropped. An alarm that is dropped
/// before does not ring.
pub struct Alarm(Arc<Mutex<Bell>>);

#[derive(Default)]
struct Bell {
    rung: Option<UnderWay>,
    waker: Option<Waker>,
}

/// The alarms that are set.
#[derive(Default)]
pub(crate) struct Alarms {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    in_flight: InFlight,
    set: BTreeMap<(Timestamp, u64), Weak<Mutex<Bell>>>,
    last: u64,
}

impl fmt::Debug for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alarm").finish_non_exhaustive()
    }
}

impl fmt::Debug for Alarms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alarms").finish_non_exhaustive()
    }
}

impl Future for Alarm {
    type Output = UnderWay;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<UnderWay> {
        let mut bell = locked(&self.0);
        match bell.rung.take() {
            Some(under_way) => Poll::Ready(under_way),
            None => {
                bell.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Alarms {
    pub(crate) fn count_in(&self, in_flight: InFlight) {
        locked(&self.state).in_flight = in_flight;
    }

    pub(crate) fn set(&self, at: Timestamp) -> Alarm {
        let bell = Arc::new(Mutex::new(Bell::default()));
        let mut state = locked(&self.state);
        state.last = state.last.wrapping_add(1);
        let key = (at, state.last);
        state.set.insert(key, Arc::downgrade(&bell));
        Alarm(bell)
    }

    /// When the next one rings.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        let mut state = locked(&self.state);
        loop {
            let first = state.set.first_entry()?;
            if first.get().strong_count() > 0 {
                return Some(first.key().0);
            }
            first.remove();
        }
    }

    /// Rings those whose time has come.
    pub(crate) fn ring(&self, now: Timestamp) {
        let mut state = locked(&self.state);
        while let Some(first) = state.set.first_entry().filter(|first| first.key().0 <= now) {
            let Some(bell) = first.remove().upgrade() else {
                continue;
            };
            let mut bell = locked(&bell);
            bell.rung = Some(state.in_flight.begin());
            if let Some(waker) = bell.waker.take() {
                waker.wake();
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
