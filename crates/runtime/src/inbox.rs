//! The queue of messages before a partition: bounded, and without room set aside for what may never come. The standard
//! library's bounded channel would take 12 MiB for 100,000 messages from the beginning.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{
    Receiver, RecvTimeoutError, SendError, Sender, TryRecvError, TrySendError, channel,
};
use std::time::Duration;

/// Where messages are put in.
pub(crate) struct Slit<T> {
    sender: Sender<T>,
    waiting: Arc<AtomicUsize>,
    waiting_max: usize,
}

/// Where they are taken out.
pub(crate) struct Inbox<T> {
    receiver: Receiver<T>,
    waiting: Arc<AtomicUsize>,
}

/// A queue in which at most `waiting_max` messages wait.
pub(crate) fn inbox<T>(waiting_max: usize) -> (Slit<T>, Inbox<T>) {
    let (sender, receiver) = channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let slit = Slit {
        sender,
        waiting: waiting.clone(),
        waiting_max,
    };
    (slit, Inbox { receiver, waiting })
}

impl<T> Slit<T> {
    /// Puts a message in, unless too many wait, or nobody takes them out any more.
    pub(crate) fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        // Counted before, because it may be taken out at once.
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.waiting_max {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(TrySendError::Full(message));
        }
        self.sender.send(message).map_err(|SendError(message)| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            TrySendError::Disconnected(message)
        })
    }
}

impl<T> Inbox<T> {
    /// Takes the next message, if there is one.
    pub(crate) fn try_recv(&self) -> Result<T, TryRecvError> {
        self.receiver.try_recv().inspect(|_| self.taken())
    }

    /// Takes the next message, waiting for it for a while.
    pub(crate) fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        self.receiver
            .recv_timeout(timeout)
            .inspect(|_| self.taken())
    }

    fn taken(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_again_for_what_was_taken() {
        let (slit, inbox) = inbox(2);
        assert_eq!(slit.try_send(1), Ok(()));
        assert_eq!(slit.try_send(2), Ok(()));
        assert_eq!(slit.try_send(3), Err(TrySendError::Full(3)));
        assert_eq!(inbox.try_recv(), Ok(1));
        assert_eq!(slit.try_send(4), Ok(()));
        assert_eq!(slit.try_send(5), Err(TrySendError::Full(5)));
        assert_eq!(inbox.recv_timeout(Duration::ZERO), Ok(2));
        assert_eq!(inbox.try_recv(), Ok(4));
        assert_eq!(inbox.try_recv(), Err(TryRecvError::Empty));
        drop(inbox);
        assert_eq!(slit.try_send(6), Err(TrySendError::Disconnected(6)));
    }
}
