//! Histories with the events of parallel branches, which AWS interleaves as it likes.
//!
//! A recording marks such an event with `"id": [0]`. Events with a number are where they say; between two of them the
//! marked ones come in any order, with any ids, and the events that close a Parallel state are not listed.

use passo_json::Json;

use super::compare::{self, Difference, pair_up};

/// Events that may stand among marked ones without being listed.
const UNLISTED: &[&str] = &["ParallelStateSucceeded", "ParallelStateExited"];
/// What is not compared of a marked event.
const NOT_COMPARED: &[&str] = &["id", "previousEventId"];

/// Whether `events` is a recorded history with marked events.
pub fn has_branches(events: &[Json]) -> bool {
    events.iter().any(is_marked)
}

fn is_marked(event: &Json) -> bool {
    let id = event.get("id").and_then(Json::as_array);
    id.is_some_and(|id| id.len() == 1 && id.first().and_then(Json::as_i64) == Some(0))
}

/// Compares the events of an answer with a recorded history that has marked events.
///
/// # Errors
/// The first difference.
pub fn compare(expected: &[Json], answer: &[Json]) -> Result<(), Difference> {
    let (mut expected, mut answer) = (expected, answer);
    while !expected.is_empty() {
        let marked = expected.iter().take_while(|event| is_marked(event)).count();
        let (branches, rest) = expected.split_at_checked(marked).unwrap_or_default();
        let next = rest.first();
        let until = next
            .and_then(|event| event.get("id"))
            .and_then(Json::as_i64);
        let is_before = |event: &&Json| {
            let id = event.get("id").and_then(Json::as_i64);
            id.zip(until).is_none_or(|(id, until)| id < until)
        };
        let between = answer.iter().take_while(is_before).count();
        let (found, after) = answer.split_at_checked(between).unwrap_or_default();
        compare_branches(branches, found)?;
        (expected, answer) = (
            rest.get(1..).unwrap_or_default(),
            after.get(1..).unwrap_or_default(),
        );
        if let Some(next) = next {
            let place = until.map_or("end".to_owned(), |id| format!("id {id}"));
            let got = after
                .first()
                .ok_or_else(|| Difference::new(next.to_text(), "nothing"));
            got.and_then(|got| compare::compare(next, got))
                .map_err(|it| it.inside(&place))?;
        }
    }
    match answer.first() {
        Some(more) => Err(Difference::new("nothing", more.to_text()).inside("end")),
        None => Ok(()),
    }
}

fn compare_branches(expected: &[Json], found: &[Json]) -> Result<(), Difference> {
    let compared = |events: &[Json]| -> Vec<Json> { events.iter().map(without_ids).collect() };
    let (expected, found) = (compared(expected), compared(found));
    let fits = |left: &Json, right: &Json| compare::compare(left, right).is_ok();
    let list = |events: &[Json]| Json::from(events.to_vec()).to_text();
    let missing = || {
        let expected = format!("in any order {}", list(&expected));
        Difference::new(expected, list(&found)).inside("branches")
    };
    let partners = pair_up(&expected, &found, fits).ok_or_else(missing)?;
    let is_listed = |event: &Json| {
        let kind = event.get("type").and_then(Json::as_str);
        // Without marked events around it, an unlisted one has no place here.
        expected.is_empty() || !kind.is_some_and(|kind| UNLISTED.contains(&kind))
    };
    let left_over = (0..)
        .zip(&found)
        .find(|(at, event)| !partners.contains(at) && is_listed(event));
    match left_over {
        Some((_, event)) => Err(Difference::new("nothing", event.to_text()).inside("branches")),
        None => Ok(()),
    }
}

fn without_ids(event: &Json) -> Json {
    match event.as_object() {
        Some(object) => NOT_COMPARED
            .iter()
            .fold(object.clone(), |object, key| object.without(key))
            .into(),
        None => event.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn event(id: i64, kind: &str) -> Json {
        json!({"id": id, "previousEventId": (id - 1), "type": kind})
    }

    fn marked(kind: &str) -> Json {
        json!({"id": [0], "previousEventId": 0, "type": kind})
    }

    fn check(expected: &[Json], answer: &[Json], passes: bool) {
        assert!(has_branches(expected));
        let result = compare(expected, answer);
        assert_eq!(result.is_ok(), passes, "{result:?}");
    }

    #[test]
    fn branches_come_in_any_order() {
        let expected = [
            event(1, "Started"),
            marked("A"),
            marked("B"),
            event(5, "Exited"),
        ];
        let with = |middle: &[(i64, &str)]| -> Vec<Json> {
            let middle = middle.iter().map(|(id, kind)| event(*id, kind));
            [event(1, "Started")]
                .into_iter()
                .chain(middle)
                .chain([event(5, "Exited")])
                .collect()
        };
        check(
            &expected,
            &with(&[(2, "A"), (3, "B"), (4, "ParallelStateSucceeded")]),
            true,
        );
        check(
            &expected,
            &with(&[(2, "B"), (3, "A"), (4, "ParallelStateSucceeded")]),
            true,
        );
        check(&expected, &with(&[(2, "B"), (3, "A")]), true);
        check(
            &expected,
            &with(&[(2, "A"), (4, "ParallelStateSucceeded")]),
            false,
        );
        check(
            &expected,
            &with(&[(2, "A"), (3, "A"), (4, "ParallelStateSucceeded")]),
            false,
        );
        check(&expected, &with(&[(2, "A"), (3, "B"), (4, "C")]), false);
    }

    #[test]
    fn numbered_events_stay_where_they_are() {
        let expected = [
            event(1, "Started"),
            marked("A"),
            event(3, "Inner"),
            marked("B"),
            event(6, "End"),
        ];
        let answer = |kinds: [&str; 6]| -> Vec<Json> {
            (1..).zip(kinds).map(|(id, kind)| event(id, kind)).collect()
        };
        let succeeded = "ParallelStateSucceeded";
        check(
            &expected,
            &answer(["Started", "A", "Inner", "B", succeeded, "End"]),
            true,
        );
        check(
            &expected,
            &answer(["Started", "B", "Inner", "A", succeeded, "End"]),
            false,
        );
        check(
            &expected,
            &answer(["Started", "A", "Other", "B", succeeded, "End"]),
            false,
        );
        check(
            &expected,
            &answer(["Started", "A", "Inner", "B", succeeded, "Other"]),
            false,
        );
        let mut long = answer(["Started", "A", "Inner", "B", succeeded, "End"]);
        check(&expected, &long[..5], false);
        long.push(event(7, "More"));
        check(&expected, &long, false);
    }

    #[test]
    fn a_history_without_marks_is_compared_as_a_list() {
        assert!(!has_branches(&[
            event(1, "Started"),
            json!({"id": []}),
            json!([0])
        ]));
    }
}
