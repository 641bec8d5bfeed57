//! Everything that is kept of one function, in one row.

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::configuration::Configuration;
use super::faults;
use super::request::Target;

/// The version of the row's form.
const FORMAT: i64 = 1;

/// One function with its versions, aliases, permissions and tags.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FunctionRecord {
    pub(super) latest: Configuration,
    /// Published versions, in order.
    pub(super) versions: Vec<Configuration>,
    /// The number of the next version; numbers are never used again.
    pub(super) next_version: i64,
    pub(super) aliases: BTreeMap<String, Alias>,
    /// Statements of the function's policy, as JSON.
    pub(super) statements: Vec<Json>,
    pub(super) tags: BTreeMap<String, String>,
    /// Concurrent invocations of all versions together, where the function has a bound of its own.
    pub(super) reserved_concurrency: Option<u32>,
    /// By version or alias.
    pub(super) provisioned: BTreeMap<String, Provisioned>,
}

/// A name for a version.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Alias {
    pub(super) version: String,
    /// Another version that gets this part of the invocations, between 0 and 1.
    pub(super) second: Option<(String, f64)>,
    pub(super) description: String,
    pub(super) revision_id: String,
}

/// Provisioned concurrency, as a record: processes start when they are needed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Provisioned {
    pub(super) requested: i64,
    pub(super) last_modified: String,
}

impl Alias {
    /// Whether some invocations run this version.
    pub(super) fn points_at(&self, version: &str) -> bool {
        let second = self.second.as_ref();
        self.version == version || second.is_some_and(|(second, _)| second == version)
    }

    /// The version for one invocation; `draw` is a number from 0 to 1.
    fn routed(&self, draw: f64) -> &str {
        match &self.second {
            Some((version, weight)) if draw < *weight => version,
            Some(_) | None => &self.version,
        }
    }
}

impl FunctionRecord {
    pub(super) fn new(latest: Configuration) -> FunctionRecord {
        FunctionRecord {
            latest,
            versions: Vec::new(),
            next_version: 1,
            aliases: BTreeMap::new(),
            statements: Vec::new(),
            tags: BTreeMap::new(),
            reserved_concurrency: None,
            provisioned: BTreeMap::new(),
        }
    }

    /// The version that a qualifier, or none, stands for.
    pub(super) fn version(&self, target: &Target) -> Result<&Configuration, Fault> {
        self.routed(target, 1.0)
    }

    /// The version that one invocation runs; `draw` is a number from 0 to 1, by which an alias with weights chooses.
    pub(super) fn routed(&self, target: &Target, draw: f64) -> Result<&Configuration, Fault> {
        let Some(qualifier) = target.qualifier.as_deref() else {
            return Ok(&self.latest);
        };
        let version = self
            .aliases
            .get(qualifier)
            .map_or(qualifier, |alias| alias.routed(draw));
        if version == "$LATEST" {
            return Ok(&self.latest);
        }
        let mut versions = self.versions.iter();
        versions
            .find(|published| published.version == version)
            .ok_or_else(|| faults::not_found(&target.qualified_arn()))
    }

    /// Every configuration, `$LATEST` first.
    pub(super) fn configurations(&self) -> impl Iterator<Item = &Configuration> {
        std::iter::once(&self.latest).chain(&self.versions)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let versions: Vec<Json> = self.versions.iter().map(Configuration::record).collect();
        let aliases = self.aliases.iter().map(|(name, alias)| {
            let mut object = ObjectBuilder::new();
            let second = alias.second.as_ref();
            object
                .insert("Version", alias.version.as_str())
                .insert_some("Second", second.map(|(version, _)| version.as_str()))
                .insert_some("Weight", second.and_then(|(_, weight)| number(*weight)))
                .insert("Description", alias.description.as_str())
                .insert("RevisionId", alias.revision_id.as_str());
            (name.as_str(), Json::from(object.build()))
        });
        let tags = self.tags.iter();
        let tags = tags.map(|(key, value)| (key.as_str(), Json::from(value.as_str())));
        let provisioned = self.provisioned.iter().map(|(qualifier, provisioned)| {
            let mut object = ObjectBuilder::new();
            object
                .insert("Requested", provisioned.requested)
                .insert("LastModified", provisioned.last_modified.as_str());
            (qualifier.as_str(), Json::from(object.build()))
        });
        let mut row = ObjectBuilder::new();
        row.insert("Format", FORMAT)
            .insert_some(
                "ReservedConcurrency",
                self.reserved_concurrency.map(i64::from),
            )
            .insert("Provisioned", provisioned.collect::<Object>())
            .insert("Latest", self.latest.record())
            .insert("Versions", versions)
            .insert("NextVersion", self.next_version)
            .insert("Aliases", aliases.collect::<Object>())
            .insert("Statements", self.statements.clone())
            .insert("Tags", tags.collect::<Object>());
        Json::from(row.build()).to_text().into_bytes()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<FunctionRecord> {
        let row = Json::parse(std::str::from_utf8(bytes).ok()?).ok()?;
        if row.get("Format")?.as_i64()? != FORMAT {
            return None;
        }
        let list = |member: &str| row.get(member)?.as_array();
        let aliases = row
            .get("Aliases")?
            .as_object()?
            .iter()
            .map(|(name, alias)| {
                let text = |member: &str| Some(alias.get(member)?.as_str()?.to_owned());
                let weight = alias.get("Weight").and_then(Json::as_f64);
                let alias = Alias {
                    version: text("Version")?,
                    second: text("Second").zip(weight),
                    description: text("Description")?,
                    revision_id: text("RevisionId")?,
                };
                Some((name.to_string(), alias))
            });
        let tags = row.get("Tags")?.as_object()?.iter();
        let tags = tags.map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())));
        // Rows of before there was provisioned concurrency have none.
        let provisioned = row.get("Provisioned").and_then(Json::as_object);
        let provisioned = provisioned.into_iter().flat_map(Object::iter);
        let provisioned = provisioned.map(|(qualifier, provisioned)| {
            let last_modified = provisioned.get("LastModified")?.as_str()?.to_owned();
            let requested = provisioned.get("Requested")?.as_i64()?;
            let provisioned = Provisioned {
                requested,
                last_modified,
            };
            Some((qualifier.to_string(), provisioned))
        });
        let reserved = row.get("ReservedConcurrency").and_then(Json::as_i64);
        Some(FunctionRecord {
            reserved_concurrency: reserved.and_then(|reserved| u32::try_from(reserved).ok()),
            provisioned: provisioned.collect::<Option<_>>()?,
            latest: Configuration::read(row.get("Latest")?)?,
            versions: list("Versions")?
                .iter()
                .map(Configuration::read)
                .collect::<Option<_>>()?,
            next_version: row.get("NextVersion")?.as_i64()?,
            aliases: aliases.collect::<Option<_>>()?,
            statements: list("Statements")?.to_vec(),
            tags: tags.collect::<Option<_>>()?,
        })
    }
}

/// A weight as JSON.
pub(super) fn number(weight: f64) -> Option<Json> {
    passo_json::Number::from_f64(weight).map(Json::Number)
}
