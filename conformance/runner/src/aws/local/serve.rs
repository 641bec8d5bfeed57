//! Which calls are answered, and how they reach the crates that know.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use passo_asl::program::Program;
use passo_asl::{CompileOptions, Format, compile, invalid_definition_message};
use passo_engine::{ExecutionHeader, Limits, WorkflowType};
use passo_json::{Json, Payload, json};
use passo_testkit::LambdaTasks;
use passo_vocab::{Entropy, Timestamp};
use tokio::runtime::Runtime;

use super::account::{Account, Machine};
use super::execution::Running;
use super::functions::FunctionHost;
use crate::aws::endpoint::{Answer, Call, Endpoint};

const REGION: &str = "us-east-1";
/// 2025-01-01T00:00:00Z, when every execution starts.
const STARTED_AT: Timestamp = Timestamp::from_epoch_millis(1_735_689_600_000);

/// The endpoint.
pub struct Local {
    runtime: Runtime,
    functions: FunctionHost,
    accounts: Mutex<BTreeMap<String, Account>>,
    names: Mutex<Entropy>,
}

impl Local {
    /// An endpoint whose Lambda functions have their sources in the folder `functions`.
    ///
    /// # Errors
    /// When the processes of functions cannot be prepared.
    pub fn new(functions: PathBuf) -> Result<Self> {
        let runtime = Runtime::new().context("failed to start a runtime")?;
        let guard = runtime.enter();
        let functions = FunctionHost::new(functions)?;
        drop(guard);
        Ok(Self {
            runtime,
            functions,
            accounts: Mutex::default(),
            names: Entropy::from_seed(1).into(),
        })
    }

    fn in_account<T>(&self, account: &str, work: impl FnOnce(&mut Account) -> T) -> T {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        work(accounts.entry(account.to_owned()).or_default())
    }

    fn new_name(&self) -> String {
        self.names
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .uuid_v4()
    }

    fn create_state_machine(&self, call: &Call<'_>) -> Result<Answer> {
        let name = text(call, "name")?;
        let definition = text(call, "definition")?;
        let workflow_type = call
            .params
            .get("type")
            .and_then(Json::as_str)
            .and_then(WorkflowType::from_name)
            .unwrap_or_default();
        let options = CompileOptions {
            workflow_type,
            ..CompileOptions::default()
        };
        let compiled = match compile(definition, Format::Json, &options) {
            Ok(compiled) => compiled,
            Err(findings) => {
                let message = invalid_definition_message(&findings, definition);
                return Ok(fault("InvalidDefinition", &message));
            }
        };
        let arn = format!(
            "arn:aws:states:{REGION}:{}:stateMachine:{name}",
            call.account
        );
        let machine = Machine {
            name: name.into(),
            role_arn: text(call, "roleArn")?.into(),
            workflow_type,
            program: Arc::new(compiled.program),
        };
        self.in_account(call.account, |account| {
            account.machines.insert(arn.clone(), machine)
        });
        Ok(Answer::Output(
            json!({"stateMachineArn": arn, "creationDate": 1}),
        ))
    }

    fn start_execution(&self, call: &Call<'_>) -> Result<Answer> {
        let machine_arn = text(call, "stateMachineArn")?;
        let input = call
            .params
            .get("input")
            .and_then(Json::as_str)
            .unwrap_or("{}");
        let Ok(input) = Payload::from_text(input) else {
            return Ok(fault("InvalidExecutionInput", "the input is not JSON"));
        };
        let found = self.in_account(call.account, |account| {
            let machine = account.machines.get(machine_arn)?;
            Some((machine.clone(), account.functions.clone()))
        });
        let Some((machine, known)) = found else {
            let message = format!("State Machine Does Not Exist: '{machine_arn}'");
            return Ok(fault("StateMachineDoesNotExist", &message));
        };
        let given = call
            .params
            .get("name")
            .and_then(Json::as_str)
            .map(str::to_owned);
        let name = given.unwrap_or_else(|| self.new_name());
        let processes = Some(self.functions.processes.clone());
        let handler = LambdaTasks::new(processes, known, REGION, call.account);
        let header = header(call.account, machine_arn, &machine, &name, input);
        let arn = header.execution_arn.to_string();
        let program = Arc::clone(&machine.program);
        let running = Running::start(
            program,
            header,
            Arc::new(handler),
            self.runtime.handle().clone(),
        );
        self.in_account(call.account, |account| {
            account.executions.insert(arn.clone(), running)
        });
        Ok(Answer::Output(json!({"executionArn": arn, "startDate": 1})))
    }

    fn history(&self, call: &Call<'_>) -> Result<Answer> {
        let arn = text(call, "executionArn")?;
        let found = self.in_account(call.account, |account| account.executions.get(arn).cloned());
        Ok(match found {
            Some(running) => Answer::Output(json!({"events": (running.history())})),
            None => {
                let message = format!("Execution Does Not Exist: '{arn}'");
                fault("ExecutionDoesNotExist", &message)
            }
        })
    }

    fn create_function(&self, call: &Call<'_>) -> Result<Answer> {
        let function = self.functions.create(call.account, call.params)?;
        let arn = function.arn().to_string();
        self.in_account(call.account, |account| account.functions.push(function));
        Ok(Answer::Output(json!({"FunctionArn": arn})))
    }
}

impl Endpoint for Local {
    fn call(&self, call: &Call<'_>) -> Result<Answer, String> {
        let answer = match (call.service, call.operation) {
            ("stepfunctions", "CreateStateMachine") => self.create_state_machine(call),
            ("stepfunctions", "StartExecution") => self.start_execution(call),
            ("stepfunctions", "GetExecutionHistory") => self.history(call),
            ("lambda", "CreateFunction") => self.create_function(call),
            (service, operation) => Err(anyhow!(
                "`{service}` `{operation}` needs a server: --endpoint URL"
            )),
        };
        answer.map_err(|error| format!("{error:#}"))
    }

    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

fn header(
    account: &str,
    machine_arn: &str,
    machine: &Machine,
    name: &str,
    input: Payload,
) -> ExecutionHeader {
    let (kind, limits) = match machine.workflow_type {
        WorkflowType::Standard => ("execution", Limits::STANDARD),
        WorkflowType::Express => ("express", Limits::EXPRESS),
    };
    let arn = format!(
        "arn:aws:states:{REGION}:{account}:{kind}:{}:{name}",
        machine.name
    );
    ExecutionHeader {
        execution_arn: arn.into(),
        name: name.into(),
        state_machine_arn: machine_arn.into(),
        state_machine_name: Arc::clone(&machine.name),
        role_arn: Arc::clone(&machine.role_arn),
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        workflow_type: machine.workflow_type,
        block: Program::ROOT,
        map_run: None,
        region: REGION.into(),
        input,
        started_at: STARTED_AT,
        limits,
    }
}

fn text<'a>(call: &'a Call<'_>, key: &str) -> Result<&'a str> {
    let text = call.params.get(key).and_then(Json::as_str);
    text.with_context(|| format!("no `{key}`"))
}

fn fault(code: &str, message: &str) -> Answer {
    Answer::Fault(json!({"code": code, "message": message}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::case::Case;
    use crate::aws::play::play;
    use crate::outcome::Verdict;

    #[test]
    fn an_execution_is_started_and_its_history_compared() {
        let line = r#"{"id": "x", "steps": [
            {"service": "stepfunctions", "operation": "CreateStateMachine", "bind": {"v0": "/stateMachineArn"},
             "params": {"name": "m", "roleArn": "arn:aws:iam::000000000000:role/r",
                        "definition": "{\"StartAt\": \"P\", \"States\": {\"P\": {\"Type\": \"Succeed\"}}}"}},
            {"service": "stepfunctions", "operation": "StartExecution", "bind": {"v1": "/executionArn"},
             "params": {"stateMachineArn": "{{v0}}", "input": "{\"a\": 1}"}},
            {"service": "stepfunctions", "operation": "GetExecutionHistory", "until": {"last_event": true},
             "params": {"executionArn": "{{v1}}"}, "expect": {"events": [
               {"id": 1, "previousEventId": 0, "timestamp": "timestamp", "type": "ExecutionStarted",
                "executionStartedEventDetails": {"input": {"a": 1}, "inputDetails": {"truncated": false}, "roleArn": "snf_role_arn"}},
               {"id": 2, "previousEventId": 0, "timestamp": "timestamp", "type": "SucceedStateEntered",
                "stateEnteredEventDetails": {"input": {"a": 1}, "inputDetails": {"truncated": false}, "name": "P"}},
               {"id": 3, "previousEventId": 2, "timestamp": "timestamp", "type": "SucceedStateExited",
                "stateExitedEventDetails": {"output": {"a": 1}, "outputDetails": {"truncated": false}, "name": "P"}},
               {"id": 4, "previousEventId": 3, "timestamp": "timestamp", "type": "ExecutionSucceeded",
                "executionSucceededEventDetails": {"output": {"a": 1}, "outputDetails": {"truncated": false}}}]}}]}"#;
        let endpoint = Local::new(PathBuf::new()).unwrap();
        let play = |line: &str| {
            play(
                &Case::parse("area", line).unwrap(),
                "123456789012",
                &endpoint,
            )
        };
        assert_eq!(play(line), Verdict::Passed);
        let other = line.replace("SucceedStateExited", "PassStateExited");
        assert!(
            matches!(play(&other), Verdict::Failed(detail) if detail.contains("/events/2/type"))
        );
        let unserved = r#"{"id": "x", "steps": [{"service": "s3", "operation": "CreateBucket", "params": {}}]}"#;
        assert!(
            matches!(play(unserved), Verdict::Failed(detail) if detail.contains("needs a server"))
        );
    }
}
