//! Random legal definitions that always end: transitions lead forward, retries are few, silent tasks time out.

use passo_json::{Json, ObjectBuilder, json};
use proptest::prelude::*;

/// One state before it has a name.
#[derive(Clone, Debug)]
pub enum Node {
    Pass {
        jsonata: bool,
        assign: bool,
    },
    Choice {
        skip: bool,
    },
    Wait(u8),
    Task {
        function: &'static str,
        retry: u8,
        catch: bool,
        jsonata: bool,
    },
    Fail,
    Succeed,
    Parallel {
        branches: Vec<Vec<Node>>,
        retry: u8,
        catch: bool,
    },
    Map {
        concurrency: u8,
        items: u8,
        body: Vec<Node>,
        retry: u8,
        catch: bool,
    },
}

/// As text, which a failed property prints.
pub fn definition() -> impl Strategy<Value = String> {
    block(3).prop_map(|nodes| machine(&nodes).to_text())
}

fn block(depth: u32) -> BoxedStrategy<Vec<Node>> {
    prop::collection::vec(node(depth), 1..4).boxed()
}

fn node(depth: u32) -> BoxedStrategy<Node> {
    let function = prop::sample::select(vec![
        "ok", "ok", "ok", "fail", "flaky1", "flaky3", "silent", "beat",
    ]);
    let leaf = prop_oneof![
        4 => (any::<bool>(), any::<bool>()).prop_map(|(jsonata, assign)| Node::Pass { jsonata, assign }),
        1 => any::<bool>().prop_map(|skip| Node::Choice { skip }),
        1 => (0_u8..5).prop_map(Node::Wait),
        4 => (function, 0_u8..3, any::<bool>(), any::<bool>())
            .prop_map(|(function, retry, catch, jsonata)| Node::Task { function, retry, catch, jsonata }),
        1 => Just(Node::Fail),
        1 => Just(Node::Succeed),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    prop_oneof![
        6 => leaf,
        2 => (prop::collection::vec(block(depth - 1), 1..4), 0_u8..2, any::<bool>())
            .prop_map(|(branches, retry, catch)| Node::Parallel { branches, retry, catch }),
        2 => (0_u8..3, 0_u8..4, block(depth - 1), 0_u8..2, any::<bool>())
            .prop_map(|(concurrency, items, body, retry, catch)| Node::Map { concurrency, items, body, retry, catch }),
    ]
    .boxed()
}

pub fn machine(nodes: &[Node]) -> Json {
    let mut names = 0;
    states(nodes, &mut names)
}

fn states(nodes: &[Node], names: &mut u32) -> Json {
    // The last state of every block is a Pass, so that a catcher or a choice always finds a target ahead.
    let first = *names;
    *names += u32::try_from(nodes.len()).unwrap() + 1;
    let name = |place: usize| format!("s{}", first + u32::try_from(place).unwrap());
    let mut states = ObjectBuilder::new();
    for (place, node) in nodes.iter().enumerate() {
        let rendered = state(
            node,
            &name(place),
            &name(place + 1),
            &name(nodes.len()),
            names,
        );
        if !matches!(node, Node::Fail | Node::Succeed) {
            states.insert(name(place), rendered);
            continue;
        }
        // What comes after an end must still be reachable.
        let end = format!("{}end", name(place));
        let choice = json!({"Type": "Choice", "Default": end.as_str(),
            "Choices": [{"Variable": "$", "IsPresent": false, "Next": name(place + 1)}]});
        states.insert(name(place), choice).insert(end, rendered);
    }
    states.insert(name(nodes.len()), json!({"Type": "Pass", "End": true}));
    json!({"StartAt": name(0), "States": Json::from(states.build())})
}

fn state(node: &Node, own: &str, next: &str, last: &str, names: &mut u32) -> Json {
    match node {
        Node::Pass {
            jsonata: true,
            assign,
        } => {
            let state = json!({"Type": "Pass", "QueryLanguage": "JSONata", "Next": next,
                "Output": {"was": "{% $states.input %}"}});
            if *assign {
                with(state, "Assign", variable(own, "", "{% $count([1, 2]) %}"))
            } else {
                state
            }
        }
        Node::Pass {
            jsonata: false,
            assign,
        } => {
            let state = json!({"Type": "Pass", "Next": next});
            if *assign {
                with(state, "Assign", variable(own, ".$", "$"))
            } else {
                state
            }
        }
        Node::Choice { skip } => json!({"Type": "Choice", "Default": next,
            "Choices": [{"Variable": "$", "IsPresent": *skip, "Next": last}]}),
        Node::Wait(seconds) => {
            json!({"Type": "Wait", "Seconds": i64::from(*seconds), "Next": next})
        }
        Node::Task {
            function,
            retry,
            catch,
            jsonata,
        } => {
            let resource = format!("arn:aws:lambda:us-east-1:123456789012:function:{function}");
            let state = json!({"Type": "Task", "Resource": resource, "TimeoutSeconds": 9, "HeartbeatSeconds": 4,
                "Next": next});
            let state = if *jsonata {
                with(state, "QueryLanguage", json!("JSONata"))
            } else {
                state
            };
            handled(state, *retry, *catch, last)
        }
        Node::Fail => json!({"Type": "Fail", "Error": "Told", "Cause": "so"}),
        Node::Succeed => json!({"Type": "Succeed"}),
        Node::Parallel {
            branches,
            retry,
            catch,
        } => {
            let branches: Vec<Json> = branches
                .iter()
                .map(|branch| states(branch, names))
                .collect();
            let state = json!({"Type": "Parallel", "Branches": branches, "Next": next});
            handled(state, *retry, *catch, last)
        }
        Node::Map {
            concurrency,
            items,
            body,
            retry,
            catch,
        } => {
            let items: Vec<Json> = (0..*items)
                .map(|item| Json::from(i64::from(item)))
                .collect();
            let state = json!({"Type": "Map", "QueryLanguage": "JSONata", "Items": items,
                "MaxConcurrency": i64::from(*concurrency), "ItemProcessor": states(body, names), "Next": next});
            handled(state, *retry, *catch, last)
        }
    }
}

/// An inner scope must not assign what an outer one does, so every state has a variable of its own.
fn variable(own: &str, suffix: &str, value: &str) -> Json {
    ObjectBuilder::new()
        .insert(format!("of_{own}{suffix}"), value)
        .build()
        .into()
}

fn handled(state: Json, retry: u8, catch: bool, last: &str) -> Json {
    let state = match retry {
        0 => state,
        times => with(
            state,
            "Retry",
            json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": i64::from(times), "IntervalSeconds": 2}]),
        ),
    };
    if catch {
        with(
            state,
            "Catch",
            json!([{"ErrorEquals": ["States.ALL"], "Next": last}]),
        )
    } else {
        state
    }
}

fn with(state: Json, key: &str, value: Json) -> Json {
    state.as_object().unwrap().clone().with(key, value).into()
}
