//! Making secrets, and reading and writing their values.

use std::collections::BTreeSet;

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::reference::{Request, head};
use crate::secret::{CURRENT, Secret, Version, seconds};
use crate::{SecretsManager, faults};

type Answer = Result<Json, Fault>;

/// Bytes of a value. Source: Secrets Manager quotas.
const VALUE_BYTES_MAX: usize = 65_536;

/// `CreateSecret`
pub(crate) fn create(request: &Request<'_>) -> Answer {
    let parameters = request.parameters;
    let name = parameters
        .required("Name")
        .map_err(|missing| faults::missing(&missing))?;
    check_name(name)?;
    let value = value(request)?;
    let change = request.service.records.change();
    if let Some(old) = request.find(name)? {
        return repeated(&old, &value, request);
    }
    let now = request.now();
    let suffix = request.service.letters(6);
    let mut secret = Secret {
        name: name.to_owned(),
        arn: format!(
            "arn:aws:secretsmanager:{}:{}:secret:{name}-{suffix}",
            parameters.region(),
            parameters.account()
        ),
        description: parameters.text("Description").map(str::to_owned),
        kms_key_id: parameters.text("KmsKeyId").map(str::to_owned),
        tags: parameters.tags("Tags"),
        created_at: now,
        changed_at: now,
        ..Secret::default()
    };
    let mut answer = head(&secret);
    if value.is_some() {
        let version = new_version(request, value);
        answer.insert("VersionId", version.id.as_str());
        let id = version.id.clone();
        secret.versions.push(version);
        secret.move_stage(CURRENT, &id);
    }
    request.keep(&change, &secret)?;
    Ok(Json::from(answer.build()))
}

/// A repeated `CreateSecret` of the same value under the same token is the first one again.
fn repeated(old: &Secret, value: &Option<(String, String)>, request: &Request<'_>) -> Answer {
    if old.deleted_at.is_some() {
        return Err(faults::invalid_request(
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
        ));
    }
    let token = request.parameters.text("ClientRequestToken");
    let same = token.and_then(|id| old.version(id));
    match same.filter(|version| version.value == *value) {
        Some(version) => {
            let mut answer = head(old);
            answer.insert("VersionId", version.id.as_str());
            Ok(Json::from(answer.build()))
        }
        None => Err(faults::exists(format!(
            "The operation failed because the secret {} already exists.",
            old.name
        ))),
    }
}

/// `PutSecretValue`
pub(crate) fn put(request: &Request<'_>) -> Answer {
    let value = value(request)?.ok_or_else(|| {
        faults::invalid_request("You must provide either SecretString or SecretBinary.")
    })?;
    let stages = request.parameters.texts("VersionStages");
    let stages = if stages.is_empty() {
        vec![CURRENT]
    } else {
        stages
    };
    let mut id = String::new();
    let secret = request.changed(|secret| {
        id = add(request, secret, value)?;
        for stage in &stages {
            secret.move_stage(stage, &id);
        }
        secret.forget_old();
        Ok(())
    })?;
    let stages = secret.version(&id).map(Version::stages_shown);
    let mut answer = head(&secret);
    answer
        .insert("VersionId", id)
        .insert_some("VersionStages", stages);
    Ok(Json::from(answer.build()))
}

/// `UpdateSecret`
pub(crate) fn update(request: &Request<'_>) -> Answer {
    let value = value(request)?;
    let mut id = None;
    let secret = request.changed(|secret| {
        let text = |member: &str| request.parameters.text(member).map(str::to_owned);
        secret.description = text("Description").or_else(|| secret.description.take());
        secret.kms_key_id = text("KmsKeyId").or_else(|| secret.kms_key_id.take());
        if let Some(value) = value {
            let new = add(request, secret, value)?;
            secret.move_stage(CURRENT, &new);
            secret.forget_old();
            id = Some(new);
        }
        Ok(())
    })?;
    let mut answer = head(&secret);
    answer.insert_some("VersionId", id);
    Ok(Json::from(answer.build()))
}

/// `GetSecretValue`
pub(crate) fn get(request: &Request<'_>) -> Answer {
    let secret = request.living()?;
    let parameters = request.parameters;
    let stage = parameters.text("VersionStage");
    let version = match parameters.text("VersionId") {
        Some(id) => {
            let version = secret.version(id).ok_or_else(|| faults::no_version(id))?;
            if let Some(stage) = stage.filter(|stage| !version.stages.contains(*stage)) {
                return Err(faults::invalid_request(format!(
                    "You provided a VersionStage that is not associated to the provided VersionId: {stage}"
                )));
            }
            version
        }
        None => {
            let stage = stage.unwrap_or(CURRENT);
            secret
                .at_stage(stage)
                .ok_or_else(|| faults::no_stage(stage))?
        }
    };
    Ok(Json::from(shown(&secret, version).build()))
}

/// `BatchGetSecretValue`
pub(crate) fn get_batch(request: &Request<'_>) -> Answer {
    let ids = request.parameters.texts("SecretIdList");
    if ids.len() > 20 {
        return Err(faults::invalid_parameter(
            "You can't have more than 20 secrets in SecretIdList.",
        ));
    }
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    let secrets: Vec<(String, Result<Secret, Fault>)> = if ids.is_empty() {
        let wanted = crate::describe::filtered(request)?;
        wanted
            .into_iter()
            .map(|secret| (secret.arn.clone(), Ok(secret)))
            .collect()
    } else {
        ids.iter()
            .map(|id| ((*id).to_owned(), request.named(id)))
            .collect()
    };
    for (id, secret) in secrets {
        let found =
            secret.and_then(
                |secret| match (&secret.deleted_at, secret.at_stage(CURRENT)) {
                    (Some(_), _) => Err(faults::marked_for_deletion()),
                    (None, None) => Err(faults::no_stage(CURRENT)),
                    (None, Some(version)) => Ok(Json::from(shown(&secret, version).build())),
                },
            );
        match found {
            Ok(value) => values.push(value),
            Err(fault) => {
                let mut error = ObjectBuilder::new();
                error
                    .insert("SecretId", id)
                    .insert("ErrorCode", &*fault.code)
                    .insert("Message", fault.message);
                errors.push(Json::from(error.build()));
            }
        }
    }
    let mut answer = ObjectBuilder::new();
    answer
        .insert("SecretValues", values)
        .insert("Errors", errors);
    Ok(Json::from(answer.build()))
}

fn shown(secret: &Secret, version: &Version) -> ObjectBuilder {
    let mut answer = head(secret);
    answer.insert("VersionId", version.id.as_str());
    if let Some((kind, value)) = &version.value {
        answer.insert(kind.as_str(), value.as_str());
    }
    answer
        .insert("VersionStages", version.stages_shown())
        .insert("CreatedDate", seconds(version.created_at));
    answer
}

/// Adds a version, or finds the one that the same call has added before.
fn add(
    request: &Request<'_>,
    secret: &mut Secret,
    value: (String, String),
) -> Result<String, Fault> {
    let version = new_version(request, Some(value));
    if let Some(old) = secret.version(&version.id) {
        if old.value == version.value {
            return Ok(version.id);
        }
        return Err(faults::exists(format!(
            "You can't use ClientRequestToken {} because that value is already in use for a version of secret {}.",
            version.id, secret.arn
        )));
    }
    let id = version.id.clone();
    secret.versions.push(version);
    Ok(id)
}

fn new_version(request: &Request<'_>, value: Option<(String, String)>) -> Version {
    let token = request.parameters.text("ClientRequestToken");
    Version {
        id: token.map_or_else(|| request.service.uuid(), str::to_owned),
        value,
        created_at: request.now(),
        stages: BTreeSet::new(),
    }
}

fn value(request: &Request<'_>) -> Result<Option<(String, String)>, Fault> {
    let given = |member: &str| {
        let value = request.parameters.text(member)?;
        Some((member.to_owned(), value.to_owned()))
    };
    let value = match (given("SecretString"), given("SecretBinary")) {
        (Some(_), Some(_)) => {
            return Err(faults::invalid_parameter(
                "You can't specify both a binary secret value and a string secret value in the same secret.",
            ));
        }
        (text, binary) => text.or(binary),
    };
    // Base64 is a third longer than what it stands for.
    let too_long = value.as_ref().is_some_and(|(kind, value)| {
        let bytes = if kind == "SecretBinary" {
            value.len() / 4 * 3
        } else {
            value.len()
        };
        bytes > VALUE_BYTES_MAX
    });
    if too_long {
        return Err(faults::validation(format!(
            "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to {VALUE_BYTES_MAX}"
        )));
    }
    Ok(value)
}

fn check_name(name: &str) -> Result<(), Fault> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-/_+=.@!".contains(c);
    if (1..=512).contains(&name.len()) && name.chars().all(legal) {
        return Ok(());
    }
    Err(faults::validation(
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    ))
}

impl SecretsManager {
    /// Letters that nobody can guess.
    pub(crate) fn letters(&self, count: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let entropy = self.entropy();
        let bound = u64::try_from(LETTERS.len()).unwrap_or(1);
        let letter = || {
            let at = usize::try_from(entropy.below(bound)).unwrap_or(0);
            LETTERS.get(at).copied().map_or('A', char::from)
        };
        (0..count).map(|_| letter()).collect()
    }
}
