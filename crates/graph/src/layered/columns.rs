//! Where each joint is from left to right.
//!
//! Joints that stand above each other are one block. Blocks are moved together, four times, from four sides; what a joint gets
//! is the middle of the four.

use super::align::{Side, align};
use super::net::{Joint, Net};
use super::table::{Lists, Table};

/// Between two boxes.
const BETWEEN_BOXES: f64 = 32.0;
/// Between a box and a line or label, or two of these.
const BETWEEN_LINES: f64 = 18.0;

/// The axis of each joint; some may be left of 0.
pub(super) fn columns(net: &Net) -> Table<f64> {
    let sides = [(true, true), (true, false), (false, true), (false, false)];
    let sides = sides.map(|(from_above, from_left)| Side {
        from_above,
        from_left,
    });
    let found = sides.map(|side| seen_from(net, side));
    let extents = [0, 1, 2, 3].map(|number| {
        found
            .get(number)
            .map_or((0.0, 0.0), |columns| extent(net, columns))
    });
    let narrowest = extents
        .iter()
        .copied()
        .min_by(|one, other| (one.1 - one.0).total_cmp(&(other.1 - other.0)))
        .unwrap_or_default();
    let shift = |number: usize| {
        let own = extents.get(number).copied().unwrap_or_default();
        if sides.get(number).is_some_and(|side| side.from_left) {
            narrowest.0 - own.0
        } else {
            narrowest.1 - own.1
        }
    };
    let shifts = [shift(0), shift(1), shift(2), shift(3)];
    let mut middles = Table::filled(net.joints.len(), 0.0);
    for joint in 0..net.joints.len() {
        let mut four = [0.0; 4];
        for ((value, columns), shift) in four.iter_mut().zip(&found).zip(shifts) {
            *value = columns.at(joint) + shift;
        }
        four.sort_by(f64::total_cmp);
        let [_, one, other, _] = four;
        middles.set(joint, f64::midpoint(one, other));
    }
    middles
}

/// The leftmost and the rightmost border.
pub(super) fn extent(net: &Net, columns: &Table<f64>) -> (f64, f64) {
    let mut extent = (f64::MAX, f64::MIN);
    for (number, joint) in net.joints.iter().enumerate() {
        let at = columns.at(number);
        extent = (
            extent.0.min(at - joint.left),
            extent.1.max(at + joint.right),
        );
    }
    if net.joints.len() == 0 {
        return (0.0, 0.0);
    }
    extent
}

fn seen_from(net: &Net, side: Side) -> Table<f64> {
    let mut rows = Lists::new(net.levels.len());
    let count = net.levels.len();
    for (number, row) in net.levels.iter().enumerate() {
        let mut row = row.to_vec();
        if !side.from_left {
            row.reverse();
        }
        let number = if side.from_above {
            number
        } else {
            count - 1 - number
        };
        rows.replace(number, row);
    }
    let firsts = align(net, &rows, side);
    let columns = compact(net, &rows, &firsts, side);
    let mut seen = Table::filled(net.joints.len(), 0.0);
    for joint in 0..net.joints.len() {
        let at = columns.at(firsts.at(joint));
        seen.set(joint, if side.from_left { at } else { -at });
    }
    seen
}

/// Each block as far to the beginning as those before allow, then as close to those behind as they allow.
fn compact(net: &Net, rows: &Lists<usize>, firsts: &Table<usize>, side: Side) -> Table<f64> {
    let count = net.joints.len();
    let (mut before, mut behind) = (Lists::new(count), Lists::new(count));
    let mut waits_for = Table::filled(count, 0_usize);
    for row in rows.iter() {
        for (one, other) in row.iter().zip(row.iter().skip(1)) {
            let room = room(net.joints.at(*one), net.joints.at(*other), side);
            let (one, other) = (firsts.at(*one), firsts.at(*other));
            before.add(other, (one, room));
            behind.add(one, (other, room));
            waits_for.set(other, waits_for.at(other) + 1);
        }
    }
    let mut ready: Vec<usize> = (0..count)
        .filter(|block| firsts.at(*block) == *block && waits_for.at(*block) == 0)
        .collect();
    let mut columns = Table::filled(count, 0.0);
    let mut sorted = Vec::with_capacity(count);
    while let Some(block) = ready.pop() {
        sorted.push(block);
        let wanted = before.of(block).iter();
        let least = wanted.map(|(one, room)| columns.at(*one) + room);
        columns.set(block, least.fold(0.0, f64::max));
        for (other, _) in behind.of(block) {
            let left = waits_for.at(*other).saturating_sub(1);
            waits_for.set(*other, left);
            if left == 0 {
                ready.push(*other);
            }
        }
    }
    for block in sorted.into_iter().rev() {
        let limits = behind.of(block).iter();
        let limit = limits.map(|(other, room)| columns.at(*other) - room);
        if let Some(limit) = limit.reduce(f64::min) {
            columns.set(block, columns.at(block).max(limit));
        }
    }
    columns
}

/// From the axis of a joint to that of the next in its row.
fn room(one: Joint, other: Joint, side: Side) -> f64 {
    let between = if one.is_box && other.is_box {
        BETWEEN_BOXES
    } else {
        BETWEEN_LINES
    };
    if side.from_left {
        one.right + between + other.left
    } else {
        one.left + between + other.right
    }
}
