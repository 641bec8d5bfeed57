//! One expression between `{%` and `%}`.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use passo_json::{Json, Kind};
use passo_jsonata::error::{REFUSED_CONTEXT, REFUSED_FUNCTION};
use passo_jsonata::{Environment as Surroundings, Error, Limits, Profile};

use crate::jsonata::bindings::{STATES, ScopeBindings};
use crate::jsonata::functions::{StepFunctions, profile};
use crate::jsonata::numbers::written;
use crate::{ExpressionFailure, Scope, SyntaxError, SyntaxErrorKind};

static PROFILE: LazyLock<Profile> = LazyLock::new(profile);

/// A compiled JSONata expression of Step Functions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Expression {
    compiled: Arc<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    source: Arc<str>,
    program: passo_jsonata::Expression,
    variables: Vec<Arc<str>>,
    states_uses: Vec<StatesUse>,
}

/// A mention of `$states`, so that a definition can be refused where a member does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatesUse {
    /// The member that is read.
    pub member: StatesMember,
    /// Where `$states` stands in the source, in bytes.
    pub offset: usize,
}

/// A member of `$states`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatesMember {
    /// `$states` itself, or a member that only evaluation can tell.
    Whole,
    /// `$states.input`.
    Input,
    /// `$states.context`.
    Context,
    /// `$states.result`.
    Result,
    /// `$states.errorOutput`.
    ErrorOutput,
    /// Any other name.
    Unknown(Arc<str>),
}

impl Expression {
    /// The text between the delimiters, trimmed, when `text` is an expression; `None` for a plain string.
    ///
    /// A delimiter counts at the very start and the very end only: `" {% 1 %} "` is a plain string,
    /// recorded on AWS.
    ///
    /// # Errors
    /// When one of the two delimiters is in its place and the other is not.
    pub fn delimited(text: &str) -> Result<Option<&str>, SyntaxError> {
        let inner = text
            .strip_prefix("{%")
            .and_then(|rest| rest.strip_suffix("%}"));
        if let Some(source) = inner {
            return Ok(Some(source.trim()));
        }
        if text.starts_with("{%") || text.ends_with("%}") {
            let message = "A JSONata expression must start with '{%' and end with '%}'";
            return Err(SyntaxError::new(0, message));
        }
        Ok(None)
    }

    /// Compiles the text between the delimiters.
    ///
    /// # Errors
    /// Where the text is not JSONata 2.0.6 ([`SyntaxErrorKind::Invalid`]), or refers to a context at its
    /// top level ([`SyntaxErrorKind::Unsupported`]).
    pub fn parse(source: &str) -> Result<Expression, SyntaxError> {
        let program = passo_jsonata::Expression::compile(source, &PROFILE)
            .map_err(|error| refusal(&error))?;
        let variables: BTreeSet<Arc<str>> = program
            .variables()
            .filter(|name| *name != STATES)
            .map(Arc::from)
            .collect();
        let states_uses = program
            .variable_uses()
            .iter()
            .filter(|one| &*one.name == STATES)
            .map(|one| StatesUse {
                member: StatesMember::from_field(one.fields.first()),
                offset: one.position,
            })
            .collect();
        Ok(Expression {
            compiled: Arc::new(Compiled {
                source: source.into(),
                program,
                variables: variables.into_iter().collect(),
                states_uses,
            }),
        })
    }

    /// The text that was compiled.
    pub fn source(&self) -> &str {
        &self.compiled.source
    }

    /// Names of the variables that the expression mentions, each once, sorted; without `states`.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.compiled.variables
    }

    /// Every mention of `$states`, in source order.
    pub fn states_uses(&self) -> &[StatesUse] {
        &self.compiled.states_uses
    }

    /// The value of the expression; `field` is where it is written, such as `Output/result`.
    ///
    /// Source of the texts: recorded on AWS.
    ///
    /// # Errors
    /// `States.QueryEvaluationError` when the evaluation fails or yields nothing.
    pub fn evaluate(&self, scope: &Scope<'_>, field: &str) -> Result<Json, ExpressionFailure> {
        let compiled = &*self.compiled;
        let needs_context = compiled
            .states_uses
            .iter()
            .any(|one| matches!(one.member, StatesMember::Context | StatesMember::Whole));
        let bindings = ScopeBindings {
            scope: *scope,
            needs_context,
        };
        let functions = StepFunctions {
            environment: scope.environment,
        };
        let random = || scope.environment.entropy.next_u64();
        let surroundings = Surroundings {
            now_millis: scope.environment.now.epoch_millis(),
            random: &random,
            host_functions: &functions,
        };
        match compiled
            .program
            .evaluate(None, &bindings, &surroundings, &Limits::default())
        {
            Ok(Some(value)) => Ok(written(value)),
            Ok(None) => Err(self.failure(field, "returned nothing (undefined).")),
            Err(error) => Err(self.failure(field, &thrown(&error))),
        }
    }

    /// As [`Expression::evaluate`], for a field that takes values of one kind only.
    ///
    /// # Errors
    /// As [`Expression::evaluate`], and when the value is of another kind.
    pub fn evaluate_kind(
        &self,
        scope: &Scope<'_>,
        field: &str,
        kind: Kind,
    ) -> Result<Json, ExpressionFailure> {
        let value = self.evaluate(scope, field)?;
        if value.kind() == kind {
            return Ok(value);
        }
        Err(ExpressionFailure::unexpected_kind(
            self.source(),
            field,
            kind,
            &value,
        ))
    }

    fn failure(&self, field: &str, outcome: &str) -> ExpressionFailure {
        let source = self.source();
        ExpressionFailure::query(
            field,
            format!(
                "The JSONata expression '{source}' specified for the field '{field}' {outcome}"
            ),
        )
    }
}

impl StatesMember {
    fn from_field(name: Option<&Arc<str>>) -> StatesMember {
        let Some(name) = name else {
            return StatesMember::Whole;
        };
        match &**name {
            "input" => StatesMember::Input,
            "context" => StatesMember::Context,
            "result" => StatesMember::Result,
            "errorOutput" => StatesMember::ErrorOutput,
            _ => StatesMember::Unknown(Arc::clone(name)),
        }
    }
}

fn refusal(error: &Error) -> SyntaxError {
    let offset = error.position.unwrap_or_default();
    if error.code == REFUSED_CONTEXT || error.code == REFUSED_FUNCTION {
        let message = match &error.token {
            Some(token) => format!("Reference to '{token}' at the top level is not supported."),
            None => sentence(&error.message),
        };
        return SyntaxError {
            offset,
            kind: SyntaxErrorKind::Unsupported,
            message,
        };
    }
    SyntaxError::new(offset, sentence(&error.message))
}

/// The language's errors come with their code. What only the host knows (limits) comes without.
fn thrown(error: &Error) -> String {
    let message = sentence(&error.message);
    if error.code.starts_with('U') {
        return format!("threw an error during evaluation: {message}");
    }
    format!(
        "threw an error during evaluation. {}: {message}",
        error.code
    )
}

/// The language writes its messages as fragments; AWS shows them as sentences.
fn sentence(fragment: &str) -> String {
    let mut characters = fragment.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::testing::Fixture;
    use passo_json::json;
    use passo_vocab::ErrorName;

    #[test]
    fn delimiters_stand_at_both_ends() {
        for (text, expect) in [
            ("{% $a %}", Ok(Some("$a"))),
            ("{%$a%}", Ok(Some("$a"))),
            ("{%%}", Ok(Some(""))),
            ("plain", Ok(None)),
            (" {% $a %} ", Ok(None)),
            ("", Ok(None)),
            ("{% $a", Err(())),
            ("{% $a %} ", Err(())),
            (" {% $a %}", Err(())),
            ("{%}", Err(())),
        ] {
            assert_eq!(
                Expression::delimited(text).map_err(|_| ()),
                expect,
                "{text}"
            );
        }
    }

    fn fixture() -> Fixture {
        Fixture::new(json!({"a": [1, 2, 3], "n": 1.0, "s": "text", "z": null}))
            .with_context(json!({"State": {"Name": "First"}}))
            .with_variable("v", json!({"w": "x"}))
    }

    fn check(source: &str, expect: &str) {
        let expression =
            Expression::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let value = match expression.evaluate(&fixture().scope(), "Output/result") {
            Ok(value) => value.to_text(),
            Err(failure) => {
                assert_eq!(failure.error, ErrorName::QUERY_EVALUATION_ERROR);
                assert_eq!(failure.location.as_deref(), Some("Output/result"));
                let lead = format!(
                    "The JSONata expression '{source}' specified for the field 'Output/result' "
                );
                format!("! {}", failure.message.strip_prefix(&lead).unwrap())
            }
        };
        assert_eq!(value, expect, "{source}");
    }

    #[test]
    fn sees_states_and_variables() {
        check("$states.input.a[1]", "2");
        check("$states.context.State.Name", r#""First""#);
        check(
            "$states",
            r#"{"input":{"a":[1,2,3],"n":1,"s":"text","z":null},"context":{"State":{"Name":"First"}}}"#,
        );
        check("$v.w & '!'", r#""x!""#);
        check("$sum($states.input.a)", "6");
        check("$states.input.n", "1");
        check("$states.input.z", "null");
        check("($x := 2; $x * 3)", "6");
        check("$states.input.a[$ > 1]", "[2,3]");
    }

    #[test]
    fn has_the_added_functions() {
        check("$partition($states.input.a, 2)", "[[1,2],[3]]");
        check("$partition([0], 1)", "[[0]]");
        check("$range(0, 6, 2)", "[0,2,4,6]");
        check(
            "$hash('input', 'MD5')",
            r#""a43c1b0aa53a0c908810c06ab1ff3967""#,
        );
        check("$random(42)", "0.7275636800328681");
        check("$length($uuid())", "36");
        check(r#"$parse("{\"a\": [1.0]}").a"#, "[1]");
        check("$millis()", "1700000000123");
        check("$map(['1', '2'], $parse)", "[1,2]");
    }

    #[test]
    fn failures_say_what_aws_says() {
        check("$doesNotExist", "! returned nothing (undefined).");
        check("$states.result", "! returned nothing (undefined).");
        check(
            "$partition([1], -1)",
            "! threw an error during evaluation. D3137: Second argument must be zero or greater",
        );
        check(
            "$eval('1')",
            "! threw an error during evaluation. T1006: Attempted to invoke a non-function",
        );
        check(
            "$sqrt(-1)",
            "! threw an error during evaluation. D3060: The sqrt function cannot be applied to a negative number: -1",
        );
        check(
            "$range(1, 1000000, 1)",
            "! threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage",
        );
    }

    #[test]
    fn kinds_are_checked() {
        let expression = Expression::parse("$states.input.s").unwrap();
        let failure = expression
            .evaluate_kind(&fixture().scope(), "Items", Kind::Array)
            .unwrap_err();
        assert_eq!(
            failure.message,
            "The JSONata expression '$states.input.s' specified for the field 'Items' returned an \
             unexpected result type. Expected 'array', but was 'string' for value: \"text\""
        );
    }

    #[test]
    fn knows_what_it_mentions() {
        let expression =
            Expression::parse("$states.result.x + $b + ($c := 1; $c) + $a + $states.errorOutput");
        let expression = expression.unwrap();
        assert_eq!(expression.variables(), [Arc::from("a"), Arc::from("b")]);
        let members: Vec<_> = expression
            .states_uses()
            .iter()
            .map(|one| &one.member)
            .collect();
        assert_eq!(members, [&StatesMember::Result, &StatesMember::ErrorOutput]);
    }

    #[test]
    fn refuses_a_context_and_bad_syntax() {
        for (source, kind, message) in [
            (
                "phone",
                SyntaxErrorKind::Unsupported,
                "Reference to 'phone' at the top level is not supported.",
            ),
            (
                "$",
                SyntaxErrorKind::Unsupported,
                "Reference to '$' at the top level is not supported.",
            ),
            (
                "$$",
                SyntaxErrorKind::Unsupported,
                "Reference to '$$' at the top level is not supported.",
            ),
            (
                "1 +",
                SyntaxErrorKind::Invalid,
                "Unexpected end of expression",
            ),
            (
                "a[1,2)",
                SyntaxErrorKind::Invalid,
                "Expected \"]\", got \",\"",
            ),
        ] {
            let error = Expression::parse(source).unwrap_err();
            assert_eq!(
                (error.kind, error.message.as_str()),
                (kind, message),
                "{source}"
            );
        }
    }
}
