//! Tasks: what each piece of news changes.

use passo_asl::program::{Program, StateId, StateKind, TaskResource};
use passo_vocab::{Failure, Timestamp};

use crate::execution::{FailedStage, Origin, Stage, TaskStage};
use crate::{Data, Event, Execution, FrameId, Invariant, TaskId, TaskScheduled, TimerId};

impl Execution {
    pub(super) fn task_scheduled(
        &mut self,
        program: &Program,
        event: &Event,
        scheduled: &TaskScheduled,
    ) -> Result<(), Invariant> {
        let (id, sequence) = (self.last_event, self.sequence.number());
        let task = TaskId::new(sequence);
        let frame = self.frame_mut(event.frame)?;
        frame.previous = id;
        let state = frame.state;
        let invocation = self.count_invocation(state);
        let frame = self.frame_mut(event.frame)?;
        let mut stage = TaskStage {
            task,
            invocation,
            scheduled: scheduled.clone(),
            started: false,
            submitted: None,
            timer: None,
            heartbeat: false,
            deadline: None,
        };
        // An activity's time runs from its scheduling, which includes waiting for a worker; that of other tasks runs
        // from their start. Recorded on AWS with an activity that no worker takes.
        if is_activity(program, frame.state) {
            stage.deadline = scheduled
                .timeout_seconds
                .map(|seconds| later(event.at, seconds));
            stage.timer = stage.deadline.map(|at| (TimerId::new(sequence), at));
        }
        let timer = stage.timer;
        frame.stage = Stage::Task(Box::new(stage));
        self.tasks.insert(task, event.frame);
        self.watch(event.frame, None, timer);
        Ok(())
    }

    pub(super) fn task_started(&mut self, event: &Event) -> Result<(), Invariant> {
        let id = self.last_event;
        let timer = TimerId::new(self.sequence.number());
        self.frame_mut(event.frame)?.previous = id;
        let stage = self.task_stage(event.frame)?;
        stage.started = true;
        if stage.deadline.is_none() {
            stage.deadline = stage
                .scheduled
                .timeout_seconds
                .map(|seconds| later(event.at, seconds));
        }
        self.rearm(event, timer)
    }

    pub(super) fn task_heartbeat(&mut self, event: &Event) -> Result<(), Invariant> {
        let timer = TimerId::new(self.sequence.number());
        self.rearm(event, timer)
    }

    pub(super) fn task_submitted(
        &mut self,
        frame: FrameId,
        output: &Data,
    ) -> Result<(), Invariant> {
        let id = self.last_event;
        self.frame_mut(frame)?.previous = id;
        self.task_stage(frame)?.submitted = Some(output.payload.clone());
        Ok(())
    }

    pub(super) fn task_succeeded(&mut self, id: FrameId, output: &Data) -> Result<(), Invariant> {
        let event = self.last_event;
        self.end_task(id)?;
        let frame = self.frame_mut(id)?;
        frame.previous = event;
        frame.stage = Stage::Done(output.clone());
        Ok(())
    }

    pub(super) fn task_failed(
        &mut self,
        id: FrameId,
        failure: &Failure,
        origin: Origin,
    ) -> Result<(), Invariant> {
        let event = self.last_event;
        self.end_task(id)?;
        let frame = self.frame_mut(id)?;
        frame.previous = event;
        frame.stage = Stage::Failed(Box::new(FailedStage {
            failure: failure.clone(),
            origin,
            announced: true,
            terminal: false,
            was: None,
        }));
        Ok(())
    }

    /// The number of a task among those of its state, from 0.
    fn count_invocation(&mut self, state: StateId) -> u32 {
        let count = self.invocations.entry(state).or_default();
        let invocation = *count;
        *count = count.saturating_add(1);
        invocation
    }

    /// One timer a task: for the heartbeat or for the whole task, whichever is due first.
    fn rearm(&mut self, event: &Event, timer: TimerId) -> Result<(), Invariant> {
        let stage = self.task_stage(event.frame)?;
        let beat = stage
            .scheduled
            .heartbeat_seconds
            .map(|seconds| later(event.at, seconds));
        stage.heartbeat = match (beat, stage.deadline) {
            (Some(beat), Some(deadline)) => beat < deadline,
            (beat, _) => beat.is_some(),
        };
        let due = if stage.heartbeat {
            beat
        } else {
            stage.deadline
        };
        let old = stage.timer;
        // The task's own deadline does not move: its first timer keeps its name.
        if let (Some((_, at)), Some(due)) = (old, due)
            && at == due
        {
            return Ok(());
        }
        let new = due.map(|at| (timer, at));
        stage.timer = new;
        self.watch(event.frame, old, new);
        Ok(())
    }

    fn watch(
        &mut self,
        frame: FrameId,
        old: Option<(TimerId, Timestamp)>,
        new: Option<(TimerId, Timestamp)>,
    ) {
        if let Some((timer, _)) = old {
            self.timers.remove(&timer);
        }
        if let Some((timer, _)) = new {
            self.timers.insert(timer, frame);
        }
    }

    fn task_stage(&mut self, id: FrameId) -> Result<&mut TaskStage, Invariant> {
        match &mut self.frame_mut(id)?.stage {
            Stage::Task(stage) => Ok(stage),
            _ => Err(Invariant::new(
                "news of a task reach a frame that waits for it",
            )),
        }
    }

    fn end_task(&mut self, id: FrameId) -> Result<(), Invariant> {
        let stage = self.task_stage(id)?;
        let (task, timer) = (stage.task, stage.timer);
        self.tasks.remove(&task);
        self.watch(id, timer, None);
        Ok(())
    }
}

fn is_activity(program: &Program, state: StateId) -> bool {
    let Some(StateKind::Task(task)) = program.state(state).map(|state| &state.kind) else {
        return false;
    };
    matches!(task.resource, TaskResource::Activity { .. })
}

fn later(at: Timestamp, seconds: u64) -> Timestamp {
    at.plus_millis(
        i64::try_from(seconds)
            .unwrap_or(i64::MAX)
            .saturating_mul(1000),
    )
}
