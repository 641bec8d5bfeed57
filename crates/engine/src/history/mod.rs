//! The history that users see, computed from events.

mod event;
mod project;

pub use event::HistoryEvent;
pub use project::History;
