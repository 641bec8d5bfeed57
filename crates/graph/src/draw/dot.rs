//! A workflow as a graph for Graphviz, which lays out by itself.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::definition::StateType;
use crate::picture::{Node, NodeKind, Picture};
use crate::standing::Standings;
use crate::way::WayKind;

/// Writes a picture as a graph, and with `standings` how an execution stands.
pub fn dot(picture: &Picture, standings: Option<&Standings>) -> String {
    let mut out = "digraph workflow {\n    graph [rankdir=TB, fontname=\"sans-serif\"];\n    node [shape=box, style=\"rounded,filled\", \
         fillcolor=\"#ffffff\", color=\"#98a2b3\", fontname=\"sans-serif\", fontsize=12];\n    edge [color=\"#98a2b3\", \
         fontname=\"sans-serif\", fontsize=10];\n"
        .to_owned();
    let mut open: Vec<&Node> = Vec::new();
    for (number, node) in picture.nodes.iter().enumerate() {
        close(&mut out, &mut open, Some(node));
        let indent = 4 * (open.len() + 1);
        let text = quoted(&node.name);
        let colors = standings
            .and_then(|standings| standings.of(&node.name))
            .filter(|_| node.kind.state().is_some())
            .map(|status| super::Theme::Light.status(status));
        let look = colors.map_or(String::new(), |(line, fill, _)| {
            format!(", color=\"{line}\", fillcolor=\"{fill}\"")
        });
        let line = match node.kind {
            NodeKind::Start => format!("n{number} [label=\"\", shape=circle, width=0.2];"),
            NodeKind::End => format!("n{number} [label=\"\", shape=doublecircle, width=0.15];"),
            NodeKind::Container(_) | NodeKind::Branch => {
                open.push(node);
                let style = if node.kind == NodeKind::Branch {
                    "dashed"
                } else {
                    "rounded"
                };
                let color = colors.map_or("#d8dde5", |(line, _, _)| line);
                format!(
                    "subgraph cluster_{number} {{ label=\"{text}\"; style={style}; color=\"{color}\";"
                )
            }
            NodeKind::State(StateType::Choice) => {
                format!("n{number} [label=\"{text}\", shape=diamond, style=filled{look}];")
            }
            NodeKind::State(_) => format!("n{number} [label=\"{text}\"{look}];"),
        };
        put(&mut out, indent, &line);
    }
    close(&mut out, &mut open, None);
    edges(picture, &mut out);
    out.push_str("}\n");
    out
}

fn edges(picture: &Picture, out: &mut String) {
    let numbers = picture.nodes.iter().enumerate();
    let numbers: BTreeMap<&str, usize> =
        numbers.map(|(number, node)| (&*node.id, number)).collect();
    let ends = Ends { picture, numbers };
    for edge in &picture.edges {
        let (from, to) = (ends.of(&edge.source, false), ends.of(&edge.target, true));
        let style = if edge.kind == WayKind::Catch {
            ", style=dashed"
        } else {
            ""
        };
        let label = quoted(&edge.label);
        put(
            out,
            4,
            &format!("n{from} -> n{to} [label=\"{label}\"{style}];"),
        );
    }
}

struct Ends<'a> {
    picture: &'a Picture,
    numbers: BTreeMap<&'a str, usize>,
}

impl Ends<'_> {
    /// A node for an end of a line. Lines of Graphviz have no containers at their ends: the start or the end of the first
    /// scope inside stands for them.
    fn of(&self, id: &str, is_target: bool) -> usize {
        let number = self.numbers.get(id).copied().unwrap_or_default();
        let node = self.picture.nodes.get(number);
        if !node.is_some_and(|node| matches!(node.kind, NodeKind::Container(_))) {
            return number;
        }
        let inner = |name: &str| {
            self.numbers
                .get(format!("{id}/0/>{name}").as_str())
                .copied()
        };
        let wanted = if is_target {
            inner("start")
        } else {
            inner("end")
        };
        wanted.or_else(|| inner("start")).unwrap_or(number)
    }
}

fn close<'a>(out: &mut String, open: &mut Vec<&'a Node>, node: Option<&'a Node>) {
    while let Some(last) = open.last() {
        if node.is_some_and(|node| node.id.starts_with(&format!("{}/", last.id))) {
            return;
        }
        open.pop();
        put(out, 4 * (open.len() + 1), "}");
    }
}

fn put(out: &mut String, indent: usize, text: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{:indent$}{text}", "");
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}
