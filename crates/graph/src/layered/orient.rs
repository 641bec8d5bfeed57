//! Which lines go back up.

use super::Line;
use super::table::{Lists, Table};

/// What a line is to the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sense {
    /// From a row to one below.
    #[default]
    Down,
    /// Back to where one was before.
    Back,
    /// To where it comes from.
    Loop,
}

/// The lines as rows need them: without circles.
#[derive(Debug)]
pub(super) struct Oriented {
    pub(super) senses: Table<Sense>,
    /// From, to, and the line's number; the upper end first, loops left out.
    pub(super) down: Vec<(usize, usize, usize)>,
    /// The vertices that a reader comes to from vertex 0.
    pub(super) is_reached: Table<bool>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mark {
    #[default]
    New,
    /// On the way from where the search began.
    Open,
    Done,
}

/// Goes through the lines as a reader would, from vertex 0 on: a line to a vertex on the way here goes back.
pub(super) fn orient(count: usize, lines: &[Line]) -> Oriented {
    let mut leaving = Lists::new(count);
    for (number, line) in lines.iter().enumerate() {
        leaving.add(line.from, (line.to, number));
    }
    let mut senses = Table::filled(lines.len(), Sense::Down);
    let mut marks = Table::filled(count, Mark::New);
    let mut is_reached = Table::filled(count, false);
    for root in 0..count {
        if marks.at(root) != Mark::New {
            continue;
        }
        let mut stack = vec![(root, 0_usize)];
        marks.set(root, Mark::Open);
        while let Some((vertex, next)) = stack.pop() {
            is_reached.set(vertex, root == 0);
            let Some(&(to, number)) = leaving.of(vertex).get(next) else {
                marks.set(vertex, Mark::Done);
                continue;
            };
            stack.push((vertex, next + 1));
            match marks.at(to) {
                Mark::Open if to == vertex => senses.set(number, Sense::Loop),
                Mark::Open => senses.set(number, Sense::Back),
                Mark::New => {
                    marks.set(to, Mark::Open);
                    stack.push((to, 0));
                }
                Mark::Done => {}
            }
        }
    }
    let oriented = |(number, line): (usize, &Line)| match senses.at(number) {
        Sense::Down => Some((line.from, line.to, number)),
        Sense::Back => Some((line.to, line.from, number)),
        Sense::Loop => None,
    };
    let down = lines.iter().enumerate().filter_map(oriented).collect();
    Oriented {
        senses,
        down,
        is_reached,
    }
}
