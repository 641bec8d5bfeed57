//! The course of a line as an SVG path.

use std::fmt::Write;

use crate::picture::Point;

/// How far from a corner it begins to bend.
const RADIUS: f64 = 9.0;
/// Closer than this is the same place.
const NEAR: f64 = 0.05;

/// To a tenth.
pub(crate) fn tenth(value: f64) -> f64 {
    // Nothing is minus nothing.
    (value * 10.0).round() / 10.0 + 0.0
}

/// Straight lines where they are level or upright, with round corners; soft curves from one upright to another elsewhere.
pub(crate) fn path_of(points: &[Point]) -> String {
    let mut path = String::new();
    let Some(first) = points.first() else {
        return path;
    };
    put(&mut path, "M", &[*first]);
    let mut last = *first;
    let mut rest = points.iter().skip(1).peekable();
    while let Some(point) = rest.next() {
        let next = rest.peek().copied();
        if !is_straight(last, *point) {
            let middle = f64::midpoint(last.y, point.y);
            let bend = |x: f64| Point { x, y: middle };
            put(&mut path, "C", &[bend(last.x), bend(point.x), *point]);
        } else if let Some(next) = next.filter(|next| is_corner(last, *point, **next)) {
            let reach = RADIUS
                .min(distance(last, *point) / 2.0)
                .min(distance(*point, *next) / 2.0);
            put(&mut path, "L", &[toward(*point, last, reach)]);
            put(&mut path, "Q", &[*point, toward(*point, *next, reach)]);
        } else {
            put(&mut path, "L", &[*point]);
        }
        last = *point;
    }
    path
}

/// Whether a line between two points is upright or level.
pub(crate) fn is_straight(one: Point, other: Point) -> bool {
    (one.x - other.x).abs() < NEAR || (one.y - other.y).abs() < NEAR
}

fn is_corner(last: Point, point: Point, next: Point) -> bool {
    let is_upright = |one: Point, other: Point| (one.x - other.x).abs() < NEAR;
    is_straight(point, next) && is_upright(last, point) != is_upright(point, next)
}

fn distance(one: Point, other: Point) -> f64 {
    (one.x - other.x).hypot(one.y - other.y)
}

fn toward(from: Point, to: Point, reach: f64) -> Point {
    let whole = distance(from, to);
    if whole < NEAR {
        return from;
    }
    Point {
        x: from.x + (to.x - from.x) * reach / whole,
        y: from.y + (to.y - from.y) * reach / whole,
    }
}

fn put(path: &mut String, letter: &str, points: &[Point]) {
    path.push_str(letter);
    for (index, point) in points.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        // Writing to a string does not fail.
        let _ = write!(path, "{space}{},{}", tenth(point.x), tenth(point.y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_straight_bend_softly_or_turn_a_corner() {
        let check = |points: &[(f64, f64)], expect: &str| {
            let points: Vec<Point> = points.iter().map(|&(x, y)| Point { x, y }).collect();
            assert_eq!(path_of(&points), expect, "{points:?}");
        };
        check(&[], "");
        check(&[(1.0, 2.0)], "M1,2");
        check(&[(0.0, 0.0), (0.0, 20.25)], "M0,0L0,20.3");
        check(&[(0.0, 0.0), (10.0, 20.0)], "M0,0C0,10 10,10 10,20");
        check(
            &[(0.0, 0.0), (0.0, 20.0), (40.0, 20.0)],
            "M0,0L0,11Q0,20 9,20L40,20",
        );
    }
}
