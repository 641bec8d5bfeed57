//! Choice rules.

use std::sync::Arc;

use passo_expr::{Expression, Path, Template};
use passo_json::Number;
use passo_vocab::Timestamp;

use super::StateId;

/// One entry of `Choices`.
#[derive(Clone, Debug)]
pub struct ChoiceRule {
    /// When it matches.
    pub condition: Condition,
    /// `Next`.
    pub next: StateId,
    /// `Assign`, in place of the state's own.
    pub assign: Option<Template>,
    /// `Output` (JSONata), in place of the state's own.
    pub output: Option<Template>,
}

/// When a rule matches.
#[derive(Clone, Debug)]
pub enum Condition {
    /// `And`
    And(Vec<Condition>),
    /// `Or`
    Or(Vec<Condition>),
    /// `Not`
    Not(Box<Condition>),
    /// A comparison of `Variable` (JSONPath).
    Comparison(Comparison),
    /// `Condition` with a literal boolean (JSONata).
    Literal(bool),
    /// `Condition` with an expression (JSONata).
    Expression(Expression),
}

/// `Variable` against something.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// `Variable`.
    pub variable: Path,
    /// The field that says how, e.g. `NumericGreaterThanPath`; for messages.
    pub field: &'static str,
    /// How and against what.
    pub operator: Operator,
}

/// The comparisons of a JSONPath Choice.
#[derive(Clone, Debug)]
pub enum Operator {
    /// `IsNull`, `IsString` …, and the answer that matches.
    Is(TypeTest, bool),
    /// `BooleanEquals[Path]`
    BooleanEquals(Operand<bool>),
    /// `Numeric…[Path]`
    Numeric(Order, Operand<Number>),
    /// `String…[Path]`
    String(Order, Operand<Arc<str>>),
    /// `StringMatches`: the pattern as written (`*` any run, `\\*` a star, `\\\\` a backslash).
    StringMatches(Arc<str>),
    /// `Timestamp…[Path]`
    Timestamp(Order, Operand<Timestamp>),
}

/// The order that must hold between `Variable` (left) and the operand (right).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `Equals`
    Equals,
    /// `GreaterThan`
    GreaterThan,
    /// `GreaterThanEquals`
    GreaterThanEquals,
    /// `LessThan`
    LessThan,
    /// `LessThanEquals`
    LessThanEquals,
}

/// The right side of a comparison.
#[derive(Clone, Debug)]
pub enum Operand<T> {
    /// Written in the definition.
    Literal(T),
    /// The `…Path` form.
    Path(Path),
}

/// What `Is…` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeTest {
    /// `IsBoolean`
    Boolean,
    /// `IsNull`
    Null,
    /// `IsNumeric`
    Numeric,
    /// `IsPresent`
    Present,
    /// `IsString`
    String,
    /// `IsTimestamp`
    Timestamp,
}
