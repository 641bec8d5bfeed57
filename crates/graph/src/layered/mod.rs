//! A layered layout of one scope: boxes in rows, lines that run downward.
//!
//! The steps are those of Sugiyama, Tagawa and Toda (1981): lines that would go back up are turned around ([`orient`]), boxes
//! are put into rows ([`rank`]), lines that pass rows get a place in each of them ([`net`]), the places of a row are ordered so
//! that few lines cross ([`order`]), each gets its `x` so that long lines are upright (Brandes and Köpf 2002, [`columns`]), and
//! lines get their courses ([`route`]). It knows nothing of states. Entry point: [`lay`].

mod align;
mod columns;
mod net;
mod order;
mod orient;
mod rank;
mod route;
mod table;

pub(crate) use route::LOOP_REACH;

use crate::picture::Point;

/// A box to be placed. Its lines leave and arrive on both sides of an axis, which need not be its middle.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Vertex {
    /// From the axis to the left.
    pub(crate) left: f64,
    /// From the axis to the right.
    pub(crate) right: f64,
    pub(crate) height: f64,
}

/// How much it matters that a line is straight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    #[default]
    Light,
    Usual,
    Heavy,
    /// A part of a line that passes rows.
    Passing,
}

/// A line to be drawn, between vertices by their numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) weight: Weight,
    /// Of its label, 0 for none.
    pub(crate) label_width: f64,
    /// Lines of one group that arrive at the same vertex may run together.
    pub(crate) group: u8,
}

/// Where a line runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Course {
    pub(crate) points: Vec<Point>,
    pub(crate) label_at: Point,
}

/// Where everything is; the upper left corner is at 0, 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Laid {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// For each vertex its axis, and its upper border.
    pub(crate) places: Vec<Point>,
    pub(crate) courses: Vec<Course>,
}

/// From a label's upper to its lower border.
pub(crate) const LABEL_HEIGHT: f64 = 20.0;

/// Lays out. Vertex 0 is where reading begins.
pub(crate) fn lay(vertices: &[Vertex], lines: &[Line]) -> Laid {
    let oriented = orient::orient(vertices.len(), lines);
    let ranks = rank::rank(vertices.len(), &oriented);
    let mut net = net::Net::build(vertices, lines, &oriented, &ranks);
    order::order(&mut net, lines);
    let columns = columns::columns(&net);
    route::route(vertices, lines, &net, &columns)
}
