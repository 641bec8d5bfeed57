//! Putting and deleting parameters.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::parameter::{Parameter, Version};
use crate::request::{Answer, Request, nothing};
use crate::{faults, name};

/// Versions that are kept. Source: Systems Manager quotas.
const VERSIONS_MAX: usize = 100;
/// Characters of a value. Source: Systems Manager quotas.
const STANDARD_MAX: usize = 4096;
const ADVANCED_MAX: usize = 8192;

/// `PutParameter`
pub(crate) fn put(request: &Request<'_>) -> Answer {
    let given = request.given;
    let name = request.required("Name")?;
    name::check(name)?;
    let value = request.required("Value")?;
    let change = request.service.records.change();
    let old = request.find(name)?;
    if old.is_some() && !given.flag("Overwrite") {
        return Err(faults::exists());
    }
    if old.is_some() && !given.list("Tags").is_empty() {
        return Err(faults::validation(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
        ));
    }
    let mut parameter = old.unwrap_or_else(|| Parameter {
        name: name.to_owned(),
        tags: given.tags("Tags"),
        versions: Vec::new(),
    });
    let version = version(request, &parameter, value)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Version", version.number)
        .insert("Tier", version.tier.as_str());
    parameter.versions.push(version);
    if parameter.versions.len() > VERSIONS_MAX {
        if parameter
            .versions
            .first()
            .is_some_and(|oldest| !oldest.labels.is_empty())
        {
            return Err(faults::versions_labelled(name));
        }
        parameter.versions.remove(0);
    }
    request.keep(&change, &parameter)?;
    Ok(Json::from(answer.build()))
}

fn version(request: &Request<'_>, parameter: &Parameter, value: &str) -> Result<Version, Fault> {
    let given = request.given;
    let latest = parameter.latest();
    let kind = given
        .text("Type")
        .or_else(|| latest.map(|version| version.kind.as_str()))
        .ok_or_else(|| {
            faults::validation("A parameter type is required when you create a parameter.")
        })?;
    if !["String", "StringList", "SecureString"].contains(&kind) {
        return Err(faults::unsupported_type());
    }
    if let Some(latest) = latest.filter(|latest| latest.kind != kind) {
        return Err(faults::hierarchy_type(&latest.kind, kind));
    }
    let text = |member: &str| given.text(member).map(str::to_owned);
    let wanted = given
        .text("Tier")
        .or_else(|| latest.map(|version| version.tier.as_str()))
        .unwrap_or("Standard");
    let policies = text("Policies").filter(|policies| policies != "[{}]" && !policies.is_empty());
    Ok(Version {
        number: latest.map_or(1, |version| version.number.saturating_add(1)),
        kind: kind.to_owned(),
        value: value.to_owned(),
        description: text("Description"),
        key_id: (kind == "SecureString")
            .then(|| text("KeyId").unwrap_or_else(|| "alias/aws/ssm".to_owned())),
        pattern: text("AllowedPattern"),
        tier: tier(wanted, value, policies.is_some())?,
        policies,
        data_type: text("DataType").unwrap_or_else(|| "text".to_owned()),
        changed_at: request.service.clock.now().epoch_millis(),
        user: format!("arn:aws:iam::{}:root", given.account()),
        labels: Vec::new(),
    })
}

/// The tier that a value of this size gets.
fn tier(wanted: &str, value: &str, policies: bool) -> Result<String, Fault> {
    let characters = value.chars().count();
    let needs_advanced = characters > STANDARD_MAX || policies;
    let tier = match wanted {
        "Intelligent-Tiering" if needs_advanced => "Advanced",
        "Intelligent-Tiering" => "Standard",
        other => other,
    };
    let max = if tier == "Advanced" {
        ADVANCED_MAX
    } else {
        STANDARD_MAX
    };
    if characters <= max {
        return Ok(tier.to_owned());
    }
    let hint = if tier == "Advanced" {
        ""
    } else {
        " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
    };
    Err(faults::validation(format!(
        "{tier} tier parameters support a maximum parameter value of {max} characters.{hint}"
    )))
}

/// `DeleteParameter`
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let change = request.service.records.change();
    let parameter = request.existing(request.required("Name")?)?;
    request.forget(&change, &parameter.name)?;
    Ok(nothing())
}

/// `DeleteParameters`
pub(crate) fn delete_many(request: &Request<'_>) -> Answer {
    let change = request.service.records.change();
    let (mut deleted, mut invalid) = (Vec::new(), Vec::new());
    for given in crate::read::names(request)? {
        match request.find(given)? {
            Some(parameter) => {
                request.forget(&change, &parameter.name)?;
                deleted.push(Json::from(given));
            }
            None => invalid.push(Json::from(given)),
        }
    }
    let mut answer = ObjectBuilder::new();
    answer
        .insert("DeletedParameters", deleted)
        .insert("InvalidParameters", invalid);
    Ok(Json::from(answer.build()))
}
