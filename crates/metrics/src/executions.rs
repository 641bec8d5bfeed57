//! From events to AWS's metrics.

use std::sync::{Arc, Mutex, PoisonError};

use passo_asl::program::Program;
use passo_engine::{Event, EventKind, ExecutionHeader};
use passo_runtime::Listener;
use passo_vocab::Timestamp;

use crate::open_tasks::{OpenTask, OpenTasks};
use crate::{Metric, Observation, Sink};

/// A listener that measures executions. What was under way before this process began has no scheduling and no start as far
/// as it knows, so such tasks count when they are tried again; CloudWatch's metrics are best effort, too.
pub struct ExecutionMetrics {
    sinks: Vec<Arc<dyn Sink>>,
    open: Mutex<OpenTasks>,
}

/// What is under observation.
struct Observing<'a> {
    header: &'a ExecutionHeader,
    found: Vec<Observation>,
}

impl ExecutionMetrics {
    /// A listener that tells `sinks`.
    pub fn new(sinks: Vec<Arc<dyn Sink>>) -> ExecutionMetrics {
        ExecutionMetrics {
            sinks,
            open: Mutex::default(),
        }
    }
}

impl Listener for ExecutionMetrics {
    fn recorded(&self, header: &Arc<ExecutionHeader>, program: &Arc<Program>, events: &[Event]) {
        let mut observing = Observing {
            header,
            found: Vec::new(),
        };
        {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            for event in events {
                observing.event(&mut open, program, event);
            }
        }
        if observing.found.is_empty() {
            return;
        }
        for sink in &self.sinks {
            sink.observe(&observing.found);
        }
    }
}

impl Observing<'_> {
    // tidy: long, because every kind of event answers for itself.
    fn event(&mut self, open: &mut OpenTasks, program: &Program, event: &Event) {
        let arn = &self.header.execution_arn;
        match &event.kind {
            EventKind::ExecutionStarted { .. } => self.execution(Metric::ExecutionsStarted, event),
            EventKind::ExecutionSucceeded { .. } => self.ended(
                open,
                event,
                Metric::ExecutionsSucceeded,
                Metric::RedrivenExecutionsSucceeded,
            ),
            EventKind::ExecutionFailed(_) => self.ended(
                open,
                event,
                Metric::ExecutionsFailed,
                Metric::RedrivenExecutionsFailed,
            ),
            EventKind::ExecutionTimedOut(_) => self.ended(
                open,
                event,
                Metric::ExecutionsTimedOut,
                Metric::RedrivenExecutionsTimedOut,
            ),
            EventKind::ExecutionAborted(_) => self.ended(
                open,
                event,
                Metric::ExecutionsAborted,
                Metric::RedrivenExecutionsAborted,
            ),
            EventKind::ExecutionRedriven { .. } => {
                self.execution(Metric::ExecutionsRedriven, event);
                if let Some(open) = open.open(arn) {
                    open.is_redriven = true;
                }
            }
            EventKind::StateEntered { state, .. } => {
                if let Some(task) = OpenTask::of(program, *state)
                    && let Some(open) = open.open(arn)
                {
                    open.enter(event.frame, task);
                }
            }
            EventKind::StateExited { .. } | EventKind::StateAborted | EventKind::FrameAborted => {
                if let Some(open) = open.get(arn) {
                    open.leave(event.frame);
                }
            }
            EventKind::TaskScheduled(_)
            | EventKind::TaskScheduleFailed(_)
            | EventKind::TaskStarted { .. }
            | EventKind::TaskStartFailed(_)
            | EventKind::TaskSubmitFailed(_)
            | EventKind::TaskSucceeded { .. }
            | EventKind::TaskFailed(_)
            | EventKind::TaskTimedOut { .. } => {
                if let Some(task) = open.get(arn).and_then(|open| open.task(event.frame)) {
                    self.task(task, event);
                }
            }
            EventKind::ClosingStarted(_)
            | EventKind::EvaluationFailed(_)
            | EventKind::StateFailed(_)
            | EventKind::WaitStarted { .. }
            | EventKind::TimerFired
            | EventKind::RetryScheduled { .. }
            | EventKind::TaskSubmitted { .. }
            | EventKind::TaskHeartbeat
            | EventKind::ParallelStarted { .. }
            | EventKind::BranchSucceeded { .. }
            | EventKind::BranchFailed(_)
            | EventKind::ParallelSucceeded
            | EventKind::ParallelFailed
            | EventKind::MapStarted(_)
            | EventKind::MapIterationStarted { .. }
            | EventKind::MapIterationSucceeded { .. }
            | EventKind::MapIterationFailed { .. }
            | EventKind::MapIterationAborted { .. }
            | EventKind::MapSucceeded
            | EventKind::MapFailed
            | EventKind::MapRunStarted(_)
            | EventKind::MapRunSucceeded { .. }
            | EventKind::MapRunFailed(_)
            | EventKind::MapRunAborted
            | EventKind::MapRunRedriven { .. } => {}
        }
    }

    fn execution(&mut self, metric: Metric, event: &Event) {
        let of = Arc::clone(&self.header.state_machine_arn);
        self.note(metric, &of, 1.0, event.at);
    }

    fn ended(&mut self, open: &mut OpenTasks, event: &Event, metric: Metric, redriven: Metric) {
        self.execution(metric, event);
        let of = Arc::clone(&self.header.state_machine_arn);
        let took = millis(event.at, self.header.started_at);
        self.note(Metric::ExecutionTime, &of, took, event.at);
        let was = open.close(&self.header.execution_arn);
        if was.is_some_and(|execution| execution.is_redriven) {
            self.execution(redriven, event);
        }
    }

    fn task(&mut self, task: &mut OpenTask, event: &Event) {
        let (of, at, metrics) = (Arc::clone(&task.resource), event.at, task.metrics);
        match &event.kind {
            EventKind::TaskScheduled(_) => {
                task.scheduled_at = Some(at);
                task.started_at = None;
                self.note(metrics.scheduled, &of, 1.0, at);
            }
            EventKind::TaskStarted { .. } => {
                task.started_at = Some(at);
                self.note(metrics.started, &of, 1.0, at);
                if let Some(since) = task.scheduled_at {
                    self.note(metrics.schedule_time, &of, millis(at, since), at);
                }
            }
            kind => {
                let metric = match kind {
                    EventKind::TaskSucceeded { .. } => metrics.succeeded,
                    EventKind::TaskTimedOut {
                        heartbeat: true, ..
                    } => metrics.heartbeat_timed_out,
                    EventKind::TaskTimedOut { .. } => metrics.timed_out,
                    _ => metrics.failed,
                };
                self.note(metric, &of, 1.0, at);
                if let Some(since) = task.started_at.take() {
                    self.note(metrics.run_time, &of, millis(at, since), at);
                }
                if let Some(since) = task.scheduled_at.take() {
                    self.note(metrics.time, &of, millis(at, since), at);
                }
            }
        }
    }

    fn note(&mut self, metric: Metric, of: &Arc<str>, value: f64, at: Timestamp) {
        self.found.push(Observation {
            metric,
            of: Arc::clone(of),
            state_machine: Arc::clone(&self.header.state_machine_arn),
            value,
            at,
        });
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a year in milliseconds is far below 2^53"
)]
fn millis(at: Timestamp, since: Timestamp) -> f64 {
    at.millis_since(since).max(0) as f64
}
