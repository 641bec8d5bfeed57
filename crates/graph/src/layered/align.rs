//! Which joints stand exactly above each other, seen from one of four sides.

use std::collections::BTreeMap;

use super::Weight;
use super::net::Net;
use super::table::{Lists, Table};

/// From where rows are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    /// From above, so that each joint looks for one in the row above; or from below.
    pub(super) from_above: bool,
    /// From left to right; or from right to left.
    pub(super) from_left: bool,
}

/// For each joint the first of those that it stands with; each of them stands with itself.
pub(super) fn align(net: &Net, rows: &Lists<usize>, side: Side) -> Table<usize> {
    let count = net.joints.len();
    let mut places = Table::filled(count, 0_usize);
    let mut firsts = Table::filled(count, 0_usize);
    for joint in 0..count {
        firsts.set(joint, joint);
    }
    for row in rows.iter() {
        for (place, joint) in row.iter().enumerate() {
            places.set(*joint, place);
        }
    }
    for row in rows.iter().skip(1) {
        let mut pairs = Pairs::default();
        for weight in [Weight::Passing, Weight::Heavy, Weight::Usual, Weight::Light] {
            for (place, joint) in row.iter().enumerate() {
                if pairs.has(place) {
                    continue;
                }
                if let Some(other) = partner(net, *joint, weight, side, (&places, &pairs, place)) {
                    pairs.add(place, places.at(other));
                    firsts.set(*joint, firsts.at(other));
                }
            }
        }
    }
    firsts
}

/// The middle one of those that a joint is linked to by links of a weight, where it is still free and no pair is crossed.
fn partner(
    net: &Net,
    joint: usize,
    weight: Weight,
    side: Side,
    (places, pairs, place): (&Table<usize>, &Pairs, usize),
) -> Option<usize> {
    let links = if side.from_above {
        net.above.of(joint)
    } else {
        net.below.of(joint)
    };
    let linked = links.iter().filter(|link| link.weight == weight);
    let mut linked: Vec<usize> = linked
        .map(|link| {
            if side.from_above {
                link.upper
            } else {
                link.lower
            }
        })
        .collect();
    linked.sort_unstable_by_key(|other| places.at(*other));
    let middles = [linked.len().saturating_sub(1) / 2, linked.len() / 2];
    let mut found = middles
        .iter()
        .filter_map(|middle| linked.get(*middle).copied());
    found.find(|other| pairs.allow(place, places.at(*other)))
}

/// Places in a row, and those in the row before that they stand with: no two pairs cross.
#[derive(Default)]
struct Pairs(BTreeMap<usize, usize>);

impl Pairs {
    fn has(&self, place: usize) -> bool {
        self.0.contains_key(&place)
    }

    fn allow(&self, place: usize, other: usize) -> bool {
        let before = self.0.range(..place).next_back();
        let after = self.0.range(place + 1..).next();
        before.is_none_or(|(_, one)| *one < other) && after.is_none_or(|(_, one)| *one > other)
    }

    fn add(&mut self, place: usize, other: usize) {
        self.0.insert(place, other);
    }
}
