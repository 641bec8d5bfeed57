//! A type of resource: how one is made, changed and removed.

use std::fmt;
use std::sync::Arc;

use passo_json::{Json, Object};
use passo_service::BoxFuture;
use passo_template::{Deployment, Made};

use super::files::Files;
use crate::aws::{Api, CallError};
use crate::problem::Problem;

/// What making or changing a resource gives.
pub(super) type Making<'a> = BoxFuture<'a, Result<Made, CallError>>;
/// What removing a resource gives.
pub(super) type Removing<'a> = BoxFuture<'a, Result<(), CallError>>;

/// A type of resource of CloudFormation.
pub(super) trait Kind: Send + Sync {
    /// Its name, such as `AWS::SQS::Queue`.
    fn resource_type(&self) -> &'static str;

    /// Its name for people.
    fn label(&self) -> &'static str;

    /// The property that names a resource. Without it, the resource is called as in the template.
    fn name_property(&self) -> Option<&'static str> {
        None
    }

    /// The name of a resource that the template does not name.
    fn default_name(&self, want: &Want<'_>) -> String {
        want.logical_id.to_owned()
    }

    /// Whether a change of this property means that the resource is replaced.
    /// Source: "Update requires" of each property in CloudFormation's reference.
    fn is_replaced_by(&self, property: &str) -> bool;

    /// Reads the files that the properties name, and puts what they hold into `want`.
    ///
    /// # Errors
    /// When they cannot be read or used.
    fn prepare(&self, want: &mut Want<'_>) -> Result<(), Problem> {
        let _ = want;
        Ok(())
    }

    /// What a resource will be, as far as that is known before it is made.
    fn expected(&self, want: &Want<'_>) -> Made;

    /// Makes it.
    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a>;

    /// Changes one into what is wanted. What uses it meanwhile sees the old or the new one.
    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a>;

    /// Removes one.
    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a>;
}

/// A resource as the template wants it.
pub(super) struct Want<'a> {
    /// Its name in the template.
    pub(super) logical_id: &'a str,
    /// Its properties, resolved.
    pub(super) properties: Object,
    /// The property that names it.
    pub(super) name_property: Option<&'static str>,
    /// Its name where no property names it.
    pub(super) default_name: String,
    /// What its files hold.
    pub(super) content: Option<Arc<[u8]>>,
    /// Where it is deployed to.
    pub(super) place: &'a Deployment,
    /// The files of the project.
    pub(super) files: &'a Files,
}

impl fmt::Debug for Want<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.logical_id)
    }
}

impl Want<'_> {
    /// A property.
    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        self.properties.get(name).filter(|value| !value.is_null())
    }

    /// A property that is a text; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Json::as_str).unwrap_or_default()
    }

    /// A scalar property as a text.
    pub(super) fn scalar(&self, name: &str) -> Option<String> {
        self.get(name).and_then(scalar)
    }

    /// Its name: what the property says, or its name in the template.
    pub(super) fn name(&self) -> &str {
        let named = self.name_property.map(|property| self.text(property));
        match named.filter(|name| !name.is_empty()) {
            Some(name) => name,
            None => &self.default_name,
        }
    }

    /// The items of a list property.
    pub(super) fn items(&self, name: &str) -> Vec<Json> {
        match self.get(name) {
            Some(Json::Array(items)) => items.iter().cloned().collect(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        }
    }

    /// Its properties without some, and with its name.
    pub(super) fn parameters(&self, without: &[&str]) -> Object {
        let mut properties = self.properties.clone();
        for name in without {
            properties = properties.without(name);
        }
        match self.name_property {
            Some(property) => properties.with(property, self.name()),
            None => properties,
        }
    }
}

/// A scalar as a text, as APIs take attributes.
pub(super) fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.to_string()),
        Json::Bool(_) | Json::Number(_) | Json::Object(_) | Json::Array(_) => Some(value.to_text()),
        Json::Null => None,
    }
}

/// Does not mind that what was to be removed is not there.
pub(super) fn gone(outcome: Result<Json, CallError>) -> Result<(), CallError> {
    match outcome {
        Err(error) if !error.is_not_found() => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}
