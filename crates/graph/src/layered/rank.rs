//! Which row a box is in. Boxes are in even rows; odd ones are for labels, and for lines that turn.

use super::orient::Oriented;
use super::table::{Lists, Table};

/// The row of each vertex: as high as the lines allow, since reading goes from above; lower only where that makes more lines
/// shorter than longer.
pub(super) fn rank(count: usize, oriented: &Oriented) -> Table<usize> {
    let (mut above, mut below) = (Lists::new(count), Lists::new(count));
    for &(upper, lower, _) in &oriented.down {
        above.add(lower, upper);
        below.add(upper, lower);
    }
    let sorted = sorted(count, &above, &below);
    let mut ranks = Table::filled(count, 0);
    for &vertex in &sorted {
        // Only what is read first is in the first row.
        let least = if vertex == 0 { 0 } else { 2 };
        let uppers = above.of(vertex).iter().map(|upper| ranks.at(*upper) + 2);
        ranks.set(vertex, uppers.fold(least, usize::max));
    }
    for &vertex in sorted.iter().rev().filter(|vertex| **vertex != 0) {
        let lowers = below.of(vertex).iter();
        let limit = lowers
            .map(|lower| ranks.at(*lower).saturating_sub(2))
            .min()
            .unwrap_or_default();
        let pull = above
            .of(vertex)
            .iter()
            .filter(|upper| oriented.is_reached.at(**upper));
        let is_pulled_down = below.of(vertex).len() > pull.count();
        if is_pulled_down && limit > ranks.at(vertex) {
            ranks.set(vertex, limit);
        }
    }
    ranks
}

/// The vertices, each after all above it.
fn sorted(count: usize, above: &Lists<usize>, below: &Lists<usize>) -> Vec<usize> {
    let mut waits_for: Table<usize> = Table::filled(count, 0);
    let mut ready = Vec::new();
    for vertex in 0..count {
        waits_for.set(vertex, above.of(vertex).len());
        if above.of(vertex).is_empty() {
            ready.push(vertex);
        }
    }
    let mut sorted = Vec::with_capacity(count);
    while let Some(vertex) = ready.pop() {
        sorted.push(vertex);
        for lower in below.of(vertex) {
            let left = waits_for.at(*lower).saturating_sub(1);
            waits_for.set(*lower, left);
            if left == 0 {
                ready.push(*lower);
            }
        }
    }
    sorted
}
