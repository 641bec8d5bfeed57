//! `GetExecutionHistory`

use std::ops::ControlFlow;

use passo_engine::{History, HistoryEvent};
use passo_json::Json;
use passo_runtime::Key;
use passo_service::Fault;

use crate::lists::{self, number_position};
use crate::request::Request;
use crate::service::StepFunctions;
use crate::{executions, faults};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (summary, header) = executions::find(service, request)?;
    let definition = service.definition_of(summary.definition)?;
    let events = service
        .runtime
        .events(Key::of(&summary.execution_arn), &header);
    let events = events.map_err(|error| faults::store(&error))?;
    let include_data = request.flag("includeExecutionData").unwrap_or(true);
    let is_reversed = request.flag("reverseOrder").unwrap_or_default();
    lists::page(service, request, "events", |after, take| {
        let after = number_position(after);
        let mut show = |event: &HistoryEvent| {
            let id = event.id.number();
            take(&id.to_be_bytes(), event.to_json(include_data))
        };
        let mut history = History::project(&definition.program, &header, &events);
        if is_reversed {
            let mut shown: Vec<HistoryEvent> = history.collect();
            shown.retain(|event| after.is_none_or(|after| event.id.number() < after));
            let _ = shown.iter().rev().try_for_each(&mut show);
        } else {
            let _ = history.try_for_each(|event| match after {
                Some(after) if event.id.number() <= after => ControlFlow::Continue(()),
                Some(_) | None => show(&event),
            });
        }
        Ok(())
    })
}
