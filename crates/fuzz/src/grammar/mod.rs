//! Texts made after the grammar of each language: mostly well-formed, often nonsense.

pub(crate) mod asl;
pub(crate) mod intrinsics;
pub(crate) mod jsonata;
pub(crate) mod jsonpath;
