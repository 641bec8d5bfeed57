//! The Map run of a Distributed Map, as its execution sees it.

use std::sync::Arc;

use passo_asl::program::{DistributedMap, ItemBatcher, Map, MapMode, StateKind};
use passo_expr::Template;
use passo_json::Payload;

use super::super::turn::Turn;
use super::parallel::leave;
use crate::execution::Stage;
use crate::flow::{Evaluator, Fault, Value};
use crate::{Command, EventId, EventKind, FrameId, Invariant, MapRunStarted};

/// What a Map run starts with, before its payloads have names.
pub(crate) struct Plan {
    tolerated_failure_count: Option<u64>,
    tolerated_failure_percentage: Option<f64>,
    reader_arguments: Option<Payload>,
    max_items: Option<i64>,
    pub(crate) batch: Batch,
    writer_arguments: Option<Payload>,
}

#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) input: Option<Payload>,
    pub(crate) items: Option<u64>,
    pub(crate) bytes: Option<u64>,
}

impl Turn<'_> {
    pub fn start_map_run(&mut self, id: FrameId) -> Result<(), Invariant> {
        let (map, distributed) = self.distributed(id)?;
        let Stage::MapReady(started) = &self.frame(id)?.stage else {
            return Err(Invariant::new("a Map run starts once its items are known"));
        };
        let planned = plan(
            &self.evaluator(id)?,
            map,
            distributed,
            &started.input.payload,
        );
        let map_run_arn = self.map_run_arn(&distributed.label);
        self.settle(id, planned, |turn, plan| {
            let mut names = turn.names();
            let mut name =
                |payload: Option<Payload>| payload.map(|payload| names.of(Value::New(payload)));
            let started = MapRunStarted {
                map_run_arn,
                tolerated_failure_count: plan.tolerated_failure_count,
                tolerated_failure_percentage: plan.tolerated_failure_percentage,
                reader_arguments: name(plan.reader_arguments),
                max_items: plan.max_items,
                batch_input: name(plan.batch.input),
                max_items_per_batch: plan.batch.items,
                max_input_bytes_per_batch: plan.batch.bytes,
                writer_arguments: name(plan.writer_arguments),
            };
            turn.emit_next(id, EventKind::MapRunStarted(Box::new(started)))?;
            if let Some((map_run, spec)) = turn.execution.map_run_spec(turn.program, id) {
                turn.command(Command::StartMapRun {
                    map_run,
                    spec: Box::new(spec),
                });
            }
            Ok(())
        })
    }

    /// A redriven execution lets its Map run go on.
    pub fn resume_map_run(&mut self, id: FrameId) -> Result<(), Invariant> {
        let Stage::MapRun(run) = &self.frame(id)?.stage else {
            return Err(Invariant::new("a Map run is redriven where it failed"));
        };
        let count = run.redrives.saturating_add(1);
        let map_run_arn = Arc::clone(&run.started.map_run_arn);
        self.emit_next(id, EventKind::MapRunRedriven { map_run_arn, count })?;
        if let Some((map_run, spec)) = self.execution.map_run_spec(self.program, id) {
            self.command(Command::RedriveMapRun {
                map_run,
                spec: Box::new(spec),
                count,
            });
        }
        Ok(())
    }

    pub fn map_run_done(&mut self, id: FrameId) -> Result<(), Invariant> {
        let (map, _) = self.distributed(id)?;
        let frame = self.frame(id)?;
        let Stage::MapRunDone(run, result) = &frame.stage else {
            return Err(Invariant::new("a Map run that ended has a result"));
        };
        // AWS's oddity: the exit follows the start of the Map run. Only where the Map state is the execution's first
        // state does it follow the run's success; both were recorded.
        let previous = if frame.before == EventId::NONE {
            frame.previous
        } else {
            run.event
        };
        let exit = leave(
            &self.evaluator(id)?,
            &map.flow,
            map.transition,
            Value::Kept(result.clone()),
        );
        self.settle(id, exit, |turn, exit| turn.exit_after(id, previous, exit))
    }

    fn distributed(&self, id: FrameId) -> Result<(&Map, &DistributedMap), Invariant> {
        if let StateKind::Map(map) = &self.state(id)?.kind
            && let MapMode::Distributed(distributed) = &map.mode
        {
            return Ok((map, distributed));
        }
        Err(Invariant::new("a Map run belongs to a Distributed Map"))
    }

    /// `arn:…:mapRun:<machine>/<label>:<uuid>`.
    fn map_run_arn(&self, label: &str) -> Arc<str> {
        let uuid = self.environment.entropy.uuid_v4();
        let header = &self.execution.header;
        let prefix = match header.state_machine_arn.split_once(":stateMachine:") {
            Some((prefix, _)) => prefix,
            None => "arn:aws:states:::",
        };
        Arc::from(format!(
            "{prefix}:mapRun:{}/{label}:{uuid}",
            header.state_machine_name
        ))
    }
}

/// What a Map run is started with.
pub(crate) fn plan(
    evaluator: &Evaluator<'_>,
    map: &Map,
    distributed: &DistributedMap,
    input: &Payload,
) -> Result<Plan, Fault> {
    let _ = map;
    let evaluate = |template: Option<&Template>, field: &str| -> Result<Option<Payload>, Fault> {
        let Some(template) = template else {
            return Ok(None);
        };
        Ok(Some(Payload::from(
            template.evaluate(&evaluator.scope(input), field)?,
        )))
    };
    let (tolerated_failure_count, tolerated_failure_percentage) =
        tolerance(evaluator, distributed, input)?;
    evaluator.note(|seen| {
        seen.tolerated_failure_count = tolerated_failure_count;
        seen.tolerated_failure_percentage = tolerated_failure_percentage;
    });
    let reader = distributed.item_reader.as_ref();
    let writer = distributed.result_writer.as_ref();
    Ok(Plan {
        tolerated_failure_count,
        tolerated_failure_percentage,
        reader_arguments: evaluate(
            reader.and_then(|reader| reader.arguments.as_ref()),
            "ItemReader/Arguments",
        )?,
        max_items: match reader.and_then(|reader| reader.max_items.as_ref()) {
            // Recorded on AWS: a literal 0 is no limit.
            Some(passo_asl::program::Scalar::Literal(0)) => None,
            max_items => evaluator.map_count(max_items, input, "MaxItems")?,
        },
        batch: match &distributed.item_batcher {
            None => Batch::default(),
            Some(batcher) => Batch {
                input: evaluate(batcher.batch_input.as_ref(), "BatchInput")?,
                ..batch_sizes(evaluator, batcher, input)?
            },
        },
        writer_arguments: evaluate(
            writer.and_then(|writer| writer.arguments.as_ref()),
            "ResultWriter/Arguments",
        )?,
    })
}

fn tolerance(
    evaluator: &Evaluator<'_>,
    distributed: &DistributedMap,
    input: &Payload,
) -> Result<(Option<u64>, Option<f64>), Fault> {
    let count = evaluator.threshold(
        distributed.tolerated_failure_count.as_ref(),
        input,
        "ToleratedFailureCount",
        "integer",
    )?;
    // Texts recorded on AWS.
    if count.is_some_and(|count| count < 0.0) {
        return Err(Fault::runtime("ToleratedFailureCount cannot be negative."));
    }
    let percentage = evaluator.threshold(
        distributed.tolerated_failure_percentage.as_ref(),
        input,
        "ToleratedFailurePercentage",
        "float",
    )?;
    if percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
        return Err(Fault::runtime(
            "ToleratedFailurePercentage must be between 0 and 100.",
        ));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, and is not negative"
    )]
    let count = count.map(|count| count as u64);
    Ok((count, percentage))
}

fn batch_sizes(
    evaluator: &Evaluator<'_>,
    batcher: &ItemBatcher,
    input: &Payload,
) -> Result<Batch, Fault> {
    let size = |scalar, field: &'static str| -> Result<Option<u64>, Fault> {
        let Some(size) = evaluator.map_count(scalar, input, field)? else {
            return Ok(None);
        };
        let size = u64::try_from(size).ok().filter(|size| *size > 0);
        size.map(Some)
            .ok_or_else(|| Fault::runtime(format!("{field} must be a positive integer.")))
    };
    Ok(Batch {
        input: None,
        items: size(batcher.max_items_per_batch.as_ref(), "MaxItemsPerBatch")?,
        bytes: size(
            batcher.max_input_bytes_per_batch.as_ref(),
            "MaxInputBytesPerBatch",
        )?,
    })
}
