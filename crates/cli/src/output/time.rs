//! Times, as AWS answers with them: seconds since 1970, with a fraction.

use passo_json::{Json, Object};
use passo_vocab::Timestamp;

use crate::duration;
use crate::run::now;

/// Levels of a document that are looked at for times; deeper ones are user data.
const DEPTH_MAX: usize = 8;

/// The time that an answer's member holds, as AWS has it or after [`readable`].
pub fn timestamp(value: &Json, member: &str) -> Option<Timestamp> {
    instant(value.get(member)?)
}

/// A time in either form.
pub fn instant(value: &Json) -> Option<Timestamp> {
    match value {
        Json::Number(number) => seconds(number.as_f64()),
        Json::String(text) => Timestamp::parse_rfc3339(text).ok(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// `3m20s ago`, up to now.
pub fn age(at: Option<Timestamp>) -> String {
    match at {
        Some(at) => format!("{} ago", duration::show(now().millis_since(at))),
        None => String::new(),
    }
}

/// An answer with its times as text, as the AWS CLI shows them. Only members that AWS uses for times change.
pub fn readable(value: &Json) -> Json {
    at_depth(value, 0)
}

fn at_depth(value: &Json, depth: usize) -> Json {
    match value {
        Json::Object(object) if depth < DEPTH_MAX => {
            let members = object.iter().map(|(name, value)| {
                let time = is_time(name).then(|| instant(value)).flatten();
                let value = match time {
                    Some(time) => Json::from(time.to_string()),
                    None => at_depth(value, depth.saturating_add(1)),
                };
                (name.clone(), value)
            });
            Json::from(members.collect::<Object>())
        }
        Json::Array(items) if depth < DEPTH_MAX => {
            let items = items.iter();
            Json::from(
                items
                    .map(|item| at_depth(item, depth.saturating_add(1)))
                    .collect::<Vec<_>>(),
            )
        }
        Json::Null
        | Json::Bool(_)
        | Json::Number(_)
        | Json::String(_)
        | Json::Array(_)
        | Json::Object(_) => value.clone(),
    }
}

/// The members that are times. Source: the timestamp members of AWS's public model of Step Functions.
fn is_time(name: &str) -> bool {
    matches!(
        name,
        "startDate" | "stopDate" | "creationDate" | "updateDate" | "redriveDate" | "timestamp"
    )
}

fn seconds(seconds: f64) -> Option<Timestamp> {
    let millis = (seconds * 1000.0).round();
    // The years 0 to 9999.
    if !(-6.3e13..2.6e14).contains(&millis) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number within the range checked above"
    )]
    let millis = millis as i64;
    Some(Timestamp::from_epoch_millis(millis))
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn times_are_made_readable() {
        let answer = json!({"startDate": 1.5, "events": [{"timestamp": 0, "id": 1}], "input": "5"});
        let expect = json!({
            "startDate": "1970-01-01T00:00:01.500Z",
            "events": [{"timestamp": "1970-01-01T00:00:00Z", "id": 1}],
            "input": "5"
        });
        assert_eq!(readable(&answer), expect);
        assert_eq!(readable(&expect), expect);
        assert_eq!(
            timestamp(&answer, "startDate"),
            Some(Timestamp::from_epoch_millis(1500))
        );
    }
}
