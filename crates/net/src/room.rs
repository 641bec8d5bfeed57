//! Room for request bodies: what all of them together may take of the memory.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Settings;

/// Bytes of a body that is small: most requests are.
const SMALL_BYTES: usize = 64 << 10;
/// Bytes that one permit stands for.
const PERMIT_BYTES: usize = 1 << 10;

/// Room that bodies take while they are read. Sizes have shares of their own, so that large bodies, or clients who send
/// them slowly, keep no small one out.
pub(crate) struct Room {
    small: Share,
    middle: Share,
    large: Share,
    middle_bytes: usize,
}

struct Share {
    permits: u32,
    semaphore: Semaphore,
}

impl Room {
    /// An eighth of [`Settings::bodies_bytes_max`] for small bodies, three for others, and half for deployed code.
    pub(crate) fn new(settings: &Settings) -> Room {
        let eighth = settings.bodies_bytes_max / 8;
        Room {
            small: Share::new(eighth),
            middle: Share::new(eighth.saturating_mul(3)),
            large: Share::new(eighth.saturating_mul(4)),
            middle_bytes: settings.body_bytes_max,
        }
    }

    /// Room for a body of so many bytes, once there is some. A body that is larger than its share gets all of that.
    pub(crate) async fn reserve(&self, bytes: usize) -> Option<SemaphorePermit<'_>> {
        let share = if bytes <= SMALL_BYTES {
            &self.small
        } else if bytes <= self.middle_bytes {
            &self.middle
        } else {
            &self.large
        };
        let permits = u32::try_from(bytes.div_ceil(PERMIT_BYTES)).unwrap_or(u32::MAX);
        let permits = permits.min(share.permits);
        share.semaphore.acquire_many(permits).await.ok()
    }
}

impl Share {
    fn new(bytes: usize) -> Share {
        let permits = u32::try_from(bytes / PERMIT_BYTES)
            .unwrap_or(u32::MAX)
            .max(1);
        let permits = permits.min(u32::MAX >> 4);
        Share {
            permits,
            semaphore: Semaphore::new(usize::try_from(permits).unwrap_or(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    #[test]
    fn large_bodies_wait_and_keep_no_small_one_out() {
        let room = Room::new(&Settings {
            bodies_bytes_max: 8 << 20,
            body_bytes_max: 2 << 20,
            ..Settings::default()
        });
        let first = now(room.reserve(2 << 20)).unwrap();
        let second = now(room.reserve(1 << 20)).unwrap();
        assert!(now(room.reserve(65 << 10)).is_none());
        assert!(now(room.reserve(1000)).unwrap().is_some());
        drop(first);
        assert!(now(room.reserve(2 << 20)).is_some());
        drop(second);
        let all = now(room.reserve(usize::MAX)).unwrap();
        assert!(now(room.reserve(3 << 20)).is_none());
        drop(all);
        assert!(now(room.reserve(3 << 20)).is_some());
    }
}
