//! The world around the process: tasks that answer late, twice, in the wrong order or never; holders of tokens;
//! workers that take a task and die. What it will do is a queue by virtual time.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::program::{IntegrationPattern, TaskResource};
use passo_engine::map::MapRunInput;
use passo_engine::{StartTask, TaskId, TaskProgress, TaskUpdate};
use passo_json::{Json, Payload, json};
use passo_runtime::{Key, TakenTask};
use passo_vocab::{ErrorName, Failure, Timestamp};

use crate::random::Random;
use crate::workflow::Temper;

/// Something that the world does to the process.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// A driver inside the process reports; it dies with the process.
    Tell {
        execution: Key,
        task: TaskId,
        update: TaskUpdate,
    },
    /// A page was read or results were written, inside the process.
    Data {
        execution: Key,
        map_run: Key,
        input: Box<MapRunInput>,
    },
    /// Whoever holds a token answers.
    Token { token: Arc<str>, update: TaskUpdate },
    /// A worker asks for a task.
    Poll { activity: Key },
    /// A caller starts one of the planned executions; the attempt is known once it has.
    Start { plan: usize, attempt: usize },
    /// A caller stops it.
    Stop { plan: usize },
    /// A caller redrives it.
    Redrive { plan: usize },
    /// A caller changes the settings of one of its Map runs.
    Update { plan: usize, concurrency: u32 },
}

/// What is about to happen.
pub(crate) struct World {
    random: Random,
    temper: Temper,
    queue: BTreeMap<(Timestamp, u64), Happening>,
    last: u64,
}

impl World {
    pub(crate) fn new(random: Random, temper: Temper) -> World {
        World {
            random,
            temper,
            queue: BTreeMap::new(),
            last: 0,
        }
    }

    pub(crate) fn at(&mut self, at: Timestamp, happening: Happening) {
        self.last += 1;
        self.queue.insert((at, self.last), happening);
    }

    /// When the next thing happens.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.queue.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next thing that is due.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<Happening> {
        if self.next()? > now {
            return None;
        }
        self.queue.pop_first().map(|(_, happening)| happening)
    }

    /// The process dies, and with it whatever worked inside it.
    pub(crate) fn process_died(&mut self) {
        self.queue.retain(|_, happening| {
            !matches!(happening, Happening::Tell { .. } | Happening::Data { .. })
        });
    }

    /// A task was asked for.
    pub(crate) fn begin(&mut self, now: Timestamp, execution: Key, task: &StartTask) {
        let pattern = match &task.resource {
            TaskResource::Service { pattern, .. } => *pattern,
            TaskResource::LambdaFunction { .. } | TaskResource::Activity { .. } => {
                IntegrationPattern::RequestResponse
            }
        };
        let how = how(task.parameters.json());
        let teller = Teller {
            execution,
            task: task.task,
        };
        let mut at = now;
        if task.progress == TaskProgress::Scheduled {
            at = self.later(at, 100);
            if how == "refuse" {
                let update = TaskUpdate::StartFailed(failure("Refused"));
                return self.at(at, teller.tell(update));
            }
            if !self.lapse(150) {
                self.at(at, teller.tell(TaskUpdate::Started { worker: None }));
            }
        }
        let submitted = TaskUpdate::Submitted(Payload::from(json!({"accepted": true})));
        match pattern {
            IntegrationPattern::RequestResponse => {
                self.result(at, &how, task, |update| teller.tell(update));
            }
            IntegrationPattern::Sync => {
                if !matches!(task.progress, TaskProgress::Submitted(_)) {
                    at = self.later(at, 100);
                    self.at(at, teller.tell(submitted));
                }
                self.result(at, &how, task, |update| teller.tell(update));
            }
            IntegrationPattern::WaitForTaskToken => {
                let Some(token) = task.token.clone() else {
                    return;
                };
                // The holder may be quicker than the service that passed the token on.
                let accepted = self.later(at, 500);
                self.at(accepted, teller.tell(submitted));
                self.result(at, &how, task, |update| Happening::Token {
                    token: token.clone(),
                    update,
                });
            }
        }
    }

    /// A worker has a task in its hands.
    pub(crate) fn work(&mut self, now: Timestamp, taken: &TakenTask) {
        // A worker does not know of earlier attempts: chance decides for it.
        let how = match how(taken.input.json()).as_str() {
            "flaky" if self.random.per_mille(500) => "fail".to_owned(),
            other => other.to_owned(),
        };
        let state = state(taken.input.json());
        self.outcome(now, &how, 9, &state, |update| Happening::Token {
            token: taken.token.clone(),
            update,
        });
    }

    fn result(
        &mut self,
        from: Timestamp,
        how: &str,
        task: &StartTask,
        tell: impl Fn(TaskUpdate) -> Happening,
    ) {
        self.outcome(from, how, task.retry_count, task.state_name.as_str(), tell);
    }

    fn outcome(
        &mut self,
        from: Timestamp,
        how: &str,
        retries: u32,
        state: &str,
        tell: impl Fn(TaskUpdate) -> Happening,
    ) {
        let done = TaskUpdate::Succeeded(Payload::from(json!({"of": state})));
        let (delay, update) = match how {
            "silent" => return,
            "fail" => (2_000, TaskUpdate::Failed(failure("Broken"))),
            "flaky" if retries < 2 => (2_000, TaskUpdate::Failed(failure("Busy"))),
            "late" => (200_000, done),
            _ => (2_000, done),
        };
        let mut at = self.later(from, delay);
        if how == "beat" {
            for _ in 0..self.random.below(8) {
                at = self.later(at, 5_000);
                self.at(at, tell(TaskUpdate::Heartbeat));
            }
        }
        self.at(at, tell(update.clone()));
        if self.random.per_mille(200) {
            let again = self.later(at, 5_000);
            self.at(again, tell(update));
        }
        if self.lapse(100) {
            let other = self.later(at, 5_000);
            self.at(other, tell(TaskUpdate::Failed(failure("Changed"))));
        }
    }

    /// Whether something goes wrong that a steady world never does.
    pub(crate) fn lapse(&self, per_mille: u64) -> bool {
        self.temper == Temper::Wild && self.random.per_mille(per_mille)
    }

    /// Whether an answer comes twice.
    pub(crate) fn twice(&self) -> bool {
        self.random.per_mille(200)
    }

    /// A number up to `most`.
    pub(crate) fn up_to(&self, most: usize) -> usize {
        self.random.count(most + 1)
    }

    pub(crate) fn later(&self, at: Timestamp, most_millis: u64) -> Timestamp {
        at.plus_millis(self.random.millis(most_millis))
    }
}

struct Teller {
    execution: Key,
    task: TaskId,
}

impl Teller {
    fn tell(&self, update: TaskUpdate) -> Happening {
        Happening::Tell {
            execution: self.execution,
            task: self.task,
            update,
        }
    }
}

fn failure(error: &str) -> Failure {
    Failure {
        error: Some(ErrorName::new(error)),
        cause: None,
    }
}

/// Where the generator put it depends on the kind of task.
fn how(parameters: &Json) -> String {
    text(parameters, "how")
}

fn state(parameters: &Json) -> String {
    text(parameters, "state")
}

fn text(parameters: &Json, key: &str) -> String {
    let inner = ["MessageBody", "Input"].into_iter();
    let places = inner.filter_map(|name| parameters.get(name));
    let found = std::iter::once(parameters)
        .chain(places)
        .find_map(|place| place.get(key)?.as_str());
    found.unwrap_or_default().to_owned()
}
