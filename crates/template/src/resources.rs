//! The resources of a template as references see them: what `Ref` and `Fn::GetAtt` give.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::source::{Mapping, Node};
use passo_json::Json;

use crate::references::References;
use crate::{Deployment, TemplateError};

/// The types of resource that the crate reads, and the ones it can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResourceKind {
    ServerlessFunction,
    LambdaFunction,
    ServerlessStateMachine,
    StepFunctionsStateMachine,
    Role,
    /// Neither run nor needed by a run: permissions, logs, alarms.
    Harmless,
    Other,
}

/// A resource: its name, type and properties.
#[derive(Clone, Debug)]
pub(crate) struct Resource<'a> {
    pub(crate) logical_id: Arc<str>,
    pub(crate) resource_type: Arc<str>,
    pub(crate) kind: ResourceKind,
    /// The whole resource.
    pub(crate) node: &'a Node,
    pub(crate) properties: Option<&'a Mapping>,
}

impl ResourceKind {
    fn of(resource_type: &str) -> ResourceKind {
        match resource_type {
            "AWS::Serverless::Function" => ResourceKind::ServerlessFunction,
            "AWS::Lambda::Function" => ResourceKind::LambdaFunction,
            "AWS::Serverless::StateMachine" => ResourceKind::ServerlessStateMachine,
            "AWS::StepFunctions::StateMachine" => ResourceKind::StepFunctionsStateMachine,
            "AWS::IAM::Role" => ResourceKind::Role,
            "AWS::IAM::Policy"
            | "AWS::IAM::ManagedPolicy"
            | "AWS::Lambda::Permission"
            | "AWS::Logs::LogGroup"
            | "AWS::CloudWatch::Alarm"
            | "AWS::CloudWatch::Dashboard"
            | "AWS::CDK::Metadata" => ResourceKind::Harmless,
            _ => ResourceKind::Other,
        }
    }
}

impl<'a> Resource<'a> {
    /// Reads one entry of `Resources`.
    pub(crate) fn read(
        logical_id: &Arc<str>,
        node: &'a Node,
    ) -> Result<Resource<'a>, TemplateError> {
        let Some(resource_type) = node.get("Type").and_then(Node::as_str) else {
            let message = format!("the resource `{logical_id}` has no `Type`");
            return Err(TemplateError::at(node, message));
        };
        Ok(Resource {
            logical_id: Arc::clone(logical_id),
            resource_type: resource_type.into(),
            kind: ResourceKind::of(resource_type),
            node,
            properties: node.get("Properties").and_then(Node::as_object),
        })
    }

    /// The condition that decides whether it is created.
    pub(crate) fn condition(&self) -> Option<&'a str> {
        self.node.get("Condition").and_then(Node::as_str)
    }

    /// A property as it stands in the template.
    pub(crate) fn property(&self, name: &str) -> Option<&'a Node> {
        self.properties?.get(name)
    }

    /// The physical name: the property that names it, where that is plain text, else the logical id.
    pub(crate) fn name(&self) -> Arc<str> {
        let property = match self.kind {
            ResourceKind::ServerlessFunction | ResourceKind::LambdaFunction => "FunctionName",
            ResourceKind::ServerlessStateMachine => "Name",
            ResourceKind::StepFunctionsStateMachine => "StateMachineName",
            ResourceKind::Role => "RoleName",
            ResourceKind::Harmless | ResourceKind::Other => return Arc::clone(&self.logical_id),
        };
        let plain = self.property(property).filter(|node| node.tag.is_none());
        match plain.and_then(Node::as_str) {
            Some(name) => name.into(),
            None => Arc::clone(&self.logical_id),
        }
    }

    /// What `Ref` gives. Source: CloudFormation's "Return values" of each resource.
    pub(crate) fn reference(&self, deployment: &Deployment) -> Arc<str> {
        match self.kind {
            ResourceKind::ServerlessStateMachine | ResourceKind::StepFunctionsStateMachine => {
                self.arn(deployment)
            }
            ResourceKind::ServerlessFunction
            | ResourceKind::LambdaFunction
            | ResourceKind::Role
            | ResourceKind::Harmless
            | ResourceKind::Other => self.name(),
        }
    }

    /// What `Fn::GetAtt` gives. Of a resource that is not created, any attribute is made up, so that the rest works.
    pub(crate) fn attribute(&self, name: &str, deployment: &Deployment) -> Option<Arc<str>> {
        match (self.kind, name) {
            (_, "Arn") => Some(self.arn(deployment)),
            (
                ResourceKind::ServerlessStateMachine | ResourceKind::StepFunctionsStateMachine,
                "Name",
            ) => Some(self.name()),
            (ResourceKind::Harmless | ResourceKind::Other, _) => {
                Some(format!("{}.{name}", self.logical_id).into())
            }
            (
                ResourceKind::ServerlessFunction
                | ResourceKind::LambdaFunction
                | ResourceKind::ServerlessStateMachine
                | ResourceKind::StepFunctionsStateMachine
                | ResourceKind::Role,
                _,
            ) => None,
        }
    }

    pub(crate) fn arn(&self, deployment: &Deployment) -> Arc<str> {
        let name = self.name();
        match self.kind {
            ResourceKind::ServerlessFunction | ResourceKind::LambdaFunction => {
                deployment.arn("lambda", &format!("function:{name}"))
            }
            ResourceKind::ServerlessStateMachine | ResourceKind::StepFunctionsStateMachine => {
                deployment.arn("states", &format!("stateMachine:{name}"))
            }
            ResourceKind::Role => deployment.role_arn(&name),
            ResourceKind::Harmless | ResourceKind::Other => {
                let service = self.resource_type.split("::").nth(1).unwrap_or("unknown");
                deployment.arn(&service.to_lowercase(), &name)
            }
        }
    }
}

/// The resources by name.
pub(crate) type Resources<'a> = BTreeMap<Arc<str>, Resource<'a>>;

impl References for Resources<'_> {
    fn has(&self, logical_id: &str) -> bool {
        self.contains_key(logical_id)
    }

    fn reference(&self, logical_id: &str, deployment: &Deployment) -> Option<Json> {
        Some(Json::from(self.get(logical_id)?.reference(deployment)))
    }

    fn attribute(&self, logical_id: &str, name: &str, deployment: &Deployment) -> Option<Json> {
        let resource = self.get(logical_id)?;
        resource.attribute(name, deployment).map(Json::from)
    }

    fn resource_type(&self, logical_id: &str) -> Option<Arc<str>> {
        Some(Arc::clone(&self.get(logical_id)?.resource_type))
    }
}
