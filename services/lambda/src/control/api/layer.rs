//! Layers: published, shown, deleted, and used by functions.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::super::faults;
use super::super::layers::{LayerName, LayerUse};
use super::super::request::Request;
use super::super::service::Lambda;
use super::super::source;

/// Layers of one function. Source: Lambda Developer Guide, "Lambda quotas".
const USED_MAX: usize = 5;
const NAME_BYTES_MAX: usize = 140;
/// Members of a version that are taken over as they are given.
const GIVEN: [&str; 4] = [
    "Description",
    "CompatibleRuntimes",
    "CompatibleArchitectures",
    "LicenseInfo",
];

type Answer = Result<Json, Fault>;

/// `PublishLayerVersion`
pub(in super::super) async fn publish(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let layer = layer(request)?;
    let content = request.get("Content");
    let content = content
        .ok_or_else(|| faults::invalid("Please provide a source for the content of a layer."))?;
    let archive = source::archive(lambda, request, content).await?;
    let code = lambda.code.put(&archive)?;
    let row = lambda.layers.publish(&layer, |version| {
        let mut row = ObjectBuilder::new();
        row.insert("LayerArn", layer.arn())
            .insert("LayerVersionArn", format!("{}:{version}", layer.arn()))
            .insert("Version", i64::try_from(version).unwrap_or(i64::MAX))
            .insert("CreatedDate", super::super::configuration::moment())
            .insert("CodeSha256", code.sha256)
            .insert("CodeSize", i64::try_from(code.bytes).unwrap_or(i64::MAX));
        for member in GIVEN {
            row.insert_some(member, request.get(member).cloned());
        }
        row.build()
    })?;
    Ok(whole(&row))
}

/// `GetLayerVersion`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let (layer, version) = version(request)?;
    Ok(whole(&find(lambda, &layer, version)?))
}

/// `GetLayerVersionByArn`
pub(in super::super) fn get_by_arn(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let arn = request.required("Arn")?;
    let Some((layer, Some(version))) = LayerName::parse(arn) else {
        return Err(faults::constraint(
            arn,
            "arn",
            "Member must be the ARN of a layer version",
        ));
    };
    Ok(whole(&find(lambda, &layer, version)?))
}

/// `ListLayerVersions`
pub(in super::super) fn list_versions(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let versions = lambda.layers.versions(&layer(request)?)?;
    let versions = versions.iter().filter(|row| compatible(row, request));
    let items = versions.map(|row| {
        // The last version comes first: places count down.
        let number = row.get("Version").and_then(Json::as_i64).unwrap_or(0);
        let place = i64::MAX.saturating_sub(number);
        (format!("{place:020}"), listed(row))
    });
    let (page, marker) = request.page(items.collect());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("LayerVersions", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

/// `ListLayers`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let caller = &request.call.caller;
    let (account, region) = (caller.account.as_str(), caller.region.as_str());
    let last = lambda
        .layers
        .last(account, region, |row| compatible(row, request))?;
    let items = last.into_iter().map(|(layer, row)| {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("LayerName", layer.name.as_str())
            .insert("LayerArn", layer.arn())
            .insert("LatestMatchingVersion", listed(&row));
        (layer.name, Json::from(shown.build()))
    });
    let (page, marker) = request.page(items.collect());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Layers", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

/// `DeleteLayerVersion`: one that is not there is gone, too.
pub(in super::super) fn delete(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let (layer, version) = version(request)?;
    lambda.layers.remove(&layer, version)?;
    Ok(Json::from(Object::default()))
}

/// The layers that a request gives a function; `None` where it says nothing of them.
pub(super) fn used(lambda: &Lambda, request: &Request<'_>) -> Result<Option<Vec<LayerUse>>, Fault> {
    let Some(given) = request.get("Layers").and_then(Json::as_array) else {
        return Ok(None);
    };
    if given.len() > USED_MAX {
        return Err(faults::invalid(format!(
            "Cannot reference more than {USED_MAX} layers."
        )));
    }
    let mut used: Vec<LayerUse> = Vec::new();
    let mut names: Vec<LayerName> = Vec::new();
    for arn in given.iter().filter_map(Json::as_str) {
        let missing = || faults::invalid(format!("Layer version {arn} does not exist."));
        let Some((layer, Some(version))) = LayerName::parse(arn) else {
            return Err(faults::constraint(
                arn,
                "layers",
                "Member must be the ARN of a layer version",
            ));
        };
        if names.contains(&layer) {
            return Err(faults::invalid(
                "Two different versions of the same layer are not allowed to be referenced in the same function.",
            ));
        }
        let row = lambda.layers.find(&layer, version)?.ok_or_else(missing)?;
        let sha256 = row.get("CodeSha256").and_then(Json::as_str);
        used.push(LayerUse {
            arn: arn.to_owned(),
            sha256: sha256.ok_or_else(missing)?.to_owned(),
            bytes: row.get("CodeSize").and_then(Json::as_i64).unwrap_or(0),
        });
        names.push(layer);
    }
    Ok(Some(used))
}

/// The layer that `LayerName` names, by name or ARN.
pub(super) fn layer(request: &Request<'_>) -> Result<LayerName, Fault> {
    let given = request.required("LayerName")?;
    if let Some((layer, None)) = LayerName::parse(given) {
        return Ok(layer);
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if given.is_empty() || given.len() > NAME_BYTES_MAX || !given.chars().all(legal) {
        return Err(faults::constraint(
            given,
            "layerName",
            "Member must satisfy regular expression pattern: (arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+",
        ));
    }
    let caller = &request.call.caller;
    Ok(LayerName {
        account: caller.account.to_string(),
        region: caller.region.to_string(),
        name: given.to_owned(),
    })
}

/// The version that `LayerName` and `VersionNumber` name.
pub(super) fn version(request: &Request<'_>) -> Result<(LayerName, u64), Fault> {
    let layer = layer(request)?;
    let given = request.get("VersionNumber").and_then(Json::as_i64);
    let version = given
        .and_then(|version| u64::try_from(version).ok())
        .filter(|version| *version > 0);
    let version = version.ok_or_else(|| faults::invalid("Layer Version Cannot be less than 1."))?;
    Ok((layer, version))
}

pub(super) fn find(lambda: &Lambda, layer: &LayerName, version: u64) -> Result<Object, Fault> {
    lambda
        .layers
        .find(layer, version)?
        .ok_or_else(|| faults::missing("The resource you requested does not exist."))
}

/// Whether a version says that it is for the runtime and the architecture that are asked for.
fn compatible(row: &Object, request: &Request<'_>) -> bool {
    let pairs = [
        ("CompatibleRuntime", "CompatibleRuntimes"),
        ("CompatibleArchitecture", "CompatibleArchitectures"),
    ];
    pairs.into_iter().all(|(asked, has)| {
        let Some(wanted) = request.text(asked) else {
            return true;
        };
        let has = row.get(has).and_then(Json::as_array);
        has.is_some_and(|has| has.iter().any(|one| one.as_str() == Some(wanted)))
    })
}

fn whole(row: &Object) -> Json {
    let mut content = ObjectBuilder::new();
    content
        .insert_some("CodeSha256", row.get("CodeSha256").cloned())
        .insert_some("CodeSize", row.get("CodeSize").cloned());
    let shown = row.clone().with("Content", content.build());
    Json::from(without(&shown, &["CodeSha256", "CodeSize", "Statements"]))
}

fn listed(row: &Object) -> Json {
    let hidden = ["LayerArn", "CodeSha256", "CodeSize", "Statements"];
    Json::from(without(row, &hidden))
}

fn without(row: &Object, hidden: &[&str]) -> Object {
    row.iter()
        .filter(|(member, _)| !hidden.contains(&&***member))
        .map(|(member, value)| (member.clone(), value.clone()))
        .collect()
}
