//! What runs: a definition with its names resolved and its expressions compiled.
//!
//! A [`Program`] is made once, by lowering a valid definition, and then only read, by any number of
//! executions at once. It knows nothing of how a state runs. Every state of every nested scope lives in one
//! table and is named by its [`StateId`].

mod choice;
mod flow;
mod lower;
mod map;
mod retry;
mod state;

pub use choice::{ChoiceRule, Comparison, Condition, Operand, Operator, Order, TypeTest};
pub use flow::{Flow, JsonPathFlow, JsonataFlow, PathOrNull, ResultPath, Scalar, Text};
pub(crate) use lower::lower;
pub use map::{
    DistributedMap, ExecutionType, ItemBatcher, ItemReader, Items, MapMode, ResultWriter, Threshold,
};
pub use retry::{Catcher, ErrorMatcher, JitterStrategy, Retrier};
pub use state::{
    Choice, Fail, IntegrationPattern, Map, Parallel, Pass, State, StateKind, Succeed, Task,
    TaskResource, Transition, Wait, WaitUntil,
};

use passo_expr::QueryLanguage;

/// Names a state of a [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateId(u32);

/// Names a scope (`States` block) of a [`Program`]: the top level, a Parallel branch, a Map's processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(u32);

impl StateId {
    /// The state at `index` of the program's table.
    pub const fn new(index: u32) -> StateId {
        StateId(index)
    }

    /// Its place in the program's table.
    pub const fn index(self) -> u32 {
        self.0
    }
}

impl BlockId {
    /// The block at `index` of the program's table.
    pub const fn new(index: u32) -> BlockId {
        BlockId(index)
    }

    /// Its place in the program's table.
    pub const fn index(self) -> u32 {
        self.0
    }
}

/// One `States` block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where it starts.
    pub start: StateId,
    /// The Parallel or Map state that it belongs to; none at the top level.
    pub owner: Option<StateId>,
    /// Its states, in the order of the definition.
    pub states: Vec<StateId>,
}

/// An executable state machine.
#[derive(Debug)]
pub struct Program {
    pub(crate) states: Vec<State>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) timeout_seconds: Option<u64>,
    pub(crate) query_language: QueryLanguage,
}

impl Program {
    /// The top-level block.
    pub const ROOT: BlockId = BlockId(0);

    /// The state that `id` names. An id of another program gives `None`.
    pub fn state(&self, id: StateId) -> Option<&State> {
        self.states.get(usize::try_from(id.0).ok()?)
    }

    /// The block that `id` names. An id of another program gives `None`.
    pub fn block(&self, id: BlockId) -> Option<&Block> {
        self.blocks.get(usize::try_from(id.0).ok()?)
    }

    /// Every state, nested ones included.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// Every block; the first is the top level.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The whole execution's `TimeoutSeconds`.
    pub fn timeout_seconds(&self) -> Option<u64> {
        self.timeout_seconds
    }

    /// The top level's query language.
    pub fn query_language(&self) -> QueryLanguage {
        self.query_language
    }
}
