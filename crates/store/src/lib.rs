//! The store port: ordered keys, atomic batches, snapshot reads and durability. Bytes only.
//!
//! What is stored, and how keys are laid out, is the business of the typed tables above this port. Every
//! backend passes one [`suite`]; [`MemoryStore`] is the reference, [`FaultyStore`] fails on demand.

#![forbid(unsafe_code)]

mod batch;
mod faulty;
mod memory;
mod port;
pub mod suite;

pub use batch::{Batch, Operation};
pub use faulty::{Fault, FaultyStore};
pub use memory::MemoryStore;
pub use port::{Direction, Durability, KeyRange, Snapshot, Space, Store, StoreError, Visitor};
