//! How data flows through a state, in either query language, and fields that are literal or computed.

use std::sync::Arc;

use passo_expr::{Expression, Intrinsic, Path, ReferencePath, Template};

/// The fields that shape what goes into a state and what comes out of it.
#[derive(Clone, Debug)]
pub enum Flow {
    /// A JSONPath state.
    JsonPath(Box<JsonPathFlow>),
    /// A JSONata state.
    Jsonata(Box<JsonataFlow>),
}

/// InputPath → Parameters → work → ResultSelector → ResultPath → OutputPath; fields that a state type
/// does not have, or that were left out, have their defaults.
#[derive(Clone, Debug, Default)]
pub struct JsonPathFlow {
    /// `InputPath`; `None` is the default `$`.
    pub input_path: Option<PathOrNull>,
    /// `Parameters`.
    pub parameters: Option<Template>,
    /// `ResultSelector`.
    pub result_selector: Option<Template>,
    /// `ResultPath`.
    pub result_path: ResultPath,
    /// `OutputPath`; `None` is the default `$`.
    pub output_path: Option<PathOrNull>,
    /// `Assign`.
    pub assign: Option<Template>,
}

/// Arguments → work → Assign and Output.
#[derive(Clone, Debug, Default)]
pub struct JsonataFlow {
    /// `Arguments`.
    pub arguments: Option<Template>,
    /// `Output`.
    pub output: Option<Template>,
    /// `Assign`.
    pub assign: Option<Template>,
}

/// `InputPath` and `OutputPath`: a path, or `null` for the empty object.
#[derive(Clone, Debug)]
pub enum PathOrNull {
    /// A path to read.
    Path(Path),
    /// `null`
    Null,
}

/// `ResultPath`: where the result goes in the raw input.
#[derive(Clone, Debug, Default)]
pub enum ResultPath {
    /// `$`: the result replaces the input.
    #[default]
    Replace,
    /// `null`: the result is discarded.
    Discard,
    /// The result is written there.
    At(ReferencePath),
}

/// A field with a literal form, a `…Path` form (JSONPath) and an expression form (JSONata).
#[derive(Clone, Debug)]
pub enum Scalar<T> {
    /// Written in the definition.
    Literal(T),
    /// `<Field>Path`, read from the state's effective input.
    Path(Path),
    /// A JSONata expression.
    Expression(Expression),
}

/// `Error` and `Cause` of a Fail state.
#[derive(Clone, Debug)]
pub enum Text {
    /// Written in the definition.
    Literal(Arc<str>),
    /// `ErrorPath` or `CausePath` with a path.
    Path(Path),
    /// `ErrorPath` or `CausePath` with an intrinsic function.
    Intrinsic(Intrinsic),
    /// A JSONata expression.
    Expression(Expression),
}
