//! Parameters as an operation takes them, of values as templates write them.
//!
//! CloudFormation's properties and the parameters of operations are the same things, spelled a little differently:
//! `RoleArn` is `roleArn`, numbers come as texts where a template parameter gave them, and documents come as objects
//! where the operation takes JSON text, tags come as lists where it takes an object, or the other way round. The service's model says what is wanted.

use passo_json::{Json, Object, ObjectBuilder, json};
use passo_model::{Model, Number, Shape, ShapeId};
use passo_vocab::Timestamp;

/// Levels of a value that are looked into; models have recursive shapes.
const DEPTH_MAX: u32 = 64;

/// `parameters` as `operation` of `service` takes them. Members that it does not know are left out.
pub fn shaped(service: &str, operation: &str, parameters: &Json) -> Json {
    let Some(model) = passo_model::find(service).map(passo_model::Listed::model) else {
        return parameters.clone();
    };
    match model.operation(operation).and_then(|found| found.input) {
        Some(input) => value(model, input, parameters, DEPTH_MAX),
        None => Json::Object(Object::default()),
    }
}

fn value(model: &Model, id: ShapeId, given: &Json, depth: u32) -> Json {
    let Some(depth) = depth.checked_sub(1) else {
        return given.clone();
    };
    match (model.shape(id), given) {
        (Shape::Structure(structure), Json::Object(members)) => {
            let mut made = ObjectBuilder::new();
            for (name, given) in members.iter() {
                let found = structure.member(name).or_else(|| {
                    let mut members = structure.members.iter();
                    members.find(|member| member.name.eq_ignore_ascii_case(name))
                });
                if let Some(member) = found {
                    made.insert(member.name, value(model, member.shape, given, depth));
                }
            }
            Json::Object(made.build())
        }
        (Shape::List(list), Json::Object(members)) if has_keys(model, list.item) => {
            let pairs = members.iter();
            let pairs = pairs.map(|(key, given)| {
                let pair = json!({"Key": &**key, "Value": given.clone()});
                value(model, list.item, &pair, depth)
            });
            Json::from(pairs.collect::<Vec<_>>())
        }
        (Shape::Map(map), Json::Array(pairs)) => {
            let pairs = pairs.iter().filter_map(|pair| {
                let key = pair.get("Key").and_then(Json::as_str)?;
                let given = value(model, map.value, pair.get("Value")?, depth);
                Some((std::sync::Arc::<str>::from(key), given))
            });
            pairs.collect::<Object>().into()
        }
        (Shape::List(list), Json::Array(items)) => {
            let items = items.iter();
            let items = items.map(|item| value(model, list.item, item, depth));
            Json::from(items.collect::<Vec<_>>())
        }
        (Shape::List(list), one) => Json::from(vec![value(model, list.item, one, depth)]),
        (Shape::Map(map), Json::Object(members)) => members
            .iter()
            .map(|(key, given)| (key.clone(), value(model, map.value, given, depth)))
            .collect::<Object>()
            .into(),
        (
            Shape::Text { .. },
            Json::Bool(_) | Json::Number(_) | Json::Object(_) | Json::Array(_),
        ) => Json::from(given.to_text()),
        (Shape::Number { number, .. }, Json::String(text)) => numeric(*number, text),
        (Shape::Boolean, Json::String(text)) => match &*text.to_ascii_lowercase() {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            _ => given.clone(),
        },
        (Shape::Timestamp(_), Json::String(text)) => match Timestamp::parse_rfc3339(text) {
            Ok(time) => Json::from(time.epoch_millis() / 1000),
            Err(_) => given.clone(),
        },
        _ => given.clone(),
    }
}

/// Whether a shape is a pair of a key and a value, as tags are.
fn has_keys(model: &Model, id: ShapeId) -> bool {
    let structure = model.structure(id);
    structure.is_some_and(|structure| {
        let has = |name: &str| {
            let mut members = structure.members.iter();
            members.any(|member| member.name.eq_ignore_ascii_case(name))
        };
        structure.members.len() == 2 && has("Key") && has("Value")
    })
}

fn numeric(number: Number, text: &str) -> Json {
    let whole = text.parse::<i64>().ok().map(Json::from);
    let parsed = match number.is_whole() {
        true => whole,
        false => whole.or_else(|| Json::parse(text).ok()),
    };
    parsed
        .filter(|value| value.as_number().is_some())
        .unwrap_or_else(|| Json::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_what_the_model_says() {
        for (service, operation, given, expect) in [
            (
                "states",
                "CreateStateMachine",
                json!({"RoleArn": "r", "LoggingConfiguration": {
                    "IncludeExecutionData": "true",
                    "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "l"}}],
                }, "Unknown": 1}),
                json!({"roleArn": "r", "loggingConfiguration": {
                    "includeExecutionData": true,
                    "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": "l"}}],
                }}),
            ),
            (
                "events",
                "PutRule",
                json!({"Name": "n", "EventPattern": {"source": ["a"]}}),
                json!({"Name": "n", "EventPattern": "{\"source\":[\"a\"]}"}),
            ),
            (
                "lambda",
                "CreateFunction",
                json!({"Timeout": "5", "Environment": {"Variables": {"A": 1}}}),
                json!({"Timeout": 5, "Environment": {"Variables": {"A": "1"}}}),
            ),
        ] {
            assert_eq!(shaped(service, operation, &given), expect, "{operation}");
        }
    }
}
