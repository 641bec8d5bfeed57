//! From a scope to a picture: each scope alone, from the inside out.

use std::collections::BTreeMap;

use crate::definition::{Scope, State, StateType};
use crate::layered::{self, Laid, Line, Vertex, Weight};
use crate::picture::{Edge, Node, NodeKind, Picture, Point};
use crate::way::{Stop, Way, WayKind, ways_of};

/// Of a state's box.
const STATE: (f64, f64) = (232.0, 58.0);
const LOW_HEIGHT: f64 = 50.0;
const CHOICE_WIDTH: f64 = 216.0;
/// Of the start and the end of the whole.
const OUTER_END: (f64, f64) = (92.0, 30.0);
/// Of the start and the end of a scope inside.
const INNER_END: (f64, f64) = (14.0, 14.0);
const PADDING: f64 = 14.0;
/// Of a container's head.
const HEADER: f64 = 42.0;
/// Of a label's character, about.
const CHARACTER: f64 = 6.6;
const LABEL_PADDING: f64 = 14.0;
const LABEL_MAX: f64 = 190.0;

impl Picture {
    /// Lays a definition out, from the top down.
    pub fn of(scope: &Scope<'_>) -> Picture {
        picture(scope, "/", 0)
    }
}

/// The states of a scope by their places, as one reads them: from above, and from left to right.
pub(crate) fn scope_order(scope: &Scope<'_>, ways: &[Way]) -> Vec<usize> {
    let plan = Plan::new(scope, ways, "/", 0);
    let laid = layered::lay(&plan.vertices, &plan.lines);
    let at = |place: usize| laid.places.get(place + 1).copied().unwrap_or_default();
    let mut order: Vec<usize> = (0..scope.states.len()).collect();
    order.sort_by(|one, other| {
        let (one, other) = (at(*one), at(*other));
        one.y.total_cmp(&other.y).then(one.x.total_cmp(&other.x))
    });
    order
}

/// How wide a label is.
pub(crate) fn label_width(label: &str) -> f64 {
    if label.is_empty() {
        return 0.0;
    }
    let characters = u32::try_from(label.chars().count()).unwrap_or(u32::MAX);
    (f64::from(characters) * CHARACTER + LABEL_PADDING).min(LABEL_MAX)
}

/// The scopes of a container, and the size of the whole.
struct Inside {
    pictures: Vec<Picture>,
    width: f64,
    height: f64,
}

fn picture(scope: &Scope<'_>, path: &str, depth: u32) -> Picture {
    let ways = ways_of(scope);
    let plan = Plan::new(scope, &ways, path, depth);
    let laid = layered::lay(&plan.vertices, &plan.lines);
    plan.picture(&laid)
}

/// What is to be laid out: the start, the states, and the end where there is one.
struct Plan<'a> {
    scope: &'a Scope<'a>,
    ways: &'a [Way],
    path: &'a str,
    depth: u32,
    insides: BTreeMap<usize, Inside>,
    vertices: Vec<Vertex>,
    lines: Vec<Line>,
}

impl<'a> Plan<'a> {
    fn new(scope: &'a Scope<'a>, ways: &'a [Way], path: &'a str, depth: u32) -> Plan<'a> {
        let mut plan = Plan {
            scope,
            ways,
            path,
            depth,
            insides: BTreeMap::new(),
            vertices: Vec::with_capacity(scope.states.len() + 2),
            lines: Vec::with_capacity(ways.len()),
        };
        plan.vertices.push(vertex(plan.end_size()));
        for (place, state) in scope.states.iter().enumerate() {
            let inside = inside(state, &format!("{path}{}/", segment(state.name)), depth);
            let size = inside.as_ref().map_or_else(
                || size_of(state.kind),
                |inside| (inside.width, inside.height),
            );
            plan.vertices.push(vertex(size));
            if let Some(inside) = inside {
                plan.insides.insert(place, inside);
            }
        }
        if plan.has_end() {
            plan.vertices.push(vertex(plan.end_size()));
        }
        for way in ways {
            plan.add(way);
        }
        plan
    }

    fn add(&mut self, way: &Way) {
        let (from, to) = (self.number(way.from), self.number(way.to));
        let label_width = label_width(&way.label);
        if from == to
            && let Some(own) = self.vertices.get_mut(from)
        {
            // A line to itself is part of the box, and its label too.
            let wanted = own.left + layered::LOOP_REACH + label_width;
            own.right = own.right.max(wanted);
        }
        self.lines.push(Line {
            from,
            to,
            weight: match way.kind {
                WayKind::Next => Weight::Heavy,
                WayKind::Choice | WayKind::Default => Weight::Usual,
                WayKind::Catch => Weight::Light,
            },
            label_width,
            group: u8::from(way.kind == WayKind::Catch),
        });
    }

    fn has_end(&self) -> bool {
        self.ways.iter().any(|way| way.to == Stop::End)
    }

    fn end_size(&self) -> (f64, f64) {
        if self.depth == 0 {
            OUTER_END
        } else {
            INNER_END
        }
    }

    fn number(&self, stop: Stop) -> usize {
        match stop {
            Stop::Start => 0,
            Stop::State(place) => place + 1,
            Stop::End => self.scope.states.len() + 1,
        }
    }

    fn id(&self, stop: Stop) -> String {
        match stop {
            Stop::Start => format!("{}>start", self.path),
            Stop::State(_) => format!("{}{}", self.path, segment(self.name(stop))),
            Stop::End => format!("{}>end", self.path),
        }
    }

    fn name(&self, stop: Stop) -> &'a str {
        match stop {
            Stop::State(place) => self.scope.states.get(place).map_or("", |state| state.name),
            Stop::Start | Stop::End => "",
        }
    }

    fn picture(mut self, laid: &Laid) -> Picture {
        let mut made = Picture {
            width: laid.width,
            height: laid.height,
            ..Picture::default()
        };
        made.nodes
            .push(self.node(Stop::Start, NodeKind::Start, self.end_size(), laid));
        if self.has_end() {
            made.nodes
                .push(self.node(Stop::End, NodeKind::End, self.end_size(), laid));
        }
        for (place, state) in self.scope.states.iter().enumerate() {
            let stop = Stop::State(place);
            match self.insides.remove(&place) {
                None => {
                    let kind = NodeKind::State(state.kind);
                    let mut node = self.node(stop, kind, size_of(state.kind), laid);
                    node.subtitle = state.subtitle();
                    made.nodes.push(node);
                }
                Some(inside) => {
                    let kind = NodeKind::Container(state.kind);
                    let size = (inside.width, inside.height);
                    let mut node = self.node(stop, kind, size, laid);
                    node.subtitle = state.subtitle();
                    made.nodes.push(node.clone());
                    inside.put(&node, &mut made);
                }
            }
        }
        for (index, (way, course)) in self.ways.iter().zip(&laid.courses).enumerate() {
            made.edges.push(Edge {
                id: format!("{}>{index}", self.path),
                source: self.id(way.from),
                target: self.id(way.to),
                from: self.name(way.from).to_owned(),
                to: self.name(way.to).to_owned(),
                kind: way.kind,
                rule: way.rule,
                label: way.label.clone(),
                label_at: course.label_at,
                points: course.points.clone(),
            });
        }
        made
    }

    fn node(&self, stop: Stop, kind: NodeKind, (width, height): (f64, f64), laid: &Laid) -> Node {
        let top = laid
            .places
            .get(self.number(stop))
            .copied()
            .unwrap_or_default();
        Node {
            id: self.id(stop),
            kind,
            name: self.name(stop).to_owned(),
            subtitle: String::new(),
            at: Point {
                x: top.x - width / 2.0,
                y: top.y,
            },
            width,
            height,
            depth: self.depth,
        }
    }
}

/// A name as a part of an id: what separates parts is told by its number.
fn segment(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}

fn vertex((width, height): (f64, f64)) -> Vertex {
    Vertex {
        left: width / 2.0,
        right: width / 2.0,
        height,
    }
}

fn size_of(kind: StateType) -> (f64, f64) {
    match kind {
        StateType::Choice => (CHOICE_WIDTH, LOW_HEIGHT),
        StateType::Succeed | StateType::Fail => (STATE.0, LOW_HEIGHT),
        StateType::Task
        | StateType::Wait
        | StateType::Pass
        | StateType::Parallel
        | StateType::Map
        | StateType::Unknown => STATE,
    }
}

fn inside(state: &State<'_>, path: &str, depth: u32) -> Option<Inside> {
    if state.inner.is_empty() {
        return None;
    }
    let scopes = state.inner.iter().enumerate();
    let pictures: Vec<Picture> = scopes
        .map(|(index, scope)| picture(scope, &format!("{path}{index}/"), depth + 1))
        .collect();
    let heights = pictures.iter().map(|picture| picture.height);
    let height = heights.fold(0.0, f64::max) + HEADER + PADDING * 2.2;
    let width = width_of(&pictures).max(STATE.0 + 24.0);
    Some(Inside {
        pictures,
        width,
        height,
    })
}

fn width_of(pictures: &[Picture]) -> f64 {
    let each = pictures.iter().map(|picture| picture.width + PADDING * 3.0);
    each.sum::<f64>() + PADDING
}

impl Inside {
    /// Puts the scopes into their container's place.
    fn put(self, container: &Node, made: &mut Picture) {
        let mut x =
            container.at.x + PADDING + (container.width - width_of(&self.pictures)).max(0.0) / 2.0;
        let y = container.at.y + HEADER;
        let heights = self.pictures.iter().map(|picture| picture.height);
        let height = heights.fold(0.0, f64::max) + PADDING * 1.2;
        for (index, picture) in self.pictures.into_iter().enumerate() {
            let width = picture.width + PADDING * 2.0;
            made.nodes.push(Node {
                id: format!("{}/{index}", container.id),
                kind: NodeKind::Branch,
                name: String::new(),
                subtitle: String::new(),
                at: Point { x, y },
                width,
                height,
                depth: container.depth + 1,
            });
            let by = Point {
                x: x + PADDING,
                y: y + PADDING * 0.6,
            };
            picture.moved_into(by, made);
            x += width + PADDING;
        }
    }
}

impl Picture {
    /// All of it, at another place, becomes part of another picture.
    fn moved_into(self, by: Point, made: &mut Picture) {
        let moved = |point: Point| Point {
            x: point.x + by.x,
            y: point.y + by.y,
        };
        made.nodes.extend(self.nodes.into_iter().map(|node| Node {
            at: moved(node.at),
            ..node
        }));
        made.edges.extend(self.edges.into_iter().map(|edge| Edge {
            points: edge.points.into_iter().map(moved).collect(),
            label_at: moved(edge.label_at),
            ..edge
        }));
    }
}
