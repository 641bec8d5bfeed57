//! Carrying a plan out.

use std::sync::Arc;
use std::time::Duration;

use passo_engine::{StartTask, TaskId, TaskProgress, TaskUpdate};
use passo_json::{Json, ObjectBuilder, Payload};
use passo_service::{BoxFuture, Call, Caller, Directory, Fault, RequestId};
use passo_vocab::{Entropy, ErrorName, Failure, Timestamp};

use crate::failure::CauseForm;
use crate::jobs::PAGES_MAX;
use crate::kubernetes::KubernetesJob;
use crate::response::Answered;
use crate::watching::Watched;
use crate::{
    Completion, Lookup, OutputForm, Plan, Shape, events, failure, http, plan, repeated, sdk,
    step_functions,
};

/// On whose behalf a task runs.
#[derive(Clone, Debug)]
pub struct TaskContext {
    /// Account and region of the execution.
    pub caller: Caller,
    /// The execution.
    pub execution_arn: Arc<str>,
    /// The id of the task's request: [`request_id`], so that a request that a crash made the task repeat is known again.
    pub request_id: RequestId,
}

/// The id that the requests of a task have, a version 4 UUID: always the same for the same task of the same execution.
pub fn request_id(execution_arn: &str, task: TaskId) -> RequestId {
    // FNV-1a: stable for all time, which the standard library's hashes are not.
    let hash = execution_arn
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    let seed = (hash ^ task.number()).wrapping_mul(0x0000_0100_0000_01b3);
    RequestId::new(Entropy::from_seed(seed).uuid_v4())
}

/// Where a task reports to.
pub trait Host: Send + Sync {
    /// Takes news of the task, in order.
    fn report(&self, update: TaskUpdate);

    /// The time now.
    fn now(&self) -> Timestamp;

    /// Completes when an execution that ends after this call has ended, or when nobody wants the task's result any more.
    /// It may say [`Wait::Ended`] early and for nothing.
    fn ended(&self, execution_arn: &str) -> BoxFuture<'static, Wait>;

    /// Completes after that time, or when nobody wants the task's result any more.
    fn pause(&self, time: Duration) -> BoxFuture<'static, Wait>;
}

/// How waiting for an execution is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// It has ended, perhaps; or the time is over.
    Ended,
    /// Nobody waits for it any more.
    Cancelled,
}

/// Does a task on the services of `directory`, and reports to `host` how it goes, until there is nothing more that
/// the task waits for here. A task that was submitted before a crash is not submitted again.
pub async fn run(task: &StartTask, context: &TaskContext, directory: &Directory, host: &dyn Host) {
    if task.progress == TaskProgress::Scheduled {
        host.report(TaskUpdate::Started { worker: None });
    }
    let plan = match plan(&task.resource, &task.parameters) {
        Ok(plan) => plan,
        Err(failure) => return host.report(TaskUpdate::Failed(failure)),
    };
    let run = Run {
        task,
        context,
        directory,
        host,
        plan: &plan,
    };
    match (&task.progress, plan.completion) {
        (TaskProgress::Submitted(answer), Completion::Execution(form)) => {
            let started = answer.json().get("ExecutionArn").and_then(Json::as_str);
            run.follow(started.unwrap_or_default(), form).await;
        }
        (TaskProgress::Submitted(answer), Completion::Job(job)) => {
            run.watch(&Watched::Job(job, answer.json())).await;
        }
        (TaskProgress::Submitted(answer), Completion::KubernetesJob) => {
            run.watch_kubernetes(answer.json()).await;
        }
        // The token's holder is what it waits for.
        (TaskProgress::Submitted(_), Completion::Token | Completion::Answer) => {}
        (TaskProgress::Scheduled | TaskProgress::Started, _) => run.submit().await,
    }
}

/// A task under way.
pub(crate) struct Run<'a> {
    task: &'a StartTask,
    context: &'a TaskContext,
    directory: &'a Directory,
    pub(crate) host: &'a dyn Host,
    pub(crate) plan: &'a Plan,
}

impl Run<'_> {
    async fn submit(&self) {
        let plan = self.plan;
        let parameters = self.parameters();
        let outcome = match self.first_call(parameters).await {
            Ok(answer) => self.result(&answer).map(|result| (answer, result)),
            Err(failure) => Err(failure),
        };
        let (answer, result) = match (outcome, plan.completion) {
            (Ok(both), _) => both,
            (Err(failure), Completion::Answer) => {
                return self.host.report(TaskUpdate::Failed(failure));
            }
            (
                Err(failure),
                Completion::Token
                | Completion::Execution(_)
                | Completion::Job(_)
                | Completion::KubernetesJob,
            ) => {
                return self.host.report(TaskUpdate::SubmitFailed(failure));
            }
        };
        match plan.completion {
            Completion::Answer => self.host.report(TaskUpdate::Succeeded(result)),
            Completion::Token => self.host.report(TaskUpdate::Submitted(result)),
            Completion::Execution(form) => {
                self.host.report(TaskUpdate::Submitted(result));
                let started = answer.get("executionArn").and_then(Json::as_str);
                self.follow(started.unwrap_or_default(), form).await;
            }
            Completion::Job(job) => match job.refusal(result.json()) {
                Some(failure) => self.host.report(TaskUpdate::SubmitFailed(failure)),
                None => {
                    self.host.report(TaskUpdate::Submitted(result.clone()));
                    self.watch(&Watched::Job(job, result.json())).await;
                }
            },
            Completion::KubernetesJob => {
                self.host.report(TaskUpdate::Submitted(result.clone()));
                self.watch_kubernetes(result.json()).await;
            }
        }
    }

    /// Waits for the end of a job of a cluster, which `begun` is the result of beginning.
    async fn watch_kubernetes(&self, begun: &Json) {
        let (given, parameters) = (&self.plan.parameters, self.task.parameters.json());
        match KubernetesJob::new(given, begun, parameters) {
            Some(job) => self.watch(&Watched::Kubernetes(job)).await,
            None => {
                let cause = "The cluster did not say which job it began.";
                let failure = Failure::new(ErrorName::TASK_FAILED, cause);
                self.host.report(TaskUpdate::Failed(failure));
            }
        }
    }

    /// Waits for the end of an execution and reports it.
    async fn follow(&self, execution_arn: &str, form: OutputForm) {
        loop {
            // Before the question, so that no end falls between both.
            let ended = self.host.ended(execution_arn);
            match self
                .call("DescribeExecution", of_execution(execution_arn))
                .await
            {
                Err(failure) => return self.host.report(TaskUpdate::Failed(failure)),
                Ok(description) => {
                    if let Some(update) = step_functions::ended(&description, form) {
                        return self.host.report(update);
                    }
                }
            }
            match ended.await {
                Wait::Ended => {}
                Wait::Cancelled => {
                    // A courtesy: it may have ended meanwhile.
                    let _ = self
                        .call("StopExecution", of_execution(execution_arn))
                        .await;
                    return;
                }
            }
        }
    }

    /// The call that the task is for. A start that a crash made this task repeat is answered as it was before: the embedded
    /// Step Functions knows the request again, one elsewhere is asked what became of the first.
    async fn first_call(&self, parameters: Json) -> Result<Json, Failure> {
        let parameters = match &self.plan.lookup {
            Some(lookup) => lookup.with(&parameters, &self.looked_up(lookup).await?),
            None => parameters,
        };
        let operation = &self.plan.operation;
        let refused = match self.call(operation, parameters.clone()).await {
            Err(failure) if operation == "StartExecution" && is_taken(&failure) => failure,
            answered => return answered,
        };
        // Nobody else gives the name that this task makes. One that the workflow gives may be somebody else's,
        // unless the task was under way before.
        let is_ours = self.names_it() || self.task.progress == TaskProgress::Started;
        let Some(arn) = repeated::execution_arn(&parameters).filter(|_| is_ours) else {
            return Err(refused);
        };
        let description = self.call("DescribeExecution", of_execution(&arn)).await;
        let before = description.map(|description| repeated::answer(&parameters, &description));
        before.ok().flatten().ok_or(refused)
    }

    /// The id of what the task has the name of.
    async fn looked_up(&self, lookup: &Lookup) -> Result<Json, Failure> {
        let mut marker = None;
        for _ in 0..PAGES_MAX {
            let parameters = Lookup::page(&self.plan.parameters, marker.as_ref());
            let page = self.call(lookup.operation(), parameters).await?;
            if let Some(id) = lookup.id(&page) {
                return Ok(id);
            }
            marker = page.get("Marker").filter(|it| !it.is_null()).cloned();
            if marker.is_none() {
                break;
            }
        }
        Err(lookup.not_found())
    }

    pub(crate) async fn call(&self, operation: &str, parameters: Json) -> Result<Json, Failure> {
        let Some(service) = self.directory.by_name(self.plan.service) else {
            return Err(failure::no_service(self.plan.service));
        };
        let call = Call {
            operation: operation.into(),
            parameters,
            caller: self.context.caller.clone(),
            request_id: self.context.request_id.clone(),
        };
        let fail =
            |fault: Fault| failure::of_call(&fault, self.plan.errors, &self.context.request_id);
        service.call(call).await.map_err(fail)
    }

    /// The parameters of the call. An execution without a name gets one that the same task always gets, so that a
    /// crash between start and report starts it once.
    fn parameters(&self) -> Json {
        let given = &self.plan.parameters;
        if self.plan.shape == Shape::Events {
            return events::with_execution(given, &self.context.execution_arn);
        }
        match given.as_object() {
            Some(members) if self.names_it() => Json::from(
                members
                    .clone()
                    .with("name", self.context.request_id.as_str()),
            ),
            Some(_) | None => given.clone(),
        }
    }

    /// Whether the task starts an execution that the workflow gives no name.
    fn names_it(&self) -> bool {
        self.plan.operation == "StartExecution" && self.plan.parameters.get("name").is_none()
    }

    fn result(&self, answer: &Json) -> Result<Payload, Failure> {
        let answered = Answered {
            output: answer,
            request_id: &self.context.request_id,
            now: self.host.now(),
        };
        let payload = || {
            answer
                .get("Payload")
                .and_then(Json::as_str)
                .unwrap_or_default()
        };
        let failed = answer.get("FunctionError").is_some();
        Ok(match self.plan.shape {
            Shape::LambdaPayload if failed => {
                return Err(failure::of_function(payload(), CauseForm::AsWritten));
            }
            Shape::LambdaInvoke if failed => {
                return Err(failure::of_function(payload(), CauseForm::Compact));
            }
            Shape::LambdaPayload => Payload::from_text(payload())
                .unwrap_or_else(|_| Payload::from(Json::from(payload()))),
            Shape::LambdaInvoke => Payload::from(answered.lambda()),
            Shape::Optimized => Payload::from(answered.optimized()),
            Shape::OptimizedMembers(members) => {
                let given = &self.plan.parameters;
                Payload::from(answered.optimized_members(members, given))
            }
            Shape::OptimizedXml {
                namespace,
                operation,
            } => Payload::from(answered.optimized_xml(namespace, operation)),
            Shape::DynamoDb => Payload::from(answered.dynamodb()),
            Shape::Events => events::result(answer)?,
            Shape::Http(server) => http::result(answer, server)?,
            Shape::Sdk(operation) => Payload::from(sdk::shown(answer, operation)),
        })
    }
}

/// Whether a start was refused because there is, or was, an execution of that name.
fn is_taken(failure: &Failure) -> bool {
    let error = failure.error.as_ref().map(ErrorName::as_str);
    error.is_some_and(|error| error.ends_with(".ExecutionAlreadyExistsException"))
}

fn of_execution(execution_arn: &str) -> Json {
    let mut parameters = ObjectBuilder::new();
    parameters.insert("executionArn", execution_arn);
    Json::from(parameters.build())
}

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::pin::pin;
    use std::sync::Mutex;
    use std::task::{Poll, Waker};

    use passo_asl::program::{IntegrationPattern, StateId, TaskResource};
    use passo_json::json;
    use passo_service::Service;
    use passo_vocab::{AccountId, Region, StateName};

    use super::*;

    const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

    /// Every name is taken, by an execution with the input `{"a":1}` that has ended.
    struct Taken;

    impl Service for Taken {
        fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
            let answer = match &*call.operation {
                "StartExecution" => Err(Fault::caller("ExecutionAlreadyExists", "taken")),
                _ => Ok(json!({
                    "executionArn": call.parameters.get("executionArn").unwrap().clone(),
                    "startDate": 1.5, "input": "{\"a\":1}", "status": "SUCCEEDED"
                })),
            };
            Box::pin(async { answer })
        }
    }

    #[derive(Default)]
    struct Heard(Mutex<Vec<TaskUpdate>>);

    impl Host for Heard {
        fn report(&self, update: TaskUpdate) {
            self.0.lock().unwrap().push(update);
        }

        fn now(&self) -> Timestamp {
            Timestamp::from_epoch_millis(0)
        }

        fn ended(&self, _: &str) -> BoxFuture<'static, Wait> {
            Box::pin(async { Wait::Cancelled })
        }

        fn pause(&self, _: Duration) -> BoxFuture<'static, Wait> {
            Box::pin(async { Wait::Ended })
        }
    }

    fn last_update(parameters: Json, progress: TaskProgress) -> TaskUpdate {
        let task = StartTask {
            task: TaskId::new(3),
            resource: TaskResource::Service {
                arn: "arn:aws:states:::states:startExecution".into(),
                resource_type: "states".into(),
                resource: "startExecution".into(),
                pattern: IntegrationPattern::RequestResponse,
            },
            state: StateId::new(0),
            state_name: StateName::new("A"),
            parameters: Payload::from(parameters),
            credentials: None,
            token: None,
            timeout_seconds: None,
            heartbeat_seconds: None,
            retry_count: 0,
            invocation: 0,
            progress,
        };
        let context = TaskContext {
            caller: Caller {
                account: AccountId::parse("123456789012").unwrap(),
                region: Region::parse("us-east-1").unwrap(),
            },
            execution_arn: "arn:aws:states:us-east-1:123456789012:execution:p:e".into(),
            request_id: RequestId::new("r"),
        };
        let directory = Directory::new().with_name("states", Arc::new(Taken));
        let heard = Heard::default();
        let mut waiting = std::task::Context::from_waker(Waker::noop());
        let polled = pin!(run(&task, &context, &directory, &heard)).poll(&mut waiting);
        assert_eq!(polled, Poll::Ready(()));
        heard.0.into_inner().unwrap().pop().unwrap()
    }

    #[test]
    fn a_start_that_was_made_before_is_not_refused() {
        let unnamed = json!({"StateMachineArn": MACHINE, "Input": {"a": 1}});
        let named = json!({"StateMachineArn": MACHINE, "Input": {"a": 1}, "Name": "n"});
        let other = json!({"StateMachineArn": MACHINE, "Input": {"a": 2}, "Name": "n"});
        for (parameters, progress, is_ours) in [
            (unnamed.clone(), TaskProgress::Scheduled, true),
            (unnamed, TaskProgress::Started, true),
            (named.clone(), TaskProgress::Started, true),
            (named, TaskProgress::Scheduled, false),
            (other, TaskProgress::Started, false),
        ] {
            let update = last_update(parameters.clone(), progress);
            let is_done = matches!(update, TaskUpdate::Succeeded(_));
            assert_eq!(is_done, is_ours, "{parameters} {update:?}");
        }
    }
}
