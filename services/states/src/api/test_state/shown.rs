//! The answer: how the state ended and, if asked for, the values between its steps.

use passo_engine::single_state::{Handled, Tested};
use passo_json::{Json, Object, ObjectBuilder, Payload, json};

use super::prepare::Prepared;
use crate::shapes;

pub(super) fn answer(prepared: &Prepared, tested: &Tested) -> Json {
    let mut answer = ObjectBuilder::new();
    answer.insert_some("output", tested.output.as_ref().map(Payload::text));
    if let Some(failure) = &tested.failure {
        shapes::failure(&mut answer, failure);
    }
    if prepared.is_inspected {
        answer.insert("inspectionData", inspection(prepared, tested));
    }
    let next = tested.next.and_then(|next| prepared.program.state(next));
    answer
        .insert_some("nextState", next.map(|next| next.name.shared()))
        .insert("status", tested.status.name());
    Json::Object(answer.build())
}

fn inspection(prepared: &Prepared, tested: &Tested) -> Object {
    let seen = &tested.inspection;
    let mut shown = ObjectBuilder::new();
    shown.insert("input", prepared.input.text());
    for (name, value) in [
        ("afterArguments", &seen.after_arguments),
        ("afterInputPath", &seen.after_input_path),
        ("afterParameters", &seen.after_parameters),
        ("result", &seen.result),
        ("afterResultSelector", &seen.after_result_selector),
        ("afterResultPath", &seen.after_result_path),
        ("afterItemsPath", &seen.after_items_path),
        ("afterItemsPointer", &prepared.after_items_pointer),
        ("afterItemSelector", &seen.after_item_selector),
        ("afterItemBatcher", &seen.after_item_batcher),
    ] {
        shown.insert_some(name, value.as_ref().map(Payload::text));
    }
    let variables: Object = tested
        .variables
        .visible()
        .into_iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !variables.is_empty() {
        shown.insert("variables", Json::Object(variables).to_text());
    }
    let count = seen
        .tolerated_failure_count
        .map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    shown
        .insert_some("errorDetails", tested.handled.map(error_details))
        .insert_some("toleratedFailureCount", count)
        .insert_some(
            "toleratedFailurePercentage",
            seen.tolerated_failure_percentage,
        )
        .insert_some("maxConcurrency", seen.max_concurrency);
    shown.build()
}

fn error_details(handled: Handled) -> Json {
    let place = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
    match handled {
        Handled::Catch { index } => json!({"catchIndex": (place(index))}),
        Handled::Retry {
            index,
            backoff_seconds,
        } => json!({
            "retryIndex": (place(index)),
            "retryBackoffIntervalSeconds": (i64::try_from(backoff_seconds).unwrap_or(i64::MAX))
        }),
    }
}
