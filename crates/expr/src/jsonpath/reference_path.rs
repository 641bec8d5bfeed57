//! A path that names exactly one node, so that it can also be written to.

use std::fmt;
use std::sync::Arc;

use passo_json::{Json, Object};
use passo_vocab::ErrorName;

use crate::jsonpath::functions::effective_index;
use crate::jsonpath::query::{Root, Step};
use crate::{ExpressionFailure, Path, PathError, Scope, SyntaxError};

/// A path of names and indexes only: `ResultPath`, `ItemsPath`, `Variable` and the fields `…Path`.
///
/// Source: Amazon States Language, "Reference Paths".
#[derive(Clone, Debug)]
pub struct ReferencePath {
    path: Path,
}

/// A value cannot be put where the path says.
#[derive(Clone, Debug, PartialEq)]
pub struct WriteError {
    /// The name or index that could not be taken.
    step: String,
    /// The value that it was to be taken from.
    found: Json,
}

impl ReferencePath {
    /// Compiles a reference path.
    ///
    /// # Errors
    /// Where the text is not a path, or may identify more than one node.
    pub fn parse(text: &str) -> Result<ReferencePath, SyntaxError> {
        let path = Path::parse(text)?;
        for step in path.steps() {
            match step {
                Step::Name(_) | Step::Index(_) => {}
                Step::Names(_)
                | Step::Indexes(_)
                | Step::Slice(_)
                | Step::Wildcard
                | Step::Scan
                | Step::Filter(_)
                | Step::Function(_) => {
                    return Err(SyntaxError::new(
                        0,
                        "The path may identify more than one node",
                    ));
                }
            }
        }
        Ok(ReferencePath { path })
    }

    /// The same path for reading only.
    pub fn as_path(&self) -> &Path {
        &self.path
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        self.path.text()
    }

    /// Whether the path is `$` and nothing else.
    pub fn is_root(&self) -> bool {
        self.is_input() && self.path.steps().is_empty()
    }

    /// Whether the path starts at the input: neither at the context object nor at a variable.
    pub fn is_input(&self) -> bool {
        *self.path.root() == Root::Document
    }

    /// Names of the variables that the path mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        self.path.variables()
    }

    /// The node that the path names.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(&self, scope: &Scope<'_>) -> Result<Json, PathError> {
        self.path.read(scope)
    }

    /// `root` with `value` at this path; missing objects are created on the way.
    ///
    /// # Errors
    /// When the path crosses something that is not an object, names a list item that does not exist, or
    /// does not start at the input.
    pub fn write(&self, root: &Json, value: Json) -> Result<Json, WriteError> {
        if !self.is_input() {
            return Err(WriteError {
                step: self.text().to_owned(),
                found: root.clone(),
            });
        }
        put(root, self.path.steps(), value)
    }
}

impl WriteError {
    /// The failure that the workflow sees.
    ///
    /// Source: causes of executions on AWS, as their users quote them; the specification's
    /// `States.ResultPathMatchFailure` was never seen.
    pub fn into_failure(self) -> ExpressionFailure {
        ExpressionFailure {
            error: ErrorName::new("States.ReferencePathConflict"),
            message: self.to_string(),
            location: None,
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Unable to apply step \"{}\" to input {}",
            self.step, self.found
        )
    }
}

impl std::error::Error for WriteError {}

/// `node` with `value` behind the steps. Recursion is bounded by the number of steps of a path.
fn put(node: &Json, steps: &[Step], value: Json) -> Result<Json, WriteError> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(value);
    };
    match (step, node) {
        (Step::Name(name), Json::Object(members)) => {
            let missing = Json::Object(Object::default());
            let inner = put(members.get(name).unwrap_or(&missing), rest, value)?;
            Ok(Json::Object(members.clone().with(Arc::clone(name), inner)))
        }
        (Step::Index(index), Json::Array(items)) => {
            let place = effective_index(*index, items.len());
            let Some((place, item)) = place.and_then(|at| items.get(at).map(|item| (at, item)))
            else {
                return Err(WriteError {
                    step: index.to_string(),
                    found: node.clone(),
                });
            };
            let inner = put(item, rest, value)?;
            let replaced = items.iter().enumerate().map(|(at, item)| {
                if at == place {
                    inner.clone()
                } else {
                    item.clone()
                }
            });
            Ok(Json::Array(replaced.collect()))
        }
        (step, node) => {
            let step = match step {
                Step::Name(name) => name.to_string(),
                step => {
                    let mut text = String::new();
                    step.render(&mut text);
                    text
                }
            };
            Err(WriteError {
                step,
                found: node.clone(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn check(path: &str, root: &Json, expect: Result<Json, &str>) {
        let path = ReferencePath::parse(path).unwrap();
        let written = path
            .write(root, json!("new"))
            .map_err(|error| error.to_string());
        assert_eq!(written, expect.map_err(str::to_owned), "{}", path.text());
    }

    #[test]
    fn writes_and_creates_objects_on_the_way() {
        check("$", &json!({"a": 1}), Ok(json!("new")));
        check(
            "$.a",
            &json!({"a": 1, "b": 2}),
            Ok(json!({"a": "new", "b": 2})),
        );
        check("$.a.b.c", &json!({}), Ok(json!({"a": {"b": {"c": "new"}}})));
        check(
            "$['a'][1].x",
            &json!({"a": [1, {}]}),
            Ok(json!({"a": [1, {"x": "new"}]})),
        );
        check("$[0]", &json!([1, 2]), Ok(json!(["new", 2])));
    }

    #[test]
    fn refuses_what_the_path_cannot_cross() {
        check(
            "$.a",
            &json!("text"),
            Err(r#"Unable to apply step "a" to input "text""#),
        );
        check(
            "$.a.b",
            &json!({"a": [1]}),
            Err(r#"Unable to apply step "b" to input [1]"#),
        );
        check(
            "$.a[1]",
            &json!({"a": [1]}),
            Err(r#"Unable to apply step "1" to input [1]"#),
        );
        check(
            "$.a[0]",
            &json!({}),
            Err(r#"Unable to apply step "[0]" to input {}"#),
        );
        check(
            "$$.a",
            &json!({}),
            Err(r#"Unable to apply step "$$.a" to input {}"#),
        );
    }

    #[test]
    fn refuses_paths_that_may_find_several_nodes() {
        for path in [
            "$.a[*]",
            "$..a",
            "$.a[0,1]",
            "$.a[1:2]",
            "$.a[?(@.b)]",
            "$['a','b']",
            "$.a.length()",
        ] {
            assert!(ReferencePath::parse(path).is_err(), "{path}");
        }
    }
}
