//! EMR: tasks speak of one cluster, step, fleet or group, and its API of lists of job flows.
//!
//! Source: Step Functions Developer Guide, "Create and manage Amazon EMR clusters with Step Functions".

use passo_json::{Json, Object, Payload};
use passo_vocab::Failure;

use super::lookup::{Lookup, Part};
use crate::plan::{missing, unfit};

/// What the service is asked for: the operation in the form of a resource, and its parameters in the SDK's names.
pub(super) struct Asked<'a> {
    pub(super) action: &'a str,
    pub(super) parameters: Payload,
    pub(super) lookup: Option<Lookup>,
}

impl Asked<'_> {
    /// The same as the task asks for.
    pub(super) fn as_it_is<'a>(action: &'a str, parameters: &Payload) -> Asked<'a> {
        Asked {
            action,
            parameters: parameters.clone(),
            lookup: None,
        }
    }
}

/// What EMR is asked for by a task; `None` for other services.
pub(super) fn asked(
    resource_type: &str,
    action: &str,
    parameters: &Payload,
) -> Option<Result<Asked<'static>, Failure>> {
    if resource_type != "elasticmapreduce" {
        return None;
    }
    Task { parameters }.asked(action)
}

struct Task<'a> {
    parameters: &'a Payload,
}

impl Task<'_> {
    fn asked(&self, action: &str) -> Option<Result<Asked<'static>, Failure>> {
        Some(match action {
            "createCluster" => self.create_cluster(),
            "setClusterTerminationProtection" => self
                .members(&["ClusterId", "TerminationProtected"], &[])
                .map(|given| {
                    plain(
                        "setTerminationProtection",
                        listed(&given, "ClusterId", "JobFlowIds"),
                    )
                }),
            "terminateCluster" => self.members(&["ClusterId"], &[]).map(|given| {
                plain(
                    "terminateJobFlows",
                    listed(&given, "ClusterId", "JobFlowIds"),
                )
            }),
            "addStep" => self
                .members(&["ClusterId", "Step"], &["ExecutionRoleArn"])
                .map(|given| {
                    let given = renamed(&given, "ClusterId", "JobFlowId");
                    plain("addJobFlowSteps", listed(&given, "Step", "Steps"))
                }),
            "cancelStep" => self
                .members(&["ClusterId", "StepId"], &["StepCancellationOption"])
                .map(|given| plain("cancelSteps", listed(&given, "StepId", "StepIds"))),
            "modifyInstanceFleetByName" => self.by_name(Part::Fleet),
            "modifyInstanceGroupByName" => self.by_name(Part::Group),
            _ => return None,
        })
    }

    /// A cluster that ends with its steps would never wait for those of the workflow.
    fn create_cluster(&self) -> Result<Asked<'static>, Failure> {
        let given = self.parameters.json();
        if given.get("Steps").is_some() {
            let problem = "The field 'Steps' is not supported by Step Functions";
            return Err(unfit(problem, self.parameters));
        }
        let stays = given.pointer("/Instances/KeepJobFlowAliveWhenNoSteps");
        if given.get("Instances").is_some() && stays.and_then(Json::as_bool) != Some(true) {
            let problem = "The field 'Instances.KeepJobFlowAliveWhenNoSteps' must be true";
            return Err(unfit(problem, self.parameters));
        }
        Ok(Asked::as_it_is("runJobFlow", self.parameters))
    }

    fn by_name(&self, part: Part) -> Result<Asked<'static>, Failure> {
        let (action, by_name, member, id) = match part {
            Part::Fleet => (
                "modifyInstanceFleet",
                "InstanceFleetName",
                "InstanceFleet",
                "InstanceFleetId",
            ),
            Part::Group => (
                "modifyInstanceGroups",
                "InstanceGroupName",
                "InstanceGroup",
                "InstanceGroupId",
            ),
        };
        let given = self.members(&["ClusterId", by_name, member], &[])?;
        if given.get(member).is_some_and(|part| part.get(id).is_some()) {
            let problem = format!("The field '{id}' is not supported by Step Functions");
            return Err(unfit(&problem, self.parameters));
        }
        let name = given.get(by_name).and_then(Json::as_str);
        let lookup = Lookup {
            name: name.unwrap_or_default().to_owned(),
            part,
        };
        let given = given.without(by_name);
        let given = match part {
            Part::Fleet => given,
            Part::Group => listed(&given, member, "InstanceGroups"),
        };
        Ok(Asked {
            lookup: Some(lookup),
            ..plain(action, given)
        })
    }

    /// The parameters, which have all of `required` and nothing but those and `others`.
    fn members(&self, required: &[&str], others: &[&str]) -> Result<Object, Failure> {
        let given = self.parameters.json();
        let given = given.as_object().cloned().unwrap_or_default();
        let is_missing = |name: &&&str| given.get(name).is_none_or(Json::is_null);
        if let Some(name) = required.iter().find(is_missing) {
            return Err(missing(name, self.parameters));
        }
        let is_known = |name: &str| required.contains(&name) || others.contains(&name);
        if let Some(name) = given.keys().find(|name| !is_known(name)) {
            let problem = format!("The field '{name}' is not supported by Step Functions");
            return Err(unfit(&problem, self.parameters));
        }
        Ok(given)
    }
}

fn plain(action: &'static str, parameters: Object) -> Asked<'static> {
    Asked {
        action,
        parameters: Payload::from(Json::from(parameters)),
        lookup: None,
    }
}

fn renamed(given: &Object, name: &str, other: &'static str) -> Object {
    match given.get(name) {
        Some(value) => given.clone().without(name).with(other, value.clone()),
        None => given.clone(),
    }
}

/// `given` with the member `name` as the only item of the list `list`.
fn listed(given: &Object, name: &str, list: &'static str) -> Object {
    match given.get(name) {
        Some(value) => given.clone().without(name).with(list, vec![value.clone()]),
        None => given.clone(),
    }
}
