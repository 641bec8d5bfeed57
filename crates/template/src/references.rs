//! What `Ref` and `Fn::GetAtt` find: resources as they are imagined, or as they were made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use passo_json::Json;

use crate::Deployment;

/// What references give.
pub(crate) trait References {
    /// Whether there is such a resource.
    fn has(&self, logical_id: &str) -> bool;

    /// What `Ref` gives.
    fn reference(&self, logical_id: &str, deployment: &Deployment) -> Option<Json>;

    /// What `Fn::GetAtt` gives.
    fn attribute(&self, logical_id: &str, name: &str, deployment: &Deployment) -> Option<Json>;

    /// The type of a resource, for messages.
    fn resource_type(&self, logical_id: &str) -> Option<Arc<str>>;
}

/// A resource that was made, as references see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Made {
    /// What `Ref` gives.
    pub reference: Arc<str>,
    /// What `Fn::GetAtt` gives, by attribute.
    pub attributes: BTreeMap<Arc<str>, Json>,
}

impl Made {
    /// A resource with this `Ref` and no attributes.
    pub fn new(reference: impl Into<Arc<str>>) -> Made {
        Made {
            reference: reference.into(),
            attributes: BTreeMap::new(),
        }
    }

    /// With an attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Made {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// An attribute that is a text; empty where there is none.
    pub fn attribute(&self, name: &str) -> &str {
        let value = self.attributes.get(name);
        value.and_then(Json::as_str).unwrap_or_default()
    }
}

/// The resources that were made, by their names in the template.
#[derive(Clone, Debug, Default)]
pub struct Values {
    made: BTreeMap<Arc<str>, Made>,
    /// Those whose attributes are made up where they are not known.
    imagined: BTreeSet<Arc<str>>,
    types: BTreeMap<Arc<str>, Arc<str>>,
    /// Names that SAM lets a reference use: `Function.Alias` for the alias that it makes.
    aliases: BTreeMap<Arc<str>, Arc<str>>,
}

impl Values {
    pub(crate) fn new(
        types: BTreeMap<Arc<str>, Arc<str>>,
        aliases: BTreeMap<Arc<str>, Arc<str>>,
    ) -> Values {
        Values {
            made: BTreeMap::new(),
            imagined: BTreeSet::new(),
            types,
            aliases,
        }
    }

    /// Takes what making a resource gave.
    pub fn insert(&mut self, logical_id: &Arc<str>, made: Made) {
        self.imagined.remove(logical_id);
        self.made.insert(Arc::clone(logical_id), made);
    }

    /// Takes what making a resource would give, as far as that is known: other attributes are made up.
    pub fn insert_imagined(&mut self, logical_id: &Arc<str>, made: Made) {
        self.imagined.insert(Arc::clone(logical_id));
        self.made.insert(Arc::clone(logical_id), made);
    }

    /// What making a resource gave.
    pub fn get(&self, logical_id: &str) -> Option<&Made> {
        self.made.get(logical_id)
    }
}

impl References for Values {
    fn has(&self, logical_id: &str) -> bool {
        self.types.contains_key(logical_id) || self.aliases.contains_key(logical_id)
    }

    fn reference(&self, logical_id: &str, _: &Deployment) -> Option<Json> {
        let logical_id = self.aliases.get(logical_id).map_or(logical_id, |id| id);
        Some(Json::from(&*self.made.get(logical_id)?.reference))
    }

    fn attribute(&self, logical_id: &str, name: &str, place: &Deployment) -> Option<Json> {
        let known = self.made.get(logical_id)?.attributes.get(name).cloned();
        if known.is_some() || !self.imagined.contains(logical_id) {
            return known;
        }
        if name == "Arn" {
            let service = self.types.get(logical_id)?.split("::").nth(1)?;
            let arn = place.arn(&service.to_lowercase(), logical_id);
            return Some(Json::from(&*arn));
        }
        Some(Json::from(format!("{logical_id}.{name}")))
    }

    fn resource_type(&self, logical_id: &str) -> Option<Arc<str>> {
        let logical_id = self.aliases.get(logical_id).map_or(logical_id, |id| id);
        self.types.get(logical_id).cloned()
    }
}
