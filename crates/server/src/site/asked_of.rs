//! What a task's input says about how it is to be decided: who is asked, and what an answer looks like.
//!
//! A definition configures it by members of the task's arguments, wherever in them they stand: `assignee`, a text, and
//! `responseSchema`, a JSON Schema of which `type`, `enum`, `required` and `properties` are looked at.

use std::collections::VecDeque;

use passo_json::Json;

/// Values that are looked through for the members.
const VALUES_MAX: usize = 500;
/// Levels of a schema that are looked at.
const DEPTH_MAX: u32 = 16;

/// What a task's input says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct AskedOf {
    pub(super) assignee: Option<String>,
    pub(super) response_schema: Option<Json>,
}

impl AskedOf {
    /// Looks through a task's arguments, from outside to inside.
    pub(super) fn read(parameters: &str) -> AskedOf {
        let mut found = AskedOf::default();
        let Ok(root) = Json::parse(parameters) else {
            return found;
        };
        let mut open = VecDeque::from([&root]);
        for _ in 0..VALUES_MAX {
            let Some(value) = open.pop_front() else { break };
            if let Some(object) = value.as_object() {
                let assignee = object.get("assignee").and_then(Json::as_str);
                found.assignee = found.assignee.or_else(|| assignee.map(str::to_owned));
                let schema = object.get("responseSchema");
                let schema = schema.filter(|schema| schema.as_object().is_some());
                found.response_schema = found.response_schema.or_else(|| schema.cloned());
                open.extend(object.values());
            } else if let Some(items) = value.as_array() {
                open.extend(items.iter());
            }
        }
        found
    }

    /// What is wrong with a response; nothing where no schema was given.
    pub(super) fn problem(&self, response: &Json) -> Option<String> {
        let schema = self.response_schema.as_ref()?;
        problem(schema, response, "the response", 0)
    }
}

fn problem(schema: &Json, value: &Json, at: &str, depth: u32) -> Option<String> {
    if depth > DEPTH_MAX {
        return None;
    }
    if let Some(wanted) = schema.get("type").and_then(Json::as_str)
        && !is_of_type(value, wanted)
    {
        return Some(format!("{at} must be of the type `{wanted}`"));
    }
    if let Some(allowed) = schema.get("enum").and_then(Json::as_array)
        && !allowed.iter().any(|one| one == value)
    {
        let allowed = Json::from(allowed.to_vec()).to_text();
        return Some(format!("{at} must be one of {allowed}"));
    }
    let object = value.as_object()?;
    let required = schema.get("required").and_then(Json::as_array);
    let mut required = required
        .into_iter()
        .flat_map(|names| names.iter())
        .filter_map(Json::as_str);
    if let Some(missing) = required.find(|name| !object.contains_key(name)) {
        return Some(format!("{at} must have the member `{missing}`"));
    }
    let properties = schema.get("properties").and_then(Json::as_object);
    properties
        .into_iter()
        .flat_map(|properties| properties.iter())
        .find_map(|(name, schema)| {
            problem(schema, object.get(name)?, &format!("`{name}`"), depth + 1)
        })
}

fn is_of_type(value: &Json, wanted: &str) -> bool {
    match (value, wanted) {
        (Json::Null, "null")
        | (Json::Bool(_), "boolean")
        | (Json::Number(_), "number")
        | (Json::String(_), "string")
        | (Json::Array(_), "array")
        | (Json::Object(_), "object") => true,
        (Json::Number(_), "integer") => value.as_i64().is_some(),
        // A type that is not known is not checked.
        (_, known) => !matches!(
            known,
            "null" | "boolean" | "number" | "integer" | "string" | "array" | "object"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_wherever_they_stand() {
        let found = AskedOf::read(
            r#"{"QueueUrl":"q","MessageBody":{"assignee":"ana","more":[{"assignee":"bo","responseSchema":{"type":"object"}}]}}"#,
        );
        assert_eq!(found.assignee.as_deref(), Some("ana"));
        assert!(found.response_schema.is_some());
        for nothing in ["", "[]", "{\"assignee\":7}", "not JSON"] {
            assert_eq!(AskedOf::read(nothing), AskedOf::default(), "{nothing}");
        }
    }

    #[test]
    fn responses_are_checked() {
        let asked = AskedOf::read(
            r#"{"responseSchema":{"type":"object","required":["approved"],
                "properties":{"approved":{"type":"boolean"},"level":{"enum":["low","high"]},"days":{"type":"integer"}}}}"#,
        );
        let check = |response: &str, expect: Option<&str>| {
            let problem = asked.problem(&Json::parse(response).unwrap());
            assert_eq!(problem.as_deref(), expect, "{response}");
        };
        check(r#"{"approved":true,"level":"low","days":3,"more":1}"#, None);
        check("7", Some("the response must be of the type `object`"));
        check("{}", Some("the response must have the member `approved`"));
        check(
            r#"{"approved":"yes"}"#,
            Some("`approved` must be of the type `boolean`"),
        );
        check(
            r#"{"approved":true,"level":"mid"}"#,
            Some("`level` must be one of [\"low\",\"high\"]"),
        );
        check(
            r#"{"approved":true,"days":1.5}"#,
            Some("`days` must be of the type `integer`"),
        );
        assert_eq!(AskedOf::default().problem(&Json::Null), None);
    }
}
