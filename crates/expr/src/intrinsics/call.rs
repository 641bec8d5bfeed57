//! A call: compiled once, evaluated many times.

use std::collections::BTreeSet;
use std::sync::Arc;

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem, Value};
use crate::intrinsics::parse;
use crate::intrinsics::table::Function;
use crate::{ExpressionFailure, Path, PathErrorKind, Scope, SyntaxError};

/// A compiled call of an intrinsic function, with the calls nested in it. Cheap to clone.
///
/// Source: Step Functions Developer Guide, "Intrinsic functions".
#[derive(Clone, Debug)]
pub struct Intrinsic {
    compiled: Arc<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    text: Arc<str>,
    call: Call,
    variables: Vec<Arc<str>>,
}

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) function: &'static Function,
    pub(crate) arguments: Vec<Argument>,
}

/// One argument as written.
#[derive(Debug)]
pub(crate) enum Argument {
    Literal(Json),
    /// A quoted string; its pieces are what stands between the places `{}`.
    Text {
        text: Arc<str>,
        pieces: Vec<Arc<str>>,
    },
    /// A quoted string that AWS accepts in a definition, and refuses when it is used.
    Malformed(&'static str),
    Path(Path),
    Call(Call),
}

impl Intrinsic {
    /// Whether the text begins like a call, so that [`Intrinsic::parse`] tells what is wrong with it.
    pub fn looks_like_call(text: &str) -> bool {
        text.trim_start().starts_with("States.")
    }

    /// Compiles a call.
    ///
    /// # Errors
    /// Where the text is not a call, names an unknown function, has too few or too many arguments, or
    /// holds more than ten calls.
    pub fn parse(text: &str) -> Result<Intrinsic, SyntaxError> {
        let call = parse::call(text)?;
        let mut variables = BTreeSet::new();
        call.collect_variables(&mut variables);
        let variables = variables.into_iter().collect();
        Ok(Intrinsic {
            compiled: Arc::new(Compiled {
                text: text.into(),
                call,
                variables,
            }),
        })
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        &self.compiled.text
    }

    /// Names of the variables that the call mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.compiled.variables
    }

    pub(crate) fn call(&self) -> &Call {
        &self.compiled.call
    }

    /// Calls the function. A failure quotes the whole text, also when a nested call is at fault.
    ///
    /// # Errors
    /// `States.Runtime` when an argument cannot be found, or is not what the function takes.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Json, ExpressionFailure> {
        self.compiled.call.evaluate(scope).map_err(|problem| {
            ExpressionFailure::runtime(format!(
                "The function '{}' had the following error: {problem}",
                self.compiled.text
            ))
        })
    }
}

impl Call {
    /// Recursion is bounded by the number of calls that a text may hold.
    fn evaluate(&self, scope: &Scope<'_>) -> Result<Json, Problem> {
        let mut values = Vec::with_capacity(self.arguments.len());
        for argument in &self.arguments {
            values.push(argument.value(scope)?);
        }
        (self.function.body)(&Arguments {
            values: &values,
            environment: scope.environment,
        })
    }

    fn collect_variables(&self, names: &mut BTreeSet<Arc<str>>) {
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => names.extend(path.variables().iter().cloned()),
                Argument::Call(call) => call.collect_variables(names),
                Argument::Literal(_) | Argument::Text { .. } | Argument::Malformed(_) => {}
            }
        }
    }
}

impl Argument {
    fn value<'a>(&'a self, scope: &Scope<'_>) -> Result<Value<'a>, Problem> {
        match self {
            Argument::Literal(value) => Ok(Value::of(value.clone())),
            Argument::Text { text, pieces } => Ok(Value {
                json: Json::from(Arc::clone(text)),
                pieces: Some(pieces),
            }),
            Argument::Malformed(problem) => Err((*problem).to_owned()),
            Argument::Call(call) => call.evaluate(scope).map(Value::of),
            Argument::Path(path) => match path.read(scope) {
                Ok(value) => Ok(Value::of(value)),
                Err(error) if matches!(error.kind(), PathErrorKind::TooLarge) => {
                    Err(error.to_string())
                }
                Err(error) => Err(error.into_missing_argument(scope)),
            },
        }
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;
    use crate::scope::testing::Fixture;

    /// Calls `text` on `input`; a failure is `! ` and its message without the leading sentence.
    #[track_caller]
    pub(in crate::intrinsics) fn check(text: &str, input: &str, expect: &str) {
        let fixture = Fixture::new(Json::parse(input).unwrap());
        let intrinsic = Intrinsic::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let value = match intrinsic.evaluate(&fixture.scope()) {
            Ok(value) => value.to_text(),
            Err(failure) => {
                let lead = format!("The function '{text}' had the following error: ");
                format!("! {}", failure.message.strip_prefix(&lead).unwrap())
            }
        };
        assert_eq!(value, expect, "{text} on {input}");
    }
}

#[cfg(test)]
mod tests {
    use super::testing::check;
    use super::*;
    use crate::scope::testing::Fixture;
    use passo_json::json;

    #[test]
    fn an_argument_that_finds_nothing_is_named() {
        let missing = "! The JsonPath argument for the field '$.nope' could not be found in the input \
                       '{\"other\":1}'";
        check("States.Format('{}',$.nope)", r#"{"other":1}"#, missing);
        check(
            "States.Array(1, States.ArrayLength($.nope))",
            r#"{"other":1}"#,
            missing,
        );
        check(
            "States.Array($.items[5])",
            r#"{"items":[1,2]}"#,
            "! The JsonPath argument for the field '$.items[5]' could not be found in the input \
             '{\"items\":[1,2]}'",
        );
        check(
            "States.Array($.other[0])",
            r#"{"other":1}"#,
            "! Filter: [0] can only be applied to arrays. Current context is: 1",
        );
        check(
            "States.ArrayLength($.items[*].nope)",
            r#"{"items":[1,2]}"#,
            "0",
        );
    }

    #[test]
    fn arguments_come_from_everywhere() {
        let fixture = Fixture::new(json!({"a": [1, 2]}))
            .with_context(json!({"State": {"Name": "First"}}))
            .with_variable("v", json!({"w": "x"}));
        let intrinsic =
            Intrinsic::parse("States.Array($.a[1], $$.State.Name, $v.w, 'q', -1.5, true, null, $)");
        assert_eq!(
            intrinsic.unwrap().evaluate(&fixture.scope()),
            Ok(json!([2, "First", "x", "q", -1.5, true, null, {"a": [1, 2]}]))
        );
        let missing = Intrinsic::parse("States.Array($$.Nope.Deep)").unwrap();
        assert_eq!(
            missing.evaluate(&fixture.scope()).unwrap_err().message,
            "The function 'States.Array($$.Nope.Deep)' had the following error: The JsonPath argument \
             for the field '$.Nope.Deep' could not be found in the input '{\"a\":[1,2]}'"
        );
    }
}
