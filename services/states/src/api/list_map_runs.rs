//! `ListMapRuns`

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::lists::{self, text_position};
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;
use crate::{executions, faults};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (summary, _) = executions::find(service, request)?;
    let records = service.runtime.map_runs(&summary.execution_arn);
    let records = records.map_err(|error| faults::store(&error))?;
    lists::page(service, request, "mapRuns", |after, take| {
        let after = text_position(after);
        let passed = after.map_or(0, |last| {
            let at = records
                .iter()
                .position(|record| *record.map_run_arn == *last);
            at.map_or(records.len(), |at| at + 1)
        });
        for record in records.iter().skip(passed) {
            let mut item = ObjectBuilder::new();
            item.insert("executionArn", record.execution_arn.clone())
                .insert("mapRunArn", record.map_run_arn.clone())
                .insert("stateMachineArn", record.state_machine_arn.clone())
                .insert("startDate", epoch_seconds(record.started_at))
                .insert_some("stopDate", record.stopped_at.map(epoch_seconds));
            if take(record.map_run_arn.as_bytes(), Json::Object(item.build())).is_break() {
                break;
            }
        }
        Ok(())
    })
}
