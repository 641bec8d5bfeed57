//! Labels of versions: a label is on one version of a parameter at most.

use passo_json::{Json, ObjectBuilder};

use crate::faults;
use crate::history::numbered;
use crate::request::{Answer, Request};

/// Labels of one version.
const LABELS_MAX: usize = 10;

/// `LabelParameterVersion`
pub(crate) fn label(request: &Request<'_>) -> Answer {
    let change = request.service.records.change();
    let mut parameter = request.existing(request.required("Name")?)?;
    let number = numbered(request, &parameter)?;
    let (good, bad): (Vec<&str>, Vec<&str>) = request
        .given
        .texts("Labels")
        .into_iter()
        .partition(|label| legal(label));
    for version in &mut parameter.versions {
        version
            .labels
            .retain(|label| !good.contains(&label.as_str()));
        if version.number == number {
            version
                .labels
                .extend(good.iter().map(|label| (*label).to_owned()));
            if version.labels.len() > LABELS_MAX {
                return Err(faults::too_many_labels());
            }
        }
    }
    request.keep(&change, &parameter)?;
    let invalid: Vec<Json> = bad.into_iter().map(Json::from).collect();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("InvalidLabels", invalid)
        .insert("ParameterVersion", number);
    Ok(Json::from(answer.build()))
}

/// `UnlabelParameterVersion`
pub(crate) fn unlabel(request: &Request<'_>) -> Answer {
    let change = request.service.records.change();
    let mut parameter = request.existing(request.required("Name")?)?;
    let number = numbered(request, &parameter)?;
    let (mut removed, mut invalid) = (Vec::new(), Vec::new());
    let version = parameter
        .versions
        .iter_mut()
        .find(|one| one.number == number);
    if let Some(version) = version {
        for label in request.given.texts("Labels") {
            let known = version.labels.iter().position(|one| one == label);
            match known {
                Some(at) => {
                    version.labels.remove(at);
                    removed.push(Json::from(label));
                }
                None => invalid.push(Json::from(label)),
            }
        }
    }
    request.keep(&change, &parameter)?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("RemovedLabels", removed)
        .insert("InvalidLabels", invalid);
    Ok(Json::from(answer.build()))
}

/// Source: User Guide, "Working with parameter labels".
fn legal(label: &str) -> bool {
    let characters = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    let lower = label.to_ascii_lowercase();
    (1..=100).contains(&label.len())
        && label.chars().all(characters)
        && !label.starts_with(|c: char| c.is_ascii_digit())
        && !lower.starts_with("aws")
        && !lower.starts_with("ssm")
}
