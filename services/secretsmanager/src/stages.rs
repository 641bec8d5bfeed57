//! Moving staging labels.

use passo_json::Json;
use passo_service::Fault;

use crate::faults;
use crate::reference::{Request, only_head};

/// `UpdateSecretVersionStage`
pub(crate) fn update(request: &Request<'_>) -> Result<Json, Fault> {
    let parameters = request.parameters;
    let stage = parameters
        .required("VersionStage")
        .map_err(|missing| faults::missing(&missing))?;
    let (to, from) = (
        parameters.text("MoveToVersionId"),
        parameters.text("RemoveFromVersionId"),
    );
    let secret = request.changed(|secret| {
        for id in [to, from].into_iter().flatten() {
            secret.version(id).ok_or_else(|| faults::no_version(id))?;
        }
        let holder = secret.at_stage(stage).map(|version| version.id.clone());
        // Taking a label away from a version has to be said, unless nobody has it.
        if holder.is_some() && holder.as_deref() != from && holder.as_deref() != to {
            return Err(faults::invalid_parameter(format!(
                "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version {}, so you must explicitly reference that version in RemoveFromVersionId.",
                holder.unwrap_or_default()
            )));
        }
        match to {
            Some(to) => secret.move_stage(stage, to),
            None => {
                for version in &mut secret.versions {
                    if from == Some(&*version.id) {
                        version.stages.remove(stage);
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(only_head(&secret))
}
