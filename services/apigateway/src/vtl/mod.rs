//! Mapping templates: the part of the Velocity Template Language that API Gateway users write.
//!
//! Entry point: [`render`]. Knows what a template sees ([`Scope`]), no API and no request. Bounded in nesting, steps, bytes and
//! rounds of loops; no template and no input makes it panic or hang. Source: Velocity User Guide 1.7; API Gateway Developer
//! Guide, "Mapping template and access logging variable reference".

mod ast;
mod calls;
mod escapes;
mod eval;
mod expression;
mod parse;
mod print;
mod value;

use passo_json::Object;

/// What a template sees.
pub(crate) struct Scope {
    /// `$input.body`, and what `$input.path` and `$input.json` look into.
    pub(crate) body: String,
    /// The parameters of `$input.params()`.
    pub(crate) path: Object,
    pub(crate) query: Object,
    pub(crate) headers: Object,
    /// `$context`
    pub(crate) context: Object,
    /// `$stageVariables`
    pub(crate) stage_variables: Object,
}

/// What came of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rendered {
    pub(crate) text: String,
    /// What it has set of `$context`: `requestOverride` and `responseOverride`.
    pub(crate) overrides: Object,
}

/// Why nothing came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is no template.
    Syntax,
    /// It, or what it wants to say, is too large, or takes too long.
    TooMuch,
}

/// Carries out a template.
///
/// # Errors
/// Where it is none, or goes beyond a bound.
pub(crate) fn render(template: &str, scope: &Scope) -> Result<Rendered, Broken> {
    let nodes = parse::parse(template)?;
    eval::Evaluation::new(scope).run(&nodes)
}

#[cfg(test)]
mod tests;
