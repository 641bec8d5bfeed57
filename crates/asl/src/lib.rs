//! Amazon States Language: what the user wrote, whether it is right, and what runs.
//!
//! This crate does not know how a state runs, where definitions are stored, or which services exist beyond
//! the syntax of a `Resource`. What runs is [`program::Program`].

#![forbid(unsafe_code)]

pub mod program;
