//! What a state machine's ARN means to an operation: the machine, a version, an alias.

use std::sync::Arc;

use passo_service::{Caller, Fault};
use passo_vocab::Entropy;

use crate::cache::Current;
use crate::faults;
use crate::model::{Activity, Alias, Owned, Revision, StateMachine};
use crate::request::Request;
use crate::resource::{self, Part};
use crate::service::StepFunctions;
use crate::tables::View;

/// What a start runs.
pub(crate) struct Target {
    pub(crate) machine: Arc<StateMachine>,
    pub(crate) revision: Arc<Revision>,
    pub(crate) version_arn: Option<Arc<str>>,
    pub(crate) alias_arn: Option<Arc<str>>,
}

/// The state machine of an operation that takes nothing else, and its key.
///
/// # Errors
/// `InvalidArn`; `ValidationException` for a Distributed Map; `StateMachineDoesNotExist` for a version or an alias too
/// (recorded for `UpdateStateMachine`).
pub(crate) fn machine_only(arn: &str, caller: &Caller) -> Result<Owned, Fault> {
    let reference = resource::state_machine_ref(arn)?;
    match reference.part {
        Part::Whole if resource::is_of(arn, caller) => Ok(Owned::new(caller, &reference.name)),
        Part::Label(_) => Err(faults::labelled_arn()),
        Part::Whole | Part::Version(_) | Part::Alias(_) => {
            Err(faults::state_machine_does_not_exist(arn))
        }
    }
}

/// The state machine of an operation that changes it.
///
/// # Errors
/// `StateMachineDoesNotExist`, `StateMachineDeleting`
pub(crate) fn active(view: &View, owned: &Owned, arn: &str) -> Result<StateMachine, Fault> {
    match view.machine(owned)? {
        Some(machine) if machine.is_deleting => Err(faults::state_machine_deleting(arn)),
        Some(machine) => Ok(machine),
        None => Err(faults::state_machine_does_not_exist(arn)),
    }
}

/// The activity at `activityArn`.
///
/// # Errors
/// `InvalidArn`, `ActivityDoesNotExist`
pub(crate) fn activity(service: &StepFunctions, request: &Request) -> Result<Activity, Fault> {
    let (arn, caller) = (request.required_text("activityArn"), request.caller());
    let name = resource::activity_name(arn)?;
    let activity = match resource::is_of(arn, caller) {
        true => service
            .tables
            .view()?
            .activity(&Owned::new(caller, &name))?,
        false => None,
    };
    activity.ok_or_else(|| faults::activity_does_not_exist(arn))
}

/// What an execution runs that is started with `arn`.
///
/// # Errors
/// `InvalidArn`, `StateMachineDoesNotExist`, `StateMachineDeleting`; `ValidationException` for a Distributed Map.
pub(crate) fn of_start(
    service: &StepFunctions,
    arn: &str,
    caller: &Caller,
) -> Result<Target, Fault> {
    let missing = || faults::state_machine_does_not_exist(arn);
    let reference = resource::state_machine_ref(arn)?;
    if matches!(reference.part, Part::Label(_)) {
        return Err(faults::labelled_arn());
    }
    if !resource::is_of(arn, caller) {
        return Err(missing());
    }
    let owned = Owned::new(caller, &reference.name);
    let Current { machine, revision } = service.tables.current(&owned)?.ok_or_else(missing)?;
    if machine.is_deleting {
        return Err(faults::state_machine_deleting(arn));
    }
    let (number, alias_arn) = match reference.part {
        Part::Whole | Part::Label(_) => {
            return Ok(Target {
                machine,
                revision,
                version_arn: None,
                alias_arn: None,
            });
        }
        Part::Version(number) => (number, None),
        Part::Alias(name) => {
            let alias = service
                .tables
                .view()?
                .alias(&owned, &name)?
                .ok_or_else(missing)?;
            let number = route(&alias, &service.chance()).ok_or_else(missing)?;
            (number, Some(machine.alias_arn(&name)))
        }
    };
    let view = service.tables.view()?;
    let version = view.version(&owned, number)?.ok_or_else(missing)?;
    let revision = match version.revision == revision.number {
        true => revision,
        false => Arc::new(view.revision(&owned, version.revision)?),
    };
    let version_arn = Some(machine.version_arn(number));
    Ok(Target {
        machine,
        revision,
        version_arn,
        alias_arn,
    })
}

/// The version that an execution through `alias` runs: by weight.
fn route(alias: &Alias, chance: &Entropy) -> Option<u64> {
    let total = alias.routing.iter().map(|route| route.weight).sum();
    let mut drawn = chance.below(total);
    for route in &alias.routing {
        match drawn.checked_sub(route.weight) {
            None => return Some(route.version),
            Some(rest) => drawn = rest,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use passo_vocab::Timestamp;

    use super::*;
    use crate::model::Route;

    #[test]
    fn executions_are_shared_by_weight() {
        let at = Timestamp::from_epoch_millis(0);
        for (weights, expect) in [([100, 0], 0), ([0, 100], 1000), ([75, 25], 250)] {
            let routing = vec![
                Route {
                    version: 1,
                    weight: weights[0],
                },
                Route {
                    version: 2,
                    weight: weights[1],
                },
            ];
            let (name, description) = (Arc::from("a"), None);
            let alias = Alias {
                name,
                description,
                routing,
                created_at: at,
                updated_at: at,
            };
            let chance = Entropy::from_seed(1);
            let second = (0..1000)
                .filter(|_| route(&alias, &chance) == Some(2))
                .count();
            assert!(second.abs_diff(expect) < 50, "{weights:?}: {second}");
        }
    }
}
