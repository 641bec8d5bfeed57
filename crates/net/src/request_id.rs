//! Request ids: version 4 UUIDs, unlike each other within and across processes.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::atomic::{AtomicU64, Ordering};

use passo_service::RequestId;
use passo_vocab::Entropy;

/// Makes request ids for one server.
pub(crate) struct RequestIds {
    seed: RandomState,
    next: AtomicU64,
}

impl RequestIds {
    pub(crate) fn new() -> RequestIds {
        RequestIds {
            seed: RandomState::new(),
            next: AtomicU64::new(0),
        }
    }

    pub(crate) fn next(&self) -> RequestId {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        RequestId::new(Entropy::from_seed(self.seed.hash_one(count)).uuid_v4())
    }
}
