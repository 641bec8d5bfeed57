//! The eight state types, ready to run.

use std::sync::Arc;

use passo_expr::{QueryLanguage, Template};
use passo_json::Payload;
use passo_vocab::{StateName, Timestamp};

use super::{BlockId, Catcher, ChoiceRule, Flow, Items, MapMode, Retrier, Scalar, StateId, Text};

/// One state.
#[derive(Clone, Debug)]
pub struct State {
    /// Its name.
    pub name: StateName,
    /// The scope that it belongs to.
    pub block: BlockId,
    /// The language of its fields.
    pub query_language: QueryLanguage,
    /// What it does.
    pub kind: StateKind,
}

/// What a state does.
#[derive(Clone, Debug)]
pub enum StateKind {
    /// Does work outside.
    Task(Box<Task>),
    /// Shapes data.
    Pass(Box<Pass>),
    /// Decides what comes next.
    Choice(Box<Choice>),
    /// Waits.
    Wait(Box<Wait>),
    /// Ends its scope well.
    Succeed(Box<Succeed>),
    /// Ends its scope with an error.
    Fail(Box<Fail>),
    /// Runs branches side by side.
    Parallel(Box<Parallel>),
    /// Runs one processor for many items.
    Map(Box<Map>),
}

/// Where a state leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// `Next`
    Next(StateId),
    /// `End`
    End,
}

/// A Task state.
#[derive(Clone, Debug)]
pub struct Task {
    /// `Resource`, told apart once.
    pub resource: TaskResource,
    /// `TimeoutSeconds[Path]`.
    pub timeout_seconds: Option<Scalar<u64>>,
    /// `HeartbeatSeconds[Path]`.
    pub heartbeat_seconds: Option<Scalar<u64>>,
    /// `Credentials`.
    pub credentials: Option<Template>,
    /// Its data flow.
    pub flow: Flow,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// What a Task's `Resource` names, as far as its syntax tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskResource {
    /// A Lambda function's ARN (the form before service integrations): history shows `LambdaFunction…` events.
    LambdaFunction {
        /// The ARN as written.
        arn: Arc<str>,
    },
    /// An activity's ARN: history shows `Activity…` events.
    Activity {
        /// The ARN as written.
        arn: Arc<str>,
    },
    /// A service integration: history shows `Task…` events.
    Service {
        /// The ARN as written.
        arn: Arc<str>,
        /// As history shows it: `lambda`, `aws-sdk:dynamodb`, `http`.
        resource_type: Arc<str>,
        /// As history shows it: `invoke`, `startExecution.sync:2`, `sendMessage.waitForTaskToken`.
        resource: Arc<str>,
        /// How the task completes.
        pattern: IntegrationPattern,
    },
}

/// How a service integration completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegrationPattern {
    /// With the service's answer.
    RequestResponse,
    /// With the end of the job that was started: `.sync`, `.sync:2`.
    Sync,
    /// With the answer to a task token.
    WaitForTaskToken,
}

/// A Pass state.
#[derive(Clone, Debug)]
pub struct Pass {
    /// `Result` (JSONPath), made once.
    pub result: Option<Payload>,
    /// Its data flow.
    pub flow: Flow,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// A Choice state.
#[derive(Clone, Debug)]
pub struct Choice {
    /// `Choices`, never empty.
    pub rules: Vec<ChoiceRule>,
    /// `Default`.
    pub default: Option<StateId>,
    /// Its data flow; `Assign` and `Output` hold for the default.
    pub flow: Flow,
}

/// A Wait state.
#[derive(Clone, Debug)]
pub struct Wait {
    /// Until when.
    pub until: WaitUntil,
    /// Its data flow.
    pub flow: Flow,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// How long a Wait state waits.
#[derive(Clone, Debug)]
pub enum WaitUntil {
    /// `Seconds[Path]`
    Seconds(Scalar<u64>),
    /// `Timestamp[Path]`
    Timestamp(Scalar<Timestamp>),
}

/// A Succeed state.
#[derive(Clone, Debug)]
pub struct Succeed {
    /// Its data flow.
    pub flow: Flow,
}

/// A Fail state.
#[derive(Clone, Debug)]
pub struct Fail {
    /// `Error` or `ErrorPath`.
    pub error: Option<Text>,
    /// `Cause` or `CausePath`.
    pub cause: Option<Text>,
}

/// A Parallel state.
#[derive(Clone, Debug)]
pub struct Parallel {
    /// `Branches`, in order.
    pub branches: Vec<BlockId>,
    /// Its data flow.
    pub flow: Flow,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// A Map state.
#[derive(Clone, Debug)]
pub struct Map {
    /// The items.
    pub items: Items,
    /// `ItemSelector`, or its older name `Parameters`.
    pub item_selector: Option<Template>,
    /// `MaxConcurrency[Path]`; absent or 0 means no cap of its own.
    pub max_concurrency: Option<Scalar<u64>>,
    /// What runs for each item.
    pub processor: BlockId,
    /// Inline or distributed.
    pub mode: MapMode,
    /// Its data flow. `parameters` and `arguments` stay unset: they are [`Map::item_selector`].
    pub flow: Flow,
    /// `Retry`.
    pub retry: Vec<Retrier>,
    /// `Catch`.
    pub catch: Vec<Catcher>,
    /// `Next` or `End`.
    pub transition: Transition,
}
