//! A compiled expression.
//!
//! Entry point: [`Expression`].

use crate::code::Program;
use crate::compile::compile;
use crate::environment::{Bindings, Environment};
use crate::error::Error;
use crate::eval::evaluate;
use crate::limits::Limits;
use crate::profile::Profile;
use passo_json::Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A compiled JSONata expression: compiled once, evaluated many times, from any thread.
#[derive(Clone, Debug)]
pub struct Expression {
    program: Arc<Program>,
    uses: Arc<[VariableUse]>,
    /// The names of the uses, each once.
    variables: Arc<[Arc<str>]>,
}

/// One mention of a free variable, with the field names that directly follow it.
/// `$states.result.a` is the variable `states` with the fields `result` and `a`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    /// The name of the variable, without the `$`.
    pub name: Arc<str>,
    /// The field names that follow, up to the first step that is not a plain name.
    pub fields: Vec<Arc<str>>,
    /// Where the variable stands in the source, as an offset in bytes.
    pub position: usize,
}

impl Expression {
    /// Compiles the source text.
    ///
    /// # Errors
    /// An `S....` code where the text is not JSONata 2.0.6; a code of [`crate::error`] where the
    /// profile refuses something.
    pub fn compile(source: &str, profile: &Profile) -> Result<Expression, Error> {
        let (program, uses) = compile(source, profile)?;
        let mut seen = BTreeSet::new();
        let names = uses.iter().map(|one| &one.name);
        let variables = names
            .filter(|name| seen.insert(Arc::clone(name)))
            .cloned()
            .collect();
        Ok(Expression {
            program: Arc::new(program),
            uses: uses.into(),
            variables,
        })
    }

    /// Evaluates the expression. `None` is JSONata's "undefined".
    ///
    /// # Errors
    /// A `T....` or `D....` code of the language, `U1001` for a limit, and
    /// [`crate::error::FUNCTION_RESULT`] when the value is a function.
    pub fn evaluate(
        &self,
        input: Option<&Json>,
        bindings: &dyn Bindings,
        environment: &Environment<'_>,
        limits: &Limits,
    ) -> Result<Option<Json>, Error> {
        evaluate(&self.program, input, bindings, environment, limits)
    }

    /// The free variables that the expression mentions, each once, in order of first mention.
    /// Functions of the language and of the host are not variables.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|name| &**name)
    }

    /// Every mention of a free variable, in source order.
    pub fn variable_uses(&self) -> &[VariableUse] {
        &self.uses
    }
}
