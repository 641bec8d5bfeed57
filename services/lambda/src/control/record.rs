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
}

/// A name for a version.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Alias {
    pub(super) version: String,
    pub(super) description: String,
    pub(super) revision_id: String,
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
        }
    }

    /// The version that a qualifier, or none, stands for.
    pub(super) fn version(&self, target: &Target) -> Result<&Configuration, Fault> {
        let Some(qualifier) = target.qualifier.as_deref() else {
            return Ok(&self.latest);
        };
        let version = self
            .aliases
            .get(qualifier)
            .map_or(qualifier, |alias| &alias.version);
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
            object
                .insert("Version", alias.version.as_str())
                .insert("Description", alias.description.as_str())
                .insert("RevisionId", alias.revision_id.as_str());
            (name.as_str(), Json::from(object.build()))
        });
        let tags = self.tags.iter();
        let tags = tags.map(|(key, value)| (key.as_str(), Json::from(value.as_str())));
        let mut row = ObjectBuilder::new();
        row.insert("Format", FORMAT)
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
                let alias = Alias {
                    version: text("Version")?,
                    description: text("Description")?,
                    revision_id: text("RevisionId")?,
                };
                Some((name.to_string(), alias))
            });
        let tags = row.get("Tags")?.as_object()?.iter();
        let tags = tags.map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())));
        Some(FunctionRecord {
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
