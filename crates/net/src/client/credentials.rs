//! Who we are at AWS: an access key, from variables or from the files of `~/.aws`.

use std::fmt;

use super::connection::ConnectionError;
use super::environment::{Environment, text_of};
use super::ini::{Ini, Section};

/// An access key. `Debug` does not show its secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The key's public part, which requests name.
    pub access_key_id: String,
    /// What requests are signed with.
    pub secret_access_key: String,
    /// Sent along where the key is a temporary one.
    pub session_token: Option<String>,
}

impl Credentials {
    /// A key for servers that take any.
    pub fn any() -> Credentials {
        Credentials {
            access_key_id: "test".to_owned(),
            secret_access_key: "test".to_owned(),
            session_token: None,
        }
    }

    /// That of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; none unless both parts are there.
    pub fn of_variables(environment: &Environment) -> Option<Credentials> {
        let variable = |name: &str| environment.variable(name).map(str::to_owned);
        Some(Credentials {
            access_key_id: variable("AWS_ACCESS_KEY_ID")?,
            secret_access_key: variable("AWS_SECRET_ACCESS_KEY")?,
            session_token: variable("AWS_SESSION_TOKEN"),
        })
    }

    fn of_section(section: &Section) -> Option<Credentials> {
        let value = |name: &str| section.get(name).map(str::to_owned);
        Some(Credentials {
            access_key_id: value("aws_access_key_id")?,
            secret_access_key: value("aws_secret_access_key")?,
            session_token: value("aws_session_token"),
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// The two files of `~/.aws`.
pub(super) struct Profiles {
    config: Ini,
    credentials: Ini,
}

/// What the files say under one name.
pub(super) struct Profile<'a> {
    name: &'a str,
    config: Option<&'a Section>,
    credentials: Option<&'a Section>,
    services: Option<&'a Section>,
}

impl Profiles {
    /// Reads both; a file that is not there is empty.
    pub(super) fn read(environment: &Environment) -> Result<Profiles, ConnectionError> {
        let read = |path: Option<std::path::PathBuf>| {
            text_of(path.as_deref())
                .map(|text| Ini::parse(&text.unwrap_or_default()))
                .map_err(|(path, source)| ConnectionError::File { path, source })
        };
        Ok(Profiles {
            config: read(environment.config_file())?,
            credentials: read(environment.credentials_file())?,
        })
    }

    /// What they say about `name`; none where neither knows it.
    pub(super) fn profile<'a>(&'a self, name: &'a str) -> Option<Profile<'a>> {
        let named = self.config.section(&format!("profile {name}"));
        let config = named.or_else(|| {
            let is_default = name == "default";
            is_default.then(|| self.config.section(name)).flatten()
        });
        let credentials = self.credentials.section(name);
        if config.is_none() && credentials.is_none() {
            return None;
        }
        let services = config
            .and_then(|config| config.get("services"))
            .and_then(|services| self.config.section(&format!("services {services}")));
        Some(Profile {
            name,
            config,
            credentials,
            services,
        })
    }
}

impl Profile<'_> {
    pub(super) fn region(&self) -> Option<&str> {
        self.value("region")
    }

    pub(super) fn endpoint(&self) -> Option<&str> {
        self.value("endpoint_url")
    }

    /// The endpoint of one service, by the service's id in lower case with underscores.
    pub(super) fn service_endpoint(&self, id: &str) -> Option<&str> {
        self.services?.get(&format!("{id}.endpoint_url"))
    }

    pub(super) fn authorities(&self) -> Option<&str> {
        self.value("ca_bundle")
    }

    /// Its key; none where it names no way to one.
    pub(super) fn credentials(&self) -> Result<Option<Credentials>, ConnectionError> {
        let sections = [self.credentials, self.config];
        let key = sections
            .into_iter()
            .flatten()
            .find_map(Credentials::of_section);
        let indirect = [
            "role_arn",
            "sso_session",
            "sso_start_url",
            "credential_process",
            "login_session",
        ];
        let way = indirect.into_iter().find(|way| self.value(way).is_some());
        match (key, way) {
            // A role is assumed with a key: the key alone is somebody else.
            (_, Some("role_arn")) | (None, Some(_)) => Err(ConnectionError::Indirect {
                profile: self.name.to_owned(),
                way: way.unwrap_or_default(),
            }),
            (key, _) => Ok(key),
        }
    }

    fn value(&self, key: &str) -> Option<&str> {
        let in_config = self.config.and_then(|section| section.get(key));
        in_config.or_else(|| self.credentials?.get(key))
    }
}
