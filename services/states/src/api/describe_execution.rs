//! `DescribeExecution`

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::request::Request;
use crate::service::StepFunctions;
use crate::{executions, shapes};

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (summary, header) = executions::find(service, request)?;
    let redrive = executions::redrive(service, request, &summary, &header)?;
    let is_included = !request.wants_metadata_only();
    let mut answer = ObjectBuilder::new();
    shapes::execution(&mut answer, &summary);
    answer
        .insert("inputDetails", shapes::details(is_included))
        .insert_some("traceHeader", summary.trace_header.clone())
        .insert("redriveStatus", redrive.name())
        .insert_some("redriveStatusReason", redrive.reason());
    if summary.output.is_some() {
        answer.insert("outputDetails", shapes::details(is_included));
    }
    if is_included {
        let failure = summary.failure.unwrap_or_default();
        answer.insert("input", header.input.text()).insert_some(
            "output",
            summary.output.as_ref().map(|output| output.text()),
        );
        shapes::failure(&mut answer, &failure);
    }
    Ok(Json::Object(answer.build()))
}
