//! `patchOperations`: how REST APIs and what they hold are changed.
//!
//! A path names a member, and what is in it; a value is always a text, and becomes what the member's shape wants. Source: API
//! Gateway REST API Reference, "Patch operations".

use passo_json::{Array, Json, Object};
use passo_model::{Model, Shape, ShapeId, Structure};
use passo_service::Fault;

use super::Request;
use crate::faults;

/// Steps of a path that are followed.
const STEPS_MAX: usize = 8;

struct Patch<'a> {
    operation: &'a str,
    value: Option<&'a str>,
    path: &'a str,
}

/// `row`, of that shape, after the call's patch operations.
pub(crate) fn patch(
    request: &Request<'_>,
    shape: &Structure,
    row: Object,
) -> Result<Object, Fault> {
    let Some(model) = request.style.model() else {
        return Ok(row);
    };
    let mut row = row;
    for item in request.given.list("patchOperations") {
        let text = |member: &str| item.get(member).and_then(Json::as_str);
        let patch = Patch {
            operation: text("op").unwrap_or_default(),
            value: text("value"),
            path: text("path").unwrap_or_default(),
        };
        row = patch.apply(model, shape, &row)?;
    }
    Ok(row)
}

impl Patch<'_> {
    fn apply(&self, model: &Model, shape: &Structure, row: &Object) -> Result<Object, Fault> {
        let steps: Vec<String> = self.path.split('/').skip(1).map(unescaped).collect();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        if steps.is_empty() || steps.len() > STEPS_MAX {
            return Err(self.invalid());
        }
        self.members(model, shape, row, &steps)
    }

    fn invalid(&self) -> Fault {
        faults::bad_request(format!("Invalid patch path {}", self.path))
    }

    fn members(
        &self,
        model: &Model,
        shape: &Structure,
        row: &Object,
        steps: &[&str],
    ) -> Result<Object, Fault> {
        let (first, rest) = steps.split_first().ok_or_else(|| self.invalid())?;
        let Some(member) = shape.member(first) else {
            return match shape.member("methodSettings") {
                Some(_) => self.method_setting(row, steps),
                None => Err(self.invalid()),
            };
        };
        let old = row.get(first);
        Ok(match self.value_of(model, member.shape, old, rest)? {
            Some(value) => row.clone().with(*first, value),
            None => row.without(first),
        })
    }

    /// What becomes of a value of that shape; none where it goes.
    fn value_of(
        &self,
        model: &Model,
        shape: ShapeId,
        old: Option<&Json>,
        steps: &[&str],
    ) -> Result<Option<Json>, Fault> {
        let object = || old.and_then(Json::as_object).cloned().unwrap_or_default();
        match (model.shape(shape), steps) {
            (Shape::List(_), _) => Ok(Some(self.listed(old, steps))),
            (_, []) if self.operation == "remove" => Ok(None),
            (Shape::Structure(shape), [_, ..]) => {
                let members = self.members(model, shape, &object(), steps)?;
                Ok(Some(Json::from(members)))
            }
            (Shape::Map(map), [key, rest @ ..]) => {
                let entries = object();
                let value = self.value_of(model, map.value, entries.get(key), rest)?;
                Ok(Some(Json::from(match value {
                    Some(value) => entries.with(*key, value),
                    None => entries.without(key),
                })))
            }
            (shape, []) => Ok(Some(self.typed(shape)?)),
            (_, [_, ..]) => Err(self.invalid()),
        }
    }

    /// Items are named by what they are: `/binaryMediaTypes/image~1png`; or given, as in `/apiStages`.
    fn listed(&self, old: Option<&Json>, steps: &[&str]) -> Json {
        let mut items: Vec<Json> = old
            .and_then(Json::as_array)
            .map_or_else(Vec::new, |items| items.to_vec());
        let named = steps.first().copied();
        let item = |text: &str| match (named, text.split_once(':')) {
            (None, Some((api, stage))) if self.path == "/apiStages" => {
                let members = Object::default().with("apiId", api).with("stage", stage);
                Json::from(members)
            }
            _ => Json::from(text),
        };
        let gone = named.or(self.value).map(item);
        match self.operation {
            "remove" => items.retain(|old| gone.as_ref().is_some_and(|gone| old != gone)),
            "replace" => {
                let new = self.value.map(item);
                let at = items.iter().position(|old| Some(old) == gone.as_ref());
                match (at.and_then(|at| items.get_mut(at)), named, new) {
                    (Some(old), Some(_), Some(new)) => *old = new,
                    (None, Some(index), Some(new)) => {
                        let index = index.parse::<usize>().ok();
                        match index.and_then(|index| items.get_mut(index)) {
                            Some(old) => *old = new,
                            None => items = vec![new],
                        }
                    }
                    (_, None, Some(new)) => items = vec![new],
                    (_, _, None) => {}
                }
            }
            _ => {
                let new = named.or(self.value).map(item);
                items.extend(
                    new.into_iter()
                        .filter(|new| !items.contains(new))
                        .collect::<Vec<_>>(),
                );
            }
        }
        Json::from(items.into_iter().collect::<Array>())
    }

    fn typed(&self, shape: &Shape) -> Result<Json, Fault> {
        let value = self.value.unwrap_or_default();
        let unfit = || {
            faults::bad_request(format!(
                "Invalid patch value  specified '{value}' for path {}",
                self.path
            ))
        };
        match shape {
            Shape::Boolean => match value.to_ascii_lowercase().as_str() {
                "true" => Ok(Json::from(true)),
                "false" => Ok(Json::from(false)),
                _ => Err(unfit()),
            },
            Shape::Number { number, .. } if number.is_whole() => {
                value.parse::<i64>().map(Json::from).map_err(|_| unfit())
            }
            Shape::Number { .. } => {
                let parsed = value.parse::<f64>().ok().filter(|it| it.is_finite());
                parsed.map(Json::from).ok_or_else(unfit)
            }
            Shape::Structure(_)
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Text { .. }
            | Shape::Timestamp(_)
            | Shape::Blob { .. }
            | Shape::Document => Ok(Json::from(value)),
        }
    }

    /// `/{resource}/{method}/throttling/rateLimit` of a stage.
    fn method_setting(&self, row: &Object, steps: &[&str]) -> Result<Object, Fault> {
        let [method @ .., family, setting] = steps else {
            return Err(self.invalid());
        };
        let member = match (*family, *setting) {
            ("metrics", "enabled") => "metricsEnabled",
            ("logging", "loglevel") => "loggingLevel",
            ("logging", "dataTrace") => "dataTraceEnabled",
            ("throttling", "burstLimit") => "throttlingBurstLimit",
            ("throttling", "rateLimit") => "throttlingRateLimit",
            ("caching", "enabled") => "cachingEnabled",
            ("caching", "ttlInSeconds") => "cacheTtlInSeconds",
            ("caching", "dataEncrypted") => "cacheDataEncrypted",
            _ => return Err(self.invalid()),
        };
        let value = self.value.unwrap_or_default();
        let value = match value.parse::<i64>() {
            Ok(number) => Json::from(number),
            Err(_) if value == "true" || value == "false" => Json::from(value == "true"),
            Err(_) => Json::from(value),
        };
        let name = method.join("/");
        let object = |json: Option<&Json>| json.and_then(Json::as_object).cloned();
        let all = object(row.get("methodSettings")).unwrap_or_default();
        let one = object(all.get(&name)).unwrap_or_default();
        let one = one.with(member, value);
        Ok(row.clone().with("methodSettings", all.with(name, one)))
    }
}

/// A step of a JSON pointer.
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "rows read better without borrows"
)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check(shape: &str, row: Json, (operation, path, value): (&str, &str, &str), expect: Json) {
        let model = passo_model::find("apigateway").unwrap().model();
        let output = model.operation(shape).unwrap().output.unwrap();
        let patch = Patch {
            operation,
            value: Some(value),
            path,
        };
        let row = row.as_object().unwrap();
        let patched = patch.apply(model, model.structure(output).unwrap(), row);
        let found = patched.map_or_else(|fault| json!(fault.code.to_string()), Json::from);
        assert_eq!(found, expect, "{operation} {path}");
    }

    #[test]
    fn members_are_patched_as_their_shapes_want() {
        check(
            "UpdateRestApi",
            json!({"name": "a"}),
            ("replace", "/name", "b"),
            json!({"name": "b"}),
        );
        check(
            "UpdateRestApi",
            json!({"minimumCompressionSize": 1}),
            ("replace", "/minimumCompressionSize", "10"),
            json!({"minimumCompressionSize": 10}),
        );
        check(
            "UpdateRestApi",
            json!({}),
            ("add", "/binaryMediaTypes/image~1png", ""),
            json!({"binaryMediaTypes": ["image/png"]}),
        );
        check(
            "UpdateRestApi",
            json!({"binaryMediaTypes": ["a/b", "c/d"]}),
            ("remove", "/binaryMediaTypes/a~1b", ""),
            json!({"binaryMediaTypes": ["c/d"]}),
        );
        check(
            "UpdateRestApi",
            json!({"endpointConfiguration": {"types": ["EDGE"]}}),
            ("replace", "/endpointConfiguration/types/EDGE", "REGIONAL"),
            json!({"endpointConfiguration": {"types": ["REGIONAL"]}}),
        );
        check(
            "UpdateStage",
            json!({"variables": {"a": "1"}}),
            ("replace", "/variables/b", "2"),
            json!({"variables": {"a": "1", "b": "2"}}),
        );
        check(
            "UpdateStage",
            json!({"variables": {"a": "1"}}),
            ("remove", "/variables/a", ""),
            json!({"variables": {}}),
        );
        check(
            "UpdateStage",
            json!({}),
            ("replace", "/*/*/throttling/rateLimit", "5"),
            json!({"methodSettings": {"*/*": {"throttlingRateLimit": 5}}}),
        );
        check(
            "UpdateUsagePlan",
            json!({}),
            ("add", "/apiStages", "api:prod"),
            json!({"apiStages": [{"apiId": "api", "stage": "prod"}]}),
        );
        for path in ["", "/", "/nothing", "/name/deeper"] {
            check(
                "UpdateRestApi",
                json!({"name": "a"}),
                ("replace", path, "x"),
                json!("BadRequestException"),
            );
        }
    }
}
