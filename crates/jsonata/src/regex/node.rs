//! A pattern as a tree.
//!
//! Entry point: [`Pattern`].

use super::class::Set;

/// A parsed pattern.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    pub(super) root: Node,
    /// How many capturing groups there are; they count from one.
    pub(super) groups: usize,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// One character of a set.
    Set(Set),
    /// One after the other; nothing at all when empty.
    Sequence(Vec<Node>),
    /// The first that leads to a match.
    Either(Vec<Node>),
    /// A capturing group.
    Group(usize, Box<Node>),
    /// A part many times.
    Repeat(Box<Repeat>),
    /// A position.
    Assert(Assertion),
    /// A lookaround.
    Look(Look, Box<Node>),
    /// What a group matched; one that took no part matches the empty text.
    Reference(usize),
}

/// A quantified part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Repeat {
    pub(super) node: Node,
    pub(super) min: u32,
    /// `u32::MAX` for no bound.
    pub(super) max: u32,
    pub(super) greedy: bool,
    /// The groups inside: the first, and the one after the last. Each round starts without them.
    pub(super) groups: (usize, usize),
}

/// A position without width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordEdge,
    NoWordEdge,
}

/// Which way a lookaround looks, and what it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) backward: bool,
    pub(super) negative: bool,
}
