//! The resources of a template as they are expanded.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::source::{Mapping, Node, NodeKind, Span};

use super::api::{self, Api};
use super::route::Routes;
use super::{function, other, state_machine};
use crate::TemplateError;
use crate::tree::{self, Member, list, object, text};

/// What a template's resources became.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    /// In the order of the template; what a resource brings along comes after it.
    pub(crate) resources: Vec<(Arc<str>, Node)>,
    /// `Function.Alias` and the like: what SAM lets references name.
    pub(crate) aliases: BTreeMap<Arc<str>, Arc<str>>,
    /// What was asked for and is not done.
    pub(crate) left_out: Vec<TemplateError>,
}

/// Expands SAM's resources; all others stay as they are.
pub(crate) fn expand(root: &Node, errors: &mut Vec<TemplateError>) -> Expanded {
    let mut expansion = Expansion {
        root,
        made: Expanded::default(),
        notifications: BTreeMap::new(),
        routes: Routes::default(),
        apis: Vec::new(),
    };
    let section = root.get("Resources").and_then(Node::as_object);
    for entry in section.into_iter().flat_map(Mapping::iter) {
        if let Err(error) = expansion.resource(&entry.key.text, entry.key.span, &entry.value) {
            errors.push(error);
        }
    }
    expansion.finish()
}

/// A template while it is expanded.
pub(super) struct Expansion<'a> {
    root: &'a Node,
    made: Expanded,
    /// The functions that buckets call, and what must be there before.
    notifications: BTreeMap<Arc<str>, Vec<Notification>>,
    pub(super) routes: Routes,
    pub(super) apis: Vec<Api>,
}

struct Notification {
    configuration: Node,
    permission: Arc<str>,
}

/// One of SAM's resources.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// Its name in the template.
    pub(super) id: &'a Arc<str>,
    /// Where its name stands.
    pub(super) span: Span,
    /// All of it.
    pub(super) node: &'a Node,
    /// Its properties, with those of `Globals`.
    pub(super) properties: &'a Node,
}

impl Source<'_> {
    /// A property as it stands.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.properties.get(name)
    }

    /// A copy of a property, under its own name.
    pub(super) fn keep(&self, name: &'static str) -> Member {
        (name, self.get(name).cloned())
    }

    /// Tags as CloudFormation writes them, of SAM's object.
    pub(super) fn tags(&self) -> Option<Node> {
        let tags = self.get("Tags")?;
        let Some(members) = tags.as_object() else {
            return Some(tags.clone());
        };
        let items = members.iter().map(|entry| {
            let key = Some(text(entry.key.span, &entry.key.text));
            let value = Some(entry.value.clone());
            object(tags.span, [("Key", key), ("Value", value)])
        });
        Some(list(tags.span, items.collect()))
    }
}

impl Expansion<'_> {
    fn resource(&mut self, id: &Arc<str>, span: Span, node: &Node) -> Result<(), TemplateError> {
        let kind = node.get("Type").and_then(Node::as_str).unwrap_or_default();
        let Some(name) = kind.strip_prefix("AWS::Serverless::") else {
            self.made.resources.push((Arc::clone(id), node.clone()));
            return Ok(());
        };
        let properties = self.with_globals(name, node);
        let source = Source {
            id,
            span,
            node,
            properties: &properties,
        };
        self.name_ignored(name, source);
        match name {
            "Function" => function::expand(self, source),
            "StateMachine" => state_machine::expand(self, source),
            "SimpleTable" => {
                other::simple_table(self, source);
                Ok(())
            }
            "LayerVersion" => {
                other::layer(self, source);
                Ok(())
            }
            "Api" => api::rest(self, source),
            "HttpApi" => api::http(self, source),
            _ => {
                self.made.resources.push((Arc::clone(id), node.clone()));
                Ok(())
            }
        }
    }

    /// Says which properties of SAM's do nothing here.
    fn name_ignored(&mut self, kind: &str, source: Source<'_>) {
        let ignored: &[&str] = match kind {
            "Function" => &[
                "DeploymentPreference",
                "VersionDeletionPolicy",
                "SourceKMSKeyArn",
            ],
            "StateMachine" => &["DeploymentPreference"],
            "Api" => &[
                "Domain",
                "Models",
                "CanarySetting",
                "GatewayResponses",
                "MethodSettings",
                "AccessLogSetting",
            ],
            "HttpApi" => &["Domain"],
            _ => &[],
        };
        for name in ignored {
            if source.get(name).is_some() {
                let message = format!("`{name}` of `{}` is not supported", source.id);
                self.leave_out(source.span, message);
            }
        }
    }

    /// The section of `Globals` for a type.
    pub(super) fn globals(&self, kind: &str) -> Option<&Node> {
        self.root.get("Globals")?.get(kind)
    }

    fn with_globals(&self, kind: &str, node: &Node) -> Node {
        let own = node.get("Properties");
        let empty = || Node::new(node.span, NodeKind::Object(Mapping::default()));
        match (self.globals(kind), own) {
            (Some(global), Some(own)) => tree::merged(global, own),
            (Some(global), None) => global.clone(),
            (None, own) => own.cloned().unwrap_or_else(empty),
        }
    }

    /// Takes a resource that stands for `source`: under its name, with its condition and what it depends on.
    pub(super) fn stands_for(&mut self, source: Source<'_>, kind: &str, properties: Node) {
        let members = [
            ("Type", Some(text(source.span, kind))),
            ("Properties", Some(properties)),
        ];
        let kept = ["Condition", "DependsOn", "DeletionPolicy"];
        let kept = kept.map(|name| (name, source.node.get(name).cloned()));
        let node = object(source.span, members.into_iter().chain(kept));
        self.made.resources.push((Arc::clone(source.id), node));
    }

    /// Takes a resource that comes with `source`, and exists where that does.
    pub(super) fn comes_with(
        &mut self,
        source: Source<'_>,
        id: &str,
        kind: &str,
        properties: Node,
    ) {
        let members = [
            ("Type", Some(text(source.span, kind))),
            ("Properties", Some(properties)),
            ("Condition", source.node.get("Condition").cloned()),
        ];
        self.take(id, object(source.span, members));
    }

    /// Takes a whole resource.
    pub(super) fn take(&mut self, id: &str, node: Node) {
        self.made.resources.push((id.into(), node));
    }

    /// Lets references call the resource `id` by `name`, such as `Function.Alias`.
    pub(super) fn also(&mut self, name: String, id: &str) {
        self.made.aliases.insert(name.into(), id.into());
    }

    /// Says that something is not done.
    pub(super) fn leave_out(&mut self, span: Span, message: String) {
        self.made.left_out.push(TemplateError::over(span, message));
    }

    /// Has a bucket of this template call a function.
    pub(super) fn notify(&mut self, bucket: &str, configuration: Node, permission: &str) {
        let notifications = self.notifications.entry(bucket.into()).or_default();
        notifications.push(Notification {
            configuration,
            permission: permission.into(),
        });
    }

    fn finish(mut self) -> Expanded {
        api::finish(&mut self);
        for (bucket, notifications) in std::mem::take(&mut self.notifications) {
            let found = self.made.resources.iter_mut();
            if let Some((_, node)) = found.into_iter().find(|(id, _)| *id == bucket) {
                *node = with_notifications(node, notifications);
            }
        }
        self.made
    }
}

/// A bucket that calls functions, too.
fn with_notifications(bucket: &Node, notifications: Vec<Notification>) -> Node {
    let span = bucket.span;
    let empty = || object(span, []);
    let properties = bucket.get("Properties").cloned().unwrap_or_else(empty);
    let configuration = properties.get("NotificationConfiguration");
    let configuration = configuration.cloned().unwrap_or_else(empty);
    let called = configuration.get("LambdaConfigurations");
    let mut called = called
        .and_then(Node::as_array)
        .map(<[Node]>::to_vec)
        .unwrap_or_default();
    let depends = bucket.get("DependsOn");
    let mut depends = match depends.map(|node| (node, node.as_array())) {
        Some((_, Some(items))) => items.to_vec(),
        Some((one, None)) => vec![one.clone()],
        None => Vec::new(),
    };
    for notification in notifications {
        called.push(notification.configuration);
        depends.push(text(span, &notification.permission));
    }
    let configuration = tree::with(&configuration, "LambdaConfigurations", list(span, called));
    let properties = tree::with(&properties, "NotificationConfiguration", configuration);
    let bucket = tree::with(bucket, "Properties", properties);
    tree::with(&bucket, "DependsOn", list(span, depends))
}
