//! Boxes, and the places of lines in the rows that they pass: what is ordered and gets its `x`.

use std::collections::BTreeMap;

use super::orient::{Oriented, Sense};
use super::table::{Lists, Table};
use super::{LABEL_HEIGHT, Line, Vertex, Weight};

/// Places of lines at most. Beyond that, long lines run straight across: such a picture cannot be read anyway.
const PASSING_MAX: usize = 40_000;
/// So many lines of a group that arrive at the same vertex run together.
const TOGETHER_MIN: usize = 3;
/// Between a line that passes and what is beside it.
const LINE_HALF: f64 = 1.0;

/// A joint: a box, or the place of a line in a row that it passes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Joint {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) height: f64,
    pub(super) level: usize,
    pub(super) is_box: bool,
}

/// What is between two joints of neighbouring rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Link {
    pub(super) upper: usize,
    pub(super) lower: usize,
    pub(super) weight: Weight,
}

/// Joints in rows, and links between neighbouring rows. The first joints are the boxes, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Net {
    pub(super) joints: Table<Joint>,
    /// For each row its joints, from left to right.
    pub(super) levels: Lists<usize>,
    /// For each joint the links to the row above.
    pub(super) above: Lists<Link>,
    /// For each joint the links to the row below.
    pub(super) below: Lists<Link>,
    /// For each line its joints between its ends, from where it comes to where it goes.
    pub(super) chains: Lists<usize>,
    pub(super) senses: Table<Sense>,
}

impl Net {
    /// Gives each line its joints.
    pub(super) fn build(
        vertices: &[Vertex],
        lines: &[Line],
        oriented: &Oriented,
        ranks: &Table<usize>,
    ) -> Net {
        let rows = Rows::used(lines, oriented, ranks);
        let mut joints = Table::default();
        for (number, vertex) in vertices.iter().enumerate() {
            joints.push(Joint {
                left: vertex.left,
                right: vertex.right,
                height: vertex.height,
                level: rows.level(ranks.at(number)),
                is_box: true,
            });
        }
        let mut weaver = Weaver {
            joints,
            links: BTreeMap::new(),
            together: together(lines, oriented),
            shared: BTreeMap::new(),
            left: PASSING_MAX,
        };
        let mut chains = Lists::new(lines.len());
        for (number, line) in lines.iter().enumerate() {
            let ends = (ranks.at(line.from), ranks.at(line.to));
            let chain = match oriented.senses.at(number) {
                Sense::Down => weaver.down(line, ends, &rows),
                Sense::Back => weaver.back(line, ends, &rows),
                Sense::Loop => Vec::new(),
            };
            chains.replace(number, chain);
        }
        weaver.net(chains, oriented.senses.clone(), rows.count())
    }
}

/// The rows that hold something, numbered from above.
struct Rows(BTreeMap<usize, usize>);

impl Rows {
    fn used(lines: &[Line], oriented: &Oriented, ranks: &Table<usize>) -> Rows {
        let mut used: BTreeMap<usize, usize> = ranks.iter().map(|rank| (rank, 0)).collect();
        for (number, line) in lines.iter().enumerate() {
            match oriented.senses.at(number) {
                Sense::Down if line.label_width > 0.0 => {
                    used.insert(ranks.at(line.from) + 1, 0);
                }
                Sense::Back => {
                    used.insert(ranks.at(line.from) + 1, 0);
                    used.insert(ranks.at(line.to).saturating_sub(1), 0);
                }
                Sense::Down | Sense::Loop => {}
            }
        }
        for (level, place) in used.values_mut().enumerate() {
            *place = level;
        }
        Rows(used)
    }

    fn level(&self, rank: usize) -> usize {
        self.0.get(&rank).copied().unwrap_or_default()
    }

    fn count(&self) -> usize {
        self.0.len()
    }
}

/// The groups of lines that are many enough to run together.
fn together(lines: &[Line], oriented: &Oriented) -> BTreeMap<(usize, u8), usize> {
    let mut groups = BTreeMap::new();
    for (number, line) in lines.iter().enumerate() {
        if oriented.senses.at(number) == Sense::Down {
            *groups.entry((line.to, line.group)).or_insert(0) += 1;
        }
    }
    groups.retain(|_, count| *count >= TOGETHER_MIN);
    groups
}

struct Weaver {
    joints: Table<Joint>,
    links: BTreeMap<(usize, usize), Weight>,
    together: BTreeMap<(usize, u8), usize>,
    /// The joint of lines that run together, by where they go, their group, and the row.
    shared: BTreeMap<(usize, u8, usize), usize>,
    /// How many joints there may still be.
    left: usize,
}

impl Weaver {
    /// A line to a row below: its label first, then straight on.
    fn down(&mut self, line: &Line, (from, to): (usize, usize), rows: &Rows) -> Vec<usize> {
        let (first, last) = (rows.level(from) + 1, rows.level(to));
        let mut chain = Vec::new();
        let runs_together = self.together.contains_key(&(line.to, line.group));
        if last.saturating_sub(first) > self.left {
            return chain;
        }
        for level in first..last {
            let is_label = level == first && line.label_width > 0.0;
            let key = (line.to, line.group, level);
            let shared = self.shared.get(&key).filter(|_| runs_together && !is_label);
            let joint = match shared {
                Some(joint) => *joint,
                None if is_label => self.joint(level, line.label_width),
                None => self.joint(level, 0.0),
            };
            if runs_together && !is_label {
                self.shared.insert(key, joint);
            }
            chain.push(joint);
        }
        self.link(line, &chain, false);
        chain
    }

    /// A line back up: out below, around, and in from above.
    fn back(&mut self, line: &Line, (from, to): (usize, usize), rows: &Rows) -> Vec<usize> {
        let lowest = rows.level(from + 1);
        let highest = rows.level(to.saturating_sub(1));
        if lowest.saturating_sub(highest) > self.left {
            return Vec::new();
        }
        let mut chain = Vec::new();
        for level in (highest..=lowest).rev() {
            let width = if level == lowest {
                line.label_width
            } else {
                0.0
            };
            chain.push(self.joint(level, width));
        }
        self.link(line, &chain, true);
        chain
    }

    fn joint(&mut self, level: usize, label_width: f64) -> usize {
        self.left = self.left.saturating_sub(1);
        let half = (label_width / 2.0).max(LINE_HALF);
        self.joints.push(Joint {
            left: half,
            right: half,
            height: if label_width > 0.0 { LABEL_HEIGHT } else { 0.0 },
            level,
            is_box: false,
        })
    }

    fn link(&mut self, line: &Line, chain: &[usize], is_back: bool) {
        let (Some(&first), Some(&last)) = (chain.first(), chain.last()) else {
            // Neighbouring rows, or a line that is not led through the rows between.
            let (upper, lower) = (self.joints.at(line.from), self.joints.at(line.to));
            if lower.level == upper.level + 1 {
                self.tie(line.from, line.to, line.weight);
            }
            return;
        };
        self.tie(line.from, first, line.weight);
        for (one, other) in chain.iter().zip(chain.iter().skip(1)) {
            let (upper, lower) = if is_back { (other, one) } else { (one, other) };
            // What joins others must not bend them.
            let joins = !is_back && *one == first && line.label_width > 0.0;
            let is_shared = joins && self.together.contains_key(&(line.to, line.group));
            let weight = if is_shared {
                line.weight
            } else {
                Weight::Passing
            };
            self.tie(*upper, *lower, weight);
        }
        self.tie(last, line.to, line.weight);
    }

    fn tie(&mut self, upper: usize, lower: usize, weight: Weight) {
        let found = self.links.entry((upper, lower)).or_insert(weight);
        *found = weight.max(*found);
    }

    fn net(self, chains: Lists<usize>, senses: Table<Sense>, rows: usize) -> Net {
        let count = self.joints.len();
        let (mut above, mut below) = (Lists::new(count), Lists::new(count));
        for ((upper, lower), weight) in self.links {
            let link = Link {
                upper,
                lower,
                weight,
            };
            above.add(lower, link);
            below.add(upper, link);
        }
        Net {
            joints: self.joints,
            levels: Lists::new(rows),
            above,
            below,
            chains,
            senses,
        }
    }
}
