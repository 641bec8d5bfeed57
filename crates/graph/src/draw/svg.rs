//! A picture as an SVG document that needs nothing else: no script, no style sheet, no font of its own.

use std::fmt::Write;

use super::icon;
use super::theme::{Ground, Theme};
use crate::definition::StateType;
use crate::layout::label_width;
use crate::picture::{Edge, Node, NodeKind, Picture};
use crate::rule::shortened;
use crate::shape::tenth;
use crate::standing::{Standings, Status};
use crate::way::WayKind;

/// Around the picture.
const MARGIN: f64 = 20.0;
/// Of a name in a box; a longer one is cut, and told whole by the box's title.
const NAME_CHARACTERS: usize = 27;
const FONTS: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif";

/// Draws a picture, and with `standings` how an execution stands.
pub fn svg(picture: &Picture, theme: Theme, standings: Option<&Standings>) -> String {
    let ground = theme.ground();
    let mut drawing = Drawing {
        out: String::with_capacity(512 * (picture.nodes.len() + picture.edges.len()) + 1024),
        theme,
        ground,
        standings,
    };
    let (width, height) = (
        (picture.width + 2.0 * MARGIN).ceil(),
        (picture.height + 2.0 * MARGIN).ceil(),
    );
    drawing.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"{left} {left} {width} {height}\" \
         font-family=\"{FONTS}\">\n<rect x=\"{left}\" y=\"{left}\" width=\"{width}\" height=\"{height}\" fill=\"{page}\"/>\n",
        left = -MARGIN,
        page = ground.page,
    ));
    for node in &picture.nodes {
        drawing.node(node);
    }
    // Ways that were taken are above the others, and labels above all.
    for is_above in [false, true] {
        for edge in &picture.edges {
            if drawing.is_taken(edge) == is_above {
                drawing.edge(edge, is_above);
            }
        }
    }
    for edge in &picture.edges {
        drawing.label(edge);
    }
    drawing.out.push_str("</svg>\n");
    drawing.out
}

struct Drawing<'a> {
    out: String,
    theme: Theme,
    ground: Ground,
    standings: Option<&'a Standings>,
}

/// How a text looks.
#[derive(Clone, Copy)]
struct Look {
    size: u32,
    weight: u32,
    color: &'static str,
    anchor: &'static str,
}

impl Drawing<'_> {
    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.out.write_fmt(text);
    }

    fn status(&self, node: &Node) -> Option<Status> {
        self.standings?.of(&node.name)
    }

    fn is_taken(&self, edge: &Edge) -> bool {
        let Some(standings) = self.standings else {
            return false;
        };
        let went = standings.went(&edge.from, &edge.to);
        let caught = standings.of(&edge.from) == Some(Status::Caught);
        match edge.kind {
            WayKind::Catch => went && caught,
            WayKind::Next | WayKind::Choice | WayKind::Default => went && !caught,
        }
    }

    fn node(&mut self, node: &Node) {
        match node.kind {
            NodeKind::Start | NodeKind::End => self.end(node),
            NodeKind::Branch => {
                let border = self.ground.border;
                self.rect(node, 10.0, "none", border, " stroke-dasharray=\"4 4\"");
            }
            NodeKind::Container(kind) => self.container(node, kind),
            NodeKind::State(kind) => self.state(node, kind),
        }
    }

    fn end(&mut self, node: &Node) {
        let Ground {
            card, line, quiet, ..
        } = self.ground;
        self.rect(node, node.height / 2.0, card, line, "");
        if node.depth == 0 {
            let text = if node.kind == NodeKind::Start {
                "Start"
            } else {
                "End"
            };
            let look = Look {
                size: 12,
                weight: 400,
                color: quiet,
                anchor: "middle",
            };
            let (x, y) = (
                node.at.x + node.width / 2.0,
                node.at.y + node.height / 2.0 + 4.0,
            );
            self.text((x, y), text, look);
        }
    }

    fn container(&mut self, node: &Node, kind: StateType) {
        let status = self.status(node);
        let (line, _, _) = self.colors(status);
        let fill = self.ground.container;
        self.open(node, status);
        self.rect(node, 14.0, fill, line, "");
        let (x, y) = (node.at.x, node.at.y);
        self.icon(
            (x + 14.0, y + 13.0),
            icon::of_state(kind),
            self.ground.quiet,
            2,
        );
        self.name((x + 38.0, y + 26.0), &node.name, self.ground.text);
        let small = Look {
            size: 11,
            weight: 400,
            color: self.ground.quiet,
            anchor: "end",
        };
        let mut right = x + node.width - 16.0;
        if let Some(status) = status {
            let (_, _, color) = self.theme.status(status);
            self.icon((right - 14.0, y + 13.0), icon::of_status(status), color, 3);
            right -= 24.0;
        }
        if node.width > 330.0 {
            self.text((right, y + 26.0), &node.subtitle, small);
        }
        self.out.push_str("</g>\n");
    }

    fn state(&mut self, node: &Node, kind: StateType) {
        let status = self.status(node);
        let (line, fill, text) = self.colors(status);
        let rounded = if kind == StateType::Choice {
            node.height / 2.0
        } else {
            10.0
        };
        let is_idle = self.standings.is_some() && status.is_none();
        let dashes = if is_idle {
            " stroke-dasharray=\"5 4\""
        } else {
            ""
        };
        self.open(node, status);
        self.rect(node, rounded, fill, line, dashes);
        let middle = node.at.y + node.height / 2.0;
        let left = node.at.x
            + if kind == StateType::Choice {
                20.0
            } else {
                14.0
            };
        let quiet = self.ground.quiet;
        self.icon(
            (left, middle - 8.0),
            icon::of_state(kind),
            if status.is_some() { text } else { quiet },
            2,
        );
        let name = if is_idle { quiet } else { self.ground.text };
        self.name((left + 26.0, middle - 3.0), &node.name, name);
        let small = Look {
            size: 11,
            weight: 400,
            color: quiet,
            anchor: "start",
        };
        let mut below = shortened(&node.subtitle, 30);
        if let Some(status) = status {
            let right = node.at.x + node.width
                - if kind == StateType::Choice {
                    34.0
                } else {
                    28.0
                };
            self.icon((right, middle - 8.0), icon::of_status(status), text, 3);
            below = format!("{} · {}", shortened(&node.subtitle, 18), status.name());
        }
        self.text((left + 26.0, middle + 14.0), &below, small);
        self.out.push_str("</g>\n");
    }

    /// Of a status, or of none: line, ground, text.
    fn colors(&self, status: Option<Status>) -> (&'static str, &'static str, &'static str) {
        match status {
            Some(status) => self.theme.status(status),
            None => (self.ground.line, self.ground.card, self.ground.quiet),
        }
    }

    /// A group with a title, which a pointer shows and a screen reader says.
    fn open(&mut self, node: &Node, status: Option<Status>) {
        let status = status.map(|status| format!(": {}", status.name()));
        let title = escaped(&format!("{}{}", node.name, status.unwrap_or_default()));
        self.put(format_args!("<g><title>{title}</title>"));
    }

    fn rect(&mut self, node: &Node, round: f64, fill: &str, line: &str, more: &str) {
        let Node {
            at, width, height, ..
        } = node;
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{round}\" fill=\"{fill}\" stroke=\"{line}\" stroke-width=\"1.5\"{more}/>",
            tenth(at.x),
            tenth(at.y),
            tenth(*width),
            tenth(*height),
        ));
    }

    fn icon(&mut self, (x, y): (f64, f64), path: &str, color: &str, stroke: u32) {
        self.put(format_args!(
            "<path transform=\"translate({} {}) scale(.667)\" d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{stroke}\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\"/>",
            tenth(x),
            tenth(y),
        ));
    }

    fn name(&mut self, at: (f64, f64), name: &str, color: &'static str) {
        let look = Look {
            size: 13,
            weight: 600,
            color,
            anchor: "start",
        };
        self.text(at, &shortened(name, NAME_CHARACTERS), look);
    }

    fn text(&mut self, (x, y): (f64, f64), text: &str, look: Look) {
        let Look {
            size,
            weight,
            color,
            anchor,
        } = look;
        let text = escaped(text);
        self.put(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{color}\" text-anchor=\"{anchor}\">{text}</text>",
            tenth(x),
            tenth(y),
        ));
    }

    fn edge(&mut self, edge: &Edge, is_taken: bool) {
        let color = self.edge_color(edge, is_taken);
        let dashes = if edge.kind == WayKind::Catch {
            " stroke-dasharray=\"5 4\""
        } else {
            ""
        };
        let width = if is_taken { 2.2 } else { 1.5 };
        self.put(format_args!(
            "<path d=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"{dashes}/>",
            edge.path(),
        ));
        if let Some(head) = head(edge) {
            self.put(format_args!("<path d=\"{head}\" fill=\"{color}\"/>\n"));
        }
    }

    fn edge_color(&self, edge: &Edge, is_taken: bool) -> &'static str {
        match (is_taken, edge.kind) {
            (false, _) => self.ground.line,
            (true, WayKind::Catch) => self.theme.status(Status::Caught).0,
            (true, WayKind::Next | WayKind::Choice | WayKind::Default) => {
                self.theme.status(Status::Succeeded).0
            }
        }
    }

    fn label(&mut self, edge: &Edge) {
        if edge.label.is_empty() {
            return;
        }
        let is_taken = self.is_taken(edge);
        let line = if is_taken {
            self.edge_color(edge, true)
        } else {
            self.ground.border
        };
        let (card, quiet) = (self.ground.card, self.ground.quiet);
        let width = label_width(&edge.label);
        let (x, y) = (edge.label_at.x, edge.label_at.y);
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"18\" rx=\"9\" fill=\"{card}\" stroke=\"{line}\"/>",
            tenth(x - width / 2.0),
            tenth(y - 9.0),
            tenth(width),
        ));
        let look = Look {
            size: 11,
            weight: 400,
            color: quiet,
            anchor: "middle",
        };
        self.text((x, y + 4.0), &edge.label, look);
        self.out.push('\n');
    }
}

/// The head of a line, in the direction in which it arrives.
fn head(edge: &Edge) -> Option<String> {
    let [.., before, last] = edge.points.as_slice() else {
        return None;
    };
    let (x, y) = (tenth(last.x), tenth(last.y));
    // Lines arrive from above, but for those to their own box.
    let is_level = (before.y - last.y).abs() < 0.05;
    Some(if is_level {
        let back = if before.x > last.x { 8.0 } else { -8.0 };
        format!(
            "M{x},{y}L{},{}L{},{}z",
            x + back,
            y - 4.0,
            x + back,
            y + 4.0
        )
    } else {
        format!("M{x},{y}L{},{}L{},{}z", x - 4.0, y - 8.0, x + 4.0, y - 8.0)
    })
}

/// Text for a place between tags or in an attribute. What XML cannot hold becomes a sign that something was there.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            character if character.is_control() => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use passo_json::Json;

    use super::*;
    use crate::Scope;

    #[test]
    fn nothing_in_a_drawing_runs() {
        let name = "<script>\\\"&\\u0001";
        let definition =
            format!(r#"{{"StartAt": "{name}", "States": {{"{name}": {{"Type": "Succeed"}}}}}}"#);
        let definition = Json::parse(&definition).unwrap();
        let picture = Picture::of(&Scope::read(&definition).unwrap());
        let drawn = svg(&picture, Theme::Light, None);
        assert!(
            drawn.contains("&lt;script&gt;&quot;&amp;\u{fffd}"),
            "{drawn}"
        );
        assert!(!drawn.contains("<script"), "{drawn}");
    }
}
