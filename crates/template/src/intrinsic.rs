//! Intrinsic functions: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, `Fn::Select`, `Fn::Split`, `Fn::FindInMap`, `Fn::If`;
//! those that need no other part of the template are in [`crate::computed`].
//!
//! Each is written as a YAML tag (`!Ref`) or as an object of one member (`{"Ref": …}`).
//! Source: CloudFormation user guide, "Intrinsic function reference".

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::source::{Mapping, Node, NodeKind, Span};
use passo_json::{Json, Object};

use crate::condition::Conditions;
use crate::references::References;
use crate::substitution::{Piece, pieces};
use crate::{Deployment, TemplateError};

/// Turns values of the template into plain JSON. Recursion is as deep as the template, whose depth is bounded.
pub(crate) struct Resolver<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) parameters: &'a BTreeMap<Arc<str>, Json>,
    pub(crate) references: &'a dyn References,
    pub(crate) mappings: Option<&'a Mapping>,
    pub(crate) conditions: &'a Conditions,
}

/// A resolved value; nothing where it was `AWS::NoValue`.
pub(crate) type Resolved = Result<Option<Json>, TemplateError>;

impl Resolver<'_> {
    /// The value of `node`, with every intrinsic function inside resolved.
    pub(crate) fn value(&self, node: &Node) -> Resolved {
        if let Some((function, argument)) = intrinsic_of(node) {
            return self.call(function, argument, node.span);
        }
        match &node.kind {
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => {
                Ok(Some(node.to_json()))
            }
            NodeKind::Array(items) => self.list(items),
            NodeKind::Object(members) => self.object(members),
        }
    }

    fn list(&self, items: &[Node]) -> Resolved {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.extend(self.value(item)?);
        }
        Ok(Some(Json::from(values)))
    }

    fn object(&self, members: &Mapping) -> Resolved {
        let mut object = Vec::with_capacity(members.len());
        for entry in members {
            if let Some(value) = self.value(&entry.value)? {
                object.push((Arc::clone(&entry.key.text), value));
            }
        }
        Ok(Some(Json::from(object.into_iter().collect::<Object>())))
    }

    fn call(&self, name: &str, argument: &Node, span: Span) -> Resolved {
        match name {
            "Ref" => self.reference(plain_text(argument, "Ref")?, argument.span),
            "GetAtt" => self.attribute(argument),
            "Sub" => self.sub(argument),
            "Join" => self.join(argument),
            "Select" => self.select(argument),
            "Split" => self.split(argument),
            "FindInMap" => self.find_in_map(argument),
            "If" => self.branch(argument),
            "Base64" => self.base64(&bare(argument)),
            "Cidr" => self.cidr(argument),
            "GetAZs" => self.zones(&bare(argument)),
            "ImportValue" => self.import(&bare(argument)),
            "Length" => self.length(&bare(argument)),
            "ToJsonString" => self.json_text(&bare(argument)),
            _ => {
                let message = format!(
                    "the intrinsic function `{name}` is not supported; supported are Ref, GetAtt, Sub, Join, Select, Split, FindInMap, If, Base64, Cidr, GetAZs, ImportValue, Length and ToJsonString"
                );
                Err(TemplateError::over(span, message))
            }
        }
    }

    fn reference(&self, name: &str, span: Span) -> Resolved {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(value) = self.deployment.pseudo_parameter(name) {
            return Ok(Some(Json::from(value)));
        }
        if let Some(value) = self.parameters.get(name) {
            return Ok(Some(value.clone()));
        }
        if let Some(value) = self.references.reference(name, self.deployment) {
            return Ok(Some(value));
        }
        if self.references.has(name) {
            let message = format!("the resource `{name}` is not there to refer to");
            return Err(TemplateError::over(span, message));
        }
        let message = format!("the template has no parameter or resource `{name}`");
        Err(TemplateError::over(span, message))
    }

    fn attribute(&self, argument: &Node) -> Resolved {
        let path = match argument.as_array() {
            Some([resource, attribute]) => {
                let resource = plain_text(resource, "GetAtt")?;
                format!("{resource}.{}", self.text(attribute)?)
            }
            Some(_) => {
                let message = "`GetAtt` takes the name of a resource and of an attribute";
                return Err(TemplateError::at(argument, message));
            }
            None => plain_text(argument, "GetAtt")?.to_owned(),
        };
        self.attribute_at(&path, argument.span).map(Some)
    }

    fn attribute_at(&self, path: &str, span: Span) -> Result<Json, TemplateError> {
        let Some((name, attribute)) = path.split_once('.') else {
            let message = format!("`{path}` names no attribute; expected `Resource.Attribute`");
            return Err(TemplateError::over(span, message));
        };
        let Some(resource_type) = self.references.resource_type(name) else {
            let message = format!("the template has no resource `{name}`");
            return Err(TemplateError::over(span, message));
        };
        let value = self.references.attribute(name, attribute, self.deployment);
        value.ok_or_else(|| {
            let message =
                format!("a resource of type {resource_type} has no attribute `{attribute}`");
            TemplateError::over(span, message)
        })
    }

    fn sub(&self, argument: &Node) -> Resolved {
        let (node, own) = match argument.as_array() {
            Some([text, values]) => (text, self.sub_values(values)?),
            Some(_) => {
                let message = "`Sub` takes a text, or a list of a text and an object of values";
                return Err(TemplateError::at(argument, message));
            }
            None => (argument, BTreeMap::new()),
        };
        let mut result = String::new();
        for piece in pieces(plain_text(node, "Sub")?) {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Escaped(inside) => {
                    result.push_str("${");
                    result.push_str(inside);
                    result.push('}');
                }
                Piece::Name(name, _) => match own.get(name) {
                    Some(text) => result.push_str(text),
                    None => result.push_str(&self.named(name, node.span)?),
                },
            }
        }
        Ok(Some(Json::from(result)))
    }

    fn sub_values(&self, values: &Node) -> Result<BTreeMap<Arc<str>, String>, TemplateError> {
        let Some(members) = values.as_object() else {
            let message = "the second item of `Sub` must be an object of values";
            return Err(TemplateError::at(values, message));
        };
        let texts = members
            .iter()
            .map(|entry| Ok((Arc::clone(&entry.key.text), self.text(&entry.value)?)));
        texts.collect()
    }

    /// What `${name}` stands for inside `Fn::Sub`.
    fn named(&self, name: &str, span: Span) -> Result<String, TemplateError> {
        let value = if name.contains('.') && !name.starts_with("AWS::") {
            Some(self.attribute_at(name, span)?)
        } else {
            self.reference(name, span)?
        };
        let text = value.as_ref().and_then(scalar_text);
        text.ok_or_else(|| {
            let message = format!("`${{{name}}}` does not stand for a text");
            TemplateError::over(span, message)
        })
    }

    fn join(&self, argument: &Node) -> Resolved {
        let Some([separator, list]) = argument.as_array() else {
            let message = "`Join` takes a separator and a list";
            return Err(TemplateError::at(argument, message));
        };
        let texts = self.texts(list)?;
        Ok(Some(Json::from(texts.join(plain_text(separator, "Join")?))))
    }

    fn select(&self, argument: &Node) -> Resolved {
        let Some([index, list]) = argument.as_array() else {
            let message = "`Select` takes an index and a list";
            return Err(TemplateError::at(argument, message));
        };
        let items = self.value(list)?;
        let Some(items) = items.as_ref().and_then(Json::as_array) else {
            return Err(TemplateError::at(list, "expected a list of texts"));
        };
        let wanted = self.text(index)?.parse::<usize>().ok();
        let Some(item) = wanted.and_then(|wanted| items.get(wanted)) else {
            let message = format!("the list of `Select` has {} items", items.len());
            return Err(TemplateError::at(index, message));
        };
        Ok(Some(item.clone()))
    }

    fn split(&self, argument: &Node) -> Resolved {
        let Some([separator, text]) = argument.as_array() else {
            let message = "`Split` takes a separator and a text";
            return Err(TemplateError::at(argument, message));
        };
        let separator = plain_text(separator, "Split")?;
        let text = self.text(text)?;
        let parts = text.split(separator).map(Json::from).collect::<Vec<_>>();
        Ok(Some(Json::from(parts)))
    }

    fn find_in_map(&self, argument: &Node) -> Resolved {
        let (map, first, second, default) = match argument.as_array() {
            Some([map, first, second]) => (map, first, second, None),
            Some([map, first, second, options]) => {
                (map, first, second, options.get("DefaultValue"))
            }
            _ => {
                let message = "`FindInMap` takes the name of a mapping and two keys";
                return Err(TemplateError::at(argument, message));
            }
        };
        let (map, first, second) = (self.text(map)?, self.text(first)?, self.text(second)?);
        let found = self
            .mappings
            .and_then(|mappings| mappings.get(&map)?.get(&first)?.get(&second));
        match (found, default) {
            (Some(node), _) => Ok(Some(node.to_json())),
            (None, Some(default)) => self.value(default),
            (None, None) => {
                let message = format!("`Mappings` has no `{map}.{first}.{second}`");
                Err(TemplateError::at(argument, message))
            }
        }
    }

    fn branch(&self, argument: &Node) -> Resolved {
        let Some([name, then, otherwise]) = argument.as_array() else {
            let message = "`If` takes the name of a condition and two values";
            return Err(TemplateError::at(argument, message));
        };
        match self.conditions.get(plain_text(name, "If")?) {
            Some(true) => self.value(then),
            Some(false) => self.value(otherwise),
            None => Err(TemplateError::at(
                name,
                "the template has no such condition",
            )),
        }
    }

    /// A value that must be a scalar, as text.
    pub(crate) fn text(&self, node: &Node) -> Result<String, TemplateError> {
        let value = self.value(node)?;
        let text = value.as_ref().and_then(scalar_text);
        text.ok_or_else(|| TemplateError::at(node, "expected a text"))
    }

    fn texts(&self, list: &Node) -> Result<Vec<String>, TemplateError> {
        let value = self.value(list)?;
        let items = value.as_ref().and_then(Json::as_array);
        let texts = items.and_then(|items| items.iter().map(scalar_text).collect());
        texts.ok_or_else(|| TemplateError::at(list, "expected a list of texts"))
    }
}

/// A scalar as CloudFormation puts it into a text.
pub(crate) fn scalar_text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.to_string()),
        Json::Bool(_) | Json::Number(_) => Some(value.to_text()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// The function that a node calls and its argument: `!Ref x`, or an object with the one member `Ref` or `Fn::…`.
pub(crate) fn intrinsic_of(node: &Node) -> Option<(&str, &Node)> {
    if let Some(tag) = &node.tag {
        return Some((tag.trim_start_matches('!'), node));
    }
    let mut entries = node.as_object()?.iter();
    let (Some(entry), None) = (entries.next(), entries.next()) else {
        return None;
    };
    let key = &*entry.key.text;
    match key.strip_prefix("Fn::") {
        Some(name) => Some((name, &entry.value)),
        None if key == "Ref" => Some((key, &entry.value)),
        None => None,
    }
}

/// The argument of a function as a value of its own: written as a tag, a function is its own argument.
fn bare(argument: &Node) -> Node {
    Node {
        tag: argument.tag.clone().filter(|tag| !is_function(tag)),
        ..argument.clone()
    }
}

/// Whether a tag calls one of the functions that take one value.
fn is_function(tag: &str) -> bool {
    matches!(
        tag.trim_start_matches('!'),
        "Base64" | "GetAZs" | "ImportValue" | "Length" | "ToJsonString"
    )
}

fn plain_text<'n>(node: &'n Node, function: &str) -> Result<&'n str, TemplateError> {
    node.as_str().ok_or_else(|| {
        let message = format!("`{function}` takes a text here");
        TemplateError::at(node, message)
    })
}
