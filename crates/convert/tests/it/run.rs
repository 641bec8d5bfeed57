//! One state, run alone: as it was written and as it was converted.

use passo_asl::{CompileOptions, Format, compile_state};
use passo_convert::{Converted, Severity, Which, convert};
use passo_engine::single_state::{Setting, SingleState, Step, TestStatus, Work};
use passo_expr::{Environment, Variables};
use passo_json::{Json, ObjectBuilder, Payload, json};
use passo_vocab::{Entropy, ErrorName, Failure, Timestamp};

/// What a state did.
#[derive(Clone, Debug, PartialEq)]
pub enum Did {
    /// It went on, with what everybody can see.
    WentOn(Json),
    Failed(String),
}

/// `state` in a definition that stays in JSONPath, so that every converted state says its language.
pub fn converted(state: &Json) -> (Converted, Json) {
    let other = json!({"Type": "Succeed", "OutputPath": "$..x"});
    let machine = json!({"StartAt": "S", "States": {"S": state.clone(), "Other": other}});
    let mut converted = convert(&machine, &Which::All);
    converted.left -= 1;
    converted
        .findings
        .retain(|finding| !finding.location.starts_with("/States/Other"));
    let state = converted.definition.pointer("/States/S").cloned().unwrap();
    (converted, state)
}

pub fn run(state: &Json, input: &Json, work: Option<&Json>) -> Did {
    let options = CompileOptions::default();
    let compiled = compile_state(&state.to_text(), Format::Json, &options)
        .unwrap_or_else(|found| panic!("{state}: {found:?}"));
    let block = compiled
        .program
        .block(passo_asl::program::Program::ROOT)
        .unwrap();
    let program = compiled.program.state(block.start).unwrap().clone();
    let variables = Variables::new().with_assigned([
        ("total".into(), json!(3)),
        ("order".into(), json!({"a": "o-1", "lines": [{"b": "x"}]})),
    ]);
    let setting = Setting {
        input: Payload::from(input.clone()),
        variables,
        context: json!({"State": {"Name": "S"}, "Execution": {"Id": "e", "Input": {"a": [1]}}}),
        retries: 0,
        failed_iterations: None,
        items_read: None,
        environment: Environment {
            now: Timestamp::from_epoch_millis(1_000),
            entropy: Entropy::from_seed(1),
        },
    };
    let work = work.map(|work| match work.get("fails") {
        Some(error) => Work::Failed(Failure::new(
            ErrorName::new(error.as_str().unwrap().to_owned()),
            "why",
        )),
        None => Work::Succeeded(Payload::from(work.clone())),
    });
    let is_waiting = work.is_none();
    match SingleState::new(program, setting).run(work) {
        Step::Task(task) => {
            assert!(is_waiting);
            Did::WentOn(json!({"arguments": task.parameters.json().clone()}))
        }
        Step::Done(tested) => {
            if tested.status == TestStatus::Failed {
                let failure = tested.failure.unwrap();
                return Did::Failed(format!("{failure:?}"));
            }
            let next = tested.next.and_then(|next| compiled.program.state(next));
            let seen = &tested.inspection;
            let payload = |payload: &Option<Payload>| payload.as_ref().map(|it| it.json().clone());
            let mut shown = ObjectBuilder::new();
            shown
                .insert("status", tested.status.name())
                .insert_some("output", payload(&tested.output))
                .insert_some("next", next.map(|next| next.name.as_str()))
                .insert_some(
                    "arguments",
                    payload(&seen.after_arguments).or(payload(&seen.after_parameters)),
                )
                .insert_some(
                    "waits",
                    tested.waits_until.map(|until| until.epoch_millis()),
                )
                .insert_some("items", payload(&seen.after_item_selector));
            for (name, value) in tested.variables.own() {
                shown.insert(format!("${name}"), value.clone());
            }
            Did::WentOn(Json::from(shown.build()))
        }
    }
}

/// Converts the state, which must succeed without an error, and runs both.
#[track_caller]
pub fn same(state: &Json, input: &Json, work: Option<&Json>) {
    let (findings, after) = converted(state);
    assert!(
        findings
            .findings
            .iter()
            .all(|finding| finding.severity != Severity::Error),
        "{state}: {:?}",
        findings.findings
    );
    let wanted = run(state, input, work);
    let got = run(&after, input, work);
    match wanted {
        Did::WentOn(_) => assert_eq!(
            comparable(&got),
            comparable(&wanted),
            "\n{state}\n{after}\n{input}"
        ),
        Did::Failed(_) => {}
    }
}

/// Without what only one language shows.
fn comparable(did: &Did) -> Did {
    match did {
        Did::WentOn(Json::Object(shown)) => {
            let mut shown = shown.clone();
            if shown.get("output").is_some() {
                shown = shown.without("arguments");
            }
            Did::WentOn(Json::from(shown))
        }
        other => other.clone(),
    }
}
