//! A call with its service, and how it finds and keeps parameters.

use passo_json::{Json, Object};
use passo_records::{Changing, Parameters};
use passo_service::Fault;

use crate::name::{self, Selector};
use crate::parameter::{Parameter, Version};
use crate::{ParameterStore, faults};

pub(crate) type Answer = Result<Json, Fault>;

/// Whose parameters, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
}

/// One call.
pub(crate) struct Request<'a> {
    pub(crate) service: &'a ParameterStore,
    pub(crate) given: Parameters<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn place(&self) -> Place<'a> {
        Place {
            account: self.given.account(),
            region: self.given.region(),
        }
    }

    pub(crate) fn required(&self, member: &str) -> Result<&'a str, Fault> {
        let text = self.given.required(member);
        text.map_err(|missing| faults::missing(&missing))
    }

    /// A page's size, at most `max`.
    pub(crate) fn limit(&self, default: usize, max: usize) -> Result<usize, Fault> {
        match self.given.number("MaxResults") {
            None => Ok(default),
            Some(given) => usize::try_from(given)
                .ok()
                .filter(|given| (1..=max).contains(given))
                .ok_or_else(|| {
                    faults::validation(format!(
                        "1 validation error detected: Value '{given}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to {max}"
                    ))
                }),
        }
    }

    /// The parameter that `given`, a name or an ARN, stands for.
    pub(crate) fn find(&self, given: &str) -> Result<Option<Parameter>, Fault> {
        for name in name::candidates(given).into_iter().flatten() {
            let key = [self.given.account(), self.given.region(), name];
            let row = self.service.records.find(&key);
            if let Some(row) = row.map_err(|error| faults::store(&error))? {
                return Ok(Parameter::decode(&row));
            }
        }
        Ok(None)
    }

    /// Like [`Request::find`], for what has to be there.
    pub(crate) fn existing(&self, given: &str) -> Result<Parameter, Fault> {
        self.find(given)?.ok_or_else(faults::not_found)
    }

    /// Every parameter of the caller, in the order of names.
    pub(crate) fn all(&self) -> Result<Vec<Parameter>, Fault> {
        let rows = self
            .service
            .records
            .list(&[self.given.account(), self.given.region()]);
        let rows = rows.map_err(|error| faults::store(&error))?;
        Ok(rows
            .iter()
            .filter_map(|(_, row)| Parameter::decode(row))
            .collect())
    }

    pub(crate) fn keep(&self, change: &Changing<'_>, parameter: &Parameter) -> Result<(), Fault> {
        let key = [self.given.account(), self.given.region(), &parameter.name];
        change
            .put(&key, &parameter.encode())
            .map_err(|error| faults::store(&error))
    }

    pub(crate) fn forget(&self, change: &Changing<'_>, name: &str) -> Result<(), Fault> {
        change
            .remove(&[self.given.account(), self.given.region(), name])
            .map_err(|error| faults::store(&error))
    }
}

/// The version that `selector` means.
pub(crate) fn selected<'p>(
    parameter: &'p Parameter,
    selector: Selector<'_>,
) -> Result<&'p Version, Fault> {
    let found = match selector {
        Selector::Latest => parameter.latest(),
        Selector::Version(number) => parameter
            .versions
            .iter()
            .find(|version| version.number.to_string() == number),
        Selector::Label(label) => parameter
            .versions
            .iter()
            .find(|version| version.labels.iter().any(|one| one == label)),
    };
    found.ok_or_else(|| match selector {
        Selector::Latest => faults::not_found(),
        Selector::Version(which) | Selector::Label(which) => {
            faults::no_version(&parameter.name, which)
        }
    })
}

/// The answer of operations that have none.
pub(crate) fn nothing() -> Json {
    Json::from(Object::default())
}
