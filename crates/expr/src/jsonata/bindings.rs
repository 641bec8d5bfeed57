//! What `$name` means in an expression: `$states` and the workflow's variables.

use passo_json::{Json, ObjectBuilder};
use passo_jsonata::Bindings;

use crate::Scope;

/// The reserved name, without `$`.
pub(crate) const STATES: &str = "states";

/// A scope as the language sees it.
pub(crate) struct ScopeBindings<'a> {
    pub(crate) scope: Scope<'a>,
    /// Whether `$states` must show its context, which costs something to build.
    pub(crate) needs_context: bool,
}

impl Bindings for ScopeBindings<'_> {
    fn variable(&self, name: &str) -> Option<Json> {
        if name != STATES {
            return self.scope.variables.get(name).cloned();
        }
        let mut states = ObjectBuilder::new();
        states.insert("input", self.scope.input.json().clone());
        if self.needs_context {
            states.insert("context", self.scope.context.json().clone());
        }
        states
            .insert_some(
                "result",
                self.scope.result.map(|result| result.json().clone()),
            )
            .insert_some(
                "errorOutput",
                self.scope.error_output.map(|error| error.json().clone()),
            );
        Some(Json::Object(states.build()))
    }
}
