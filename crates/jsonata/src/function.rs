//! Functions as values.

use crate::code::{HostCode, Lambda, Transform};
use crate::frame::Frame;
use crate::functions::Native;
use crate::regex::Regex;
use crate::value::Value;
use std::rc::Rc;
use std::sync::Arc;

/// Something that can be called.
#[derive(Debug)]
pub(crate) enum Function {
    Native(&'static Native),
    Host(Arc<HostCode>),
    Lambda(Closure),
    /// Some arguments are given, the others (`None`) still open.
    Partial {
        function: Rc<Function>,
        arguments: Vec<Option<Value>>,
        depth: u32,
    },
    /// First the one, then the other.
    Chain {
        first: Rc<Function>,
        second: Rc<Function>,
        depth: u32,
    },
    Transform {
        code: Arc<Transform>,
        frame: Rc<Frame>,
    },
    Regex(Arc<Regex>),
    /// The `next` of a match: looks on from an offset in bytes.
    NextMatch {
        regex: Arc<Regex>,
        text: Arc<str>,
        from: usize,
    },
}

/// A function definition with what it captured.
#[derive(Debug)]
pub(crate) struct Closure {
    pub(crate) code: Arc<Lambda>,
    pub(crate) frame: Rc<Frame>,
    pub(crate) input: Value,
    pub(crate) depth: u32,
}

impl Function {
    /// How many arguments the function says it takes: what callbacks are given depends on it.
    pub(crate) fn arity(&self) -> usize {
        match self {
            Function::Native(native) => native.arity,
            Function::Host(host) => host.signature.len(),
            Function::Lambda(closure) => closure.code.parameters,
            Function::Partial { arguments, .. } => arguments
                .iter()
                .filter(|argument| argument.is_none())
                .count(),
            Function::Chain { .. } | Function::Transform { .. } => 1,
            Function::Regex(_) => 2,
            Function::NextMatch { .. } => 0,
        }
    }

    /// Nesting of the values that the function holds; bounded, so that dropping may recurse.
    pub(crate) fn depth(&self) -> u32 {
        match self {
            Function::Lambda(closure) => closure.depth,
            Function::Partial { depth, .. } | Function::Chain { depth, .. } => *depth,
            Function::Native(_)
            | Function::Host(_)
            | Function::Transform { .. }
            | Function::Regex(_)
            | Function::NextMatch { .. } => 0,
        }
    }
}
