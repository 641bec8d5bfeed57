//! `Parameters`: what a template is told when it is deployed.
//!
//! Source: CloudFormation user guide, "Parameters".

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::source::{Mapping, Node, Span};
use passo_json::Json;

use crate::intrinsic::scalar_text;
use crate::{Deployment, TemplateError};

/// What the type of a parameter begins with whose value is the name of a stored parameter.
const STORED: &str = "AWS::SSM::Parameter::Value<";

/// The value of each parameter of the template.
pub(crate) fn read(
    root: &Node,
    deployment: &Deployment,
    errors: &mut Vec<TemplateError>,
) -> BTreeMap<Arc<str>, Json> {
    let mut values = BTreeMap::new();
    let declared = root.get("Parameters").and_then(Node::as_object);
    for name in deployment.parameters.keys() {
        if declared.is_none_or(|declared| declared.get(name).is_none()) {
            let message = format!("the template has no parameter `{name}`");
            errors.push(TemplateError::over(Span::new(0, 0), message));
        }
    }
    for entry in declared.into_iter().flat_map(Mapping::iter) {
        let name = &entry.key.text;
        let Some(value) = given(name, &entry.value, deployment) else {
            let message = format!("the parameter `{name}` has no default and was given no value");
            errors.push(TemplateError::over(entry.key.span, message));
            continue;
        };
        if let Some(text) = scalar_text(&value)
            && let Err(message) = check(name, &text, &entry.value)
        {
            errors.push(TemplateError::over(entry.key.span, message));
            continue;
        }
        values.insert(Arc::clone(name), typed(value, &entry.value, deployment));
    }
    values
}

/// The names of stored parameters that the template's parameters name.
pub(crate) fn stored(root: &Node, deployment: &Deployment) -> Vec<Arc<str>> {
    let declared = root.get("Parameters").and_then(Node::as_object);
    let stored = declared.into_iter().flat_map(Mapping::iter);
    stored
        .filter(|entry| kind_of(&entry.value).starts_with(STORED))
        .filter_map(|entry| given(&entry.key.text, &entry.value, deployment))
        .filter_map(|value| scalar_text(&value).map(Arc::from))
        .collect()
}

fn given(name: &str, declaration: &Node, deployment: &Deployment) -> Option<Json> {
    let given = deployment.parameters.get(name);
    let default = || declaration.get("Default").map(Node::to_json);
    given.map(|value| Json::from(&**value)).or_else(default)
}

fn kind_of(declaration: &Node) -> &str {
    let kind = declaration.get("Type").and_then(Node::as_str);
    kind.unwrap_or_default()
}

/// A list parameter is written as one text with commas; every other parameter is a text.
fn typed(value: Json, declaration: &Node, deployment: &Deployment) -> Json {
    let Some(text) = scalar_text(&value) else {
        return value;
    };
    let mut kind = kind_of(declaration);
    let mut text = text.as_str();
    if let Some(inner) = kind.strip_prefix(STORED) {
        kind = inner.strip_suffix('>').unwrap_or(inner);
        text = deployment.stored.get(text).map_or(text, |stored| stored);
    }
    if kind == "CommaDelimitedList" || kind.starts_with("List<") {
        let items = text.split(',').map(|item| Json::from(item.trim()));
        return Json::from(items.collect::<Vec<_>>());
    }
    Json::from(text)
}

/// The constraints of a parameter, in CloudFormation's words.
fn check(name: &str, text: &str, declaration: &Node) -> Result<(), String> {
    let number_of = |member: &str| {
        let text = scalar_text(&declaration.get(member)?.to_json());
        text?.parse::<f64>().ok()
    };
    if kind_of(declaration) == "Number" {
        let Ok(number) = text.parse::<f64>() else {
            return Err(format!("the parameter `{name}` must be a number"));
        };
        let too_small = number_of("MinValue").is_some_and(|least| number < least);
        let too_large = number_of("MaxValue").is_some_and(|most| number > most);
        if too_small || too_large {
            return Err(format!(
                "the parameter `{name}` must be within its MinValue and MaxValue"
            ));
        }
    }
    let length = f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
    let too_short = number_of("MinLength").is_some_and(|least| length < least);
    let too_long = number_of("MaxLength").is_some_and(|most| length > most);
    if too_short || too_long {
        return Err(format!(
            "the length of the parameter `{name}` must be within its MinLength and MaxLength"
        ));
    }
    let Some(allowed) = declaration.get("AllowedValues").and_then(Node::as_array) else {
        return Ok(());
    };
    let mut allowed = allowed.iter().map(|node| scalar_text(&node.to_json()));
    let is_list = kind_of(declaration) == "CommaDelimitedList";
    if is_list || allowed.any(|value| value.as_deref() == Some(text)) {
        return Ok(());
    }
    Err(format!(
        "the parameter `{name}` must be one of its AllowedValues"
    ))
}
