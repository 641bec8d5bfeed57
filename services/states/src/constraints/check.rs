//! Compares a request with the table.

use std::fmt;

use passo_json::Json;
use passo_service::Fault;

use super::shape::{List, Member, Shape, Text, Unit};
use super::table;
use crate::faults;

/// Checks the parameters of `operation`.
///
/// # Errors
/// `UnknownOperationException` for what is no operation, `SerializationException` for a value of another type,
/// `ValidationException` with every broken rule.
pub(crate) fn check(operation: &str, parameters: &Json) -> Result<(), Fault> {
    let Some(members) = table::members(operation) else {
        return Err(Fault::caller(
            "UnknownOperationException",
            "This operation is not known",
        ));
    };
    let mut broken = Vec::new();
    check_members(members, parameters, "", &mut broken)?;
    let told = match broken.len() {
        0 => return Ok(()),
        1 => "1 validation error detected: ".to_owned(),
        count => format!("{count} validation errors detected: "),
    };
    Err(faults::validation(told + &broken.join("; ")))
}

fn check_members(
    members: &[Member],
    value: &Json,
    path: &str,
    broken: &mut Vec<String>,
) -> Result<(), Fault> {
    if !matches!(value, Json::Object(_)) {
        return Err(faults::wrong_type(value, "a structure"));
    }
    for member in members {
        let path = match path {
            "" => member.name.to_owned(),
            path => format!("{path}.{}", member.name),
        };
        match value.get(member.name).filter(|value| !value.is_null()) {
            Some(value) => check_value(&member.shape, value, &path, broken)?,
            None if member.required => broken.push(
                Broken {
                    path: &path,
                    shown: None,
                }
                .says(member.shape.is_sensitive(), "Member must not be null"),
            ),
            None => {}
        }
    }
    Ok(())
}

fn check_value(
    shape: &Shape,
    value: &Json,
    path: &str,
    broken: &mut Vec<String>,
) -> Result<(), Fault> {
    let wrong = |wanted| faults::wrong_type(value, wanted);
    match shape {
        Shape::Text(rules) => {
            let text = value.as_str().ok_or_else(|| wrong("a String"))?;
            check_text(rules, text, path, broken);
        }
        Shape::Word(words) => {
            let text = value.as_str().ok_or_else(|| wrong("a String"))?;
            if !words.contains(&text) {
                let rule = format!("Member must satisfy enum value set: [{}]", words.join(", "));
                let shown = Some(text);
                broken.push(Broken { path, shown }.says(false, &rule));
            }
        }
        Shape::Integer { min, max } => {
            let number = value.as_i64().ok_or_else(|| wrong("an Integer"))?;
            check_bounds(&number, (min, max), value, path, broken);
        }
        Shape::Number { min, max } => {
            let number = value.as_f64().ok_or_else(|| wrong("a Float"))?;
            check_bounds(&number, (min, max), value, path, broken);
        }
        Shape::Boolean => {
            value.as_bool().ok_or_else(|| wrong("a Boolean"))?;
        }
        Shape::List(rules) => {
            let items = value.as_array().ok_or_else(|| wrong("a list"))?;
            check_list(rules, items, path, broken)?;
        }
        Shape::Structure(members) => check_members(members, value, path, broken)?,
    }
    Ok(())
}

fn check_list(
    rules: &List,
    items: &[Json],
    path: &str,
    broken: &mut Vec<String>,
) -> Result<(), Fault> {
    if !(rules.min..=rules.max).contains(&items.len()) {
        let text = list_text(items, rules.item_name);
        let here = Broken {
            path,
            shown: Some(&text),
        };
        check_length(items.len(), (rules.min, rules.max), here, false, broken);
    }
    for (number, item) in (1_usize..).zip(items) {
        check_value(rules.item, item, &format!("{path}.{number}.member"), broken)?;
    }
    Ok(())
}

fn check_text(rules: &Text, text: &str, path: &str, broken: &mut Vec<String>) {
    let length = match rules.unit {
        Unit::Characters => text.chars().count(),
        Unit::Bytes => text.len(),
    };
    let here = || Broken {
        path,
        shown: Some(text),
    };
    check_length(
        length,
        (rules.min, rules.max),
        here(),
        rules.is_sensitive,
        broken,
    );
    if let Some(pattern) = rules.pattern
        && !(pattern.matches)(text)
    {
        let rule = format!(
            "Member must satisfy regular expression pattern: {}",
            pattern.text
        );
        broken.push(here().says(rules.is_sensitive, &rule));
    }
}

fn check_length(
    length: usize,
    (min, max): (usize, usize),
    here: Broken<'_>,
    is_sensitive: bool,
    broken: &mut Vec<String>,
) {
    if length < min {
        let rule = format!("Member must have length greater than or equal to {min}");
        broken.push(here.says(is_sensitive, &rule));
    } else if length > max {
        let rule = format!("Member must have length less than or equal to {max}");
        broken.push(here.says(is_sensitive, &rule));
    }
}

fn check_bounds<N: fmt::Display + PartialOrd>(
    number: &N,
    (min, max): (&N, &N),
    value: &Json,
    path: &str,
    broken: &mut Vec<String>,
) {
    let rule = if number < min {
        format!("Member must have value greater than or equal to {min}")
    } else if number > max {
        format!("Member must have value less than or equal to {max}")
    } else {
        return;
    };
    let text = value.to_text();
    broken.push(
        Broken {
            path,
            shown: Some(&text),
        }
        .says(false, &rule),
    );
}

/// A list as AWS repeats it: structures with their names, members as `name=value`.
fn list_text(items: &[Json], item_name: &str) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|item| match item {
            Json::Object(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| format!("{name}={}", plain(value)))
                    .collect();
                format!("{item_name}({})", members.join(", "))
            }
            other => plain(other),
        })
        .collect();
    format!("[{}]", items.join(", "))
}

fn plain(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_text(), str::to_owned)
}

/// Where a rule is broken, and by which value.
#[derive(Clone, Copy)]
struct Broken<'a> {
    path: &'a str,
    shown: Option<&'a str>,
}

impl Broken<'_> {
    /// AWS's sentence; the value of a sensitive member is left out.
    fn says(&self, is_sensitive: bool, rule: &str) -> String {
        let value = match self.shown {
            _ if is_sensitive => String::new(),
            Some(shown) => format!(" '{shown}'"),
            None => " null".to_owned(),
        };
        format!(
            "Value{value} at '{}' failed to satisfy constraint: {rule}",
            self.path
        )
    }
}

impl Shape {
    fn is_sensitive(&self) -> bool {
        matches!(self, Shape::Text(rules) if rules.is_sensitive)
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check_says(operation: &str, parameters: &Json, expect: &str) {
        let fault = check(operation, parameters).unwrap_err();
        assert_eq!(fault.message, expect, "{operation} {parameters}");
        assert_eq!(fault.code, "ValidationException");
    }

    #[test]
    fn each_rule_has_its_sentence() {
        check_says(
            "ListStateMachines",
            &json!({"maxResults": 1001}),
            "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have \
             value less than or equal to 1000",
        );
        check_says(
            "ListStateMachines",
            &json!({"maxResults": -1}),
            "1 validation error detected: Value '-1' at 'maxResults' failed to satisfy constraint: Member must have \
             value greater than or equal to 0",
        );
        check_says(
            "ListStateMachines",
            &json!({"nextToken": ""}),
            "1 validation error detected: Value '' at 'nextToken' failed to satisfy constraint: Member must have \
             length greater than or equal to 1",
        );
        check_says(
            "ListExecutions",
            &json!({"statusFilter": "succeeded"}),
            "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must \
             satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
        );
        check_says(
            "CreateStateMachine",
            &json!({"definition": null, "roleArn": "r"}),
            "2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; \
             Value at 'definition' failed to satisfy constraint: Member must not be null",
        );
        check_says(
            "TagResource",
            &json!({"resourceArn": "r", "tags": [{"key": "k"}, {"key": ""}]}),
            "1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have \
             length greater than or equal to 1",
        );
        check_says(
            "CreateStateMachineAlias",
            &json!({"name": "12", "routingConfiguration": [{"stateMachineVersionArn": "v", "weight": 1}]}),
            "1 validation error detected: Value '12' at 'name' failed to satisfy constraint: Member must satisfy regular \
             expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$",
        );
    }

    #[test]
    fn lists_are_repeated_with_the_names_of_structures() {
        check_says(
            "UpdateStateMachineAlias",
            &json!({"stateMachineAliasArn": "a", "routingConfiguration": []}),
            "1 validation error detected: Value '[]' at 'routingConfiguration' failed to satisfy constraint: Member must \
             have length greater than or equal to 1",
        );
        let route = json!({"stateMachineVersionArn": "v", "weight": 50});
        check_says(
            "UpdateStateMachineAlias",
            &json!({
                "stateMachineAliasArn": "a",
                "routingConfiguration": [route.clone(), route.clone(), route]
            }),
            "1 validation error detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=v, weight=50), \
             RoutingConfigurationListItem(stateMachineVersionArn=v, weight=50), \
             RoutingConfigurationListItem(stateMachineVersionArn=v, weight=50)]' at 'routingConfiguration' failed to \
             satisfy constraint: Member must have length less than or equal to 2",
        );
    }

    #[test]
    fn payloads_are_measured_in_bytes_and_not_repeated() {
        let input = "é".repeat(131_073);
        check_says(
            "StartExecution",
            &json!({"stateMachineArn": "a", "input": input}),
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less \
             than or equal to 262144",
        );
    }

    #[test]
    fn other_types_are_not_converted() {
        for parameters in [
            json!({"name": 5}),
            json!({"name": []}),
            json!([]),
            json!({"name": "n", "tags": {}}),
        ] {
            let fault = check("CreateActivity", &parameters).unwrap_err();
            assert_eq!(fault.code, "SerializationException", "{parameters}");
        }
        assert!(check("CreateActivity", &json!({"name": "n", "other": 1})).is_ok());
        assert_eq!(
            check("Fly", &json!({})).unwrap_err().code,
            "UnknownOperationException"
        );
    }
}
