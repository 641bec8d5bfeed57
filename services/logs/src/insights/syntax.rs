//! What a query is made of.

use fancy_regex::Regex;

use super::value::Value;

/// A query.
#[derive(Debug)]
pub(crate) struct Query {
    pub(super) commands: Vec<Command>,
}

/// One command.
#[derive(Debug)]
pub(super) enum Command {
    Fields(Vec<Column>),
    Display(Vec<Column>),
    Filter(Expression),
    Stats(Vec<Column>, Vec<Column>),
    Sort(Vec<(Expression, Order)>),
    Limit(usize),
    Parse {
        of: Expression,
        form: Form,
        names: Vec<String>,
    },
    Dedup(Vec<Expression>),
}

/// Which way rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

/// How `parse` reads a text.
#[derive(Debug)]
pub(super) enum Form {
    /// What stands between the stars.
    Stars(Vec<String>),
    Expression(Box<Regex>),
}

/// An expression and the name of what it yields.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) expression: Expression,
}

/// An expression.
#[derive(Debug)]
pub(super) enum Expression {
    Value(Value),
    Duration(i64),
    Field(String),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Both(Operator, Box<Expression>, Box<Expression>),
    In(Box<Expression>, Vec<Expression>),
    Like(Box<Expression>, Pattern),
    Call(String, Vec<Expression>),
    /// The star of `count(*)`.
    Star,
}

/// What `like` looks for.
#[derive(Debug)]
pub(super) enum Pattern {
    Text(String),
    Expression(Box<Regex>),
}

/// What stands between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
    Power,
}
