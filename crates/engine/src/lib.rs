//! The interpreter: decide, evolve, history, journal.
