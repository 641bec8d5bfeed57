//! What a picture is made of. Lengths are in pixels at natural size; `y` grows downward.

use passo_json::{Json, ObjectBuilder, json};

use crate::definition::StateType;
use crate::shape;
use crate::way::WayKind;

/// A place in a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// Where a scope begins.
    Start,
    /// Where a scope ends.
    End,
    /// A state.
    State(StateType),
    /// A state with scopes inside.
    Container(StateType),
    /// A scope inside a container.
    Branch,
}

impl NodeKind {
    /// One word: `start`, `end`, `state`, `container`, `branch`.
    pub fn name(self) -> &'static str {
        match self {
            NodeKind::Start => "start",
            NodeKind::End => "end",
            NodeKind::State(_) => "state",
            NodeKind::Container(_) => "container",
            NodeKind::Branch => "branch",
        }
    }

    /// What kind of state it is, where it is one.
    pub fn state(self) -> Option<StateType> {
        match self {
            NodeKind::State(kind) | NodeKind::Container(kind) => Some(kind),
            NodeKind::Start | NodeKind::End | NodeKind::Branch => None,
        }
    }
}

/// A box. Boxes that hold others come before them.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its own in the picture: the names and branches that lead to it, each after a `/`. In
    /// names `%` is `%25`, and `/` is `%2F`.
    pub id: String,
    /// What it stands for.
    pub kind: NodeKind,
    /// The state's name; empty for what is no state.
    pub name: String,
    /// What is said below the name: a task's resource, how long a wait is.
    pub subtitle: String,
    /// Its upper left corner.
    pub at: Point,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
    /// How many scopes are around its own.
    pub depth: u32,
}

/// A line, from the lower border of a box to the upper border of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Its own in the picture.
    pub id: String,
    /// The id of the box that it leaves.
    pub source: String,
    /// The id of the box at which it arrives.
    pub target: String,
    /// The name of the state that it leaves; empty for a start.
    pub from: String,
    /// The name of the state at which it arrives; empty for an end.
    pub to: String,
    /// Why one goes there.
    pub kind: WayKind,
    /// Which of a state's rules or catchers it is.
    pub rule: Option<usize>,
    /// What is said of it; may be empty.
    pub label: String,
    /// The middle of the label.
    pub label_at: Point,
    /// Its course: straight where two points are above or beside each other, softly bent elsewhere.
    pub points: Vec<Point>,
}

impl Edge {
    /// Its course as the `d` of an SVG path.
    pub fn path(&self) -> String {
        shape::path_of(&self.points)
    }
}

/// Boxes and lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
    /// All boxes.
    pub nodes: Vec<Node>,
    /// All lines.
    pub edges: Vec<Edge>,
}

impl Picture {
    /// As the API shows it: `docs/reference/admin-api.md`, "layout".
    pub fn to_json(&self) -> Json {
        let nodes: Vec<Json> = self.nodes.iter().map(node_json).collect();
        let edges: Vec<Json> = self.edges.iter().map(edge_json).collect();
        json!({
            "width": number(self.width), "height": number(self.height),
            "nodes": Json::from(nodes), "edges": Json::from(edges)
        })
    }
}

fn node_json(node: &Node) -> Json {
    json!({
        "id": node.id.as_str(), "kind": node.kind.name(), "name": node.name.as_str(),
        "x": number(node.at.x), "y": number(node.at.y),
        "width": number(node.width), "height": number(node.height), "depth": i64::from(node.depth)
    })
}

fn edge_json(edge: &Edge) -> Json {
    let points: Vec<Json> = edge.points.iter().copied().map(point_json).collect();
    let mut shown = ObjectBuilder::new();
    shown.insert("id", edge.id.as_str());
    shown.insert("source", edge.source.as_str());
    shown.insert("target", edge.target.as_str());
    shown.insert("from", edge.from.as_str());
    shown.insert("to", edge.to.as_str());
    shown.insert("kind", edge.kind.name());
    if let Some(rule) = edge.rule.and_then(|rule| i64::try_from(rule).ok()) {
        shown.insert("rule", rule);
    }
    if !edge.label.is_empty() {
        shown.insert("label", edge.label.as_str());
        shown.insert("labelAt", point_json(edge.label_at));
    }
    shown.insert("points", Json::from(points));
    shown.insert("path", edge.path());
    Json::from(shown.build())
}

fn point_json(point: Point) -> Json {
    json!({"x": number(point.x), "y": number(point.y)})
}

/// A tenth of a pixel is exact enough.
fn number(value: f64) -> Json {
    passo_json::Number::integral(value)
        .or_else(|| passo_json::Number::from_f64(shape::tenth(value)))
        .map_or(Json::Null, Json::Number)
}
