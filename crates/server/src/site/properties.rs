//! What an execution's input and output must hold to be found.
//!
//! Payloads are kept apart from the list of executions, so that looking into them costs a reading each: a request looks
//! into a bounded number of them, and says where to go on.

use passo_json::Json;
use passo_runtime::{Key, Runtime, Summary};

use super::Refusal;
use super::query::Query;

/// Payloads that one request looks into.
const PAYLOADS_MAX: usize = 1000;
/// Bytes of payloads that one request looks into.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// What is looked for in inputs and outputs; all of it must be there.
pub(super) struct Properties {
    input: Vec<Property>,
    output: Vec<Property>,
}

/// What is wanted of one payload.
#[derive(Debug, PartialEq, Eq)]
enum Property {
    /// The value at a path, as text.
    At { path: Vec<String>, value: String },
    /// A text that is somewhere in it.
    Text(String),
}

/// How much was looked into.
#[derive(Default)]
pub(super) struct Budget {
    payloads: usize,
    bytes: usize,
}

impl Budget {
    /// Whether a request must come back now.
    pub(super) fn is_spent(&self) -> bool {
        self.payloads >= PAYLOADS_MAX || self.bytes >= BYTES_MAX
    }

    fn spend(&mut self, text: &str) {
        self.payloads += 1;
        self.bytes = self.bytes.saturating_add(text.len());
    }
}

impl Properties {
    /// What `input` and `output` of a query ask for.
    pub(super) fn of(query: &Query) -> Result<Properties, Refusal> {
        let all = |name| query.all(name).map(Property::of).collect::<Result<_, _>>();
        Ok(Properties {
            input: all("input")?,
            output: all("output")?,
        })
    }

    /// Whether an execution holds all of it.
    pub(super) fn fit(
        &self,
        runtime: &Runtime,
        summary: &Summary,
        budget: &mut Budget,
    ) -> Result<bool, Refusal> {
        if !self.output.is_empty() {
            let Some(output) = &summary.output else {
                return Ok(false);
            };
            budget.spend(output.text());
            if !self.output.iter().all(|wanted| wanted.is_in(output.text())) {
                return Ok(false);
            }
        }
        if self.input.is_empty() {
            return Ok(true);
        }
        let found = runtime.execution(Key::of(&summary.execution_arn));
        let found = found.map_err(|error| Refusal::store(&error))?;
        Ok(found.is_some_and(|(_, header)| {
            let input = header.input.text();
            budget.spend(input);
            self.input.iter().all(|wanted| wanted.is_in(input))
        }))
    }
}

impl Property {
    /// `$.path.to[0].it=value`, or else a text that is contained.
    fn of(text: &str) -> Result<Property, Refusal> {
        let Some(rest) = text.strip_prefix("$.") else {
            return Ok(Property::Text(text.to_lowercase()));
        };
        let wrong = || Refusal::invalid(format!("`{text}` is not `$.path=value`"));
        let (path, value) = rest.split_once('=').ok_or_else(wrong)?;
        let path = path.replace('[', ".").replace(']', "");
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return Err(wrong());
        }
        Ok(Property::At {
            path,
            value: value.to_owned(),
        })
    }

    fn is_in(&self, payload: &str) -> bool {
        match self {
            Property::Text(text) => payload.to_lowercase().contains(text),
            Property::At { path, value } => {
                let Ok(document) = Json::parse(payload) else {
                    return false;
                };
                let mut found = Some(&document);
                for member in path {
                    found = found.and_then(|within| match member.parse() {
                        Ok(index) if within.as_array().is_some() => within.at(index),
                        _ => within.get(member),
                    });
                }
                found.is_some_and(|found| match found.as_str() {
                    Some(text) => text == value,
                    None => found.to_text() == *value,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_holds_what_it_holds() {
        let payload =
            r#"{"order":{"id":7,"tags":["a","b"]},"customer":"Ana","ok":true,"none":null}"#;
        let check = |property: &str, expect: bool| {
            assert_eq!(
                Property::of(property).unwrap().is_in(payload),
                expect,
                "{property}"
            );
        };
        check("$.customer=Ana", true);
        check("$.customer=ana", false);
        check("$.order.id=7", true);
        check("$.order.id=8", false);
        check("$.order.tags[1]=b", true);
        check("$.order.tags.1=b", true);
        check("$.order.tags[2]=b", false);
        check("$.ok=true", true);
        check("$.none=null", true);
        check("$.missing=null", false);
        check("\"ana\"", true);
        check("bea", false);
    }

    #[test]
    fn a_path_without_value_is_refused() {
        for wrong in ["$.a", "$.=1", "$.a..b=1"] {
            assert!(Property::of(wrong).is_err(), "{wrong}");
        }
    }
}
