//! Which field may stand where.
//!
//! Source: Developer Guide, the pages of the state types, "Transforming data" and "Workflow variables"; for
//! what one language does not have, measured answers of AWS.

use passo_expr::QueryLanguage;

use super::kind::StateType;

/// Which languages have a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Languages {
    Both,
    Only(QueryLanguage),
}

/// A field's name and the languages that have it.
pub(crate) type FieldRule = (&'static str, Languages);

const B: Languages = Languages::Both;
const P: Languages = Languages::Only(QueryLanguage::JsonPath);
const J: Languages = Languages::Only(QueryLanguage::Jsonata);

pub(crate) const MACHINE: &[FieldRule] = &[
    ("Comment", B),
    ("QueryLanguage", B),
    ("StartAt", B),
    ("States", B),
    ("TimeoutSeconds", B),
    ("Version", B),
];

/// A branch of a Parallel state. That an item processor has no `QueryLanguage` is measured on AWS.
pub(crate) const BRANCH: &[FieldRule] = &[("Comment", B), ("StartAt", B), ("States", B)];

pub(crate) const PROCESSOR: &[FieldRule] = &[
    ("Comment", B),
    ("ProcessorConfig", B),
    ("StartAt", B),
    ("States", B),
];

pub(crate) const PROCESSOR_CONFIG: &[FieldRule] = &[("ExecutionType", B), ("Mode", B)];

pub(crate) const RETRIER: &[FieldRule] = &[
    ("BackoffRate", B),
    ("Comment", B),
    ("ErrorEquals", B),
    ("IntervalSeconds", B),
    ("JitterStrategy", B),
    ("MaxAttempts", B),
    ("MaxDelaySeconds", B),
];

pub(crate) const CATCHER: &[FieldRule] = &[
    ("Assign", B),
    ("Comment", B),
    ("ErrorEquals", B),
    ("Next", B),
    ("Output", J),
    ("ResultPath", P),
];

pub(crate) const ITEM_READER: &[FieldRule] = &[
    ("Arguments", J),
    ("Parameters", P),
    ("ReaderConfig", B),
    ("Resource", B),
];

pub(crate) const READER_CONFIG: &[FieldRule] = &[
    ("CSVDelimiter", B),
    ("CSVHeaderLocation", B),
    ("CSVHeaders", B),
    ("InputType", B),
    ("ItemsPointer", B),
    ("ManifestType", B),
    ("MaxItems", B),
    ("MaxItemsPath", P),
    ("Transformation", B),
];

pub(crate) const ITEM_BATCHER: &[FieldRule] = &[
    ("BatchInput", B),
    ("MaxInputBytesPerBatch", B),
    ("MaxInputBytesPerBatchPath", P),
    ("MaxItemsPerBatch", B),
    ("MaxItemsPerBatchPath", P),
];

pub(crate) const RESULT_WRITER: &[FieldRule] = &[
    ("Arguments", J),
    ("Parameters", P),
    ("Resource", B),
    ("WriterConfig", B),
];

pub(crate) const WRITER_CONFIG: &[FieldRule] = &[("OutputType", B), ("Transformation", B)];

/// The fields of a state of one type.
pub(crate) fn of_state(state_type: StateType) -> &'static [FieldRule] {
    match state_type {
        StateType::Task => TASK,
        StateType::Pass => PASS,
        StateType::Choice => CHOICE,
        StateType::Wait => WAIT,
        StateType::Succeed => SUCCEED,
        StateType::Fail => FAIL,
        StateType::Parallel => PARALLEL,
        StateType::Map => MAP,
    }
}

const TASK: &[FieldRule] = &[
    ("Arguments", J),
    ("Assign", B),
    ("Catch", B),
    ("Comment", B),
    ("Credentials", B),
    ("End", B),
    ("HeartbeatSeconds", B),
    ("HeartbeatSecondsPath", P),
    ("InputPath", P),
    ("Next", B),
    ("Output", J),
    ("OutputPath", P),
    ("Parameters", P),
    ("QueryLanguage", B),
    ("Resource", B),
    ("ResultPath", P),
    ("ResultSelector", P),
    ("Retry", B),
    ("TimeoutSeconds", B),
    ("TimeoutSecondsPath", P),
    ("Type", B),
];

const PASS: &[FieldRule] = &[
    ("Assign", B),
    ("Comment", B),
    ("End", B),
    ("InputPath", P),
    ("Next", B),
    ("Output", J),
    ("OutputPath", P),
    ("Parameters", P),
    ("QueryLanguage", B),
    ("Result", P),
    ("ResultPath", P),
    ("Type", B),
];

const CHOICE: &[FieldRule] = &[
    ("Assign", B),
    ("Choices", B),
    ("Comment", B),
    ("Default", B),
    ("InputPath", P),
    ("Output", J),
    ("OutputPath", P),
    ("QueryLanguage", B),
    ("Type", B),
];

const WAIT: &[FieldRule] = &[
    ("Assign", B),
    ("Comment", B),
    ("End", B),
    ("InputPath", P),
    ("Next", B),
    ("Output", J),
    ("OutputPath", P),
    ("QueryLanguage", B),
    ("Seconds", B),
    ("SecondsPath", P),
    ("Timestamp", B),
    ("TimestampPath", P),
    ("Type", B),
];

const SUCCEED: &[FieldRule] = &[
    ("Comment", B),
    ("InputPath", P),
    ("Output", J),
    ("OutputPath", P),
    ("QueryLanguage", B),
    ("Type", B),
];

const FAIL: &[FieldRule] = &[
    ("Cause", B),
    ("CausePath", P),
    ("Comment", B),
    ("Error", B),
    ("ErrorPath", P),
    ("QueryLanguage", B),
    ("Type", B),
];

const PARALLEL: &[FieldRule] = &[
    ("Arguments", J),
    ("Assign", B),
    ("Branches", B),
    ("Catch", B),
    ("Comment", B),
    ("End", B),
    ("InputPath", P),
    ("Next", B),
    ("Output", J),
    ("OutputPath", P),
    ("Parameters", P),
    ("QueryLanguage", B),
    ("ResultPath", P),
    ("ResultSelector", P),
    ("Retry", B),
    ("Type", B),
];

const MAP: &[FieldRule] = &[
    ("Assign", B),
    ("Catch", B),
    ("Comment", B),
    ("End", B),
    ("InputPath", P),
    ("ItemBatcher", B),
    ("ItemProcessor", B),
    ("ItemReader", B),
    ("ItemSelector", B),
    ("Items", J),
    ("ItemsPath", P),
    ("Iterator", B),
    ("Label", B),
    ("MaxConcurrency", B),
    ("MaxConcurrencyPath", P),
    ("Next", B),
    ("Output", J),
    ("OutputPath", P),
    ("Parameters", P),
    ("QueryLanguage", B),
    ("ResultPath", P),
    ("ResultSelector", P),
    ("ResultWriter", B),
    ("Retry", B),
    ("ToleratedFailureCount", B),
    ("ToleratedFailureCountPath", P),
    ("ToleratedFailurePercentage", B),
    ("ToleratedFailurePercentagePath", P),
    ("Type", B),
];
