//! Revisions and versions: what creating, updating and publishing share.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_asl::{WorkflowType, invalid_definition_message};
use passo_service::Fault;
use passo_vocab::Timestamp;

use crate::faults;
use crate::model::{Creation, Owned, Revision, StateMachine, Version};
use crate::quotas::{REVISION_MILLIS_MAX, VERSIONS_MAX};
use crate::service::StepFunctions;
use crate::tables::{Changes, View};

/// Revisions forgotten with one update.
const PRUNED_MAX: usize = 10;

/// Checks a definition.
///
/// # Errors
/// `InvalidDefinition` with everything that is wrong.
pub(crate) fn check_definition(
    service: &StepFunctions,
    definition: &str,
    workflow_type: WorkflowType,
) -> Result<(), Fault> {
    match service.definitions.check(definition, workflow_type) {
        Ok(_) => Ok(()),
        Err(findings) => {
            let message = invalid_definition_message(&findings, definition);
            Err(faults::invalid_definition(message))
        }
    }
}

/// Checks that a version is only described where one is published.
///
/// # Errors
/// `ValidationException`
pub(crate) fn check_description(creation: &Creation) -> Result<(), Fault> {
    if creation.version_description.is_some() && !creation.publish {
        return Err(faults::validation(
            "Version description can only be set when publish is true",
        ));
    }
    Ok(())
}

/// The number of the last revision that was ever made under this name; 0 where there is none.
pub(crate) fn last_revision(view: &View, owned: &Owned) -> Result<u64, Fault> {
    let mut last = 0;
    view.revisions(owned, &mut |revision| {
        last = revision.number;
        ControlFlow::Break(())
    })?;
    Ok(last)
}

/// Forgets the oldest revisions that nobody can ask for any more: no version is of them, and no execution that ran them is
/// kept.
pub(crate) fn prune(
    view: &View,
    changes: &mut Changes,
    owned: &Owned,
    now: Timestamp,
) -> Result<(), Fault> {
    let mut stale: Vec<u64> = Vec::new();
    let mut last: Option<u64> = None;
    view.oldest_revisions(owned, &mut |revision| {
        // A revision is used until the next one is made.
        if now.millis_since(revision.updated_at) <= REVISION_MILLIS_MAX {
            return ControlFlow::Break(());
        }
        stale.extend(last.replace(revision.number));
        if stale.len() < PRUNED_MAX {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    if stale.is_empty() {
        return Ok(());
    }
    view.versions(owned, None, &mut |version| {
        stale.retain(|number| *number != version.revision);
        ControlFlow::Continue(())
    })?;
    for number in stale {
        changes.delete_revision(owned, number);
    }
    Ok(())
}

/// The version that was published of a revision.
pub(crate) fn of_revision(
    view: &View,
    owned: &Owned,
    revision: u64,
) -> Result<Option<Version>, Fault> {
    let mut found = None;
    view.versions(owned, None, &mut |version| {
        // Later versions are of later revisions.
        let is_older = version.revision < revision;
        if version.revision == revision {
            found = Some(version);
            return ControlFlow::Break(());
        }
        if is_older {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    Ok(found)
}

/// What a version gets beside its revision.
pub(crate) struct Publication {
    pub(crate) description: Option<Arc<str>>,
    pub(crate) at: Timestamp,
}

/// Publishes a revision; the version that it already has is given again. `machine` is to be stored by the caller.
///
/// # Errors
/// `ServiceQuotaExceededException`
pub(crate) fn publish(
    view: &View,
    changes: &mut Changes,
    owned: &Owned,
    machine: &mut StateMachine,
    revision: &Revision,
    publication: Publication,
) -> Result<Version, Fault> {
    if let Some(version) = of_revision(view, owned, revision.number)? {
        return Ok(version);
    }
    let mut count = 0;
    view.versions(owned, None, &mut |_| {
        count += 1;
        ControlFlow::Continue(())
    })?;
    if count >= VERSIONS_MAX {
        return Err(faults::quota_exceeded(format!(
            "The state machine has the maximum number of versions: {VERSIONS_MAX}"
        )));
    }
    let version = Version {
        number: machine.next_version,
        revision: revision.number,
        description: publication.description,
        created_at: publication.at,
    };
    machine.next_version += 1;
    changes.put_version(owned, &version);
    Ok(version)
}
