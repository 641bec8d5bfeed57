//! A template as a stack of resources to be made, in an order in which each can be.
//!
//! What SAM adds is expanded first, so a [`Stack`] has CloudFormation's resources only. Properties are resolved one
//! resource at a time, because what a reference gives is known once its resource has been made.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::source::{Format, Mapping, Node, SourceLimits, Span};
use passo_json::Json;

use crate::condition::{self, Conditions};
use crate::intrinsic::{Resolver, scalar_text};
use crate::needs;
use crate::references::{References, Values};
use crate::{Deployment, TemplateError, parameter, sam};

/// Templates are larger than definitions: CDK writes long ones. Source: CloudFormation's quota is 1 MB; assets are apart.
const BYTES_MAX: usize = 4 << 20;

/// A template, read for one deployment.
#[derive(Debug)]
pub struct Stack {
    deployment: Deployment,
    root: Node,
    parameters: BTreeMap<Arc<str>, Json>,
    conditions: Conditions,
    /// In an order in which they can be made.
    resources: Vec<StackResource>,
    aliases: BTreeMap<Arc<str>, Arc<str>>,
    /// What was asked for and is not done, with its place.
    left_out: Vec<TemplateError>,
}

/// A resource of a stack.
#[derive(Clone, Debug)]
pub struct StackResource {
    /// Its name in the template.
    pub logical_id: Arc<str>,
    /// Its type, such as `AWS::SQS::Queue`.
    pub resource_type: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// The resources that it refers to or depends on.
    pub needs: Vec<Arc<str>>,
    /// Whether it stays when it leaves the template.
    pub is_retained: bool,
    properties: Option<Node>,
}

/// An output of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub value: Arc<str>,
    /// The name that other stacks import it by.
    pub export: Option<Arc<str>>,
}

impl Stack {
    /// Reads a template as if it were deployed to `deployment`.
    ///
    /// # Errors
    /// Every fault found, in the order of the text: at least one.
    pub fn read(
        text: &str,
        format: Format,
        deployment: &Deployment,
    ) -> Result<Stack, Vec<TemplateError>> {
        let root = root_of(text, format)?;
        let mut errors = Vec::new();
        let expanded = sam::expand(&root, &mut errors);
        let parameters = parameter::read(&root, deployment, &mut errors);
        let nothing = Values::default();
        let no_conditions = Conditions::new();
        let resolver = Resolver {
            deployment,
            parameters: &parameters,
            references: &nothing,
            mappings: root.get("Mappings").and_then(Node::as_object),
            conditions: &no_conditions,
        };
        let mut conditions = Conditions::new();
        if errors.is_empty() {
            let section = root.get("Conditions").and_then(Node::as_object);
            match condition::read(section, &resolver) {
                Ok(found) => conditions = found,
                Err(error) => errors.push(error),
            }
        }
        let found = resources_of(&expanded.resources, &conditions, &mut errors);
        let ordered = needs::ordered(found, &expanded.aliases, &conditions);
        let resources = ordered.unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        });
        if !errors.is_empty() {
            errors.sort_by_key(|error| error.span);
            return Err(errors);
        }
        Ok(Stack {
            deployment: deployment.clone(),
            parameters,
            conditions,
            resources,
            aliases: expanded.aliases,
            left_out: expanded.left_out,
            root,
        })
    }

    /// The resources, in an order in which they can be made.
    pub fn resources(&self) -> &[StackResource] {
        &self.resources
    }

    /// Where it is deployed to.
    pub fn deployment(&self) -> &Deployment {
        &self.deployment
    }

    /// What the template asks for and is not done.
    pub fn left_out(&self) -> &[TemplateError] {
        &self.left_out
    }

    /// An empty table for what is made of the stack's resources.
    pub fn values(&self) -> Values {
        let types = self.resources.iter();
        let types = types.map(|one| (Arc::clone(&one.logical_id), Arc::clone(&one.resource_type)));
        Values::new(types.collect(), self.aliases.clone())
    }

    /// The properties of a resource, an object, with every reference resolved.
    ///
    /// # Errors
    /// When a reference is to nothing, or a function is not used as it must be.
    pub fn properties(
        &self,
        resource: &StackResource,
        values: &Values,
    ) -> Result<Json, TemplateError> {
        let Some(properties) = &resource.properties else {
            return Ok(Json::Object(passo_json::Object::default()));
        };
        let value = self.resolver(values).value(properties)?;
        match value {
            Some(value) if value.as_object().is_some() => Ok(value),
            Some(_) | None => Err(TemplateError::at(
                properties,
                "`Properties` must be an object",
            )),
        }
    }

    /// The outputs whose condition holds.
    ///
    /// # Errors
    /// When a reference is to nothing, or a value is no text.
    pub fn outputs(&self, values: &Values) -> Result<Vec<Output>, TemplateError> {
        let resolver = self.resolver(values);
        let section = self.root.get("Outputs").and_then(Node::as_object);
        let mut outputs = Vec::new();
        for entry in section.into_iter().flat_map(Mapping::iter) {
            let condition = entry.value.get("Condition").and_then(Node::as_str);
            let is_wanted = condition.is_none_or(|name| self.conditions.get(name) != Some(&false));
            let Some(value) = entry.value.get("Value").filter(|_| is_wanted) else {
                continue;
            };
            let export = entry.value.get("Export").and_then(|node| node.get("Name"));
            let value = resolver.value(value)?.unwrap_or(Json::Null);
            outputs.push(Output {
                name: Arc::clone(&entry.key.text),
                value: scalar_text(&value)
                    .unwrap_or_else(|| value.to_text())
                    .into(),
                export: match export {
                    Some(name) => Some(resolver.text(name)?.into()),
                    None => None,
                },
            });
        }
        Ok(outputs)
    }

    fn resolver<'a>(&'a self, values: &'a Values) -> Resolver<'a> {
        Resolver {
            deployment: &self.deployment,
            parameters: &self.parameters,
            references: values as &dyn References,
            mappings: self.root.get("Mappings").and_then(Node::as_object),
            conditions: &self.conditions,
        }
    }
}

/// The names of the stored parameters that a template wants to know the values of.
///
/// # Errors
/// When it is not a template.
pub fn stored_parameters(
    text: &str,
    format: Format,
    deployment: &Deployment,
) -> Result<Vec<Arc<str>>, Vec<TemplateError>> {
    let root = root_of(text, format)?;
    Ok(parameter::stored(&root, deployment))
}

fn root_of(text: &str, format: Format) -> Result<Node, Vec<TemplateError>> {
    let limits = SourceLimits {
        bytes: BYTES_MAX,
        ..SourceLimits::default()
    };
    let root = passo_asl::source::read(text, format, limits);
    let root = root.map_err(|error| vec![TemplateError::from(error)])?;
    match root.get("Resources").and_then(Node::as_object) {
        Some(_) => Ok(root),
        None => {
            let message = "a template needs an object `Resources`";
            Err(vec![TemplateError::over(Span::new(0, 0), message)])
        }
    }
}

fn resources_of(
    section: &[(Arc<str>, Node)],
    conditions: &Conditions,
    errors: &mut Vec<TemplateError>,
) -> Vec<StackResource> {
    let mut found = Vec::new();
    for (logical_id, node) in section {
        let Some(resource_type) = node.get("Type").and_then(Node::as_str) else {
            let message = format!("the resource `{logical_id}` has no `Type`");
            errors.push(TemplateError::at(node, message));
            continue;
        };
        let condition = node.get("Condition").and_then(Node::as_str);
        if condition.is_some_and(|name| conditions.get(name) == Some(&false)) {
            continue;
        }
        let policy = node.get("DeletionPolicy").and_then(Node::as_str);
        found.push(StackResource {
            logical_id: Arc::clone(logical_id),
            resource_type: resource_type.into(),
            span: node.span,
            needs: needs::depends_on(node),
            is_retained: matches!(policy, Some("Retain" | "RetainExceptOnCreate")),
            properties: node.get("Properties").cloned(),
        });
    }
    found
}

impl StackResource {
    /// Its properties as the template has them.
    pub(crate) fn written(&self) -> Option<&Node> {
        self.properties.as_ref()
    }
}
