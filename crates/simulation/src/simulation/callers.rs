//! What callers and the world tell the process, and what they hear of it.

use passo_engine::map::{MapRunStatus, MapRunUpdate};
use passo_engine::{Input, TaskUpdate};
use passo_runtime::{Key, Message};
use passo_vocab::Failure;

use super::{Simulation, UPDATES_FROM};
use crate::client::Heard;
use crate::workflow::Kind;
use crate::world::Happening;

impl Simulation<'_> {
    pub(super) fn deliver(&mut self, happening: Happening) {
        self.log(&format!("{happening:?}"));
        let Some(message) = self.message(happening) else {
            return;
        };
        let seed = self.random.any();
        self.process.partitions.handle(message, self.now, seed);
    }

    pub(super) fn message(&mut self, happening: Happening) -> Option<Message> {
        let request = happening.clone();
        Some(match happening {
            Happening::Update { plan, .. } => return self.update(plan),
            Happening::Tell {
                execution,
                task,
                update,
            } => Message::Input {
                execution,
                input: Input::Task { task, update },
                reply: None,
            },
            Happening::Data {
                execution,
                map_run,
                input,
            } => Message::MapRun {
                execution,
                map_run,
                input: *input,
            },
            Happening::Token { token, update } => Message::Token {
                token,
                update,
                reply: Some(self.requests.ask(request, Heard::Input)),
            },
            Happening::Poll { activity } => {
                let offers = self.process.offers.get_mut(&activity)?;
                let offer = offers.pop_first()?;
                Message::TakeActivityTask {
                    execution: offer.execution,
                    task: offer.task,
                    worker: None,
                    reply: self.requests.ask(request, Heard::Taken),
                }
            }
            Happening::Start { plan: number, .. } => {
                let plan = self.plans.get_mut(number)?;
                let request = Happening::Start {
                    plan: number,
                    attempt: plan.next_attempt(),
                };
                let life = self.report.crashes;
                let start = if plan.kind == Kind::Synchronous {
                    let reply = self.requests.ask(request, |_| Heard::Finished);
                    plan.start(life, None, Some(reply))
                } else {
                    let reply = self.requests.ask(request, |_| Heard::Started);
                    plan.start(life, Some(reply), None)
                };
                Message::Start(Box::new(start))
            }
            Happening::Stop { plan } => self.input(
                plan,
                request,
                Input::Stop {
                    failure: Failure::default(),
                },
            )?,
            Happening::Redrive { plan } => self.input(plan, request, Input::Redrive)?,
        })
    }

    /// A caller changes the settings of a Map run that it has seen under way.
    pub(super) fn update(&mut self, plan: usize) -> Option<Message> {
        let owner = self.plans.get(plan)?.key();
        let mut runs = self.known.map_runs.iter();
        let (map_run, _) = runs.find(|(_, run)| {
            run.status == MapRunStatus::Running && Key::of(&run.execution_arn) == owner
        })?;
        self.updates += 1;
        let request = Happening::Update {
            plan,
            concurrency: self.updates,
        };
        Some(Message::UpdateMapRun {
            execution: owner,
            map_run: *map_run,
            update: MapRunUpdate {
                max_concurrency: Some(self.updates),
                tolerated_failure_count: self.random.per_mille(300).then_some(1),
                tolerated_failure_percentage: None,
            },
            reply: self.requests.ask(request, Heard::Input),
        })
    }

    pub(super) fn input(
        &mut self,
        plan: usize,
        request: Happening,
        input: Input,
    ) -> Option<Message> {
        let reply = self.requests.ask(request, Heard::Input);
        Some(Message::Input {
            execution: self.plans.get(plan)?.key(),
            input,
            reply: Some(reply),
        })
    }

    /// Answers reach those who asked.
    pub(super) fn hear(&mut self) {
        for (request, heard) in self.requests.answers() {
            match (&request, heard) {
                // One that has ended already was started by an earlier request, whose answer was lost.
                (Happening::Start { plan, attempt }, Heard::Started | Heard::Finished) => {
                    self.started(*plan, *attempt);
                }
                (Happening::Update { plan, concurrency }, Heard::Input(Ok(_))) => {
                    self.updated(*plan, *concurrency);
                }
                (
                    Happening::Token {
                        token,
                        update: TaskUpdate::Succeeded(_) | TaskUpdate::Failed(_),
                    },
                    Heard::Input(Ok(_)),
                ) => self.checker.token_answered(token),
                (Happening::Poll { .. }, Heard::Taken(Some(taken))) => {
                    self.world.work(self.now, &taken);
                }
                _ => {}
            }
        }
    }

    /// A caller was told that what it had asked for has begun; a synchronous one, that it has ended.
    pub(super) fn started(&mut self, plan: usize, attempt: usize) {
        let Some(plan) = self.plans.get_mut(plan) else {
            return;
        };
        plan.is_acknowledged = true;
        if let Some(attempt) = plan.attempts.get_mut(attempt) {
            attempt.is_acknowledged = true;
            if plan.kind == Kind::Synchronous {
                self.checker.finished(&plan.name, attempt);
            }
        }
    }

    /// A caller was told that its settings count: they, or later ones, are durable.
    pub(super) fn updated(&mut self, plan: usize, concurrency: u32) {
        let Some(plan) = self.plans.get(plan) else {
            return;
        };
        let mut runs = self.known.map_runs.values();
        let has = runs.any(|run| {
            let asked = UPDATES_FROM..UPDATES_FROM + 1_000;
            Key::of(&run.execution_arn) == plan.key()
                && run.max_concurrency >= concurrency
                && asked.contains(&run.max_concurrency)
        });
        let forgotten = plan.ended_at.is_some();
        if !has && !forgotten {
            self.checker
                .wrong(format!("{}: settings of a Map run are lost", plan.name));
        }
    }
}
