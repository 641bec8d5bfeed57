//! The journal: events as bytes, versioned.
