//! Pictures in other formats.

use passo_graph::{Standings, Theme, dot, mermaid, svg};
use passo_json::Json;

use crate::draft::picture;

const DEFINITION: &str = r#"{"StartAt": "Both", "States": {
    "Both": {"Type": "Parallel", "Next": "Ok?", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}], "Branches": [
        {"StartAt": "One \"1\"", "States": {"One \"1\"": {"Type": "Pass", "End": true}}}
    ]},
    "Ok?": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "Done"}], "Default": "Sorry"},
    "Done": {"Type": "Succeed"},
    "Sorry": {"Type": "Fail", "Error": "Sorry"}
}}"#;

fn standings() -> Standings {
    let mut standings = Standings::default();
    for event in [
        r#"{"id": 1, "type": "ExecutionStarted"}"#,
        r#"{"id": 2, "previousEventId": 0, "type": "ParallelStateEntered", "stateEnteredEventDetails": {"name": "Both"}}"#,
    ] {
        standings.take(&Json::parse(event).unwrap());
    }
    standings
}

#[test]
fn mermaid_tells_what_is_connected_with_what() {
    let drawn = mermaid(&picture(DEFINITION), Some(&standings()));
    let expect = r#"flowchart TD
    n0(["Start"])
    n1(["End"])
    subgraph n2 ["Both"]
        subgraph n3 [" "]
            n4((" "))
            n5((" "))
            n6["One #34;1#34;"]
        end
    end
    n7{"Ok?"}
    n8(["Done"])
    n9(["Sorry"])
    n4 --> n6
    n6 --> n5
    n0 --> n2
    n2 --> n7
    n2 -.->|"States.ALL"| n9
    n7 -->|"n #60; 3"| n8
    n7 -->|"Default"| n9
    n8 --> n1
    n9 --> n1
    classDef running fill:#e5f1fd,stroke:#0b6bcb,color:#0a56a3
    class n2 running
"#;
    assert_eq!(drawn, expect);
}

#[test]
fn dot_has_no_lines_to_groups() {
    let drawn = dot(&picture(DEFINITION), Some(&standings()));
    assert!(drawn.contains("n0 -> n4 [label=\"\"];"), "{drawn}");
    assert!(
        drawn.contains("n5 -> n9 [label=\"States.ALL\", style=dashed];"),
        "{drawn}"
    );
    assert!(drawn.contains(r#"n6 [label="One \"1\""];"#), "{drawn}");
    assert!(
        drawn.contains("subgraph cluster_2 { label=\"Both\"; style=rounded; color=\"#0b6bcb\";"),
        "{drawn}"
    );
    assert_eq!(drawn.matches('{').count(), drawn.matches('}').count());
}

#[test]
fn svg_names_every_state_and_says_statuses_in_words() {
    let drawn = svg(&picture(DEFINITION), Theme::Dark, Some(&standings()));
    for name in ["Both", "One &quot;1&quot;", "Ok?", "Done", "Sorry"] {
        assert!(drawn.contains(&format!(">{name}</text>")), "{name} {drawn}");
    }
    assert!(drawn.contains("<title>Both: running</title>"), "{drawn}");
    // What was not reached is dashed.
    assert!(drawn.contains("stroke-dasharray=\"5 4\""), "{drawn}");
    assert_eq!(Theme::named("blue"), None);
}
