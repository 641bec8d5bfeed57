//! Tasks: begun, cancelled, taken by workers, answered by token.

use std::sync::Arc;

use passo_asl::program::{IntegrationPattern, TaskResource};
use passo_engine::{Input, StartTask, TaskId, TaskProgress, TaskUpdate, execution_arn_of_token};
use passo_vocab::Timestamp;

use super::Partition;
use super::message::{Accepted, InputError, TakenTask};
use super::turn::Effect;
use crate::Key;
use crate::tables::activity::{self, ActivityTask};

impl Partition {
    /// Begins a task: somebody in this process does it, or a worker of an activity will.
    pub(super) fn start_task(&mut self, key: Key, task: Box<StartTask>) {
        let Some(live) = self.live.get_mut(&key) else {
            return;
        };
        let header = live.header.clone();
        match &task.resource {
            TaskResource::Activity { arn } => {
                // After a restart, one that was taken is in the hands of its worker.
                if task.progress != TaskProgress::Scheduled {
                    return;
                }
                let waiting = ActivityTask {
                    activity: Key::of(arn),
                    scheduled_at: live.last_moved,
                    execution: key,
                    task: task.task,
                };
                live.activities.insert(task.task, waiting.activity);
                activity::put(&mut self.turn.batch, waiting);
                self.turn.effects.push(Effect::OfferActivityTask(waiting));
            }
            TaskResource::LambdaFunction { .. } => {
                live.task_started(task.task, IntegrationPattern::RequestResponse);
                self.turn.effects.push(Effect::StartTask {
                    execution: key,
                    header,
                    task,
                });
            }
            TaskResource::Service { pattern, .. } => {
                let submitted = matches!(task.progress, TaskProgress::Submitted(_));
                if submitted && *pattern == IntegrationPattern::WaitForTaskToken {
                    return;
                }
                live.task_started(task.task, *pattern);
                self.turn.effects.push(Effect::StartTask {
                    execution: key,
                    header,
                    task,
                });
            }
        }
    }

    pub(super) fn cancel_task(&mut self, key: Key, task: TaskId) {
        let Some(live) = self.live.get_mut(&key) else {
            return;
        };
        live.task_cancelled(task);
        let effect = match live.activities.remove(&task) {
            Some(activity) => {
                activity::delete(&mut self.turn.batch, activity, key, task);
                Effect::WithdrawActivityTask {
                    activity,
                    execution: key,
                    task,
                }
            }
            None => Effect::CancelTask {
                execution: key,
                task,
            },
        };
        self.turn.effects.push(effect);
    }

    /// Passes on what became of the task that waits for `token`.
    pub(super) fn token(
        &mut self,
        token: &str,
        update: TaskUpdate,
        now: Timestamp,
        seed: u64,
    ) -> Result<Accepted, InputError> {
        let arn = execution_arn_of_token(token).ok_or(InputError::NotFound)?;
        let key = Key::of(&arn);
        let found = self.load(key).map_err(InputError::Store)?;
        let live = match self.live.get(&key) {
            Some(live) if found => live,
            _ => return Err(InputError::NotFound),
        };
        if live.is_closed() {
            return Err(InputError::Closed);
        }
        let task = live.execution.task_with_token(&live.program, token);
        let task = task.ok_or(InputError::TaskOver)?;
        self.input(key, Input::Task { task, update }, now, seed)
    }

    /// Gives a task to a worker; nothing where it no longer waits for one.
    pub(super) fn take_activity_task(
        &mut self,
        key: Key,
        task: TaskId,
        worker: Option<Arc<str>>,
        now: Timestamp,
        seed: u64,
    ) -> Option<TakenTask> {
        if !self.load(key).ok()? {
            return None;
        }
        let live = self.live.get_mut(&key)?;
        let activity = live.activities.remove(&task)?;
        activity::delete(&mut self.turn.batch, activity, key, task);
        let StartTask {
            parameters: input,
            token,
            ..
        } = live.execution.pending_task(&live.program, task)?;
        let update = TaskUpdate::Started { worker };
        self.input(key, Input::Task { task, update }, now, seed)
            .ok()?;
        let token = token?;
        Some(TakenTask { token, input })
    }
}
