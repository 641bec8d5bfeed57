//! Pictures in the formats of others: SVG, Mermaid, Graphviz's dot.

mod dot;
mod icon;
mod mermaid;
mod outline;
mod svg;
mod theme;

pub use dot::dot;
pub use mermaid::mermaid;
pub use outline::{OutlineLine, outline};
pub use svg::svg;
pub use theme::Theme;
