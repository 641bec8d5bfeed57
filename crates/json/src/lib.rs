//! The one JSON value: immutable, shared, ordered, exact.
