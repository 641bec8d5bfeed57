//! Map runs: what a Distributed Map asks for, and the pure machine that carries it out.
//!
//! An inline Map lives in its execution's frames and needs nothing of this. [`MapRun`] knows neither how items are
//! read or written nor how children run; a driver does both and reports. Start at [`MapRun::decide`].

mod batch;
mod child;
mod counts;
mod names;
mod record;
mod results;
mod run;
mod spec;

pub(crate) use batch::{Batch, Batching};
pub use child::child_header;
pub use counts::Counts;
pub use names::ArnRule;
pub use record::{ChildRecord, RecordScan};
use results::Results;
pub use run::{
    Child, ChildOutcome, ChildStatus, Item, MapRun, MapRunCommand, MapRunDecision, MapRunEvent,
    MapRunInput, MapRunStatus, MapRunUpdate, PlannedChild,
};
pub use spec::{
    ItemReaderSpec, MapItems, MapRunSpec, OutputType, ResultWriterSpec, Transformation,
};
