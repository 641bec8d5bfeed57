//! Tasks that have not ended: whose they are, and since when, which their later events do not say.

use std::collections::HashMap;
use std::sync::Arc;

use passo_asl::program::{Program, StateId, StateKind, TaskResource};
use passo_engine::FrameId;
use passo_vocab::Timestamp;

use crate::Metric;

/// Executions whose tasks are remembered, about 200 bytes each. The tasks of further ones are not measured.
const EXECUTIONS_MAX: usize = 200_000;

/// The metrics of one kind of task.
pub(crate) struct TaskMetrics {
    pub(crate) scheduled: Metric,
    pub(crate) started: Metric,
    pub(crate) succeeded: Metric,
    pub(crate) failed: Metric,
    pub(crate) timed_out: Metric,
    pub(crate) heartbeat_timed_out: Metric,
    pub(crate) schedule_time: Metric,
    pub(crate) run_time: Metric,
    pub(crate) time: Metric,
}

static ACTIVITY: TaskMetrics = TaskMetrics {
    scheduled: Metric::ActivitiesScheduled,
    started: Metric::ActivitiesStarted,
    succeeded: Metric::ActivitiesSucceeded,
    failed: Metric::ActivitiesFailed,
    timed_out: Metric::ActivitiesTimedOut,
    heartbeat_timed_out: Metric::ActivitiesHeartbeatTimedOut,
    schedule_time: Metric::ActivityScheduleTime,
    run_time: Metric::ActivityRunTime,
    time: Metric::ActivityTime,
};

static LAMBDA_FUNCTION: TaskMetrics = TaskMetrics {
    scheduled: Metric::LambdaFunctionsScheduled,
    started: Metric::LambdaFunctionsStarted,
    succeeded: Metric::LambdaFunctionsSucceeded,
    failed: Metric::LambdaFunctionsFailed,
    timed_out: Metric::LambdaFunctionsTimedOut,
    heartbeat_timed_out: Metric::LambdaFunctionsTimedOut,
    schedule_time: Metric::LambdaFunctionScheduleTime,
    run_time: Metric::LambdaFunctionRunTime,
    time: Metric::LambdaFunctionTime,
};

static SERVICE_INTEGRATION: TaskMetrics = TaskMetrics {
    scheduled: Metric::ServiceIntegrationsScheduled,
    started: Metric::ServiceIntegrationsStarted,
    succeeded: Metric::ServiceIntegrationsSucceeded,
    failed: Metric::ServiceIntegrationsFailed,
    timed_out: Metric::ServiceIntegrationsTimedOut,
    heartbeat_timed_out: Metric::ServiceIntegrationsTimedOut,
    schedule_time: Metric::ServiceIntegrationScheduleTime,
    run_time: Metric::ServiceIntegrationRunTime,
    time: Metric::ServiceIntegrationTime,
};

/// A Task state that was entered.
pub(crate) struct OpenTask {
    pub(crate) metrics: &'static TaskMetrics,
    pub(crate) resource: Arc<str>,
    pub(crate) scheduled_at: Option<Timestamp>,
    pub(crate) started_at: Option<Timestamp>,
}

/// What is remembered of one execution.
#[derive(Default)]
pub(crate) struct OpenExecution {
    pub(crate) is_redriven: bool,
    /// Few: as many as it has threads of control inside Task states.
    tasks: Vec<(FrameId, OpenTask)>,
}

/// What is remembered of all.
#[derive(Default)]
pub(crate) struct OpenTasks {
    executions: HashMap<Arc<str>, OpenExecution>,
}

impl OpenTasks {
    /// The execution, remembered from now on if there is room.
    pub(crate) fn open(&mut self, execution_arn: &Arc<str>) -> Option<&mut OpenExecution> {
        if !self.executions.contains_key(execution_arn) {
            if self.executions.len() >= EXECUTIONS_MAX {
                return None;
            }
            let fresh = OpenExecution::default();
            self.executions.insert(Arc::clone(execution_arn), fresh);
        }
        self.executions.get_mut(execution_arn)
    }

    /// The execution, where it is remembered.
    pub(crate) fn get(&mut self, execution_arn: &str) -> Option<&mut OpenExecution> {
        self.executions.get_mut(execution_arn)
    }

    /// Forgets an execution that has ended.
    pub(crate) fn close(&mut self, execution_arn: &str) -> Option<OpenExecution> {
        self.executions.remove(execution_arn)
    }
}

impl OpenExecution {
    /// A Task state was entered.
    pub(crate) fn enter(&mut self, frame: FrameId, task: OpenTask) {
        self.leave(frame);
        self.tasks.push((frame, task));
    }

    /// A state was left, or given up.
    pub(crate) fn leave(&mut self, frame: FrameId) {
        self.tasks.retain(|(other, _)| *other != frame);
    }

    /// The task of a frame.
    pub(crate) fn task(&mut self, frame: FrameId) -> Option<&mut OpenTask> {
        let found = self.tasks.iter_mut().find(|(other, _)| *other == frame);
        found.map(|(_, task)| task)
    }
}

impl OpenTask {
    /// The task of `state`, where it is a Task state.
    pub(crate) fn of(program: &Program, state: StateId) -> Option<OpenTask> {
        let StateKind::Task(task) = &program.state(state)?.kind else {
            return None;
        };
        let (metrics, arn) = match &task.resource {
            TaskResource::Activity { arn } => (&ACTIVITY, arn),
            TaskResource::LambdaFunction { arn } => (&LAMBDA_FUNCTION, arn),
            TaskResource::Service { arn, .. } => (&SERVICE_INTEGRATION, arn),
        };
        Some(OpenTask {
            metrics,
            resource: Arc::clone(arn),
            scheduled_at: None,
            started_at: None,
        })
    }
}
