//! What each happening means in each state of a sandbox: the visible table of its life.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::finish::{Answer, Finish};
use super::job::{Job, Reply};
use super::launch::InitBudget;
use super::owner::{MEMORY_CHECK_EVERY, Owner, Parts, State, Step};
use super::process;
use crate::fault::Fault;
use crate::logs::report;
use crate::runtime_api::{Event, NextCall, Upload, Verdict};

impl Owner {
    /// The process asks for its next event.
    pub(super) fn asked_for_next(&mut self, state: State, next: NextCall) -> Step {
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
                let _ = next.send(Err(wrong_state(&state, "Ready")));
                Step::Continue(state)
            }
        }
    }

    /// Gives the event to the process.
    pub(super) fn hand_over(&mut self, next: NextCall, job: Job) -> Step {
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
            process,
            output,
            journal,
            ..
        } = &mut self.parts;
        output.drain(journal);
        process.thaw();
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

    /// The process tells that it cannot load the function.
    pub(super) fn failed_to_load(
        &mut self,
        state: State,
        body: Upload,
        error_type: Option<String>,
        verdict: oneshot::Sender<Verdict>,
    ) -> Step {
        let State::Loading { job } = state else {
            let _ = verdict.send(wrong_state(&state, "InitError"));
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

    /// The time of the present state is over.
    pub(super) fn deadline_passed(&mut self, state: State) -> Step {
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

    /// Kills the process when it uses more memory than the function has.
    pub(super) fn check_memory(&mut self, state: State) -> Step {
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
    pub(super) fn stopped(&mut self, state: State, exited: bool) -> Step {
        let now = Instant::now();
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
            process,
            output,
            journal,
            ..
        } = &mut self.parts;
        output.drain(journal);
        process.freeze();
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
}

/// The function's answer, or its error.
pub(super) fn answered(
    state: State,
    id: &str,
    verdict: oneshot::Sender<Verdict>,
    answer: Answer,
) -> Step {
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
            let judged = wrong_state(&state, "InvocationResponse");
            (state, judged)
        }
        other => (other, Verdict::UnknownRequest),
    };
    // A process that does not wait for the verdict has broken its connection; its end will be noticed.
    let _ = verdict.send(judged);
    Step::Continue(state)
}

/// The names are those of AWS's state machine, which shows them in its errors.
fn wrong_state(from: &State, to: &'static str) -> Verdict {
    let from = match from {
        State::Loading { .. } => "Started",
        State::Idle { .. } => "Ready",
        State::Running { .. } => "Running",
        State::Answered { .. } => "InvocationResponse",
        State::Ended => "Exited",
    };
    Verdict::WrongState { from, to }
}
