//! The tree on a terminal, or as lines that are only ever added.

use std::io::Write;

use anstyle::Style;
use passo_testkit::Seen;
use passo_vocab::Timestamp;

use super::layout;
use super::line::{Line, describe, name_of, width_of};
use super::model::Model;
use super::node::{NodeId, NodeStatus, Subject};
use crate::duration;
use crate::terminal::{Clean, TerminalSize};

/// Widest column of names.
const NAME_COLUMNS_MAX: usize = 40;

/// How the tree is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Not at all.
    Nothing,
    /// A line for each thing that happened.
    Lines,
    /// The tree itself, painted anew as it changes.
    Tree,
}

/// Shows a [`Model`] on standard error.
pub struct Screen<'a> {
    model: Model<'a>,
    show: Show,
    name_columns: usize,
    /// Lines of the tree that will be painted over.
    painted: usize,
    /// States of the execution that are over and stay as they are.
    settled: usize,
    begun: bool,
}

impl<'a> Screen<'a> {
    /// A screen for `model`, whose longest name is among `names`.
    pub fn new<'n>(
        model: Model<'a>,
        show: Show,
        names: impl Iterator<Item = &'n str>,
    ) -> Screen<'a> {
        let widest = names
            .map(|name| name.chars().map(width_of).sum::<usize>())
            .max()
            .unwrap_or(0);
        Screen {
            model,
            show,
            name_columns: widest.min(NAME_COLUMNS_MAX),
            painted: 0,
            settled: 0,
            begun: false,
        }
    }

    /// What is shown.
    pub fn model(&self) -> &Model<'a> {
        &self.model
    }

    /// Takes an event in, and shows it where lines are added.
    pub fn seen(&mut self, seen: &Seen<'_>) {
        self.model.seen(seen);
        let news = self.model.take_news();
        if self.show != Show::Lines {
            return;
        }
        let mut lines = Vec::new();
        if !self.begun {
            self.begun = true;
            lines.extend(self.heading());
        }
        lines.extend(news.into_iter().filter_map(|id| self.news_line(id)));
        self.print(&lines);
    }

    /// Paints the tree anew, where it is painted. `now` is the time of the execution.
    pub fn repaint(&mut self, now: Timestamp) {
        if self.show == Show::Tree {
            self.paint(now, false, None);
        }
    }

    /// Shows a line of a function's log.
    pub fn log(&mut self, function: &str, line: &str, now: Timestamp) {
        let line = Line::default()
            .with(
                Style::new().dimmed(),
                format!("  {} | ", Clean::line(function)),
            )
            .with(Style::new(), Clean::line(line).to_string());
        match self.show {
            Show::Tree => self.paint(now, false, Some(&line)),
            Show::Lines | Show::Nothing => self.print(&[line]),
        }
    }

    /// Shows the end: what is left of the tree, and how the execution ended.
    pub fn finish(&mut self, now: Timestamp) {
        match self.show {
            Show::Nothing => return,
            Show::Lines => {}
            Show::Tree => self.paint(now, true, None),
        }
        let lines: Vec<Line> = self.ending(now).into_iter().collect();
        self.print(&lines);
    }

    fn heading(&self) -> Option<Line> {
        let root = self.model.node(self.model.root()?)?;
        let name = Clean::line(&name_of(root)).to_string();
        Some(Line::default().with(Style::new().bold(), name))
    }

    fn ending(&self, now: Timestamp) -> Option<Line> {
        let root = self.model.node(self.model.root()?)?;
        let word = match root.status {
            NodeStatus::Succeeded => "succeeded",
            NodeStatus::Failed => "failed",
            NodeStatus::Aborted => "aborted",
            NodeStatus::Caught
            | NodeStatus::Running
            | NodeStatus::Waiting { .. }
            | NodeStatus::BackingOff { .. } => return None,
        };
        let elapsed = duration::show(root.ended.unwrap_or(now).millis_since(root.started));
        let states = self.model.states_entered();
        let plural = if states == 1 { "" } else { "s" };
        Some(Line::text(format!(
            "{word} in {elapsed}, {states} state{plural} entered"
        )))
    }

    /// The line of a node in a list of lines: its name says what it is part of.
    fn news_line(&self, id: NodeId) -> Option<Line> {
        let node = self.model.node(id)?;
        let Subject::State(_) = node.subject else {
            return None;
        };
        if node.status == NodeStatus::Succeeded && self.is_one_of_many(id) {
            return None;
        }
        let path = self.model.path(id);
        let names: Vec<String> = path
            .iter()
            .skip(1)
            .filter_map(|part| self.model.node(*part).map(name_of))
            .collect();
        let line = describe(
            node,
            &names.join(" / "),
            self.name_columns,
            self.model.now(),
        );
        Some(line)
    }

    fn is_one_of_many(&self, id: NodeId) -> bool {
        let mut path = self.model.path(id);
        path.pop();
        path.iter().any(|part| {
            let progress = self.model.node(*part).and_then(|node| node.progress);
            progress.is_some_and(|progress| progress.total > layout::ITEMS_SHOWN_MAX)
        })
    }

    fn paint(&mut self, now: Timestamp, all: bool, above: Option<&Line>) {
        let Some(root) = self.model.root() else {
            self.print(above.map(std::slice::from_ref).unwrap_or_default());
            return;
        };
        let size = TerminalSize::of_stderr();
        let mut out = String::new();
        if self.painted > 0 {
            out.push_str(&format!("\x1b[{}A\r\x1b[J", self.painted));
        }
        let columns = size.map(|size| size.columns.saturating_sub(1));
        let mut add = |line: &Line| {
            out.push_str(&line.paint(columns));
            out.push('\n');
        };
        above.into_iter().for_each(&mut add);
        if !self.begun {
            self.begun = true;
            self.heading().iter().for_each(&mut add);
        }
        let states = self
            .model
            .node(root)
            .map(|node| node.children.clone())
            .unwrap_or_default();
        let tree = layout::Layout {
            model: &self.model,
            name_columns: self.name_columns,
            now,
        };
        let over = |id: &NodeId| {
            all || self
                .model
                .node(*id)
                .is_some_and(|node| node.status.is_over())
        };
        let settled = states
            .iter()
            .skip(self.settled)
            .take_while(|id| over(id))
            .count();
        for id in states.iter().skip(self.settled).take(settled) {
            tree.lines(*id).iter().for_each(&mut add);
        }
        self.settled = self.settled.saturating_add(settled);
        let mut moving = Vec::new();
        for id in states.iter().skip(self.settled) {
            moving.extend(tree.lines(*id));
        }
        let room = size.map_or(24, |size| size.rows).saturating_sub(3).max(1);
        let hidden = moving.len().saturating_sub(room);
        moving.truncate(room);
        if hidden > 0 {
            moving.push(Line::text(format!("  … {hidden} more lines")));
        }
        moving.iter().for_each(&mut add);
        self.painted = moving.len();
        let mut stderr = anstream::stderr().lock();
        let _ = stderr.write_all(out.as_bytes());
        let _ = stderr.flush();
    }

    fn print(&self, lines: &[Line]) {
        let mut out = String::new();
        for line in lines {
            out.push_str(&line.paint(None));
            out.push('\n');
        }
        let _ = anstream::stderr().lock().write_all(out.as_bytes());
    }
}
