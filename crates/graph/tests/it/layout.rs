//! The layout's promises.

use passo_graph::{Edge, Node, NodeKind, Picture};
use proptest::prelude::*;

use crate::draft::{any, picture, text};

/// A tenth of a pixel is nothing.
const NEAR: f64 = 0.1;

fn is_inside(inner: &Node, outer: &Node) -> bool {
    inner.at.x >= outer.at.x - NEAR
        && inner.at.y >= outer.at.y - NEAR
        && inner.at.x + inner.width <= outer.at.x + outer.width + NEAR
        && inner.at.y + inner.height <= outer.at.y + outer.height + NEAR
}

fn is_apart(one: &Node, other: &Node) -> bool {
    one.at.x + one.width <= other.at.x + NEAR
        || other.at.x + other.width <= one.at.x + NEAR
        || one.at.y + one.height <= other.at.y + NEAR
        || other.at.y + other.height <= one.at.y + NEAR
}

/// The id of what is around a box; the start of a scope is not a member of its name.
fn is_around(outer: &Node, inner: &Node) -> bool {
    let is_group = matches!(outer.kind, NodeKind::Container(_) | NodeKind::Branch);
    is_group && inner.id.starts_with(&format!("{}/", outer.id))
}

fn check_boxes(picture: &Picture) {
    let whole = Node {
        id: String::new(),
        kind: NodeKind::Branch,
        name: String::new(),
        subtitle: String::new(),
        at: passo_graph::Point::default(),
        width: picture.width,
        height: picture.height,
        depth: 0,
    };
    for (number, one) in picture.nodes.iter().enumerate() {
        assert!(is_inside(one, &whole), "{one:?} in {whole:?}");
        for other in picture.nodes.iter().skip(number + 1) {
            assert_ne!(one.id, other.id);
            if is_around(one, other) {
                assert!(is_inside(other, one), "{other:?} in {one:?}");
            } else {
                assert!(is_apart(one, other), "{one:?} and {other:?}");
            }
        }
    }
}

fn check_edges(picture: &Picture) {
    let of = |id: &str| picture.nodes.iter().find(|node| node.id == id).unwrap();
    for edge in &picture.edges {
        let (source, target) = (of(&edge.source), of(&edge.target));
        let (first, last) = (edge.points[0], edge.points[edge.points.len() - 1]);
        if edge.source == edge.target {
            continue;
        }
        let beneath = source.at.y + source.height;
        assert!(
            (first.y - beneath).abs() < NEAR,
            "{edge:?} leaves below {source:?}"
        );
        assert!(
            (last.y - target.at.y).abs() < NEAR,
            "{edge:?} arrives above {target:?}"
        );
        for (point, node) in [(first, source), (last, target)] {
            let is_on = point.x > node.at.x - NEAR && point.x < node.at.x + node.width + NEAR;
            assert!(is_on, "{edge:?} meets {node:?}");
        }
        if beneath <= target.at.y {
            assert!(runs_down(edge), "{edge:?}");
        }
    }
}

fn runs_down(edge: &Edge) -> bool {
    let pairs = edge.points.iter().zip(edge.points.iter().skip(1));
    pairs
        .into_iter()
        .all(|(one, other)| other.y >= one.y - NEAR)
}

/// The upright parts of lines cross no box of their scope.
fn check_lanes(picture: &Picture) {
    let scope = |id: &str| {
        id.rsplit_once('/')
            .map_or(String::new(), |(path, _)| path.to_owned())
    };
    for edge in &picture.edges {
        let own = scope(&edge.id);
        let boxes = picture
            .nodes
            .iter()
            .filter(|node| scope(&node.id) == own && node.kind != NodeKind::Branch);
        for node in boxes.filter(|node| node.id != edge.source && node.id != edge.target) {
            for (one, other) in edge.points.iter().zip(edge.points.iter().skip(1)) {
                let is_upright = (one.x - other.x).abs() < NEAR;
                let (top, bottom) = (one.y.min(other.y), one.y.max(other.y));
                let is_beside = one.x <= node.at.x + NEAR
                    || one.x >= node.at.x + node.width - NEAR
                    || bottom <= node.at.y + NEAR
                    || top >= node.at.y + node.height - NEAR;
                assert!(!is_upright || is_beside, "{edge:?} through {node:?}");
            }
        }
    }
}

/// What is drawn, without what it is called.
fn shape(picture: &Picture) -> Vec<String> {
    let nodes = picture.nodes.iter().map(|node| {
        format!(
            "{:?} {:?} {} {} {}",
            node.kind, node.at, node.width, node.height, node.depth
        )
    });
    let edges = picture
        .edges
        .iter()
        .map(|edge| format!("{:?} {:?} {:?}", edge.kind, edge.points, edge.label_at));
    nodes.chain(edges).collect()
}

proptest! {
    #[test]
    fn every_picture_is_in_order(states in any()) {
        let picture = picture(&text(&states, "S"));
        check_boxes(&picture);
        check_edges(&picture);
        check_lanes(&picture);
    }

    #[test]
    fn names_do_not_matter(states in any()) {
        let one = picture(&text(&states, "S"));
        let other = picture(&text(&states, "Álvaro/1>start "));
        check_boxes(&other);
        prop_assert_eq!(shape(&one), shape(&other));
    }
}

#[test]
fn a_chain_is_upright_and_a_loop_goes_around_it() {
    let picture = picture(
        r#"{"StartAt": "Wait", "States": {
            "Wait": {"Type": "Wait", "Seconds": 3, "Next": "Look"},
            "Look": {"Type": "Task", "Next": "Done?"},
            "Done?": {"Type": "Choice", "Choices": [{"Variable": "$.done", "BooleanEquals": true, "Next": "Yes"}], "Default": "Wait"},
            "Yes": {"Type": "Succeed"}
        }}"#,
    );
    let middle = |name: &str| {
        let node = picture.nodes.iter().find(|node| node.name == name).unwrap();
        node.at.x + node.width / 2.0
    };
    assert_eq!(
        [middle("Wait"), middle("Look"), middle("Done?")],
        [middle("Yes"); 3]
    );
    let back = picture
        .edges
        .iter()
        .find(|edge| edge.from == "Done?" && edge.to == "Wait")
        .unwrap();
    let right = middle("Wait") + 116.0;
    assert!(back.points.iter().any(|point| point.x > right), "{back:?}");
}

#[test]
fn many_errors_with_one_handler_run_together() {
    let tries: String = (0..20)
        .map(|number| {
            format!(
                r#""S{number}": {{"Type": "Task", "Next": "S{}", "Catch": [{{"ErrorEquals": ["E"], "Next": "Sorry"}}]}},"#,
                number + 1
            )
        })
        .collect();
    let picture = picture(&format!(
        r#"{{"StartAt": "S0", "States": {{{tries} "S20": {{"Type": "Succeed"}}, "Sorry": {{"Type": "Fail"}}}}}}"#
    ));
    let caught = picture.edges.iter().filter(|edge| edge.to == "Sorry");
    let mut lanes: Vec<String> = caught
        .map(|edge| format!("{}", edge.points[edge.points.len() - 2].x))
        .collect();
    lanes.dedup();
    assert!(lanes.len() <= 2, "{lanes:?}");
    assert!(picture.width < 600.0, "{}", picture.width);
}

#[test]
fn wrong_definitions_are_drawn_as_far_as_they_go() {
    let check = |definition: &str, expect: &[&str]| {
        let drawn = picture(definition);
        let names = drawn
            .nodes
            .iter()
            .filter(|node| node.kind.state().is_some());
        let names: Vec<&str> = names.map(|node| &*node.name).collect();
        assert_eq!(names, expect, "{definition}");
    };
    check(r#"{"States": {}}"#, &[]);
    check(r#"{"StartAt": "Nowhere", "States": {"A": {}}}"#, &["A"]);
    check(
        r#"{"StartAt": 3, "States": {"A": {"Type": "Tsk", "Next": ["A"]}, "B": 5}}"#,
        &["A"],
    );
    check(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": {}, "Next": "A"}}}"#,
        &["A"],
    );
    check(
        r#"{"StartAt": "A", "States": {"A": {"Type": "Map", "Iterator": {"States": {"B": {"Type": "Fail"}}}}}}"#,
        &["A", "B"],
    );
    for nothing in ["[]", "{}", r#"{"States": []}"#] {
        let definition = passo_json::Json::parse(nothing).unwrap();
        assert!(passo_graph::Scope::read(&definition).is_none(), "{nothing}");
    }
}

#[test]
fn scopes_deeper_than_anybody_reads_are_boxes() {
    let mut definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}"#.to_owned();
    for _ in 0..200 {
        definition = format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Map", "End": true, "ItemProcessor": {definition}}}}}}}"#
        );
    }
    let deepest = picture(&definition)
        .nodes
        .iter()
        .map(|node| node.depth)
        .max();
    assert_eq!(deepest, Some(32));
}

#[test]
fn hostile_definitions_take_no_more_than_their_share() {
    // Each state has a long line of its own: half a million places in rows, if all were led through them.
    let count = 1000;
    let states: Vec<String> = (0..count)
        .map(|number| {
            format!(
                r#""S{number}": {{"Type": "Task", "Next": "S{}", "Catch": [{{"ErrorEquals": ["E"], "Next": "S{}"}}]}}"#,
                number + 1,
                2 * count - number
            )
        })
        .chain((count..=2 * count).map(|number| format!(r#""S{number}": {{"Type": "Pass", "Next": "S{}"}}"#, number + 1)))
        .collect();
    let picture = picture(&format!(
        r#"{{"StartAt": "S0", "States": {{{}}}}}"#,
        states.join(",")
    ));
    let points: usize = picture.edges.iter().map(|edge| edge.points.len()).sum();
    assert_eq!(picture.edges.len(), 3 * count + 1);
    assert!(points < 200_000, "{points}");
}
