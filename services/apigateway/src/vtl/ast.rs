//! Templates, taken apart.

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Text(String),
    Reference(Reference),
    Set(Reference, Expression),
    /// Conditions with what they lead to, and what is left.
    If(Vec<(Expression, Vec<Node>)>, Vec<Node>),
    Foreach(String, Expression, Vec<Node>),
    Break,
    Stop,
}

/// `$name.member.call(1)[0]`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reference {
    /// As it is written: what is shown where it is nothing.
    pub(crate) source: String,
    /// `$!name`: nothing is shown where it is nothing.
    pub(crate) is_quiet: bool,
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Member(String),
    Call(String, Vec<Expression>),
    Index(Expression),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// Between apostrophes.
    Text(String),
    /// Between quotes: a template of its own.
    Template(Vec<Node>),
    Reference(Reference),
    List(Vec<Expression>),
    Map(Vec<(Expression, Expression)>),
    Range(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
}
