//! Typed properties: what a resource's property must be, with Globals behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::source::{Mapping, Node};
use passo_json::Json;

use crate::TemplateError;
use crate::intrinsic::{Resolver, scalar_text};
use crate::resources::Resource;

/// The properties of one resource; where it lacks one, `Globals` has it or nobody.
pub(crate) struct Properties<'r, 'a> {
    pub(crate) resource: &'r Resource<'a>,
    pub(crate) globals: Option<&'a Mapping>,
    pub(crate) resolver: &'r Resolver<'a>,
}

impl<'a> Properties<'_, 'a> {
    /// A property as it stands.
    pub(crate) fn node(&self, name: &str) -> Option<&'a Node> {
        let own = self.resource.property(name);
        own.or_else(|| self.globals?.get(name))
    }

    /// A property that is a text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Arc<str>>, TemplateError> {
        let Some(node) = self.node(name) else {
            return Ok(None);
        };
        match self.resolver.value(node)? {
            None => Ok(None),
            Some(value) => match scalar_text(&value) {
                Some(text) => Ok(Some(text.into())),
                None => Err(wrong(node, name, "a text")),
            },
        }
    }

    /// A property that must be there.
    pub(crate) fn required_text(&self, name: &str) -> Result<Arc<str>, TemplateError> {
        self.text(name)?.ok_or_else(|| self.missing(name))
    }

    /// A property that is a positive number.
    pub(crate) fn count(&self, name: &str) -> Result<Option<u32>, TemplateError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match text.parse::<u32>() {
            Ok(count) if count > 0 => Ok(Some(count)),
            Ok(_) | Err(_) => {
                let node = self.node(name).unwrap_or(self.resource.node);
                Err(wrong(node, name, "a whole number above 0"))
            }
        }
    }

    /// The texts of an object such as `Environment.Variables`: those of Globals, then those of the resource.
    pub(crate) fn texts(
        &self,
        path: &[&str],
    ) -> Result<BTreeMap<Arc<str>, Arc<str>>, TemplateError> {
        let mut texts = BTreeMap::new();
        for properties in [self.globals, self.resource.properties]
            .into_iter()
            .flatten()
        {
            let Some((first, rest)) = path.split_first() else {
                continue;
            };
            let mut node = properties.get(first);
            for name in rest {
                node = node.and_then(|node| node.get(name));
            }
            if let Some(node) = node {
                self.collect_texts(node, &path.join("."), &mut texts)?;
            }
        }
        Ok(texts)
    }

    fn collect_texts(
        &self,
        node: &Node,
        name: &str,
        texts: &mut BTreeMap<Arc<str>, Arc<str>>,
    ) -> Result<(), TemplateError> {
        let Some(Json::Object(values)) = self.resolver.value(node)? else {
            return Err(wrong(node, name, "an object"));
        };
        for (key, value) in values.iter() {
            let Some(text) = scalar_text(value) else {
                let at = node.get(key).unwrap_or(node);
                return Err(wrong(at, &format!("{name}.{key}"), "a text"));
            };
            texts.insert(Arc::clone(key), text.into());
        }
        Ok(())
    }

    /// The complaint that a property is missing.
    pub(crate) fn missing(&self, name: &str) -> TemplateError {
        let id = &self.resource.logical_id;
        TemplateError::at(
            self.resource.node,
            format!("the resource `{id}` has no `{name}`"),
        )
    }
}

/// The complaint that a property is of the wrong kind.
pub(crate) fn wrong(node: &Node, name: &str, wanted: &str) -> TemplateError {
    TemplateError::at(node, format!("`{name}` must be {wanted}"))
}
