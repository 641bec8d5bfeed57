//! What AWS says of parameters that are not as the model of a service has them: members that must be there, lengths,
//! numbers, words. Patterns are not in the models; a service tells them itself.

use passo_json::Json;
use passo_model::{Bounds, Model, Shape, ShapeId};

/// Levels of nesting that are looked at; models have far fewer.
const DEPTH_MAX: usize = 16;

/// What is wrong with the parameters of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<String>);

impl Findings {
    /// What the model of `service`, named as requests to it are signed, finds wrong with the parameters of an operation.
    /// What is in no model is right.
    pub fn of(service: &str, operation: &str, given: &Json) -> Findings {
        let mut findings = Findings::default();
        let model = passo_model::find(service).map(passo_model::Listed::model);
        let found = model.and_then(|model| Some((model, model.operation(operation)?.input?)));
        if let Some((model, input)) = found {
            findings.value(model, input, given, "", DEPTH_MAX);
        }
        findings
    }

    /// All that was found, in one sentence.
    ///
    /// # Errors
    /// The sentence, in AWS's words, where anything was.
    pub fn told(self) -> Result<(), String> {
        let Findings(found) = self;
        if found.is_empty() {
            return Ok(());
        }
        let errors = if found.len() == 1 { "error" } else { "errors" };
        Err(format!(
            "{} validation {errors} detected: {}",
            found.len(),
            found.join("; ")
        ))
    }

    fn add(&mut self, value: &str, member: &str, constraint: &str) {
        self.0.push(format!(
            "Value {value} at '{member}' failed to satisfy constraint: Member must {constraint}"
        ));
    }

    /// A member's value does not fit its pattern.
    pub fn pattern(&mut self, value: &str, member: &str, pattern: &str) {
        let constraint = format!("satisfy regular expression pattern: {pattern}");
        self.add(&format!("'{value}'"), member, &constraint);
    }

    fn value(&mut self, model: &Model, shape: ShapeId, given: &Json, at: &str, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match model.shape(shape) {
            Shape::Structure(structure) => {
                for member in &structure.members {
                    let at = joined(at, member.name);
                    match given.get(member.name).filter(|value| !value.is_null()) {
                        Some(value) => self.value(model, member.shape, value, &at, depth),
                        None if member.is_required => self.add("null", &at, "not be null"),
                        None => {}
                    }
                }
            }
            Shape::List(list) => {
                let items = given.as_array();
                self.length(items.map_or(0, |items| items.len()), list.bounds, given, at);
                for (number, item) in items.into_iter().flat_map(|items| items.iter()).enumerate() {
                    let at = format!("{at}.{}.member", number.saturating_add(1));
                    self.value(model, list.item, item, &at, depth);
                }
            }
            Shape::Text { words, bounds } => {
                let text = given.as_str().unwrap_or_default();
                if words.is_empty() {
                    self.length(text.chars().count(), *bounds, given, at);
                } else if !words.contains(&text) {
                    let constraint = format!("satisfy enum value set: [{}]", words.join(", "));
                    self.add(&format!("'{text}'"), at, &constraint);
                }
            }
            Shape::Number { bounds, .. } => {
                let value = given.as_i64().unwrap_or(0);
                let shown = format!("'{value}'");
                if let Some(min) = bounds.min.filter(|min| value < *min) {
                    self.add(
                        &shown,
                        at,
                        &format!("have value greater than or equal to {min}"),
                    );
                }
                if let Some(max) = bounds.max.filter(|max| value > *max) {
                    self.add(
                        &shown,
                        at,
                        &format!("have value less than or equal to {max}"),
                    );
                }
            }
            Shape::Map(_)
            | Shape::Boolean
            | Shape::Timestamp(_)
            | Shape::Blob { .. }
            | Shape::Document => {}
        }
    }

    fn length(&mut self, length: usize, bounds: Bounds, given: &Json, at: &str) {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let shown = || {
            given
                .as_str()
                .map_or_else(|| given.to_text(), str::to_owned)
        };
        if let Some(min) = bounds.min.filter(|min| length < *min) {
            let constraint = format!("have length greater than or equal to {min}");
            self.add(&format!("'{}'", shown()), at, &constraint);
        }
        if let Some(max) = bounds.max.filter(|max| length > *max) {
            let constraint = format!("have length less than or equal to {max}");
            self.add(&format!("'{}'", shown()), at, &constraint);
        }
    }
}

/// Names of members begin with a small letter in messages.
fn joined(at: &str, member: &str) -> String {
    let mut name = member.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    match at {
        "" => name,
        at => format!("{at}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check(operation: &str, given: &Json, expect: &str) {
        let told = Findings::of("scheduler", operation, given).told();
        assert_eq!(told.err().unwrap_or_default(), expect);
    }

    #[test]
    fn requests_are_as_the_model_says() {
        let whole = json!({"Name": "n", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": "a", "RoleArn": "r"}});
        check("CreateSchedule", &whole, "");
        check("NoOperation", &whole, "");
        let without = whole.as_object().unwrap().without("ScheduleExpression");
        check(
            "CreateSchedule",
            &Json::from(without),
            "1 validation error detected: Value null at 'scheduleExpression' failed to satisfy constraint: Member must not be null",
        );
        let window = whole.as_object().unwrap().clone().with(
            "FlexibleTimeWindow",
            json!({"Mode": "SOME", "MaximumWindowInMinutes": 0}),
        );
        check(
            "CreateSchedule",
            &Json::from(window),
            "2 validation errors detected: Value '0' at 'flexibleTimeWindow.maximumWindowInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 1; Value 'SOME' at 'flexibleTimeWindow.mode' failed to satisfy constraint: Member must satisfy enum value set: [OFF, FLEXIBLE]",
        );
        let mut findings = Findings::default();
        findings.pattern("a b", "name", "[a-z]+");
        assert_eq!(
            findings.told().unwrap_err(),
            "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+"
        );
    }
}
