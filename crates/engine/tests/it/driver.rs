//! Runs an execution on virtual time. What a task does is told by its Lambda function's name:
//! `ok` gives its input back, `fail` fails with `Broken`, `flaky<n>` fails so often first, `silent` never answers,
//! `beat` shows signs of life and never answers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use passo_asl::program::{Program, TaskResource};
use passo_asl::source::Format;
use passo_engine::map::{
    ChildOutcome, MapRun, MapRunCommand, MapRunDecision, MapRunInput, MapRunSpec,
};
use passo_engine::{
    Budget, Command, Decision, Event, Execution, ExecutionHeader, History, Input, Limits,
    MapRunOutcome, Progress, StartTask, Status, TaskProgress, TaskUpdate, TimerId, WorkflowType,
};
use passo_expr::Environment;
use passo_json::{Json, Payload};
use passo_vocab::{Entropy, ErrorName, Failure, Timestamp};

pub fn compile(definition: &Json) -> Program {
    let text = definition.to_text();
    let options = passo_asl::CompileOptions::default();
    match passo_asl::compile(&text, Format::Json, &options) {
        Ok(compiled) => compiled.program,
        Err(findings) => panic!("{text}\n{findings:#?}"),
    }
}

pub fn header(input: &Json) -> ExecutionHeader {
    ExecutionHeader {
        execution_arn: "arn:aws:states:us-east-1:123456789012:execution:machine:run".into(),
        name: "run".into(),
        state_machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:machine".into(),
        state_machine_name: "machine".into(),
        role_arn: "arn:aws:iam::123456789012:role/role".into(),
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        workflow_type: WorkflowType::Standard,
        block: Program::ROOT,
        map_run: None,
        region: "us-east-1".into(),
        input: Payload::from(input.clone()),
        started_at: Timestamp::from_epoch_millis(1_700_000_000_000),
        limits: Limits::STANDARD,
        mocks: None,
    }
}

pub struct Driver<'p> {
    pub program: &'p Program,
    pub execution: Execution,
    pub events: Vec<Event>,
    pub commands: Vec<Command>,
    pub queue: VecDeque<Input>,
    pub timers: BTreeMap<TimerId, Timestamp>,
    pub now: Timestamp,
    pub budget: Budget,
}

impl<'p> Driver<'p> {
    pub fn new(program: &'p Program, header: ExecutionHeader) -> Driver<'p> {
        Driver {
            program,
            now: header.started_at,
            execution: Execution::new(header),
            events: Vec::new(),
            commands: Vec::new(),
            queue: VecDeque::from([Input::Start]),
            timers: BTreeMap::new(),
            budget: Budget::default(),
        }
    }

    /// An execution whose process died after these events.
    pub fn recover(program: &'p Program, header: ExecutionHeader, events: &[Event]) -> Driver<'p> {
        let mut driver = Driver::new(program, header);
        for event in events {
            driver.execution.evolve(program, event).unwrap();
            driver.now = event.at;
        }
        driver.events = events.to_vec();
        if events.is_empty() {
            return driver;
        }
        driver.queue = VecDeque::from([Input::Continue]);
        for command in driver.execution.pending_commands(program) {
            driver.perform(command);
        }
        driver
    }

    /// Until the end, or until nothing can happen any more.
    pub fn run(&mut self) -> Status {
        for _ in 0..100_000 {
            if !self.step() {
                return self.execution.status().clone();
            }
        }
        panic!("the execution does not end");
    }

    /// One input. False when there is none.
    pub fn step(&mut self) -> bool {
        let input = match self.queue.pop_front() {
            Some(input) => input,
            None => {
                let next = self.timers.iter().min_by_key(|(timer, at)| (**at, **timer));
                let Some((timer, at)) = next.map(|(timer, at)| (*timer, *at)) else {
                    return false;
                };
                self.timers.remove(&timer);
                self.now = self.now.max(at);
                Input::TimerFired { timer }
            }
        };
        self.give(input);
        true
    }

    pub fn give(&mut self, input: Input) {
        let mut decision = Decision::default();
        let mut input = input;
        loop {
            let environment = environment(self.now);
            let progress = self
                .execution
                .decide(
                    self.program,
                    input,
                    &environment,
                    self.budget,
                    &mut decision,
                )
                .unwrap();
            if progress == Progress::Settled {
                break;
            }
            input = Input::Continue;
        }
        self.events.append(&mut decision.events);
        for command in decision.commands {
            self.commands.push(command.clone());
            self.perform(command);
        }
    }

    /// The history, one event a line.
    pub fn history(&self) -> String {
        let events = History::project(self.program, self.execution.header(), &self.events);
        events
            .map(|event| event.to_json(true).to_text() + "\n")
            .collect()
    }

    fn perform(&mut self, command: Command) {
        match command {
            Command::StartTask(task) => {
                let updates = answers(&task);
                self.queue
                    .extend(updates.into_iter().map(|update| Input::Task {
                        task: task.task,
                        update,
                    }));
            }
            Command::SetTimer { timer, at } => {
                self.timers.insert(timer, at);
            }
            Command::CancelTimer { timer } => {
                self.timers.remove(&timer);
            }
            Command::StartMapRun { map_run, spec } => {
                let outcome = self.map_run(*spec);
                self.queue
                    .extend(outcome.map(|outcome| Input::MapRunFinished {
                        map_run,
                        redrives: 0,
                        outcome,
                    }));
            }
            Command::RedriveMapRun { map_run, count, .. } => {
                let output = Payload::from(Json::from("redriven"));
                self.queue.push_back(Input::MapRunFinished {
                    map_run,
                    redrives: count,
                    outcome: MapRunOutcome::Succeeded(output),
                });
            }
            Command::CancelTask { .. } | Command::StopMapRun { .. } | Command::Finish { .. } => {}
        }
    }

    /// Runs a whole Map run at once; none when it needs a reader or writer.
    fn map_run(&self, spec: MapRunSpec) -> Option<MapRunOutcome> {
        let processor = spec.processor;
        let mut run = MapRun::new(Arc::new(spec));
        let mut inputs = VecDeque::from([MapRunInput::Start]);
        while let Some(input) = inputs.pop_front() {
            let mut decision = MapRunDecision::default();
            let progress = run
                .decide(
                    self.program,
                    input,
                    &environment(self.now),
                    Budget::events(100_000),
                    &mut decision,
                )
                .unwrap();
            assert_eq!(progress, Progress::Settled);
            for command in decision.commands {
                match command {
                    MapRunCommand::StartChild { index, input, .. } => {
                        let mut header = self.execution.header().clone();
                        header.block = processor;
                        header.input = input;
                        let mut child = Driver::new(self.program, header);
                        inputs.push_back(MapRunInput::ChildFinished {
                            index,
                            outcome: outcome(child.run()),
                        });
                    }
                    MapRunCommand::Finish { outcome, .. } => return Some(outcome),
                    MapRunCommand::ReadItems { .. }
                    | MapRunCommand::StopChild { .. }
                    | MapRunCommand::WriteResults => {}
                }
            }
        }
        None
    }
}

pub fn environment(now: Timestamp) -> Environment {
    Environment {
        now,
        entropy: Entropy::from_seed(7),
    }
}

pub fn outcome(status: Status) -> ChildOutcome {
    match status {
        Status::Succeeded { output } => ChildOutcome::Succeeded(output),
        Status::Failed { failure } => ChildOutcome::Failed(failure),
        Status::TimedOut { failure } => ChildOutcome::TimedOut(failure),
        Status::Aborted { .. } | Status::Running => ChildOutcome::Aborted,
    }
}

fn answers(task: &StartTask) -> Vec<TaskUpdate> {
    let name = match &task.resource {
        TaskResource::LambdaFunction { arn } => {
            arn.rsplit(':').next().unwrap_or_default().to_owned()
        }
        TaskResource::Activity { .. } => return Vec::new(),
        TaskResource::Service { resource, .. } => resource.to_string(),
    };
    let started = TaskUpdate::Started { worker: None };
    let failed = || TaskUpdate::Failed(Failure::new(ErrorName::new("Broken"), "as told"));
    match name.as_str() {
        "fail" => vec![started, failed()],
        "silent" => Vec::from([started]),
        // Signs of life that a crash has swallowed do not come again.
        "beat" if task.progress != TaskProgress::Scheduled => Vec::new(),
        "beat" => vec![started, TaskUpdate::Heartbeat, TaskUpdate::Heartbeat],
        other => {
            let times: u32 = other
                .strip_prefix("flaky")
                .and_then(|times| times.parse().ok())
                .unwrap_or(0);
            if task.retry_count < times {
                return vec![started, failed()];
            }
            vec![started, TaskUpdate::Succeeded(task.parameters.clone())]
        }
    }
}
