//! One line about one node: sign, name, word, time, and what else there is to say.

use anstyle::{AnsiColor, Style};
use passo_vocab::Timestamp;

use super::node::{Node, NodeStatus, Progress, Subject};
use crate::duration;
use crate::terminal::{Clean, width_of};

/// Characters of a progress bar.
const BAR_CHARACTERS: u64 = 12;

/// A line in pieces, each with its style.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pieces: Vec<(Style, String)>,
}

impl Line {
    pub(super) fn text(text: impl Into<String>) -> Line {
        Line::default().with(Style::new(), text)
    }

    pub(super) fn with(mut self, style: Style, text: impl Into<String>) -> Line {
        self.pieces.push((style, text.into()));
        self
    }

    pub(super) fn append(&mut self, other: Line) {
        self.pieces.extend(other.pieces);
    }

    /// The line with its colours, cut to `columns`.
    pub(super) fn paint(&self, columns: Option<usize>) -> String {
        let mut painted = String::new();
        let mut left = columns.unwrap_or(usize::MAX);
        for (style, text) in &self.pieces {
            let cut: String = text
                .chars()
                .take_while(|character| {
                    let width = width_of(*character);
                    let fits = width <= left;
                    left = if fits { left.saturating_sub(width) } else { 0 };
                    fits
                })
                .collect();
            painted.push_str(&format!("{style}{cut}{style:#}"));
        }
        painted
    }
}

/// The line of a node. `name` is padded to `name_columns`.
pub(super) fn describe(node: &Node, name: &str, name_columns: usize, now: Timestamp) -> Line {
    let (sign, word, style) = sign_and_word(node.status);
    let name = Clean::line(name).to_string();
    let missing = name_columns.saturating_sub(name.chars().map(width_of).sum());
    let since = node.ended.unwrap_or(now).millis_since(node.started);
    let elapsed = duration::show(since);
    let dim = Style::new().dimmed();
    let mut line = Line::default()
        .with(style, format!("{sign} "))
        .with(Style::new().bold(), name)
        .with(Style::new(), " ".repeat(missing.saturating_add(2)))
        .with(style, format!("{word:<9}"))
        .with(dim, format!("{elapsed:>8}"));
    for note in notes(node, now) {
        line = line.with(dim, "  ").with(Style::new(), note);
    }
    line
}

/// What a node is called.
pub(super) fn name_of(node: &Node) -> String {
    match &node.subject {
        Subject::Execution(name) | Subject::State(name) => name.to_string(),
        Subject::Branch(number) => format!("branch {}", number.saturating_add(1)),
        Subject::Item(number) => format!("item {number}"),
    }
}

fn sign_and_word(status: NodeStatus) -> (char, &'static str, Style) {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match status {
        NodeStatus::Running => ('●', "running", color(AnsiColor::Cyan)),
        NodeStatus::Waiting { .. } => ('◌', "waiting", color(AnsiColor::Cyan)),
        NodeStatus::BackingOff { .. } => ('↻', "retry", color(AnsiColor::Yellow)),
        NodeStatus::Succeeded => ('✔', "succeeded", color(AnsiColor::Green)),
        NodeStatus::Caught => ('!', "caught", color(AnsiColor::Yellow)),
        NodeStatus::Failed => ('✖', "failed", color(AnsiColor::Red)),
        NodeStatus::Aborted => ('⊘', "aborted", Style::new().dimmed()),
    }
}

fn notes(node: &Node, now: Timestamp) -> Vec<String> {
    let mut notes = Vec::new();
    match node.status {
        NodeStatus::BackingOff {
            retry,
            retries_max,
            until,
        } => {
            let wait = duration::show(until.millis_since(now));
            notes.push(format!("{retry}/{retries_max} in {wait}"));
        }
        NodeStatus::Waiting { until } => {
            notes.push(format!("for {}", duration::show(until.millis_since(now))));
        }
        _ if node.retries == 1 => notes.push("1 retry".to_owned()),
        _ if node.retries > 1 => notes.push(format!("{} retries", node.retries)),
        _ => {}
    }
    if let Some(progress) = node.progress {
        notes.push(progress_text(progress, node.status));
    }
    if let (Some(error), true) = (&node.failure, tells_failure(node.status)) {
        notes.push(Clean::line(error).to_string());
    }
    notes
}

fn tells_failure(status: NodeStatus) -> bool {
    match status {
        NodeStatus::BackingOff { .. } | NodeStatus::Caught | NodeStatus::Failed => true,
        NodeStatus::Running
        | NodeStatus::Waiting { .. }
        | NodeStatus::Succeeded
        | NodeStatus::Aborted => false,
    }
}

fn progress_text(progress: Progress, status: NodeStatus) -> String {
    let done = progress.succeeded.saturating_add(progress.failed);
    let total = progress.total.max(done);
    let mut text = String::new();
    if !status.is_over() && total > 0 {
        let filled = done.saturating_mul(BAR_CHARACTERS) / total;
        for position in 0..BAR_CHARACTERS {
            text.push(if position < filled { '▇' } else { '▁' });
        }
        text.push(' ');
    }
    text.push_str(&format!("{done}/{total}"));
    if progress.failed > 0 {
        text.push_str(&format!(" · {} failed", progress.failed));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::node::NodeId;

    fn check(status: NodeStatus, change: impl Fn(&mut Node), expect: &str) {
        let start = Timestamp::from_epoch_millis(0);
        let subject = Subject::State("Pay".into());
        let mut node = Node::new(subject, Some(NodeId(0)), start);
        node.status = status;
        change(&mut node);
        let line = describe(&node, &name_of(&node), 5, start.plus_millis(2400));
        let mut text = String::new();
        for (_, piece) in &line.pieces {
            text.push_str(piece);
        }
        assert_eq!(text, expect);
    }

    #[test]
    fn lines_have_words_as_well_as_signs() {
        check(NodeStatus::Running, |_| {}, "● Pay    running      2.4s");
        check(
            NodeStatus::BackingOff {
                retry: 2,
                retries_max: 5,
                until: Timestamp::from_epoch_millis(4400),
            },
            |node| node.failure = Some("Busy".into()),
            "↻ Pay    retry        2.4s  2/5 in 2.0s  Busy",
        );
        check(
            NodeStatus::Succeeded,
            |node| {
                node.retries = 2;
                node.ended = Some(Timestamp::from_epoch_millis(30));
                node.failure = Some("Busy".into());
            },
            "✔ Pay    succeeded    30ms  2 retries",
        );
        check(
            NodeStatus::Running,
            |node| {
                node.progress = Some(Progress {
                    total: 64,
                    succeeded: 37,
                    failed: 1,
                });
            },
            "● Pay    running      2.4s  ▇▇▇▇▇▇▇▁▁▁▁▁ 38/64 · 1 failed",
        );
    }

    #[test]
    fn lines_are_cut_to_the_terminal() {
        let line = Line::text("abc").with(Style::new(), "漢字x");
        assert_eq!(line.paint(Some(6)), "abc漢");
        assert_eq!(line.paint(Some(2)), "ab");
        assert_eq!(line.paint(None), "abc漢字x");
    }
}
