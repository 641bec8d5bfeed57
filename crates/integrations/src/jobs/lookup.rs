//! What a call needs to know first: the id of what its parameters name.

use passo_json::{Json, Object};
use passo_vocab::{ErrorName, Failure};

/// Pages that are looked through; a cluster has at most 48 instance groups, and one page of fleets.
pub(crate) const PAGES_MAX: usize = 16;

/// A part of a cluster that is given by its name, and has to be found by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// Its name.
    pub(super) name: String,
    /// What it is.
    pub(super) part: Part,
}

/// What is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Fleet,
    Group,
}

impl Lookup {
    /// The operation that lists all parts of that kind.
    pub(crate) fn operation(&self) -> &'static str {
        match self.part {
            Part::Fleet => "ListInstanceFleets",
            Part::Group => "ListInstanceGroups",
        }
    }

    /// Its parameters, from those of the call: a page of the list of the cluster.
    pub(crate) fn page(given: &Json, marker: Option<&Json>) -> Json {
        let mut parameters = Object::default();
        if let Some(cluster) = given.get("ClusterId") {
            parameters = parameters.with("ClusterId", cluster.clone());
        }
        if let Some(marker) = marker {
            parameters = parameters.with("Marker", marker.clone());
        }
        Json::from(parameters)
    }

    /// The id on a page of the list, if it is there.
    pub(crate) fn id(&self, page: &Json) -> Option<Json> {
        let list = match self.part {
            Part::Fleet => "InstanceFleets",
            Part::Group => "InstanceGroups",
        };
        let mut items = page.get(list)?.as_array()?.iter();
        let found = items.find(|item| item.get("Name").and_then(Json::as_str) == Some(&self.name));
        found?.get("Id").cloned()
    }

    /// The parameters of the call, with the id.
    pub(crate) fn with(&self, given: &Json, id: &Json) -> Json {
        let Some(members) = given.as_object().cloned() else {
            return given.clone();
        };
        let has_id = |of: &Json, member: &str| {
            let object = of.as_object().cloned().unwrap_or_default();
            Json::from(object.with(member, id.clone()))
        };
        Json::from(match self.part {
            Part::Fleet => {
                let fleet = has_id(
                    given.get("InstanceFleet").unwrap_or(&Json::Null),
                    "InstanceFleetId",
                );
                members.with("InstanceFleet", fleet)
            }
            Part::Group => {
                let group = given.pointer("/InstanceGroups/0");
                let group = has_id(group.unwrap_or(&Json::Null), "InstanceGroupId");
                members.with("InstanceGroups", vec![group])
            }
        })
    }

    /// There is none of that name. AWS's own words are not known.
    pub(crate) fn not_found(&self) -> Failure {
        let kind = match self.part {
            Part::Fleet => "Instance fleet",
            Part::Group => "Instance group",
        };
        let cause = format!("{kind} with name '{}' does not exist.", self.name);
        let error = ErrorName::new("ElasticMapReduce.InvalidRequestException");
        Failure::new(error, cause)
    }
}
