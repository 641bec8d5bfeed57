//! What secrets there are.

use passo_json::{Json, ObjectBuilder};
use passo_records::page;
use passo_service::Fault;

use crate::faults;
use crate::reference::{Request, head};
use crate::secret::{Secret, seconds};

type Answer = Result<Json, Fault>;

/// `DescribeSecret`
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let secret = request.any()?;
    let mut answer = described(&secret);
    answer.insert("VersionIdsToStages", secret.stages_shown());
    Ok(Json::from(answer.build()))
}

/// `ListSecrets`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let parameters = request.parameters;
    let mut secrets = filtered(request)?;
    if !parameters.flag("IncludePlannedDeletion") {
        secrets.retain(|secret| secret.deleted_at.is_none());
    }
    let (secrets, next) = page(
        secrets,
        |secret| &secret.name,
        parameters.text("NextToken"),
        limit(request),
    );
    let shown = secrets.iter().map(|secret| {
        let mut entry = described(secret);
        entry.insert("SecretVersionsToStages", secret.stages_shown());
        Json::from(entry.build())
    });
    let mut answer = ObjectBuilder::new();
    answer
        .insert("SecretList", shown.collect::<Vec<_>>())
        .insert_some("NextToken", next);
    Ok(Json::from(answer.build()))
}

/// `ListSecretVersionIds`
pub(crate) fn list_versions(request: &Request<'_>) -> Answer {
    let secret = request.any()?;
    let all = request.parameters.flag("IncludeDeprecated");
    let versions = secret.versions.iter();
    let shown = versions
        .filter(|version| all || !version.stages.is_empty())
        .map(|version| {
            let mut entry = ObjectBuilder::new();
            entry
                .insert("VersionId", version.id.as_str())
                .insert("VersionStages", version.stages_shown())
                .insert("CreatedDate", seconds(version.created_at));
            Json::from(entry.build())
        });
    let mut answer = head(&secret);
    answer.insert("Versions", shown.collect::<Vec<_>>());
    Ok(Json::from(answer.build()))
}

/// `TagResource`
pub(crate) fn tag(request: &Request<'_>) -> Answer {
    request.changed(|secret| {
        secret.tags.extend(request.parameters.tags("Tags"));
        Ok(())
    })?;
    Ok(Json::from(ObjectBuilder::new().build()))
}

/// `UntagResource`
pub(crate) fn untag(request: &Request<'_>) -> Answer {
    request.changed(|secret| {
        for key in request.parameters.texts("TagKeys") {
            secret.tags.remove(key);
        }
        Ok(())
    })?;
    Ok(Json::from(ObjectBuilder::new().build()))
}

/// The caller's secrets that pass `Filters`.
pub(crate) fn filtered(request: &Request<'_>) -> Result<Vec<Secret>, Fault> {
    let mut secrets = request.all()?;
    for filter in request.parameters.list("Filters") {
        let key = filter.get("Key").and_then(Json::as_str).unwrap_or_default();
        let values = filter.get("Values").and_then(Json::as_array);
        let values: Vec<&str> = values
            .into_iter()
            .flat_map(|values| values.iter())
            .filter_map(Json::as_str)
            .collect();
        check_filter(key)?;
        secrets.retain(|secret| {
            let (wanted, excluded): (Vec<&str>, Vec<&str>) =
                values.iter().partition(|value| !value.starts_with('!'));
            let any = |values: &[&str]| {
                values
                    .iter()
                    .any(|value| passes(secret, key, value.trim_start_matches('!')))
            };
            (wanted.is_empty() || any(&wanted)) && !any(&excluded)
        });
    }
    Ok(secrets)
}

fn check_filter(key: &str) -> Result<(), Fault> {
    const KEYS: &[&str] = &[
        "description",
        "name",
        "tag-key",
        "tag-value",
        "primary-region",
        "owning-service",
        "all",
    ];
    if KEYS.contains(&key) {
        return Ok(());
    }
    Err(faults::validation(format!(
        "1 validation error detected: Value '{key}' at 'filters.1.member.key' failed to satisfy constraint: Member must satisfy enum value set: [all, name, tag-key, description, tag-value, primary-region, owning-service]"
    )))
}

/// Names and tags are matched by their beginning, descriptions by words.
fn passes(secret: &Secret, key: &str, value: &str) -> bool {
    let lower = value.to_lowercase();
    let described = || {
        let text = secret
            .description
            .as_deref()
            .unwrap_or_default()
            .to_lowercase();
        lower.split_whitespace().all(|word| text.contains(word))
    };
    let named = || secret.name.starts_with(value);
    let tag_key = || secret.tags.keys().any(|key| key.starts_with(value));
    let tag_value = || secret.tags.values().any(|one| one.starts_with(value));
    match key {
        "name" => named(),
        "description" => described(),
        "tag-key" => tag_key(),
        "tag-value" => tag_value(),
        "all" => named() || described() || tag_key() || tag_value(),
        _ => false,
    }
}

fn described(secret: &Secret) -> ObjectBuilder {
    let mut answer = head(secret);
    answer
        .insert_some("Description", secret.description.as_deref())
        .insert_some("KmsKeyId", secret.kms_key_id.as_deref())
        .insert("LastChangedDate", seconds(secret.changed_at))
        .insert_some("DeletedDate", secret.deleted_at.map(seconds))
        .insert("Tags", secret.tags_shown())
        .insert("CreatedDate", seconds(secret.created_at));
    answer
}

fn limit(request: &Request<'_>) -> usize {
    let given = request.parameters.number("MaxResults");
    given
        .and_then(|given| usize::try_from(given).ok())
        .unwrap_or(100)
        .clamp(1, 100)
}
