//! Lambda functions behind the task port.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use passo_engine::TaskUpdate;
use passo_integrations::{Host, TaskContext, Wait};
use passo_lambda::{FixedFunctions, Function, Functions};
use passo_service::{BoxFuture, Caller, Directory, RequestId};
use passo_vocab::{AccountId, ErrorName, Failure, Region, Timestamp};

use crate::{TaskAnswer, TaskCall, TaskHandler};

/// Does Lambda tasks with the functions that it is given; every other task fails with `States.Runtime`.
pub struct LambdaTasks {
    directory: Directory,
    /// None where region or account are not AWS's.
    caller: Option<Caller>,
}

impl LambdaTasks {
    /// Tasks for `known`, run by `functions`. `region` and `account` show in the ARN of a missing function; where they
    /// are none, every task fails.
    pub fn new(
        functions: Option<Functions>,
        known: impl IntoIterator<Item = Function>,
        region: &str,
        account: &str,
    ) -> LambdaTasks {
        let lambda = FixedFunctions::new(functions, known);
        let account = AccountId::parse(account).ok();
        LambdaTasks {
            directory: Directory::new().with_name("lambda", Arc::new(lambda)),
            caller: account
                .zip(Region::parse(region).ok())
                .map(|(account, region)| Caller { account, region }),
        }
    }
}

impl TaskHandler for LambdaTasks {
    fn start(&self, call: TaskCall) -> TaskAnswer {
        let Some(caller) = self.caller.clone() else {
            let cause = "The driver has no account and region to do tasks in.";
            let failure = Failure::new(ErrorName::RUNTIME, cause);
            return TaskAnswer::now(TaskUpdate::Failed(failure));
        };
        let context = TaskContext {
            caller,
            execution_arn: call.execution_arn,
            request_id: RequestId::new(call.request_id),
        };
        let news = News {
            now: call.now,
            updates: Mutex::default(),
        };
        // What cannot be done must be told at once, or a virtual clock would move.
        if let Err(failure) = passo_integrations::plan(&call.task.resource, &call.task.parameters) {
            return TaskAnswer::now(TaskUpdate::Failed(failure));
        }
        let directory = self.directory.clone();
        let task = call.task;
        TaskAnswer::Later(Box::pin(async move {
            passo_integrations::run(&task, &context, &directory, &news).await;
            news.updates
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner)
        }))
    }
}

/// What a task tells, until it is over.
struct News {
    now: Timestamp,
    updates: Mutex<Vec<TaskUpdate>>,
}

impl Host for News {
    fn report(&self, update: TaskUpdate) {
        // The driver has said that the task was started.
        if matches!(update, TaskUpdate::Started { .. }) {
            return;
        }
        self.updates
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(update);
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn ended(&self, _execution_arn: &str) -> BoxFuture<'static, Wait> {
        Box::pin(std::future::pending())
    }

    fn pause(&self, time: Duration) -> BoxFuture<'static, Wait> {
        Box::pin(async move {
            tokio::time::sleep(time).await;
            Wait::Ended
        })
    }
}
