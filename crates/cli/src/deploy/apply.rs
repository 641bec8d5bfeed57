//! Making a server have what a project wants.

use std::collections::BTreeMap;

use super::fingerprint::Fingerprint;
use super::resource::{Deployed, Resource};
use crate::aws::Api;
use crate::problem::Problem;

/// What was done about one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was as wanted.
    Unchanged,
}

impl Outcome {
    /// As a word.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
        }
    }
}

/// What was done about one resource, or why nothing could be.
pub struct Report {
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// What happened.
    pub outcome: Result<Outcome, Problem>,
}

/// What is known to be on the server, so that it need not be asked again. Only one who is alone with the server may
/// keep it from one call to the next.
#[derive(Debug, Default)]
pub struct Known {
    fingerprints: BTreeMap<(&'static str, String), Fingerprint>,
}

/// Makes the server have these resources, in their order. One that is refused does not keep the others from it.
pub async fn apply(api: &Api, resources: &[Box<dyn Resource>], known: &mut Known) -> Vec<Report> {
    let mut reports = Vec::new();
    for resource in resources {
        let key = (resource.kind(), resource.name().to_owned());
        let outcome = if known.fingerprints.get(&key) == Some(resource.fingerprint()) {
            Ok(Outcome::Unchanged)
        } else {
            apply_one(api, resource.as_ref()).await
        };
        match &outcome {
            Ok(_) => {
                let fingerprint = resource.fingerprint().clone();
                known.fingerprints.insert(key, fingerprint);
            }
            Err(_) => {
                known.fingerprints.remove(&key);
            }
        }
        reports.push(Report {
            kind: resource.kind(),
            name: resource.name().to_owned(),
            outcome,
        });
    }
    reports
}

async fn apply_one(api: &Api, resource: &dyn Resource) -> Result<Outcome, Problem> {
    match resource.deployed(api).await? {
        Deployed::Nothing => resource.create(api).await.map(|()| Outcome::Created),
        Deployed::As(fingerprint) if fingerprint == *resource.fingerprint() => {
            Ok(Outcome::Unchanged)
        }
        Deployed::As(_) | Deployed::Unknown => {
            resource.update(api).await.map(|()| Outcome::Updated)
        }
    }
}
