//! The task that owns one process: it alone reads its calls, output, deadline, memory and end.
//!
//! A plain state machine: [`Owner::happening`] waits for one thing, [`Owner::step`] decides what it means in the
//! present [`State`].

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::finish::{Answer, Finish};
use super::job::{Job, Reply};
use super::launch::InitBudget;
use super::output::Output;
use super::process::{self, Process};
use crate::fault::Fault;
use crate::function::Function;
use crate::logs::journal::Journal;
use crate::logs::report;
use crate::pool::{Platform, Pool, SandboxId};
use crate::runtime_api::{ApiCall, Event, NextCall, RuntimeApi, Upload, Verdict};

/// How often a busy process's memory is looked at. A function can exceed its memory by what it can touch in this
/// time.
const MEMORY_CHECK_EVERY: Duration = Duration::from_millis(50);

/// What a sandbox is made of.
pub(crate) struct Parts {
    pub platform: Arc<Platform>,
    pub pool: Arc<Pool>,
    pub process: Process,
    pub output: Output,
    pub api: RuntimeApi,
    pub journal: Journal,
    /// The place among all processes.
    pub live: OwnedSemaphorePermit,
}

/// One process and its owner's view of it.
pub(crate) struct Owner {
    id: SandboxId,
    parts: Parts,
    function: Arc<Function>,
    budget: InitBudget,
    started: Instant,
    /// Known from the first `next` on, told in the first REPORT.
    init_duration: Option<Duration>,
    memory_check: Instant,
    memory_peak_kilobytes: u64,
    state: State,
}

enum State {
    /// The process loads the function; the job waits for its first `next`.
    Loading { job: Job },
    /// The process waits for an event, and the pool may offer a job.
    Idle {
        next: NextCall,
        offer: oneshot::Receiver<Job>,
        since: Instant,
    },
    /// The function works.
    Running {
        job: Job,
        begun: Instant,
        deadline: Instant,
    },
    /// The function has answered; the invocation ends with the next `next`.
    Answered {
        job: Job,
        answer: Answer,
        begun: Instant,
        ended: Instant,
        deadline: Instant,
    },
    /// Between two states, and after the last.
    Ended,
}

enum Happening {
    Call(ApiCall),
    Exited,
    Printed,
    Offered(Option<Job>),
    Deadline,
    MemoryCheck,
    ShutDown,
}

/// What a step leads to.
enum Step {
    Continue(State),
    /// The process is ended; then the invocation, if there is one, is finished.
    End(Option<Finish>),
    /// The process is ended, and the job's caller told that it never began.
    GiveUp(Job),
}

impl Owner {
    /// Lets a task own the sandbox, with `job` waiting for the process to be ready.
    pub(crate) fn begin(parts: Parts, budget: InitBudget, started: Instant, job: Job) {
        let Some(alive) = parts.platform.alive.upgrade() else {
            // Shut down meanwhile: dropping the parts kills the process, dropping the job tells its caller.
            return;
        };
        let owner = Owner {
            id: SandboxId::new(),
            function: Arc::clone(parts.pool.function()),
            budget,
            started,
            init_duration: None,
            memory_check: started + MEMORY_CHECK_EVERY,
            memory_peak_kilobytes: 0,
            state: State::Loading { job },
            parts,
        };
        tokio::spawn(owner.run(alive));
    }

    /// Answers a job whose process could not be started for a reason that is the function's.
    pub(crate) fn refuse(
        mut journal: Journal,
        function: &Function,
        job: Job,
        fault: &Fault,
        started: Instant,
    ) {
        let ended = Instant::now();
        let finish = Finish {
            job,
            answer: Answer::Fault(fault.clone()),
            begun: None,
            ended,
            init_duration: Some(ended - started),
            memory_peak_kilobytes: 0,
        };
        finish.complete(function, &mut journal);
    }

    /// `_alive` is held until the process is gone, so that shutdown knows when that is.
    async fn run(mut self, _alive: mpsc::Sender<()>) {
        let mut shut_down = self.parts.platform.shut_down.subscribe();
        loop {
            let happened = tokio::select! {
                biased;
                _ = shut_down.wait_for(|shut_down| *shut_down) => Happening::ShutDown,
                happened = self.happening() => happened,
            };
            match self.step(happened) {
                Step::Continue(state) => self.state = state,
                Step::End(finish) => return self.end(finish, None).await,
                Step::GiveUp(job) => return self.end(None, Some(job)).await,
            }
        }
    }

    /// Waits for whatever comes first. What is rare and decisive is looked at before what may never stop.
    async fn happening(&mut self) -> Happening {
        let deadline = self.deadline();
        let busy = !matches!(self.state, State::Idle { .. });
        let Owner {
            parts,
            state,
            memory_check,
            ..
        } = self;
        let Parts {
            process,
            output,
            api,
            journal,
            ..
        } = parts;
        tokio::select! {
            biased;
            () = sleep_until(deadline) => Happening::Deadline,
            Some(call) = api.next_call() => Happening::Call(call),
            _ = process.wait() => Happening::Exited,
            job = offered(state) => Happening::Offered(job),
            () = sleep_until(*memory_check), if busy => Happening::MemoryCheck,
            () = output.pump(journal) => Happening::Printed,
        }
    }

    fn deadline(&self) -> Instant {
        let settings = &self.parts.platform.settings;
        match &self.state {
            State::Loading { .. } => match self.budget {
                InitBudget::Platform => self.started + settings.init_max,
                InitBudget::Function => self.started + self.function.timeout(),
            },
            State::Idle { since, .. } => *since + settings.idle_max,
            State::Running { deadline, .. } | State::Answered { deadline, .. } => *deadline,
            State::Ended => self.started,
        }
    }

    fn step(&mut self, happened: Happening) -> Step {
        let state = std::mem::replace(&mut self.state, State::Ended);
        match happened {
            Happening::Printed => Step::Continue(state),
            Happening::Call(ApiCall::Next(next)) => self.asked_for_next(state, next),
            Happening::Call(ApiCall::Response { id, body, verdict }) => answered(
                state,
                &id,
                verdict,
                match body {
                    Upload::Whole(body) => Answer::Result(body),
                    Upload::TooLarge => Answer::Fault(Fault::response_too_large()),
                },
            ),
            Happening::Call(ApiCall::Error { id, body, verdict }) => answered(
                state,
                &id,
                verdict,
                match body {
                    Upload::Whole(body) => Answer::Error(body),
                    Upload::TooLarge => Answer::Fault(Fault::response_too_large()),
                },
            ),
            Happening::Call(ApiCall::InitError {
                body,
                error_type,
                verdict,
            }) => self.failed_to_load(state, body, error_type, verdict),
            Happening::Offered(Some(job)) => match state {
                State::Idle { next, .. } => self.hand_over(next, job),
                other => Step::Continue(other),
            },
            // The pool has no more use for this process.
            Happening::Offered(None) => Step::End(None),
            Happening::Deadline => self.deadline_passed(state),
            Happening::MemoryCheck => self.check_memory(state),
            Happening::Exited | Happening::ShutDown => self.stopped(state, &happened),
        }
    }

    fn asked_for_next(&mut self, state: State, next: NextCall) -> Step {
        match state {
            State::Loading { job } => {
                self.init_duration = Some(self.started.elapsed());
                self.hand_over(next, job)
            }
            State::Answered {
                job,
                answer,
                begun,
                ended,
                ..
            } => {
                let idle = self.become_idle(next);
                self.finish(job, answer, Some(begun), ended)
                    .complete(&self.function, &mut self.parts.journal);
                Step::Continue(idle)
            }
            State::Idle {
                next: old,
                offer,
                since,
            } if old.is_closed() => {
                // The process came back on another connection.
                drop(old);
                Step::Continue(State::Idle { next, offer, since })
            }
            State::Idle { .. } | State::Running { .. } | State::Ended => {
                // The connection may be gone, which is as good as an answer.
                let _ = next.send(Err(Verdict::WrongState));
                Step::Continue(state)
            }
        }
    }

    /// Gives the event to the process.
    fn hand_over(&mut self, next: NextCall, job: Job) -> Step {
        let timeout = self.function.timeout();
        let begun = Instant::now();
        let deadline = match self.budget {
            InitBudget::Platform => begun + timeout,
            InitBudget::Function => self.started + timeout,
        };
        // Only an init that is part of the invocation shortens it; later invocations have their whole time.
        self.budget = InitBudget::Platform;
        let left = deadline.saturating_duration_since(begun);
        let epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            + left;
        let event = Event {
            request_id: job.request_id.as_str().to_owned(),
            deadline_epoch_millis: u64::try_from(epoch.as_millis()).unwrap_or(u64::MAX),
            invoked_function_arn: job.invoked_function_arn.clone(),
            trace_id: job.trace_id.clone(),
            client_context: job.client_context.clone(),
            payload: job.payload.clone(),
        };
        let Parts {
            output, journal, ..
        } = &mut self.parts;
        output.drain(journal);
        if next.send(Ok(event)).is_err() {
            return Step::GiveUp(job);
        }
        journal.begin();
        journal.platform(&report::start(&job.request_id, self.function.version()));
        self.memory_check = begun + MEMORY_CHECK_EVERY;
        Step::Continue(State::Running {
            job,
            begun,
            deadline,
        })
    }

    fn failed_to_load(
        &mut self,
        state: State,
        body: Upload,
        error_type: Option<String>,
        verdict: oneshot::Sender<Verdict>,
    ) -> Step {
        let State::Loading { job } = state else {
            let _ = verdict.send(Verdict::WrongState);
            return Step::Continue(state);
        };
        let _ = verdict.send(Verdict::Accepted);
        let document = match body {
            Upload::Whole(body) => body,
            Upload::TooLarge => Bytes::from_static(b"{}"),
        };
        let error_type = error_type.unwrap_or_else(|| "Runtime.Unknown".to_owned());
        self.init_duration = Some(self.started.elapsed());
        let answer = Answer::InitError {
            document,
            error_type,
        };
        Step::End(Some(self.finish(job, answer, None, Instant::now())))
    }

    fn deadline_passed(&mut self, state: State) -> Step {
        let now = Instant::now();
        let timed_out = || Answer::TimedOut(Fault::timed_out(self.function.timeout()));
        match state {
            State::Loading { job } => match self.budget {
                InitBudget::Platform => {
                    let _ = job.reply.send(Reply::InitTimedOut);
                    Step::End(None)
                }
                InitBudget::Function => {
                    let answer = timed_out();
                    Step::End(Some(self.finish(job, answer, Some(self.started), now)))
                }
            },
            State::Idle { next, offer, .. } => {
                if self.parts.pool.withdraw(self.id) {
                    return Step::End(None);
                }
                // The pool has just taken this process for a job that is on its way.
                Step::Continue(State::Idle {
                    next,
                    offer,
                    since: now,
                })
            }
            State::Running { job, begun, .. } => {
                let answer = timed_out();
                Step::End(Some(self.finish(job, answer, Some(begun), now)))
            }
            State::Answered {
                job,
                answer,
                begun,
                ended,
                ..
            } => Step::End(Some(self.finish(job, answer, Some(begun), ended))),
            State::Ended => Step::End(None),
        }
    }

    fn check_memory(&mut self, state: State) -> Step {
        self.memory_check = Instant::now() + MEMORY_CHECK_EVERY;
        if self.measure_memory() <= u64::from(self.function.memory_megabytes()) * 1024 {
            return Step::Continue(state);
        }
        let now = Instant::now();
        let answer = Answer::OutOfMemory(Fault::killed());
        match state {
            State::Loading { job } => Step::End(Some(self.finish(job, answer, None, now))),
            State::Running { job, begun, .. } => {
                Step::End(Some(self.finish(job, answer, Some(begun), now)))
            }
            State::Answered {
                job,
                answer,
                begun,
                ended,
                ..
            } => Step::End(Some(self.finish(job, answer, Some(begun), ended))),
            State::Idle { .. } | State::Ended => Step::Continue(state),
        }
    }

    /// The process ended by itself, or must end with everything else.
    fn stopped(&mut self, state: State, why: &Happening) -> Step {
        let now = Instant::now();
        let exited = matches!(why, Happening::Exited);
        let answer = || Answer::Fault(Fault::exited(self.parts.process.exited()));
        match state {
            State::Loading { job } if exited => {
                let answer = answer();
                self.init_duration = Some(self.started.elapsed());
                Step::End(Some(self.finish(job, answer, None, now)))
            }
            State::Running { job, begun, .. } if exited => {
                let answer = answer();
                Step::End(Some(self.finish(job, answer, Some(begun), now)))
            }
            State::Loading { job } | State::Running { job, .. } => Step::GiveUp(job),
            State::Answered {
                job,
                answer,
                begun,
                ended,
                ..
            } => Step::End(Some(self.finish(job, answer, Some(begun), ended))),
            State::Idle { .. } => {
                self.parts.pool.withdraw(self.id);
                Step::End(None)
            }
            State::Ended => Step::End(None),
        }
    }

    fn become_idle(&mut self, next: NextCall) -> State {
        let Parts {
            pool,
            output,
            journal,
            ..
        } = &mut self.parts;
        output.drain(journal);
        let offer = pool.offer(self.id);
        State::Idle {
            next,
            offer,
            since: Instant::now(),
        }
    }

    /// Gathers what the end of an invocation needs to know.
    fn finish(
        &mut self,
        job: Job,
        answer: Answer,
        begun: Option<Instant>,
        ended: Instant,
    ) -> Finish {
        let peak = process::peak_kilobytes(self.parts.process.group()).unwrap_or_default();
        self.memory_peak_kilobytes = self.memory_peak_kilobytes.max(peak);
        Finish {
            job,
            answer,
            begun,
            ended,
            init_duration: self.init_duration.take(),
            memory_peak_kilobytes: self.memory_peak_kilobytes,
        }
    }

    /// What the processes use now, in KiB; remembers the most.
    fn measure_memory(&mut self) -> u64 {
        let memory = process::resident_kilobytes(self.parts.process.group()).unwrap_or_default();
        self.memory_peak_kilobytes = self.memory_peak_kilobytes.max(memory);
        memory
    }

    /// Ends the process, then says what came of its invocation: when the caller knows, nothing is left of it.
    async fn end(self, finish: Option<Finish>, given_up: Option<Job>) {
        let Parts {
            process,
            mut output,
            api,
            mut journal,
            live,
            ..
        } = self.parts;
        process.end().await;
        drop(api);
        output.drain(&mut journal);
        if let Some(finish) = finish {
            finish.complete(&self.function, &mut journal);
        }
        drop(live);
        // Dropping the job's reply tells its caller that the event was never handled.
        drop(given_up);
    }
}

fn answered(state: State, id: &str, verdict: oneshot::Sender<Verdict>, answer: Answer) -> Step {
    let (state, judged) = match state {
        State::Running {
            job,
            begun,
            deadline,
        } if job.request_id.as_str() == id => {
            let too_large = matches!(answer, Answer::Fault(_));
            let judged = if too_large {
                Verdict::TooLarge
            } else {
                Verdict::Accepted
            };
            let ended = Instant::now();
            (
                State::Answered {
                    job,
                    answer,
                    begun,
                    ended,
                    deadline,
                },
                judged,
            )
        }
        State::Answered { ref job, .. } if job.request_id.as_str() == id => {
            (state, Verdict::WrongState)
        }
        other => (other, Verdict::UnknownRequest),
    };
    // A process that does not wait for the verdict has broken its connection; its end will be noticed.
    let _ = verdict.send(judged);
    Step::Continue(state)
}

/// Waits for the pool's next job. Never resolves unless the process is idle.
async fn offered(state: &mut State) -> Option<Job> {
    match state {
        State::Idle { offer, .. } => offer.await.ok(),
        State::Loading { .. } | State::Running { .. } | State::Answered { .. } | State::Ended => {
            std::future::pending().await
        }
    }
}
