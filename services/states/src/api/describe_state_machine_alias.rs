//! `DescribeStateMachineAlias`

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::aliases;
use crate::request::Request;
use crate::service::StepFunctions;
use crate::times::epoch_seconds;

pub(crate) fn answer(service: &StepFunctions, request: &Request) -> Result<Json, Fault> {
    let (machine, alias) = aliases::named(request)?.find(&service.tables.view()?)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("stateMachineAliasArn", machine.alias_arn(&alias.name))
        .insert("name", alias.name.clone())
        .insert_some("description", alias.description.clone())
        .insert(
            "routingConfiguration",
            aliases::shown(&machine, &alias.routing),
        )
        .insert("creationDate", epoch_seconds(alias.created_at))
        .insert("updateDate", epoch_seconds(alias.updated_at));
    Ok(Json::Object(answer.build()))
}
