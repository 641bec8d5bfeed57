//! What a Map iterates over, and what a Distributed Map adds.

use std::sync::Arc;

use passo_expr::{Expression, Path, Template};
use passo_json::Json;

use super::Scalar;

/// Where a Map's items come from.
#[derive(Clone, Debug)]
pub enum Items {
    /// `ItemsPath` (JSONPath); `None` is the whole effective input.
    Path(Option<Path>),
    /// `Items` (JSONata) as an array or object template; `None` is the state's input.
    Template(Option<Template>),
    /// `Items` (JSONata) as one expression.
    Expression(Expression),
}

/// How a Map runs its items.
#[derive(Clone, Debug)]
pub enum MapMode {
    /// Inside the execution itself.
    Inline,
    /// As child executions of a Map run.
    Distributed(Box<DistributedMap>),
}

/// `ProcessorConfig.ExecutionType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionType {
    /// `STANDARD`
    Standard,
    /// `EXPRESS`
    Express,
}

/// What only a Distributed Map has.
#[derive(Clone, Debug)]
pub struct DistributedMap {
    /// The type of the child executions.
    pub execution_type: ExecutionType,
    /// `Label`, or the one that was made for it.
    pub label: Arc<str>,
    /// `ItemReader`.
    pub item_reader: Option<ItemReader>,
    /// `ItemBatcher`.
    pub item_batcher: Option<ItemBatcher>,
    /// `ResultWriter`.
    pub result_writer: Option<ResultWriter>,
    /// `ToleratedFailureCount[Path]`.
    pub tolerated_failure_count: Option<Threshold>,
    /// `ToleratedFailurePercentage[Path]`.
    pub tolerated_failure_percentage: Option<Threshold>,
}

/// A number that a definition gives as literal, path or expression; integers and fractions alike.
pub type Threshold = Scalar<f64>;

/// `ItemReader`.
#[derive(Clone, Debug)]
pub struct ItemReader {
    /// `Resource`.
    pub resource: Arc<str>,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Template>,
    /// `ReaderConfig` as written, without `MaxItems[Path]`.
    pub config: Json,
    /// `ReaderConfig.MaxItems[Path]`.
    pub max_items: Option<Scalar<u64>>,
}

/// `ItemBatcher`.
#[derive(Clone, Debug)]
pub struct ItemBatcher {
    /// `BatchInput`.
    pub batch_input: Option<Template>,
    /// `MaxItemsPerBatch[Path]`.
    pub max_items_per_batch: Option<Scalar<u64>>,
    /// `MaxInputBytesPerBatch[Path]`.
    pub max_input_bytes_per_batch: Option<Scalar<u64>>,
}

/// `ResultWriter`.
#[derive(Clone, Debug)]
pub struct ResultWriter {
    /// `Resource`; absent when only `WriterConfig` is given.
    pub resource: Option<Arc<str>>,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Template>,
    /// `WriterConfig` as written.
    pub config: Json,
}
