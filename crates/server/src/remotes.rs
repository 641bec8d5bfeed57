//! Services that live elsewhere: `[services.NAME]` of the configuration file.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_model::Listed;
use passo_net::client::{
    Chosen, Client, ClientSettings, Connection, ConnectionError, Credentials, Environment,
    TrustError,
};
use passo_net::{Remote, RemoteSettings};
use passo_service::Directory;
use serde::Deserialize;

use crate::kubernetes::{self, Kubernetes};

/// The endpoint that stands for AWS itself.
const AWS: &str = "aws";

/// The configuration file.
///
/// ```toml
/// region = "eu-west-1"        # of all remote services; default: the variables and files of AWS's clients
/// profile = "work"            # whose key their requests are signed with; default: as above
///
/// [services.sqs]              # by the name that requests are signed for, or the one in `aws-sdk:` resources
/// endpoint = "http://localhost:9324"
///
/// [services.glue]
/// endpoint = "aws"            # AWS itself
/// region = "us-east-1"
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigurationFile {
    region: Option<String>,
    profile: Option<String>,
    #[serde(default)]
    services: BTreeMap<String, ServiceTable>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceTable {
    endpoint: String,
    region: Option<String>,
    profile: Option<String>,
}

/// Services that live elsewhere, and how each is reached.
#[derive(Clone, Debug, Default)]
pub struct Remotes(Vec<(&'static Listed, RemoteSettings)>);

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RemotesError {
    /// It is not TOML, or has keys that there are not.
    #[error("{0}")]
    Syntax(String),
    /// AWS has no such service.
    #[error("`services.{0}` is no service of AWS")]
    NoService(String),
    /// Endpoint, region or key of a service.
    #[error("`services.{name}`")]
    Connection {
        /// Which service.
        name: String,
        /// What is wrong.
        #[source]
        source: ConnectionError,
    },
}

impl ConfigurationFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// Where it is not TOML or has other keys.
    pub fn parse(text: &str) -> Result<ConfigurationFile, RemotesError> {
        toml::from_str(text).map_err(|error| RemotesError::Syntax(error.to_string()))
    }

    /// The same, with `service` at `endpoint`, whatever it says of it.
    #[must_use]
    pub fn with_endpoint(mut self, service: &str, endpoint: &str) -> ConfigurationFile {
        let table = ServiceTable {
            endpoint: endpoint.to_owned(),
            region: None,
            profile: None,
        };
        self.services.insert(service.to_owned(), table);
        self
    }

    /// The services that it places elsewhere, with regions and keys as AWS's clients would find them in `environment`.
    ///
    /// # Errors
    /// Where a name, an endpoint, a region or a profile is none, or AWS is to be asked without a key.
    pub fn remotes(&self, environment: &Environment) -> Result<Remotes, RemotesError> {
        let services = self.services.iter();
        let remotes = services.map(|(name, table)| {
            let listed = passo_model::find(name);
            let listed = listed.ok_or_else(|| RemotesError::NoService(name.clone()))?;
            let settings = self.settings(table, environment);
            let settings = settings.map_err(|source| RemotesError::Connection {
                name: name.clone(),
                source,
            })?;
            Ok((listed, settings))
        });
        Ok(Remotes(remotes.collect::<Result<_, _>>()?))
    }

    fn settings(
        &self,
        table: &ServiceTable,
        environment: &Environment,
    ) -> Result<RemoteSettings, ConnectionError> {
        let chosen = Chosen {
            endpoint: Some(table.endpoint.clone()),
            profile: table.profile.clone().or_else(|| self.profile.clone()),
            region: table.region.clone().or_else(|| self.region.clone()),
        };
        let connection = Connection::resolve(&chosen, environment)?;
        let is_aws = table.endpoint == AWS;
        // Another server may tell accounts and regions apart as this one does: it hears of the caller's own.
        let region = (is_aws || chosen.region.is_some()).then(|| connection.region.clone());
        let is_any = connection.credentials == Credentials::any();
        Ok(RemoteSettings {
            endpoint: (!is_aws).then(|| table.endpoint.clone()),
            region,
            credentials: (!is_any).then_some(connection.credentials),
        })
    }
}

impl Remotes {
    /// How the service with that id is reached, where it is elsewhere.
    fn of(&self, id: &str) -> Option<&RemoteSettings> {
        let mut remotes = self.0.iter();
        let found = remotes.find(|(listed, _)| listed.id == id);
        found.map(|(_, settings)| settings)
    }

    /// `directory`, with these services in place of those that it has under their names, and with the clusters of EKS.
    ///
    /// # Errors
    /// Where no HTTPS is possible.
    pub(crate) fn put_into(self, directory: Directory) -> Result<Directory, TrustError> {
        let kubernetes = Kubernetes::new(self.of("eks").cloned());
        let directory = directory.with_name(kubernetes::NAME, Arc::new(kubernetes));
        if self.0.is_empty() {
            return Ok(directory);
        }
        let client = Client::new(&ClientSettings::default())?;
        let remotes = self.0.into_iter();
        Ok(remotes.fold(directory, |all, (listed, settings)| {
            let remote = Remote::new(listed, settings, client.clone());
            all.with_name(listed.name, Arc::new(remote))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a file comes to, where the environment has a key.
    fn check(text: &str, expect: &str) {
        let environment = Environment::of(
            [
                ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
                ("AWS_SECRET_ACCESS_KEY", "s"),
                ("AWS_REGION", "eu-north-1"),
            ],
            None,
        );
        let remotes = ConfigurationFile::parse(text).and_then(|file| file.remotes(&environment));
        let shown = match remotes {
            Ok(Remotes(all)) => {
                let one = |(listed, settings): &(&'static Listed, RemoteSettings)| {
                    let region = settings.region.as_ref().map(|it| it.as_str());
                    let key = settings.credentials.as_ref().map(|it| &*it.access_key_id);
                    format!("{} {:?} {region:?} {key:?}", listed.name, settings.endpoint)
                };
                all.iter().map(one).collect::<Vec<_>>().join("; ")
            }
            Err(RemotesError::Connection { name, source }) => format!("{name}: {source}"),
            Err(error) => error
                .to_string()
                .lines()
                .last()
                .unwrap_or_default()
                .to_owned(),
        };
        assert_eq!(shown, expect, "{text}");
    }

    #[test]
    fn services_are_elsewhere() {
        check("", "");
        check(
            "[services.sqs]\nendpoint = 'http://localhost:9324'",
            r#"sqs Some("http://localhost:9324") None Some("AKIDEXAMPLE")"#,
        );
        check(
            "region = 'us-west-2'\n[services.sfn]\nendpoint = 'aws'\n[services.glue]\nendpoint = 'aws'\nregion = 'eu-west-1'",
            r#"glue None Some("eu-west-1") Some("AKIDEXAMPLE"); states None Some("us-west-2") Some("AKIDEXAMPLE")"#,
        );
        check(
            "[services.cloudwatch]\nendpoint = 'aws'",
            r#"monitoring None Some("eu-north-1") Some("AKIDEXAMPLE")"#,
        );
    }

    #[test]
    fn mistakes_are_named() {
        check(
            "[services.quantum]\nendpoint = 'aws'",
            "`services.quantum` is no service of AWS",
        );
        check(
            "[services.sqs]\nendpoint = 'localhost'",
            "sqs: `localhost` is not an endpoint: it must begin with http:// or https://",
        );
        check(
            "[services.sqs]\nendpoint = 'aws'\nprofile = 'nobody'",
            "sqs: no profile is called `nobody` in the files of `~/.aws`",
        );
        for text in [
            "[services.sqs]\nurl = 'x'",
            "servces = 1",
            "[",
            "[services.sqs]",
        ] {
            assert!(ConfigurationFile::parse(text).is_err(), "{text}");
        }
    }
}
