//! `passo eval`: one expression, evaluated as in a state.

use clap::{Args, ValueEnum};
use passo_expr::{
    ContextObject, Environment, Expression, ExpressionFailure, PathExpression, Scope, SyntaxError,
    SyntaxErrorKind, Variables,
};
use passo_json::{Json, Payload, json};
use passo_jsonata::{Limits, NoHostFunctions, Profile};
use passo_vocab::Entropy;

use crate::exit::Exit;
use crate::given::Given;
use crate::located::Located;
use crate::problem::Problem;
use crate::run;

/// Options of `passo eval`.
#[derive(Debug, Args)]
pub struct EvalArguments {
    /// The expression, with or without {% %}
    #[arg(allow_hyphen_values = true)]
    pub expression: String,

    /// The state's input: JSON, @FILE, or - for standard input
    #[arg(long, short = 'i', default_value = "{}", value_name = "JSON")]
    pub input: String,

    /// The context object: JSON, @FILE, or - for standard input
    #[arg(long, default_value = "{}", value_name = "JSON")]
    pub context: String,

    /// The language; the expression's form tells it where this is not given
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Language>,
}

/// `--lang`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// JSONata, with `$states` as in a state; a bare name is a member of the input
    Jsonata,
    /// JSONPath (`$.a`, `$$.Execution.Id`) and intrinsic functions (`States.Format(…)`)
    Jsonpath,
}

/// What an expression sees.
struct Surroundings {
    input: Payload,
    context: ContextObject,
    environment: Environment,
}

/// Evaluates an expression and prints its value.
///
/// # Errors
/// When the expression, the input or the context cannot be read.
pub fn eval(arguments: &EvalArguments) -> Result<Exit, Problem> {
    let surroundings = Surroundings {
        input: Payload::from(Given::read("--input", &arguments.input)?.json()?),
        context: ContextObject::from_json(Given::read("--context", &arguments.context)?.json()?),
        environment: Environment {
            now: run::now(),
            entropy: Entropy::from_seed(run::random_seed()),
        },
    };
    let source = arguments.expression.trim();
    let value = match arguments.lang.unwrap_or_else(|| language_of(source)) {
        Language::Jsonata => jsonata(source, &surroundings)?,
        Language::Jsonpath => jsonpath(source, &surroundings)?,
    };
    match value {
        Ok(value) => {
            println(&value);
            Ok(Exit::Ok)
        }
        Err(problem) => {
            problem.print();
            Ok(Exit::Failed)
        }
    }
}

/// In a state, JSONata has no `$` or `$$` of its own, so these begin paths.
fn language_of(source: &str) -> Language {
    let path = ["$.", "$[", "$$.", "$$[", "States."];
    let is_path =
        path.iter().any(|start| source.starts_with(start)) || source == "$" || source == "$$";
    if is_path {
        Language::Jsonpath
    } else {
        Language::Jsonata
    }
}

/// A value, or the failure that the expression itself ends with.
type Value = Result<Json, Problem>;

fn jsonpath(source: &str, surroundings: &Surroundings) -> Result<Value, Problem> {
    let expression = PathExpression::parse(source).map_err(|error| wrong(source, &error))?;
    let variables = Variables::default();
    let value = expression.evaluate(&surroundings.scope(&variables), "eval");
    Ok(value.map_err(|failure| failed(&failure)))
}

fn jsonata(source: &str, surroundings: &Surroundings) -> Result<Value, Problem> {
    let delimited = Expression::delimited(source).map_err(|error| wrong(source, &error))?;
    let source = delimited.unwrap_or(source);
    let expression = match Expression::parse(source) {
        Ok(expression) => expression,
        Err(error) if error.kind == SyntaxErrorKind::Unsupported => {
            return plain_jsonata(source, surroundings);
        }
        Err(error) => return Err(wrong(source, &error)),
    };
    let variables = Variables::default();
    let value = expression.evaluate(&surroundings.scope(&variables), "eval");
    Ok(
        value.map_err(|failure| match surroundings.place_of(source, &failure) {
            Some(place) => problem(&failure).why(place),
            None => failed(&failure),
        }),
    )
}

/// An expression that speaks of the input as its context, which JSONata allows and a state does not.
fn plain_jsonata(source: &str, surroundings: &Surroundings) -> Result<Value, Problem> {
    let expression = passo_jsonata::Expression::compile(source, &Profile::default())
        .map_err(|error| wrong_at(source, error.position.unwrap_or(0), &error.message))?;
    let value = surroundings.evaluate_plain(&expression);
    anstream::eprintln!("note: in a state, the input is $states.input");
    Ok(match value {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(Problem::new("the expression has no value").why(
            "JSONata calls this undefined; a state would fail with States.QueryEvaluationError",
        )),
        Err(error) => {
            let what = Problem::new(format!("the expression failed: {}", error.code));
            Err(match error.position {
                Some(at) => what.why(Located::new(
                    "expression",
                    source,
                    before(at),
                    &error.message,
                )),
                None => what.why(&error.message),
            })
        }
    })
}

impl Surroundings {
    fn scope<'a>(&'a self, variables: &'a Variables) -> Scope<'a> {
        Scope::new(&self.input, &self.context, variables, &self.environment)
    }

    fn evaluate_plain(
        &self,
        expression: &passo_jsonata::Expression,
    ) -> Result<Option<Json>, passo_jsonata::Error> {
        let states =
            json!({ "input": self.input.json().clone(), "context": self.context.json().clone() });
        let random = || self.environment.entropy.next_u64();
        let environment = passo_jsonata::Environment {
            now_millis: self.environment.now.epoch_millis(),
            random: &random,
            host_functions: &NoHostFunctions,
        };
        let bindings = [("states", states)];
        let limits = Limits::default();
        expression.evaluate(Some(self.input.json()), &bindings, &environment, &limits)
    }

    /// Where in `source` a failure arose: evaluating once more without Step Functions' own functions tells it,
    /// where the same thing goes wrong.
    fn place_of(&self, source: &str, failure: &ExpressionFailure) -> Option<Located> {
        let expression = passo_jsonata::Expression::compile(source, &Profile::default()).ok()?;
        let error = self.evaluate_plain(&expression).err()?;
        if !failure.message.contains(error.code) {
            return None;
        }
        let at = before(error.position?);
        Some(Located::new("expression", source, at, error.message))
    }
}

fn wrong(source: &str, error: &SyntaxError) -> Problem {
    wrong_at(source, error.offset, &error.message)
}

fn wrong_at(source: &str, offset: usize, message: &str) -> Problem {
    Problem::new("the expression is not right").why(Located::new(
        "expression",
        source,
        offset,
        message,
    ))
}

fn failed(failure: &ExpressionFailure) -> Problem {
    problem(failure).why(&failure.message)
}

fn problem(failure: &ExpressionFailure) -> Problem {
    Problem::new(format!("the expression failed: {}", failure.error))
}

/// Positions of JSONata stand just after the token at fault.
fn before(position: usize) -> usize {
    position.saturating_sub(1)
}

fn println(value: &Json) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{}", value.to_pretty());
}
