//! The terminal as a place to write to: colours, width, and text that cannot do harm there.

mod clean;
mod color;
mod size;
mod width;

pub use clean::Clean;
pub use color::ColorWhen;
pub use size::TerminalSize;
pub use width::width_of;
