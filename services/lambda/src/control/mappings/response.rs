//! What a function's answer means for the messages of its batch.
//!
//! Source: Lambda Developer Guide, "Implementing partial batch responses".

use std::collections::BTreeSet;

use passo_json::{Json, Object};

/// The records that are done with; the others come again.
///
/// A function that reports items names those that failed; where it names one that is not there, or answers in another
/// form, all have failed.
pub(super) fn done(records: Vec<Object>, answer: &Json, reports_items: bool) -> Vec<Object> {
    if answer.get("FunctionError").is_some() {
        return Vec::new();
    }
    if !reports_items {
        return records;
    }
    let id = |record: &Object| Some(record.get("messageId")?.as_str()?.to_owned());
    let known: BTreeSet<String> = records.iter().filter_map(id).collect();
    let Some(failed) = failed(answer).filter(|failed| failed.is_subset(&known)) else {
        return Vec::new();
    };
    let mut records = records;
    records.retain(|record| id(record).is_some_and(|id| !failed.contains(&id)));
    records
}

/// The ids that the function names; `None` where its answer cannot be read.
pub(super) fn failed(answer: &Json) -> Option<BTreeSet<String>> {
    let payload = answer.get("Payload").and_then(Json::as_str).unwrap_or("");
    if payload.is_empty() {
        return Some(BTreeSet::new());
    }
    let payload = Json::parse(payload).ok()?;
    let list = match payload.get("batchItemFailures") {
        None | Some(Json::Null) => return Some(BTreeSet::new()),
        Some(list) => list.as_array()?,
    };
    let id = |item: &Json| {
        let id = item.get("itemIdentifier")?.as_str()?;
        (!id.is_empty()).then(|| id.to_owned())
    };
    list.iter().map(id).collect()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check(answer: &Json, reports_items: bool, expect: &[&str]) {
        let record = |id: &str| json!({"messageId": id}).as_object().unwrap().clone();
        let records = ["1", "2", "3"].map(record).to_vec();
        let done = done(records, answer, reports_items);
        let ids: Vec<&str> = done
            .iter()
            .map(|record| record.get("messageId").unwrap().as_str().unwrap())
            .collect();
        assert_eq!(ids, expect, "{answer:?}");
    }

    #[test]
    fn what_succeeded_is_done() {
        let all = &["1", "2", "3"][..];
        check(&json!({"Payload": "\"x\""}), false, all);
        check(
            &json!({"Payload": "{}", "FunctionError": "Unhandled"}),
            false,
            &[],
        );
        for (payload, expect) in [
            ("", all),
            ("null", all),
            ("{}", all),
            (r#"{"batchItemFailures":null}"#, all),
            (r#"{"batchItemFailures":[]}"#, all),
            (
                r#"{"batchItemFailures":[{"itemIdentifier":"2"}]}"#,
                &["1", "3"],
            ),
            (r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, &[]),
            (r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#, &[]),
            (r#"{"batchItemFailures":[{"id":"2"}]}"#, &[]),
            (r#"{"batchItemFailures":[{"itemIdentifier":"4"}]}"#, &[]),
            (r#"{"batchItemFailures":"2"}"#, &[]),
            ("no", &[]),
        ] {
            check(&json!({"Payload": payload}), true, expect);
        }
    }
}
