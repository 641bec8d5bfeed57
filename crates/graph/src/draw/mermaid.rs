//! A workflow as a Mermaid flowchart. Mermaid lays out by itself: only what is connected with what is told.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::definition::StateType;
use crate::picture::{Edge, Node, NodeKind, Picture};
use crate::standing::{Standings, Status};
use crate::way::WayKind;

const STATUSES: [Status; 5] = [
    Status::Succeeded,
    Status::Running,
    Status::Caught,
    Status::Failed,
    Status::Aborted,
];

/// Writes a picture as a flowchart, and with `standings` how an execution stands.
pub fn mermaid(picture: &Picture, standings: Option<&Standings>) -> String {
    // Names may hold anything, so that ids are numbers.
    let numbers = picture.nodes.iter().enumerate();
    let numbers: BTreeMap<&str, usize> =
        numbers.map(|(number, node)| (&*node.id, number)).collect();
    let mut chart = Chart {
        picture,
        numbers,
        standings,
        out: "flowchart TD\n".to_owned(),
    };
    let mut open: Vec<(&Node, bool)> = Vec::new();
    for (number, node) in picture.nodes.iter().enumerate() {
        chart.close_until(&mut open, Some(node));
        chart.node(number, node, &mut open);
    }
    chart.close_until(&mut open, None);
    for edge in &picture.edges {
        chart.edge(edge);
    }
    chart.classes();
    chart.out
}

struct Chart<'a> {
    picture: &'a Picture,
    numbers: BTreeMap<&'a str, usize>,
    standings: Option<&'a Standings>,
    out: String,
}

impl<'a> Chart<'a> {
    fn line(&mut self, depth: usize, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = writeln!(self.out, "{:1$}{text}", "", 4 * (depth + 1));
    }

    /// Ends the groups that a node is not inside of.
    fn close_until(&mut self, open: &mut Vec<(&'a Node, bool)>, node: Option<&Node>) {
        while let Some((last, _)) = open.last() {
            if node.is_some_and(|node| node.id.starts_with(&format!("{}/", last.id))) {
                return;
            }
            open.pop();
            self.line(open.len(), format_args!("end"));
        }
    }

    fn node(&mut self, number: usize, node: &'a Node, open: &mut Vec<(&'a Node, bool)>) {
        let (depth, text) = (open.len(), quoted(&node.name));
        match node.kind {
            NodeKind::Start if node.depth == 0 => {
                self.line(depth, format_args!("n{number}([\"Start\"])"));
            }
            NodeKind::End if node.depth == 0 => {
                self.line(depth, format_args!("n{number}([\"End\"])"));
            }
            NodeKind::Start | NodeKind::End => self.line(depth, format_args!("n{number}((\" \"))")),
            NodeKind::Container(_) => {
                self.line(depth, format_args!("subgraph n{number} [\"{text}\"]"));
                open.push((node, true));
            }
            NodeKind::Branch => {
                self.line(depth, format_args!("subgraph n{number} [\" \"]"));
                open.push((node, true));
            }
            NodeKind::State(StateType::Choice) => {
                self.line(depth, format_args!("n{number}{{\"{text}\"}}"));
            }
            NodeKind::State(StateType::Succeed | StateType::Fail) => {
                self.line(depth, format_args!("n{number}([\"{text}\"])"));
            }
            NodeKind::State(_) => self.line(depth, format_args!("n{number}[\"{text}\"]")),
        }
    }

    fn edge(&mut self, edge: &Edge) {
        let of = |id: &str| self.numbers.get(id).copied().unwrap_or_default();
        let (from, to) = (of(&edge.source), of(&edge.target));
        let arrow = if edge.kind == WayKind::Catch {
            "-.->"
        } else {
            "-->"
        };
        let label = match edge.label.as_str() {
            "" => String::new(),
            label => format!("|\"{}\"|", quoted(label)),
        };
        self.line(0, format_args!("n{from} {arrow}{label} n{to}"));
    }

    fn classes(&mut self) {
        let Some(standings) = self.standings else {
            return;
        };
        for status in STATUSES {
            let nodes = self.picture.nodes.iter().enumerate();
            let stand = nodes.filter(|(_, node)| {
                node.kind.state().is_some() && standings.of(&node.name) == Some(status)
            });
            let ids: Vec<String> = stand.map(|(number, _)| format!("n{number}")).collect();
            if ids.is_empty() {
                continue;
            }
            let (line, fill, text) = super::Theme::Light.status(status);
            let name = status.name();
            self.line(
                0,
                format_args!("classDef {name} fill:{fill},stroke:{line},color:{text}"),
            );
            self.line(0, format_args!("class {} {name}", ids.join(",")));
        }
    }
}

/// Text between quotation marks: Mermaid knows entities by their numbers.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | ';' | '`' | '\\' => {
                // Writing to a string does not fail.
                let _ = write!(out, "#{};", u32::from(character));
            }
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}
