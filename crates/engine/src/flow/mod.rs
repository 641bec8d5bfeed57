//! Data flow through one state, each step a function of its own.
//!
//! Knows one state, one frame and what they can see; makes no events. Entry point: [`Evaluator`].

mod assign;
mod choice;
mod fault;
mod jsonata;
mod jsonpath;
mod scalar;
mod text;
mod value;

pub(crate) use choice::Chosen;
pub(crate) use fault::{Fault, too_large};
pub(crate) use value::Value;

use std::cell::OnceCell;
use std::sync::Arc;

use passo_asl::program::{Flow, State, StateKind};
use passo_expr::{ContextObject, Environment, ExecutionContext, MapItem, Scope, StateContext};
use passo_json::Payload;

use crate::execution::Frame;
use crate::{Execution, Limits};

/// Evaluates the fields of the state that a frame is in.
pub(crate) struct Evaluator<'a> {
    pub state: &'a State,
    pub frame: &'a Frame,
    pub limits: &'a Limits,
    pub environment: &'a Environment,
    execution: &'a Arc<ExecutionContext>,
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
            execution: &execution.context,
            token: None,
            item: None,
            context: OnceCell::new(),
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
            let entered = StateContext {
                name: self.state.name.clone(),
                entered_time: self.frame.entered_at,
                retry_count: self.retry_count(),
            };
            let mut context = ContextObject::new(Arc::clone(self.execution)).with_state(entered);
            if let Some(token) = &self.token {
                context = context.with_task_token(Arc::clone(token));
            }
            match &self.item {
                Some(item) => context.with_map_item(item.clone()),
                None => context,
            }
        })
    }

    /// `InputPath`, or the whole input.
    pub fn input(&self, flow: &Flow) -> Result<Value, Fault> {
        match flow {
            Flow::JsonPath(flow) => self.input_path(flow),
            Flow::Jsonata(_) => Ok(Value::Kept(self.frame.input.clone())),
        }
    }

    /// What the state's work gets: `Parameters` of the effective input, or `Arguments`.
    pub fn arguments(&self, flow: &Flow, effective: Value) -> Result<Value, Fault> {
        match flow {
            Flow::JsonPath(flow) => self.parameters(flow, effective),
            Flow::Jsonata(flow) => self.jsonata_arguments(flow),
        }
    }

    /// The state's output from its result, for states that do work.
    pub fn output(&self, flow: &Flow, result: Value) -> Result<Value, Fault> {
        let output = match flow {
            Flow::JsonPath(flow) => {
                let selected = self.result_selector(flow, result)?;
                let combined = self.result_path(&flow.result_path, selected)?;
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
