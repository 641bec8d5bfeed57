//! The task that owns one process: it alone reads its calls, output, deadline, memory and end.
//!
//! A plain state machine: [`Owner::happening`] waits for one thing, [`Owner::step`] decides what it means in the
//! present [`State`]; the table of that is in `turns`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::finish::{Answer, Finish};
use super::job::Job;
use super::launch::InitBudget;
use super::output::Output;
use super::process::Process;
use super::turns::answered;
use crate::fault::Fault;
use crate::function::Function;
use crate::logs::journal::Journal;
use crate::pool::{Platform, Pool, SandboxId};
use crate::runtime_api::{ApiCall, NextCall, RuntimeApi, Upload};

/// How often a busy process's memory is looked at. A function can exceed its memory by what it can touch in this
/// time.
pub(super) const MEMORY_CHECK_EVERY: Duration = Duration::from_millis(50);

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
    /// The place among those that load; given back with the first `next`.
    pub loading: Option<OwnedSemaphorePermit>,
}

/// One process and its owner's view of it.
pub(crate) struct Owner {
    pub(super) id: SandboxId,
    pub(super) parts: Parts,
    pub(super) function: Arc<Function>,
    pub(super) budget: InitBudget,
    pub(super) started: Instant,
    /// Known from the first `next` on, told in the first REPORT.
    pub(super) init_duration: Option<Duration>,
    pub(super) memory_check: Instant,
    pub(super) memory_peak_kilobytes: u64,
    state: State,
}

/// Where the process is in its life.
pub(super) enum State {
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
pub(super) enum Step {
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
                Step::Continue(state) => {
                    if !matches!(state, State::Loading { .. }) {
                        self.parts.loading = None;
                    }
                    self.state = state;
                }
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
            Happening::Exited => self.stopped(state, true),
            Happening::ShutDown => self.stopped(state, false),
        }
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

/// Waits for the pool's next job. Never resolves unless the process is idle.
async fn offered(state: &mut State) -> Option<Job> {
    match state {
        State::Idle { offer, .. } => offer.await.ok(),
        State::Loading { .. } | State::Running { .. } | State::Answered { .. } | State::Ended => {
            std::future::pending().await
        }
    }
}
