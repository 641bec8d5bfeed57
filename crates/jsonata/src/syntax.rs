//! The tree as written: what the parser gives, before paths are shaped.
//!
//! This module knows no meaning: `a.b[0]` is a `[` over a `.`, and `%` is not resolved yet.

use crate::signature::Signature;
use std::sync::Arc;

/// One node as written.
#[derive(Clone, Debug)]
pub(crate) struct Syntax {
    pub(crate) kind: SyntaxKind,
    /// Byte offset just after the node's first (or operator) token.
    pub(crate) position: usize,
    /// Whether `[]` follows: a single result stays an array.
    pub(crate) keep_array: bool,
    /// Nesting of the tree under this node; bounded, so that walks may recurse.
    pub(crate) height: u32,
}

/// The operators that take two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Concatenate,
    And,
    Or,
    In,
    Range,
}

impl BinaryOperator {
    /// The operator as written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::Remainder => "%",
            BinaryOperator::Equal => "=",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::Less => "<",
            BinaryOperator::LessOrEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterOrEqual => ">=",
            BinaryOperator::Concatenate => "&",
            BinaryOperator::And => "and",
            BinaryOperator::Or => "or",
            BinaryOperator::In => "in",
            BinaryOperator::Range => "..",
        }
    }

    /// The operator of this text.
    pub(crate) fn parse(text: &str) -> Option<BinaryOperator> {
        Some(match text {
            "+" => BinaryOperator::Add,
            "-" => BinaryOperator::Subtract,
            "*" => BinaryOperator::Multiply,
            "/" => BinaryOperator::Divide,
            "%" => BinaryOperator::Remainder,
            "=" => BinaryOperator::Equal,
            "!=" => BinaryOperator::NotEqual,
            "<" => BinaryOperator::Less,
            "<=" => BinaryOperator::LessOrEqual,
            ">" => BinaryOperator::Greater,
            ">=" => BinaryOperator::GreaterOrEqual,
            "&" => BinaryOperator::Concatenate,
            "and" => BinaryOperator::And,
            "or" => BinaryOperator::Or,
            "in" => BinaryOperator::In,
            ".." => BinaryOperator::Range,
            _ => return None,
        })
    }
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    String(Arc<str>),
    Number(f64),
    Boolean(bool),
    Null,
}

/// A regular expression as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RegexSource {
    pub(crate) pattern: Arc<str>,
    pub(crate) ignore_case: bool,
    pub(crate) multi_line: bool,
}

/// One term of an order-by.
#[derive(Clone, Debug)]
pub(crate) struct SortTerm {
    pub(crate) descending: bool,
    pub(crate) expression: Syntax,
}

/// A `function(...)<...>{...}`.
#[derive(Clone, Debug)]
pub(crate) struct LambdaSyntax {
    pub(crate) parameters: Vec<Arc<str>>,
    pub(crate) signature: Option<Arc<Signature>>,
    pub(crate) body: Syntax,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum SyntaxKind {
    Literal(Literal),
    Name(Arc<str>),
    Variable(Arc<str>),
    Regex(RegexSource),
    Wildcard,
    Descendants,
    Parent,
    /// `?` as an argument of a partial application.
    Placeholder,
    /// The end of the source where a value was wanted.
    End,
    Negate(Box<Syntax>),
    Binary(BinaryOperator, Box<Syntax>, Box<Syntax>),
    /// `left.right`
    Map(Box<Syntax>, Box<Syntax>),
    /// `left[right]`
    Filter(Box<Syntax>, Box<Syntax>),
    /// `left{key: value, …}`
    Group(Box<Syntax>, Vec<(Syntax, Syntax)>),
    /// `left^(…)`
    Sort(Box<Syntax>, Vec<SortTerm>),
    /// `left@$name`
    Focus(Box<Syntax>, Arc<str>),
    /// `left#$name`
    Index(Box<Syntax>, Arc<str>),
    /// `$name := value`
    Bind(Arc<str>, Box<Syntax>),
    /// `left ~> right`
    Apply(Box<Syntax>, Box<Syntax>),
    Array(Vec<Syntax>),
    Object(Vec<(Syntax, Syntax)>),
    Block(Vec<Syntax>),
    Condition(Box<Syntax>, Box<Syntax>, Option<Box<Syntax>>),
    Call(Box<Syntax>, Vec<Syntax>),
    Partial(Box<Syntax>, Vec<Syntax>),
    Lambda(Box<LambdaSyntax>),
    Transform {
        pattern: Box<Syntax>,
        update: Box<Syntax>,
        delete: Option<Box<Syntax>>,
    },
}

impl Syntax {
    /// A node over `children`, one level higher than the highest of them.
    pub(crate) fn new(kind: SyntaxKind, position: usize, height_below: u32) -> Syntax {
        Syntax {
            kind,
            position,
            keep_array: false,
            height: height_below.saturating_add(1),
        }
    }
}
