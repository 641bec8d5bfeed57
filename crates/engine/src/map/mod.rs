//! Map runs: what a Distributed Map asks for, and the pure machine that carries it out.
//!
//! An inline Map lives in its execution's frames and needs nothing of this.

mod spec;

pub use spec::{ItemReaderSpec, MapItems, MapRunSpec, ResultWriterSpec};
