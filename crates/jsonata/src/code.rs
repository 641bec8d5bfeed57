//! The program: the tree that runs, with paths shaped and variables resolved.
//!
//! Built once by [`crate::compile`], read by [`crate::eval`]; immutable, `Send` and `Sync`.

use crate::regex::Regex;
use crate::signature::Signature;
use crate::syntax::BinaryOperator;
use passo_json::Json;
use std::sync::Arc;

/// A compiled expression.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) body: Node,
    /// Slots of the outermost frame.
    pub(crate) slots: usize,
    /// Free names, to be looked up when an evaluation starts.
    pub(crate) globals: Vec<Global>,
}

/// A free name and what it is where no variable of that name is bound.
#[derive(Debug)]
pub(crate) struct Global {
    pub(crate) name: Arc<str>,
    pub(crate) fallback: Fallback,
}

/// What a free name means without a binding.
#[derive(Debug)]
pub(crate) enum Fallback {
    Nothing,
    /// `$$`
    Root,
    Native(&'static crate::functions::Native),
    Host(Arc<HostCode>),
}

/// A host function as the profile declares it.
#[derive(Debug)]
pub(crate) struct HostCode {
    pub(crate) name: Arc<str>,
    pub(crate) signature: Signature,
}

/// One node of the program.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) code: Code,
    pub(crate) position: usize,
    pub(crate) keep_array: bool,
    /// Predicates and grouping, which few nodes have.
    pub(crate) after: Option<Box<After>>,
}

/// What happens to a node's value before it is handed on.
#[derive(Debug)]
pub(crate) struct After {
    pub(crate) predicates: Vec<Predicate>,
    pub(crate) group: Option<Pairs>,
    /// The variables that the node's tuples bind, where it gives tuples.
    pub(crate) scope: TupleScope,
}

/// A filter in brackets.
#[derive(Debug)]
pub(crate) enum Predicate {
    /// A literal number: rounded down.
    Index(f64),
    Filter(Node),
}

/// Where a variable may be: the slots of enclosing scopes from the inside out, then a free name.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) slots: Box<[Slot]>,
    pub(crate) global: Option<usize>,
}

/// A slot of a frame: so many frames up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) up: usize,
    pub(crate) index: usize,
}

/// The slots that a scope owns. Where no function can capture them they live in the frame around.
#[derive(Debug)]
pub(crate) enum Scope {
    /// The scope binds nothing.
    None,
    /// Slots `first..first + count` of the current frame.
    Hoisted { first: usize, count: usize },
    /// A frame of its own with so many slots.
    Frame { count: usize },
}

/// The scope of the variables that tuples bind.
#[derive(Debug)]
pub(crate) struct TupleScope {
    pub(crate) scope: Scope,
    /// Which binding of a tuple goes to which slot, in the order of slots.
    pub(crate) names: Vec<u32>,
}

/// What a node does.
#[derive(Debug)]
pub(crate) enum Code {
    Constant(Json),
    Context,
    Variable(Variable),
    Field(Arc<str>),
    Wildcard,
    Descendants,
    Path(Box<Path>),
    Negate(Box<Node>),
    Binary(BinaryOperator, Box<(Node, Node)>),
    Array { items: Vec<Item>, constructed: bool },
    Object(Box<Pairs>),
    Block { scope: Scope, items: Vec<Node> },
    Condition(Box<(Node, Node, Option<Node>)>),
    Bind(Slot, Box<Node>),
    Call(Box<Call>),
    Partial(Box<Call>),
    Lambda(Arc<Lambda>),
    Apply(Box<(Node, Node)>),
    Regex(Arc<Regex>),
    Transform(Arc<Transform>),
}

/// A member of an array constructor.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) node: Node,
    /// Whether it is itself written as `[…]` and is added as one member.
    pub(crate) nested: bool,
}

/// The pairs of an object constructor or a group-by.
#[derive(Debug)]
pub(crate) struct Pairs {
    pub(crate) pairs: Vec<(Node, Node)>,
    pub(crate) position: usize,
    /// The keys, where all are distinct literals.
    pub(crate) literal_keys: Option<Vec<Arc<str>>>,
}

/// A call, or a partial application where an argument is `None`.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) procedure: Node,
    pub(crate) arguments: Vec<Option<Node>>,
    /// The name called, for error reports.
    pub(crate) name: Option<Arc<str>>,
    /// Where a bare name is called that is a function's: what the writer meant.
    pub(crate) meant: Option<Variable>,
}

/// A function definition.
#[derive(Debug)]
pub(crate) struct Lambda {
    pub(crate) parameters: usize,
    pub(crate) signature: Option<Arc<Signature>>,
    pub(crate) slots: usize,
    /// Where the parameters' slots are: in order, unless a name is repeated.
    pub(crate) parameter_slots: Vec<usize>,
    pub(crate) repeats: bool,
    pub(crate) body: Node,
}

/// `|pattern|update,delete|`
#[derive(Debug)]
pub(crate) struct Transform {
    pub(crate) pattern: Node,
    pub(crate) update: Node,
    pub(crate) delete: Option<Node>,
    pub(crate) position: usize,
}

/// A path.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) steps: Vec<Step>,
    pub(crate) keep_singleton: bool,
    /// Whether the tuples are handed on to the path around (for `%`).
    pub(crate) hands_on_tuples: bool,
    pub(crate) group: Option<Pairs>,
    /// The variables that the path's steps bind.
    pub(crate) scope: TupleScope,
    /// The short way, where the path is nothing but names.
    pub(crate) walk: Option<Walk>,
    /// Whether the first step is a variable, so that an array as context is not iterated.
    pub(crate) absolute: bool,
}

/// A path of nothing but names, from the context or from a variable.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) head: Option<Variable>,
    pub(crate) fields: Vec<Arc<str>>,
}

/// One step of a path.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) kind: StepKind,
    pub(crate) stages: Vec<Stage>,
    /// Whether from here on the path carries tuples.
    pub(crate) tuple: bool,
    pub(crate) focus: Option<u32>,
    pub(crate) index: Option<u32>,
    pub(crate) ancestor: Option<u32>,
}

/// What a step does with an item.
#[derive(Debug)]
pub(crate) enum StepKind {
    Evaluate(Node),
    /// A first step written as `[…]`: evaluated once.
    Constructed(Node),
    Sort {
        terms: Vec<Term>,
        position: usize,
    },
}

/// A term of an order-by.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) descending: bool,
    pub(crate) node: Node,
}

/// What happens to the result of a step.
#[derive(Debug)]
pub(crate) enum Stage {
    Filter(Predicate),
    Index(u32),
}
