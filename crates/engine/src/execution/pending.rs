//! What is asked of the world for a frame: the first time, and again after recovery.

use std::sync::Arc;

use passo_asl::program::{DistributedMap, MapMode, Program, StateKind};
use passo_expr::{ContextObject, StateContext};
use passo_json::Payload;

use crate::command::{StartTask, TaskProgress};
use crate::execution::{MapRunStage, Stage};
use crate::map::{ItemReaderSpec, MapItems, MapRunSpec, ResultWriterSpec};
use crate::{Command, Data, Execution, FrameId, MapRunId, TaskId, TimerId};

impl Execution {
    /// The commands whose answers are still missing, with the ids that they had the first time: tasks without
    /// result, timers, Map runs. A driver performs them after it has rebuilt an execution from its events, and then
    /// goes on with `Input::Continue`.
    pub fn pending_commands(&self, program: &Program) -> Vec<Command> {
        let mut commands = Vec::new();
        if !self.status.is_running() {
            return commands;
        }
        if let Some(at) = self.deadline {
            commands.push(Command::SetTimer {
                timer: TimerId::EXECUTION,
                at,
            });
        }
        for id in self.tasks.values() {
            commands.extend(
                self.start_task(program, *id)
                    .map(|start| Command::StartTask(Box::new(start))),
            );
        }
        for (timer, id) in &self.timers {
            let at = match self.frames.get(*id).map(|frame| &frame.stage) {
                Some(Stage::Waiting { until, .. } | Stage::BackingOff { until, .. }) => {
                    Some(*until)
                }
                Some(Stage::Task(task)) => task.timer.map(|(_, at)| at),
                _ => None,
            };
            commands.extend(at.map(|at| Command::SetTimer { timer: *timer, at }));
        }
        for id in self.map_runs.values() {
            let Some((map_run, spec)) = self.map_run_spec(program, *id) else {
                continue;
            };
            let spec = Box::new(spec);
            commands.push(match self.redrives_of(*id) {
                0 => Command::StartMapRun { map_run, spec },
                count => Command::RedriveMapRun {
                    map_run,
                    spec,
                    count,
                },
            });
        }
        commands
    }

    /// The task that waits for `token`, if one still does.
    pub fn task_with_token(&self, program: &Program, token: &str) -> Option<TaskId> {
        let mut waiting = self
            .tasks
            .keys()
            .filter_map(|task| self.pending_task(program, *task));
        let found = waiting.find(|task| task.token.as_deref() == Some(token));
        found.map(|task| task.task)
    }

    /// What was asked for with a task whose result is still missing.
    pub fn pending_task(&self, program: &Program, task: TaskId) -> Option<StartTask> {
        self.start_task(program, *self.tasks.get(&task)?)
    }

    /// What a frame that waits for a task asks for.
    pub(crate) fn start_task(&self, program: &Program, id: FrameId) -> Option<StartTask> {
        let frame = self.frames.get(id)?;
        let state = program.state(frame.state)?;
        let (Stage::Task(stage), StateKind::Task(task)) = (&frame.stage, &state.kind) else {
            return None;
        };
        let scheduled = &stage.scheduled;
        Some(StartTask {
            task: stage.task,
            resource: task.resource.clone(),
            state: frame.state,
            state_name: state.name.clone(),
            parameters: scheduled.parameters.payload.clone(),
            credentials: scheduled
                .credentials
                .as_ref()
                .map(|credentials| credentials.payload.clone()),
            token: scheduled.token.clone(),
            timeout_seconds: scheduled.timeout_seconds,
            heartbeat_seconds: scheduled.heartbeat_seconds,
            retry_count: frame.retries.total,
            invocation: stage.invocation,
            progress: match &stage.submitted {
                Some(answer) => TaskProgress::Submitted(answer.clone()),
                None if stage.started => TaskProgress::Started,
                None => TaskProgress::Scheduled,
            },
        })
    }

    /// What a frame that waits for a Map run asks for.
    pub(crate) fn map_run_spec(
        &self,
        program: &Program,
        id: FrameId,
    ) -> Option<(MapRunId, MapRunSpec)> {
        let frame = self.frames.get(id)?;
        let state = program.state(frame.state)?;
        let (Stage::MapRun(run), StateKind::Map(map)) = (&frame.stage, &state.kind) else {
            return None;
        };
        let MapMode::Distributed(distributed) = &map.mode else {
            return None;
        };
        let given = &run.started;
        let entered = StateContext {
            name: state.name.clone(),
            entered_time: frame.entered_at,
            retry_count: Some(frame.retries.total),
        };
        let spec = MapRunSpec {
            map_run_arn: Arc::clone(&given.map_run_arn),
            state_machine_arn: Arc::clone(&self.header.state_machine_arn),
            state: frame.state,
            entered: frame.entered,
            processor: map.processor,
            execution_type: distributed.execution_type,
            label: Arc::clone(&distributed.label),
            items: map_items(run, distributed)?,
            input: run.map.input.payload.clone(),
            variables: frame.variables.clone(),
            context: ContextObject::new(Arc::clone(&self.context)).with_state(entered),
            max_concurrency: run.map.concurrency,
            tolerated_failure_count: given.tolerated_failure_count,
            tolerated_failure_percentage: given.tolerated_failure_percentage,
            batch_input: given.batch_input.as_ref().map(payload),
            max_items_per_batch: given.max_items_per_batch,
            max_input_bytes_per_batch: given.max_input_bytes_per_batch,
            result_writer: distributed
                .result_writer
                .as_ref()
                .map(|writer| ResultWriterSpec {
                    resource: writer.resource.clone(),
                    arguments: given.writer_arguments.as_ref().map(payload),
                    config: writer.config.clone(),
                }),
            payload_bytes_max: self.header.limits.payload_bytes_max,
        };
        Some((run.map_run, spec))
    }

    /// Whether it waits for a Map run, and then how many redrives that must have had when it ends: one that is about to
    /// be announced is included.
    pub fn awaited_redrives(&self, map_run: MapRunId) -> Option<u32> {
        let frame = self.frames.get(*self.map_runs.get(&map_run)?)?;
        match &frame.stage {
            Stage::MapRun(run) if run.resuming => Some(run.redrives.saturating_add(1)),
            Stage::MapRun(run) => Some(run.redrives),
            _ => None,
        }
    }

    /// Whether it waits for any Map run.
    pub fn awaits_map_runs(&self) -> bool {
        !self.map_runs.is_empty()
    }

    fn redrives_of(&self, id: FrameId) -> u32 {
        match self.frames.get(id).map(|frame| &frame.stage) {
            Some(Stage::MapRun(run)) => run.redrives,
            _ => 0,
        }
    }
}

fn map_items(run: &MapRunStage, distributed: &DistributedMap) -> Option<MapItems> {
    if let Some(items) = &run.map.items {
        return Some(MapItems::Data(items.payload.clone()));
    }
    let reader = distributed.item_reader.as_ref()?;
    Some(MapItems::Reader(ItemReaderSpec {
        resource: Arc::clone(&reader.resource),
        arguments: run.started.reader_arguments.as_ref().map(payload),
        config: reader.config.clone(),
        max_items: run.started.max_items,
    }))
}

fn payload(data: &Data) -> Payload {
    data.payload.clone()
}
