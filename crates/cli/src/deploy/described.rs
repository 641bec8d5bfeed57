//! Types of resource whose operations take the properties as they are: a table says which.

use passo_json::{Json, Object};
use passo_template::Made;

use super::kind::{Kind, Making, Removing, Want, gone};
use crate::aws::Api;

/// A type of resource that a few operations make, change and remove.
pub(super) struct Described {
    /// Its name in CloudFormation.
    pub(super) resource_type: &'static str,
    /// Its name for people.
    pub(super) label: &'static str,
    /// The service, as its model is called.
    pub(super) service: &'static str,
    /// The property that names it.
    pub(super) name: Option<&'static str>,
    /// Properties whose change replaces it.
    pub(super) replaced_by: &'static [&'static str],
    /// The operations.
    pub(super) create: &'static str,
    /// None where every change replaces it.
    pub(super) update: Option<&'static str>,
    /// None where it goes with what it belongs to.
    pub(super) delete: Option<&'static str>,
    /// Properties whose parameter has another name: property, parameter.
    pub(super) renamed: &'static [(&'static str, &'static str)],
    /// What `Ref` gives.
    pub(super) reference: From,
    /// What `Fn::GetAtt` gives.
    pub(super) attributes: &'static [(&'static str, From)],
    /// What names it to the operations that change and remove it: parameter, attribute. The attribute "" is what `Ref` gives.
    pub(super) key: &'static [(&'static str, &'static str)],
}

/// Where a value comes from.
#[derive(Clone, Copy)]
pub(super) enum From {
    /// Its name.
    Name,
    /// A member of the answer of the operation that made it.
    Answer(&'static str),
    /// A property.
    Property(&'static str),
    /// An ARN: the service, and what stands before the name.
    Arn(&'static str, &'static str),
}

/// A description with nothing special about it.
pub(super) const PLAIN: Described = Described {
    resource_type: "",
    label: "",
    service: "",
    name: None,
    replaced_by: &[],
    create: "",
    update: None,
    delete: None,
    renamed: &[],
    reference: From::Name,
    attributes: &[],
    key: &[],
};

impl Described {
    fn value(&self, from: From, want: &Want<'_>, answer: Option<&Json>) -> Option<String> {
        match from {
            From::Name => Some(want.name().to_owned()),
            From::Property(name) => want.scalar(name),
            From::Arn(service, before) => {
                let resource = format!("{before}{}", want.name());
                Some(want.place.arn(service, &resource).to_string())
            }
            From::Answer(path) => {
                let mut found = answer?;
                for member in path.split('.') {
                    found = found.get(member)?;
                }
                super::kind::scalar(found)
            }
        }
    }

    fn made(&self, want: &Want<'_>, answer: Option<&Json>, was: Option<&Made>) -> Made {
        let reference = self.value(self.reference, want, answer);
        let mut made = match (reference, was) {
            (Some(reference), _) => Made::new(reference),
            (None, Some(was)) => Made::new(std::sync::Arc::clone(&was.reference)),
            (None, None) => Made::new(format!("{}.Ref", want.logical_id)),
        };
        for (name, from) in self.attributes {
            let known = self.value(*from, want, answer).map(Json::from);
            let known = known.or_else(|| was?.attributes.get(*name).cloned());
            if let Some(value) = known {
                made.attributes.insert((*name).into(), value);
            }
        }
        made
    }

    fn parameters(&self, want: &Want<'_>) -> Object {
        let mut parameters = want.parameters(&[]);
        for (property, parameter) in self.renamed {
            if let Some(value) = want.get(property) {
                parameters = parameters.without(property).with(*parameter, value.clone());
            }
        }
        parameters
    }

    fn keyed(&self, mut parameters: Object, was: &Made) -> Object {
        for (parameter, attribute) in self.key {
            let value = match *attribute {
                "" => Some(Json::from(&*was.reference)),
                attribute => was.attributes.get(attribute).cloned(),
            };
            if let Some(value) = value {
                parameters = parameters.with(*parameter, value);
            }
        }
        parameters
    }
}

impl Kind for Described {
    fn resource_type(&self) -> &'static str {
        self.resource_type
    }

    fn label(&self) -> &'static str {
        self.label
    }

    fn name_property(&self) -> Option<&'static str> {
        self.name
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        self.update.is_none() || self.name == Some(property) || self.replaced_by.contains(&property)
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        self.made(want, None, None)
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let parameters = Json::from(self.parameters(want));
            let answer = api.call(self.service, self.create, &parameters).await?;
            Ok(self.made(want, Some(&answer), None))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let Some(update) = self.update else {
                // Somebody else's, or made by a deployment that was broken off: it is made anew.
                self.delete(api, was).await?;
                return self.create(api, want).await;
            };
            let parameters = Json::from(self.keyed(self.parameters(want), was));
            let answer = api.call(self.service, update, &parameters).await?;
            Ok(self.made(want, Some(&answer), Some(was)))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let Some(delete) = self.delete else {
                return Ok(());
            };
            let parameters = Json::from(self.keyed(Object::default(), was));
            gone(api.call(self.service, delete, &parameters).await)
        })
    }
}
