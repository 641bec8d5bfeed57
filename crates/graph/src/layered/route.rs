//! The height of rows, and the courses of lines between and through them.

use super::net::{Joint, Net};
use super::orient::Sense;
use super::table::Table;
use super::{Course, Laid, Line, Vertex, columns};
use crate::picture::Point;

/// Between two rows of boxes, and half of it between one of boxes and one of labels.
const BETWEEN_ROWS: f64 = 36.0;
/// Rows move apart for lines that run far to the side between them: this much for each pixel, and at most so much.
const APART: f64 = 0.05;
const APART_MAX: f64 = 30.0;
/// In a row with a tall box others are at its top, not at its middle.
const LOWERED_MAX: f64 = 22.0;
/// How far from its axis a line may leave, or arrive at, a box.
const REACH_MAX: f64 = 60.0;
const REACH_SHARE: f64 = 0.3;
/// How far a line to itself goes.
pub(crate) const LOOP_REACH: f64 = 22.0;
/// Sideways steps smaller than this are made none.
const STEP_MIN: f64 = 3.0;

/// Upper and lower borders of a row.
#[derive(Clone, Copy, Debug, Default)]
struct Band {
    top: f64,
    bottom: f64,
}

/// Puts everything in its place.
pub(super) fn route(vertices: &[Vertex], lines: &[Line], net: &Net, columns: &Table<f64>) -> Laid {
    let (left, right) = columns::extent(net, columns);
    let bands = bands(net, columns);
    let places = Places {
        net,
        bands: &bands,
        columns,
        left,
    };
    let height = bands.iter().last().map_or(0.0, |band| band.bottom);
    let mut laid = Laid {
        width: right - left,
        height,
        places: (0..vertices.len())
            .map(|vertex| places.box_top(vertex))
            .collect(),
        courses: Vec::with_capacity(lines.len()),
    };
    for (number, line) in lines.iter().enumerate() {
        let chain = net.chains.of(number);
        laid.courses.push(match net.senses.at(number) {
            Sense::Down => places.down(line, chain),
            Sense::Back => places.back(line, chain),
            Sense::Loop => places.round(line),
        });
    }
    laid
}

fn bands(net: &Net, columns: &Table<f64>) -> Table<Band> {
    let mut bands = Table::default();
    let mut top = 0.0;
    for row in net.levels.iter() {
        let heights = row.iter().map(|joint| net.joints.at(*joint).height);
        let bottom = top + heights.fold(0.0, f64::max);
        bands.push(Band { top, bottom });
        let has_boxes = row.iter().any(|joint| net.joints.at(*joint).is_box);
        let links = row.iter().flat_map(|joint| net.below.of(*joint));
        let (mut farthest, mut meets_boxes) = (0.0_f64, false);
        for link in links {
            let step = (columns.at(link.upper) - columns.at(link.lower)).abs();
            farthest = farthest.max(step);
            meets_boxes |= net.joints.at(link.lower).is_box;
        }
        let between = if has_boxes && meets_boxes {
            BETWEEN_ROWS
        } else {
            BETWEEN_ROWS / 2.0
        };
        top = bottom + between + ((farthest - REACH_MAX) * APART).clamp(0.0, APART_MAX);
    }
    bands
}

struct Places<'a> {
    net: &'a Net,
    bands: &'a Table<Band>,
    columns: &'a Table<f64>,
    left: f64,
}

impl Places<'_> {
    fn x(&self, joint: usize) -> f64 {
        self.columns.at(joint) - self.left
    }

    fn band(&self, joint: usize) -> Band {
        self.bands.at(self.net.joints.at(joint).level)
    }

    fn middle(&self, joint: usize) -> f64 {
        let band = self.band(joint);
        f64::midpoint(band.top, band.bottom)
    }

    /// A box's axis and upper border.
    fn box_top(&self, joint: usize) -> Point {
        let (own, band) = (self.net.joints.at(joint), self.band(joint));
        let lowered = ((band.bottom - band.top - own.height) / 2.0).clamp(0.0, LOWERED_MAX);
        Point {
            x: self.x(joint),
            y: band.top + lowered,
        }
    }

    fn box_bottom(&self, joint: usize) -> f64 {
        self.box_top(joint).y + self.net.joints.at(joint).height
    }

    /// Where a line to or from `x` meets a box.
    fn port(&self, joint: usize, x: f64) -> f64 {
        let own: Joint = self.net.joints.at(joint);
        let reach = |side: f64| (side * 2.0 * REACH_SHARE).min(REACH_MAX);
        let axis = self.x(joint);
        if (x - axis).abs() < STEP_MIN {
            return axis;
        }
        x.clamp(axis - reach(own.left), axis + reach(own.right))
    }

    fn down(&self, line: &Line, chain: &[usize]) -> Course {
        let first = chain.first().copied().unwrap_or(line.to);
        let last = chain.last().copied().unwrap_or(line.from);
        let leaves = self.port(line.from, self.x(first));
        let arrives = self.port(line.to, self.x(last));
        // Between two boxes straight down, where they are wide enough.
        let (leaves, arrives) = if chain.is_empty() {
            let common = self.port(line.to, leaves);
            (leaves, common)
        } else {
            (leaves, arrives)
        };
        let mut course = Walk::default();
        course.go(leaves, self.box_bottom(line.from));
        course.go(leaves, self.band(line.from).bottom);
        for joint in chain {
            let band = self.band(*joint);
            course.go(self.x(*joint), band.top);
            course.go(self.x(*joint), band.bottom);
        }
        course.go(arrives, self.band(line.to).top);
        course.go(arrives, self.box_top(line.to).y);
        let label_at = Point {
            x: self.x(first),
            y: self.middle(first),
        };
        Course {
            points: course.0,
            label_at,
        }
    }

    /// Out below, up beside everything, and in from above.
    fn back(&self, line: &Line, chain: &[usize]) -> Course {
        let [lowest, passing @ .., highest] = chain else {
            return self.straight(line);
        };
        let (low, high) = (self.middle(*lowest), self.middle(*highest));
        let lane = self.x(*passing.first().unwrap_or(lowest));
        let leaves = self.port(line.from, lane);
        let mut course = Walk::default();
        course.go(leaves, self.box_bottom(line.from));
        course.go(leaves, low);
        course.go(lane, low);
        for joint in passing {
            let band = self.band(*joint);
            course.go(self.x(*joint), band.bottom);
            course.go(self.x(*joint), band.top);
        }
        let lane = self.x(*passing.last().unwrap_or(highest));
        let arrives = self.port(line.to, lane);
        course.go(lane, high);
        course.go(arrives, high);
        course.go(arrives, self.box_top(line.to).y);
        Course {
            points: course.0,
            label_at: Point {
                x: self.x(*lowest),
                y: low,
            },
        }
    }

    fn straight(&self, line: &Line) -> Course {
        let from = Point {
            x: self.x(line.from),
            y: self.box_bottom(line.from),
        };
        let to = self.box_top(line.to);
        Course {
            points: vec![from, to],
            label_at: Point {
                x: f64::midpoint(from.x, to.x),
                y: f64::midpoint(from.y, to.y),
            },
        }
    }

    /// Out of a box to the right, and back into it. Its room is part of the box's.
    fn round(&self, line: &Line) -> Course {
        let own = self.net.joints.at(line.from);
        let top = self.box_top(line.from);
        let beside = own.left.min(own.right);
        let middle = top.y + own.height / 2.0;
        let reach = own.height.min(40.0) / 4.0;
        let (near, far) = (top.x + beside, top.x + beside + LOOP_REACH);
        let points = [
            (near, middle - reach),
            (far, middle - reach),
            (far, middle + reach),
            (near, middle + reach),
        ];
        Course {
            points: points.map(|(x, y)| Point { x, y }).to_vec(),
            label_at: Point {
                x: far + line.label_width / 2.0,
                y: middle,
            },
        }
    }
}

/// Points of a course, none of them twice, and none between two others on an upright line.
#[derive(Default)]
struct Walk(Vec<Point>);

impl Walk {
    fn go(&mut self, x: f64, y: f64) {
        let next = Point { x, y };
        let is_same = |one: f64, other: f64| (one - other).abs() < 0.01;
        if let [.., before, last] = self.0.as_mut_slice()
            && is_same(before.x, last.x)
            && is_same(last.x, x)
            && (last.y - before.y) * (y - last.y) >= 0.0
        {
            last.y = y;
            return;
        }
        let is_there = |last: &Point| is_same(last.x, x) && is_same(last.y, y);
        if !self.0.last().is_some_and(is_there) {
            self.0.push(next);
        }
    }
}
