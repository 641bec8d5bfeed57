//! The order of the joints in each row: few lines cross, and what belongs together is beside each other.

use super::Line;
use super::net::{Link, Net};
use super::table::{Lists, Table};

/// How often all rows are gone through.
const SWEEPS: usize = 12;
/// Without getting better so often, it ends.
const PATIENCE: usize = 4;
/// In nets with more joints than this rows are gone through twice only, and neighbours are not exchanged.
const MANY: usize = 10_000;
/// Pairs of links that are compared when neighbours are exchanged, for each joint.
const PAIRS_MAX: usize = 400;

/// Orders the rows.
pub(super) fn order(net: &mut Net, lines: &[Line]) {
    first(net, lines);
    let mut best = net.levels.clone();
    let mut fewest = crossings(net);
    let mut failures = 0;
    let is_large = net.joints.len() > MANY;
    for sweep in 0..if is_large { 2 } else { SWEEPS } {
        if fewest == 0 || failures >= PATIENCE {
            break;
        }
        sort_all(net, sweep % 2 == 0, sweep % 4 >= 2);
        if !is_large {
            exchange_all(net);
        }
        let found = crossings(net);
        if found < fewest {
            fewest = found;
            best = net.levels.clone();
            failures = 0;
        } else {
            failures += 1;
        }
    }
    net.levels = best;
}

/// Everything in the order in which a reader comes to it.
fn first(net: &mut Net, lines: &[Line]) {
    let boxes = (0..net.joints.len()).take_while(|joint| net.joints.at(*joint).is_box);
    let count = boxes.count();
    let mut leaving = Lists::new(count);
    for (number, line) in lines.iter().enumerate() {
        leaving.add(line.from, number);
    }
    let mut is_placed = Table::filled(net.joints.len(), false);
    let mut levels = Lists::new(net.levels.len());
    let mut place = |joint: usize| {
        let is_new = !is_placed.at(joint);
        if is_new {
            is_placed.set(joint, true);
            levels.add(net.joints.at(joint).level, joint);
        }
        is_new
    };
    for root in 0..count {
        let mut stack = Vec::new();
        if place(root) {
            stack.push((root, 0_usize));
        }
        while let Some((vertex, next)) = stack.pop() {
            let Some(&number) = leaving.of(vertex).get(next) else {
                continue;
            };
            stack.push((vertex, next + 1));
            for joint in net.chains.of(number) {
                place(*joint);
            }
            let to = lines.get(number).map_or(vertex, |line| line.to);
            if place(to) {
                stack.push((to, 0));
            }
        }
    }
    net.levels = levels;
}

/// For each joint its place in its row.
pub(super) fn places(net: &Net) -> Table<usize> {
    let mut places = Table::filled(net.joints.len(), 0);
    for level in net.levels.iter() {
        for (place, joint) in level.iter().enumerate() {
            places.set(*joint, place);
        }
    }
    places
}

/// Goes through all rows, and puts each joint below or above the middle of what it is linked to.
fn sort_all(net: &mut Net, goes_down: bool, prefers_right: bool) {
    let mut places = places(net);
    let count = net.levels.len();
    for step in 1..count {
        let level = if goes_down { step } else { count - 1 - step };
        let row = net.levels.of(level);
        let wish = |joint: &usize| -> Option<f64> {
            let links = if goes_down {
                net.above.of(*joint)
            } else {
                net.below.of(*joint)
            };
            middle(links, goes_down, &places)
        };
        let wishes: Vec<(usize, Option<f64>)> =
            row.iter().map(|joint| (*joint, wish(joint))).collect();
        let sorted = sorted(wishes, prefers_right);
        for (place, joint) in sorted.iter().enumerate() {
            places.set(*joint, place);
        }
        net.levels.replace(level, sorted);
    }
}

/// The mean place of what a joint is linked to, heavier links counting more.
fn middle(links: &[Link], goes_down: bool, places: &Table<usize>) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for link in links {
        let weight = match link.weight {
            super::Weight::Light => 1.0,
            super::Weight::Usual => 2.0,
            super::Weight::Heavy | super::Weight::Passing => 4.0,
        };
        let other = if goes_down { link.upper } else { link.lower };
        sum += weight * number(places.at(other));
        weights += weight;
    }
    (weights > 0.0).then(|| sum / weights)
}

fn number(place: usize) -> f64 {
    u32::try_from(place).map_or(f64::MAX, f64::from)
}

/// Those with a wish by their wishes; the others stay where they are.
fn sorted(row: Vec<(usize, Option<f64>)>, prefers_right: bool) -> Vec<usize> {
    let wishing = row
        .iter()
        .filter_map(|(joint, wish)| wish.map(|wish| (wish, *joint)));
    let mut wishing: Vec<(f64, usize)> = wishing.collect();
    if prefers_right {
        wishing.reverse();
    }
    wishing.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut wishing = wishing.into_iter();
    let put = |(joint, wish): (usize, Option<f64>)| match wish {
        None => Some(joint),
        Some(_) => wishing.next().map(|(_, joint)| joint),
    };
    row.into_iter().filter_map(put).collect()
}

/// Exchanges neighbours wherever fewer lines cross then.
fn exchange_all(net: &mut Net) {
    let mut places = places(net);
    for _ in 0..4 {
        let mut has_changed = false;
        for level in 0..net.levels.len() {
            let count = net.levels.of(level).len();
            for place in 1..count {
                let row = net.levels.of(level);
                let (Some(&left), Some(&right)) = (row.get(place - 1), row.get(place)) else {
                    continue;
                };
                if gain(net, &places, left, right) > 0 {
                    net.levels.swap(level, place - 1);
                    places.set(left, place);
                    places.set(right, place - 1);
                    has_changed = true;
                }
            }
        }
        if !has_changed {
            return;
        }
    }
}

/// How many crossings fewer there are when two neighbours change places.
fn gain(net: &Net, places: &Table<usize>, left: usize, right: usize) -> i64 {
    let upper = |link: &Link| places.at(link.upper);
    let lower = |link: &Link| places.at(link.lower);
    difference(net.above.of(left), net.above.of(right), upper)
        + difference(net.below.of(left), net.below.of(right), lower)
}

fn difference(left: &[Link], right: &[Link], end: impl Fn(&Link) -> usize) -> i64 {
    if left.len().saturating_mul(right.len()) > PAIRS_MAX {
        return 0;
    }
    let mut gain = 0;
    for one in left {
        for other in right {
            gain += match end(one).cmp(&end(other)) {
                std::cmp::Ordering::Greater => 1,
                std::cmp::Ordering::Less => -1,
                std::cmp::Ordering::Equal => 0,
            };
        }
    }
    gain
}

/// How many lines cross.
pub(super) fn crossings(net: &Net) -> usize {
    let places = places(net);
    let rows = net.levels.iter();
    rows.map(|row| crossings_below(net, row, &places)).sum()
}

/// Between a row and the next: counted in a tree of sums (Barth, Jünger and Mutzel 2002).
fn crossings_below(net: &Net, row: &[usize], places: &Table<usize>) -> usize {
    let mut ends = Vec::new();
    for joint in row {
        let mut own: Vec<usize> = net
            .below
            .of(*joint)
            .iter()
            .map(|link| places.at(link.lower))
            .collect();
        own.sort_unstable();
        ends.extend(own);
    }
    let size = ends.iter().max().map_or(0, |most| most + 1);
    let mut tree: Table<usize> = Table::filled(size + 1, 0);
    let mut crossings = 0;
    for (before, end) in ends.iter().enumerate() {
        let mut place = end + 1;
        let mut not_right = 0;
        while place > 0 {
            not_right += tree.at(place);
            place &= place - 1;
        }
        crossings += before - not_right;
        let mut place = end + 1;
        while place <= size {
            tree.set(place, tree.at(place) + 1);
            place += place & place.wrapping_neg();
        }
    }
    crossings
}
