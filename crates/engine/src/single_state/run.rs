//! The run itself: the state's work, then what its failure meets.

use std::cell::RefCell;

use passo_asl::program::{Flow, State, StateKind, Task, TaskResource};
use passo_expr::{ContextObject, Environment, Variables};
use passo_json::{Json, Payload};
use passo_vocab::{Failure, Timestamp};

use super::map::{self, MapWork};
use super::outcome::{Handled, SingleTask, Step, TestStatus, Tested, Work};
use crate::decide::catch::caught;
use crate::decide::exit::Exit;
use crate::decide::failed::{handlers, matches_any};
use crate::decide::retry::backoff_millis;
use crate::decide::states;
use crate::execution::{Frame, Origin, RetryCounts, Stage};
use crate::flow::{Evaluator, Fault, Inspection, Value, too_large};
use crate::{Data, EventId, Limits, PayloadId};

/// The event that a failure's cause names as the entry of the state: an execution's first event is its start.
const ENTERED: EventId = EventId::new(2);

/// What a state finds when it is entered, and how its earlier attempts went.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its input.
    pub input: Payload,
    /// The variables that it sees.
    pub variables: Variables,
    /// The context object, as it is; only a Map's items are added to it.
    pub context: Json,
    /// How often it was retried already, for the entry of `Retry` that takes its failure.
    pub retries: u64,
    /// How many iterations of a Map failed.
    pub failed_iterations: Option<u64>,
    /// What a Map's `ItemReader` read: an array or an object.
    pub items_read: Option<Payload>,
    /// The time, and chance.
    pub environment: Environment,
}

/// A state that runs alone.
#[derive(Clone, Debug)]
pub struct SingleState {
    pub(super) state: State,
    pub(super) frame: Frame,
    pub(super) setting: Setting,
    context: ContextObject,
    limits: Limits,
}

/// What a state's work led to.
pub(super) enum Ended {
    /// The state is left.
    Exit(Exit),
    /// Its work failed.
    Failed(Failure, Origin),
    /// It waits for a task.
    Task(SingleTask),
}

/// What is seen on the way.
pub(super) struct Sight {
    pub(super) trace: RefCell<Inspection>,
    environment: Environment,
    waits_until: RefCell<Option<Timestamp>>,
}

impl SingleState {
    /// `state` of a program, in `setting`.
    pub fn new(state: State, setting: Setting) -> SingleState {
        let frame = Frame {
            generation: 0,
            queued: false,
            parent: None,
            position: 0,
            state: passo_asl::program::StateId::new(0),
            stage: Stage::Entered,
            input: Data::new(PayloadId::INPUT, setting.input.clone()),
            previous: ENTERED,
            entered: ENTERED,
            before: EventId::NONE,
            entered_at: setting.environment.now,
            variables: setting.variables.clone(),
            retries: RetryCounts::default(),
        };
        SingleState {
            state,
            frame,
            context: ContextObject::from_json(setting.context.clone()),
            limits: Limits::STANDARD,
            setting,
        }
    }

    /// Runs it. Without `work` a Task state answers with what it asks for; Parallel and Map states fail without it. The
    /// same setting and work give the same answer.
    pub fn run(&self, work: Option<Work>) -> Step {
        let sight = Sight {
            trace: RefCell::default(),
            environment: self.setting.environment.clone(),
            waits_until: RefCell::default(),
        };
        let tested = match self.work(&sight, work) {
            Ok(Ended::Task(task)) => return Step::Task(Box::new(task)),
            Ok(Ended::Exit(exit)) => self.left(TestStatus::Succeeded, exit),
            Ok(Ended::Failed(failure, origin)) => self.failed(&sight, failure, origin),
            Err(fault) => {
                let failure = fault.failure(&self.state, &self.frame);
                self.failed(&sight, failure, Origin::State)
            }
        };
        Step::Done(Box::new(Tested {
            inspection: sight.trace.into_inner(),
            waits_until: sight.waits_until.into_inner(),
            ..tested
        }))
    }

    /// Evaluates the state's fields, noting what they give.
    pub(super) fn evaluator<'a>(&'a self, sight: &'a Sight) -> Evaluator<'a> {
        Evaluator::alone(
            &self.frame,
            &self.state,
            &self.limits,
            &sight.environment,
            &self.context,
            &sight.trace,
        )
    }

    fn work(&self, sight: &Sight, work: Option<Work>) -> Result<Ended, Fault> {
        let evaluator = &self.evaluator(sight);
        match &self.state.kind {
            StateKind::Task(task) => self.task(evaluator, task, work),
            StateKind::Pass(pass) => {
                let exit = states::pass::shape(evaluator, pass)?;
                if let Some(result) = &pass.result {
                    // Recorded on AWS: a fixed result stands in place of what comes before it.
                    evaluator.note(|seen| {
                        seen.after_input_path = None;
                        seen.result = Some(result.clone());
                    });
                }
                Ok(Ended::Exit(exit))
            }
            StateKind::Choice(choice) => {
                Ok(Ended::Exit(states::choice::decide(evaluator, choice)?))
            }
            StateKind::Wait(wait) => {
                let until = states::wait::until(evaluator, wait)?;
                sight.waits_until.replace(Some(until));
                Ok(Ended::Exit(states::wait::leave(evaluator, wait)?))
            }
            StateKind::Succeed(state) => Ok(Ended::Exit(states::succeed(evaluator, state)?)),
            StateKind::Fail(fail) => {
                if self.state.query_language == passo_expr::QueryLanguage::JsonPath {
                    let input = self.setting.input.clone();
                    evaluator.note(|seen| seen.after_input_path = Some(input));
                }
                let failure = evaluator.failure(fail)?;
                Ok(Ended::Failed(failure, Origin::State))
            }
            StateKind::Parallel(parallel) => {
                states::parallel::branch_input(evaluator, parallel)?;
                evaluator.note(hide_input);
                match work.ok_or_else(needs_work)? {
                    Work::Failed(failure) => Ok(Ended::Failed(failure, Origin::State)),
                    Work::Succeeded(result) => {
                        leave(evaluator, &parallel.flow, parallel.transition, result)
                    }
                }
            }
            StateKind::Map(map) => {
                match map::run(self, sight, map, work.ok_or_else(needs_work)?)? {
                    MapWork::Failed(failure) => Ok(Ended::Failed(failure, Origin::State)),
                    MapWork::Succeeded(result) => {
                        leave(evaluator, &map.flow, map.transition, result)
                    }
                }
            }
        }
    }

    fn task(
        &self,
        evaluator: &Evaluator<'_>,
        task: &Task,
        work: Option<Work>,
    ) -> Result<Ended, Fault> {
        let plan = states::task::plan(evaluator, task, None)?;
        match work {
            None => Ok(Ended::Task(SingleTask {
                resource: task.resource.clone(),
                parameters: plan.parameters.payload().clone(),
                credentials: plan.credentials,
                timeout_seconds: plan.timeout_seconds,
            })),
            Some(Work::Failed(failure)) => Ok(Ended::Failed(failure, Origin::Task)),
            Some(Work::Succeeded(result)) if result.bytes() > self.limits.payload_bytes_max => {
                let what = match &task.resource {
                    TaskResource::LambdaFunction { arn } | TaskResource::Activity { arn } => arn,
                    TaskResource::Service { resource_type, .. } => resource_type,
                };
                Ok(Ended::Failed(too_large(what), Origin::Task))
            }
            Some(Work::Succeeded(result)) => {
                evaluator.note(|seen| seen.result = Some(result.clone()));
                let exit = states::task::leave(evaluator, task, Value::New(result))?;
                Ok(Ended::Exit(exit))
            }
        }
    }

    /// The state failed: retry, catch or give up.
    fn failed(&self, sight: &Sight, failure: Failure, origin: Origin) -> Tested {
        let (retriers, catchers) = handlers(&self.state.kind);
        let retrier = retriers
            .iter()
            .enumerate()
            .find(|(_, retrier)| matches_any(&retrier.error_equals, &failure, origin));
        if let Some((index, retrier)) = retrier
            && self.setting.retries < retrier.max_attempts
        {
            let entropy = &sight.environment.entropy;
            let backoff_seconds = backoff_millis(retrier, self.setting.retries, entropy) / 1000;
            return Tested {
                handled: Some(Handled::Retry {
                    index,
                    backoff_seconds,
                }),
                ..self.not_left(TestStatus::Retriable, failure)
            };
        }
        let catcher = catchers
            .iter()
            .enumerate()
            .find(|(_, catcher)| matches_any(&catcher.error_equals, &failure, origin));
        let Some((index, catcher)) = catcher else {
            return self.not_left(TestStatus::Failed, failure);
        };
        match caught(&self.evaluator(sight), catcher, &failure) {
            Ok(exit) => Tested {
                failure: Some(failure),
                handled: Some(Handled::Catch { index }),
                ..self.left(TestStatus::CaughtError, exit)
            },
            Err(fault) => {
                let failure = fault.failure(&self.state, &self.frame);
                self.not_left(TestStatus::Failed, failure)
            }
        }
    }

    fn left(&self, status: TestStatus, exit: Exit) -> Tested {
        let assigned = exit
            .assigned
            .into_iter()
            .map(|(name, value)| (name, value.json().clone()));
        Tested {
            output: Some(exit.output.payload().clone()),
            next: exit.next,
            variables: self.setting.variables.with_assigned(assigned),
            ..self.at_first(status)
        }
    }

    fn not_left(&self, status: TestStatus, failure: Failure) -> Tested {
        Tested {
            failure: Some(failure),
            ..self.at_first(status)
        }
    }

    fn at_first(&self, status: TestStatus) -> Tested {
        Tested {
            status,
            output: None,
            next: None,
            failure: None,
            handled: None,
            variables: self.setting.variables.clone(),
            inspection: Inspection::default(),
            waits_until: None,
        }
    }
}

/// Recorded on AWS for Parallel states: what their branches get is not shown.
pub(super) fn hide_input(seen: &mut Inspection) {
    seen.after_input_path = None;
    seen.after_parameters = None;
    seen.after_arguments = None;
}

fn leave(
    evaluator: &Evaluator<'_>,
    flow: &Flow,
    transition: passo_asl::program::Transition,
    result: Payload,
) -> Result<Ended, Fault> {
    let exit = states::parallel::leave(evaluator, flow, transition, Value::New(result))?;
    Ok(Ended::Exit(exit))
}

fn needs_work() -> Fault {
    Fault::runtime("The state's work has no result.")
}
