//! Data flow through one state, each step a function of its own.
//!
//! Knows one state, one frame and what they can see; makes no events. Entry point: [`Evaluator`].

mod assign;
mod choice;
mod fault;
mod inspection;
mod jsonata;
mod jsonpath;
mod scalar;
mod text;
mod value;

pub(crate) use choice::Chosen;
pub(crate) use fault::{Fault, too_large};
pub use inspection::Inspection;
pub(crate) use value::Value;

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use passo_asl::program::{Flow, State, StateKind};
use passo_expr::{ContextObject, Environment, ExecutionContext, MapItem, Scope, StateContext};
use passo_json::{Json, ObjectBuilder, Payload};

use crate::execution::Frame;
use crate::{Execution, Limits};

/// Where the context object comes from.
#[derive(Clone, Copy)]
enum ContextSource<'a> {
    /// It is made of what the execution, the state and the frame are.
    Execution(&'a Arc<ExecutionContext>),
    /// It is given; only the item of a Map is added to it.
    Given(&'a ContextObject),
}

/// Evaluates the fields of the state that a frame is in.
pub(crate) struct Evaluator<'a> {
    pub state: &'a State,
    pub frame: &'a Frame,
    pub limits: &'a Limits,
    pub environment: &'a Environment,
    source: ContextSource<'a>,
    trace: Option<&'a RefCell<Inspection>>,
    token: Option<Arc<str>>,
    item: Option<MapItem>,
    /// Built when an expression first needs it.
    context: OnceCell<ContextObject>,
}

impl<'a> Evaluator<'a> {
    pub fn new(
        execution: &'a Execution,
        frame: &'a Frame,
        state: &'a State,
        environment: &'a Environment,
    ) -> Evaluator<'a> {
        Evaluator {
            state,
            frame,
            limits: &execution.header.limits,
            environment,
            source: ContextSource::Execution(&execution.context),
            trace: None,
            token: None,
            item: None,
            context: OnceCell::new(),
        }
    }

    /// For a state that runs without an execution: its context object is given, and the values between its steps are
    /// noted in `trace`.
    pub fn alone(
        frame: &'a Frame,
        state: &'a State,
        limits: &'a Limits,
        environment: &'a Environment,
        context: &'a ContextObject,
        trace: &'a RefCell<Inspection>,
    ) -> Evaluator<'a> {
        Evaluator {
            state,
            frame,
            limits,
            environment,
            source: ContextSource::Given(context),
            trace: Some(trace),
            token: None,
            item: None,
            context: OnceCell::new(),
        }
    }

    /// Notes a value for whoever looks at the steps.
    pub fn note(&self, write: impl FnOnce(&mut Inspection)) {
        if let Some(mut inspection) = self.trace.and_then(|trace| trace.try_borrow_mut().ok()) {
            write(&mut inspection);
        }
    }

    /// With `Task.Token` in the context object.
    pub fn with_token(self, token: Option<Arc<str>>) -> Evaluator<'a> {
        Evaluator {
            token,
            context: OnceCell::new(),
            ..self
        }
    }

    /// With `Map.Item` in the context object.
    pub fn with_item(self, item: MapItem) -> Evaluator<'a> {
        Evaluator {
            item: Some(item),
            context: OnceCell::new(),
            ..self
        }
    }

    /// What expressions see, with `input` as `$` or `$states.input`.
    pub fn scope(&'a self, input: &'a Payload) -> Scope<'a> {
        Scope::new(
            input,
            self.context(),
            &self.frame.variables,
            self.environment,
        )
    }

    pub fn context(&self) -> &ContextObject {
        self.context.get_or_init(|| {
            let execution = match self.source {
                ContextSource::Execution(execution) => execution,
                ContextSource::Given(context) => return self.given(context),
            };
            let entered = StateContext {
                name: self.state.name.clone(),
                entered_time: self.frame.entered_at,
                retry_count: self.retry_count(),
            };
            let mut context = ContextObject::new(Arc::clone(execution)).with_state(entered);
            if let Some(token) = &self.token {
                context = context.with_task_token(Arc::clone(token));
            }
            match &self.item {
                Some(item) => context.with_map_item(item.clone()),
                None => context,
            }
        })
    }

    /// The given context object, with the item of a Map if there is one.
    fn given(&self, context: &ContextObject) -> ContextObject {
        let (Some(item), Json::Object(members)) = (&self.item, context.json()) else {
            return context.clone();
        };
        let map = ObjectBuilder::new().insert("Item", item.to_json()).build();
        ContextObject::from_json(Json::Object(members.clone().with("Map", map)))
    }

    /// `InputPath`, or the whole input.
    pub fn input(&self, flow: &Flow) -> Result<Value, Fault> {
        match flow {
            Flow::JsonPath(flow) => {
                let effective = self.input_path(flow)?;
                self.note(|seen| seen.after_input_path = Some(effective.payload().clone()));
                Ok(effective)
            }
            Flow::Jsonata(_) => Ok(Value::Kept(self.frame.input.clone())),
        }
    }

    /// What the state's work gets: `Parameters` of the effective input, or `Arguments`.
    pub fn arguments(&self, flow: &Flow, effective: Value) -> Result<Value, Fault> {
        match flow {
            Flow::JsonPath(flow) => {
                let parameters = self.parameters(flow, effective)?;
                self.note(|seen| seen.after_parameters = Some(parameters.payload().clone()));
                Ok(parameters)
            }
            Flow::Jsonata(flow) => {
                let arguments = self.jsonata_arguments(flow)?;
                self.note(|seen| seen.after_arguments = Some(arguments.payload().clone()));
                Ok(arguments)
            }
        }
    }

    /// The state's output from its result, for states that do work.
    pub fn output(&self, flow: &Flow, result: Value) -> Result<Value, Fault> {
        let output = match flow {
            Flow::JsonPath(flow) => {
                let selected = self.result_selector(flow, result)?;
                self.note(|seen| seen.after_result_selector = Some(selected.payload().clone()));
                let combined = self.result_path(&flow.result_path, selected)?;
                self.note(|seen| seen.after_result_path = Some(combined.payload().clone()));
                self.output_path(flow, combined)?
            }
            Flow::Jsonata(flow) => self.jsonata_output(flow.output.as_ref(), result, true)?,
        };
        self.check_size(&output)?;
        Ok(output)
    }

    /// The output of a state that does no work: its effective input, or `Output`.
    pub fn output_of_input(&self, flow: &Flow, effective: Value) -> Result<Value, Fault> {
        let output = match flow {
            Flow::JsonPath(flow) => self.output_path(flow, effective)?,
            Flow::Jsonata(flow) => self.jsonata_output(flow.output.as_ref(), effective, false)?,
        };
        self.check_size(&output)?;
        Ok(output)
    }

    /// A payload larger than the limit is a failure that names the state.
    pub fn check_size(&self, value: &Value) -> Result<(), Fault> {
        // What is kept was checked when it was made.
        let Value::New(payload) = value else {
            return Ok(());
        };
        // The text is needed anyway, for the journal.
        if payload.text().len() <= self.limits.payload_bytes_max {
            return Ok(());
        }
        Err(Fault::too_large(self.state.name.as_str()))
    }

    /// Recorded for states that can be retried only.
    fn retry_count(&self) -> Option<u32> {
        match &self.state.kind {
            StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_) => {
                Some(self.frame.retries.total)
            }
            StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed(_)
            | StateKind::Fail(_) => None,
        }
    }
}
