//! What an expression can see while it is evaluated.

use passo_json::Payload;
use passo_vocab::{Entropy, Timestamp};

use crate::{ContextObject, Variables};

/// Everything one evaluation may read. Cheap to copy.
///
/// For JSONPath, `$` is [`Scope::input`] (the caller puts there whatever `$` denotes for the field), `$$`
/// the context object and `$name` a variable. For JSONata, `$states` is made of input, context, result
/// and error output, and `$name` is a variable.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// `$` in JSONPath, `$states.input` in JSONata.
    pub input: &'a Payload,
    /// `$$` in JSONPath, `$states.context` in JSONata.
    pub context: &'a ContextObject,
    /// Variables of the state's scope and of the scopes around it.
    pub variables: &'a Variables,
    /// `$states.result`, where the field has one.
    pub result: Option<&'a Payload>,
    /// `$states.errorOutput`, where the field has one.
    pub error_output: Option<&'a Payload>,
    /// Time and chance.
    pub environment: &'a Environment,
}

/// What the outside gives to an evaluation: the same environment yields the same result.
#[derive(Clone, Debug)]
pub struct Environment {
    /// What `$now()` and `$millis()` say.
    pub now: Timestamp,
    /// Where UUIDs and random numbers come from.
    pub entropy: Entropy,
}

impl<'a> Scope<'a> {
    /// A scope without result and error output.
    pub fn new(
        input: &'a Payload,
        context: &'a ContextObject,
        variables: &'a Variables,
        environment: &'a Environment,
    ) -> Scope<'a> {
        Scope {
            input,
            context,
            variables,
            result: None,
            error_output: None,
            environment,
        }
    }

    /// The same scope with `$states.result`.
    #[must_use]
    pub fn with_result(self, result: &'a Payload) -> Scope<'a> {
        Scope {
            result: Some(result),
            ..self
        }
    }

    /// The same scope with `$states.errorOutput`.
    #[must_use]
    pub fn with_error_output(self, error_output: &'a Payload) -> Scope<'a> {
        Scope {
            error_output: Some(error_output),
            ..self
        }
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A scope whose parts live as long as a test.

    use std::sync::Arc;

    use passo_json::{Json, Payload};
    use passo_vocab::{Entropy, Timestamp};

    use super::{Environment, Scope};
    use crate::{ContextObject, Variables};

    /// Owns what a scope borrows.
    pub(crate) struct Fixture {
        input: Payload,
        context: ContextObject,
        variables: Variables,
        environment: Environment,
    }

    impl Fixture {
        pub(crate) fn new(input: Json) -> Fixture {
            Fixture {
                input: Payload::from(input),
                context: ContextObject::from_json(Json::Null),
                variables: Variables::new(),
                environment: Environment {
                    now: Timestamp::from_epoch_millis(1_700_000_000_123),
                    entropy: Entropy::from_seed(1),
                },
            }
        }

        pub(crate) fn with_context(self, context: Json) -> Fixture {
            Fixture {
                context: ContextObject::from_json(context),
                ..self
            }
        }

        pub(crate) fn with_variable(self, name: &str, value: Json) -> Fixture {
            let variables = self.variables.with_assigned([(Arc::from(name), value)]);
            Fixture { variables, ..self }
        }

        pub(crate) fn scope(&self) -> Scope<'_> {
            Scope::new(
                &self.input,
                &self.context,
                &self.variables,
                &self.environment,
            )
        }
    }
}
