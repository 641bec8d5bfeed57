//! What one Map run is given when it starts.

use std::sync::Arc;

use passo_asl::program::{BlockId, ExecutionType, StateId};
use passo_expr::{ContextObject, Variables};
use passo_json::{Json, Payload};

use crate::EventId;

/// One Map run: everything that was evaluated for it when it started.
#[derive(Clone, Debug)]
pub struct MapRunSpec {
    /// Its ARN.
    pub map_run_arn: Arc<str>,
    /// The ARN of the state machine whose Map state it is.
    pub state_machine_arn: Arc<str>,
    /// The Map state, which has `ItemSelector`.
    pub state: StateId,
    /// Its `MapStateEntered` event, which causes of failures name.
    pub entered: EventId,
    /// What each child runs: the `header.block` of its execution.
    pub processor: BlockId,
    /// The type of its children.
    pub execution_type: ExecutionType,
    /// The Map state's label, part of its children's ARNs.
    pub label: Arc<str>,
    /// Where the items come from.
    pub items: MapItems,
    /// The Map state's effective input: what `$` and `$states.input` are for `ItemSelector`.
    pub input: Payload,
    /// The variables that `ItemSelector` sees.
    pub variables: Variables,
    /// The context object that `ItemSelector` sees, without the item.
    pub context: ContextObject,
    /// Children that run at the same time, at least 1.
    pub max_concurrency: u32,
    /// How many items may fail.
    pub tolerated_failure_count: Option<u64>,
    /// What share of the items may fail, 0 to 100.
    pub tolerated_failure_percentage: Option<f64>,
    /// `BatchInput`, when items are batched and it is given.
    pub batch_input: Option<Payload>,
    /// `MaxItemsPerBatch`.
    pub max_items_per_batch: Option<u64>,
    /// `MaxInputBytesPerBatch`.
    pub max_input_bytes_per_batch: Option<u64>,
    /// Where the results go; none keeps them as the Map state's result.
    pub result_writer: Option<ResultWriterSpec>,
    /// Bytes that a payload may have: of results that are kept, no more is remembered than shows that they have more.
    pub payload_bytes_max: usize,
}

/// Where the items of a Map run come from.
#[derive(Clone, Debug)]
pub enum MapItems {
    /// The state's data: an array, or an object whose members are the items.
    Data(Payload),
    /// A reader, for the driver to run.
    Reader(ItemReaderSpec),
}

/// `ItemReader` with its arguments evaluated.
#[derive(Clone, Debug)]
pub struct ItemReaderSpec {
    /// `Resource`.
    pub resource: Arc<str>,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Payload>,
    /// `ReaderConfig` as written, without `MaxItems[Path]`.
    pub config: Json,
    /// `MaxItems`.
    pub max_items: Option<i64>,
}

/// `ResultWriter` with its arguments evaluated.
#[derive(Clone, Debug)]
pub struct ResultWriterSpec {
    /// `Resource`; none when results stay in the state's output.
    pub resource: Option<Arc<str>>,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Payload>,
    /// `WriterConfig` as written.
    pub config: Json,
}

/// `WriterConfig.Transformation`: the form of results.
///
/// Source: Developer Guide, "ResultWriter".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transformation {
    /// Each child's output with what is known of the child.
    None,
    /// Outputs alone.
    Compact,
    /// Outputs alone, and the elements of those that are arrays.
    Flatten,
}

/// `WriterConfig.OutputType`: how results become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputType {
    /// One JSON array.
    Json,
    /// A JSON text on each line.
    Jsonl,
}

impl ResultWriterSpec {
    /// The form of results: that of `config`, or AWS's default, which depends on where they go.
    pub fn transformation(&self) -> Transformation {
        match self.config.get("Transformation").and_then(Json::as_str) {
            Some("COMPACT") => Transformation::Compact,
            Some("FLATTEN") => Transformation::Flatten,
            Some(_) => Transformation::None,
            None if self.resource.is_some() => Transformation::None,
            None => Transformation::Compact,
        }
    }

    /// How results become text.
    pub fn output_type(&self) -> OutputType {
        match self.config.get("OutputType").and_then(Json::as_str) {
            Some("JSONL") => OutputType::Jsonl,
            Some(_) | None => OutputType::Json,
        }
    }
}
