//! Where a service's requests go, for which region, and with which key.
//!
//! The order is that of AWS's clients: what was asked for, then variables, then the profile. One thing differs: where
//! nothing names an endpoint or a profile, requests go to a server on this machine and not to AWS.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use passo_vocab::Region;
use thiserror::Error;

use super::credentials::{Credentials, Profile, Profiles};
use super::environment::Environment;
use super::tls::Trust;

/// Where a server of this machine listens unless it is told otherwise.
pub const LOCAL_ENDPOINT: &str = "http://127.0.0.1:4566";

/// What stands for AWS's own endpoints where an endpoint is asked for.
const AWS_ITSELF: &str = "aws";

const DEFAULT_REGION: &str = "us-east-1";

/// What a user asked for with options; it goes before everything else.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// A URL for all services, or `aws` for AWS's own endpoints.
    pub endpoint: Option<String>,
    /// A profile of `~/.aws`.
    pub profile: Option<String>,
    /// A region.
    pub region: Option<String>,
}

/// Why it is not clear where to connect to, or as whom.
#[derive(Debug, Error)]
pub enum ConnectionError {
    /// A file of `~/.aws` cannot be read.
    #[error("failed to read `{}`", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No file knows this profile.
    #[error("no profile is called `{0}` in the files of `~/.aws`")]
    NoProfile(String),
    /// The profile does not hold a key, but says how to get one.
    #[error("the profile `{profile}` gets its key by `{way}`, which is not supported")]
    Indirect {
        /// Which profile.
        profile: String,
        /// The setting that says how.
        way: &'static str,
    },
    /// AWS is asked without a key.
    #[error("no AWS credentials were found")]
    NoCredentials,
    /// Not a region.
    #[error("`{0}` is not the name of a region")]
    Region(String),
    /// Not an endpoint.
    #[error("`{0}` is not an endpoint: it must begin with http:// or https://")]
    Endpoint(String),
}

/// Endpoints, region and credentials, decided.
#[derive(Clone, Debug)]
pub struct Connection {
    all: Option<String>,
    by_service: BTreeMap<&'static str, String>,
    /// The region that requests are for and signed for.
    pub region: Region,
    /// What requests are signed with.
    pub credentials: Credentials,
    /// Whose certificates are believed.
    pub trust: Trust,
}

impl Connection {
    /// Decides from options, variables and profiles.
    ///
    /// # Errors
    /// When what they name is not there, or AWS itself is to be asked without a key.
    pub fn resolve(
        chosen: &Chosen,
        environment: &Environment,
    ) -> Result<Connection, ConnectionError> {
        let profiles = Profiles::read(environment)?;
        let named = chosen
            .profile
            .as_deref()
            .or_else(|| environment.variable("AWS_PROFILE"))
            .or_else(|| environment.variable("AWS_DEFAULT_PROFILE"));
        let profile = profiles.profile(named.unwrap_or("default"));
        if let (Some(named), None) = (named, &profile) {
            return Err(ConnectionError::NoProfile(named.to_owned()));
        }
        let Endpoints { all, by_service } =
            Endpoints::find(chosen, environment, profile.as_ref(), named.is_some())?;
        let region = chosen
            .region
            .as_deref()
            .or_else(|| environment.variable("AWS_REGION"))
            .or_else(|| environment.variable("AWS_DEFAULT_REGION"))
            .or_else(|| profile.as_ref()?.region())
            .unwrap_or(DEFAULT_REGION);
        let region =
            Region::parse(region).map_err(|_| ConnectionError::Region(region.to_owned()))?;
        let credentials = credentials(chosen, environment, profile.as_ref(), all.is_none())?;
        let further = environment
            .variable("AWS_CA_BUNDLE")
            .or_else(|| profile.as_ref()?.authorities());
        Ok(Connection {
            all,
            by_service,
            region,
            credentials,
            trust: Trust {
                further: further.map(PathBuf::from),
                ..Trust::default()
            },
        })
    }

    /// A connection to one server for all services, with any key.
    pub fn to(endpoint: &str, region: Region) -> Connection {
        Connection {
            all: Some(endpoint.trim_end_matches('/').to_owned()),
            by_service: BTreeMap::new(),
            region,
            credentials: Credentials::any(),
            trust: Trust::default(),
        }
    }

    /// The endpoint of a service, by the name that requests to it are signed for (`states`, `lambda`, `logs`), without
    /// a slash at its end.
    pub fn endpoint(&self, service: &str) -> String {
        let of_service = self.by_service.get(service);
        match of_service.or(self.all.as_ref()) {
            Some(endpoint) => endpoint.clone(),
            None => aws_endpoint(service, self.region.as_str()),
        }
    }

    /// Whether a service's requests go to AWS itself.
    pub fn is_aws(&self, service: &str) -> bool {
        self.all.is_none() && !self.by_service.contains_key(service)
    }
}

/// The services whose id, which variables and profiles use, is not the name that their requests are signed for.
/// Source: `serviceId` and `signingName` in AWS's public service models.
const SERVICE_IDS: &[(&str, &str)] = &[
    ("apigateway", "api_gateway"),
    ("athena", "athena"),
    ("bedrock", "bedrock_runtime"),
    ("dynamodb", "dynamodb"),
    ("ecs", "ecs"),
    ("events", "eventbridge"),
    ("glue", "glue"),
    ("iam", "iam"),
    ("lambda", "lambda"),
    ("logs", "cloudwatch_logs"),
    ("monitoring", "cloudwatch"),
    ("s3", "s3"),
    ("sagemaker", "sagemaker"),
    ("scheduler", "scheduler"),
    ("secretsmanager", "secrets_manager"),
    ("sns", "sns"),
    ("sqs", "sqs"),
    ("ssm", "ssm"),
    ("states", "sfn"),
    ("sts", "sts"),
];

/// Where requests go: one endpoint for all services, AWS where there is none, and exceptions.
struct Endpoints {
    all: Option<String>,
    by_service: BTreeMap<&'static str, String>,
}

impl Endpoints {
    fn find(
        chosen: &Chosen,
        environment: &Environment,
        profile: Option<&Profile<'_>>,
        profile_is_named: bool,
    ) -> Result<Endpoints, ConnectionError> {
        let mut by_service = BTreeMap::new();
        if let Some(endpoint) = &chosen.endpoint {
            let all = (endpoint != AWS_ITSELF).then_some(endpoint.as_str());
            let all = all.map(checked).transpose()?;
            return Ok(Endpoints { all, by_service });
        }
        let ignored = environment
            .variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let profile = profile.filter(|_| !ignored);
        let of_variable = environment.variable("AWS_ENDPOINT_URL");
        for (service, id) in SERVICE_IDS {
            let variable = format!("AWS_ENDPOINT_URL_{}", id.to_ascii_uppercase());
            let own = environment.variable(&variable);
            // A variable for all services goes before what a profile says about one.
            let own = own.or_else(|| match of_variable {
                Some(_) => None,
                None => profile?.service_endpoint(id),
            });
            if let Some(own) = own.filter(|_| !ignored) {
                by_service.insert(*service, checked(own)?);
            }
        }
        let all = of_variable
            .filter(|_| !ignored)
            .or_else(|| profile?.endpoint());
        let all = match all {
            Some(all) => Some(checked(all)?),
            None if profile_is_named => None,
            None => Some(LOCAL_ENDPOINT.to_owned()),
        };
        Ok(Endpoints { all, by_service })
    }
}

fn checked(endpoint: &str) -> Result<String, ConnectionError> {
    let host = ["http://", "https://"]
        .into_iter()
        .find_map(|scheme| endpoint.strip_prefix(scheme));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') => {
            Ok(endpoint.trim_end_matches('/').to_owned())
        }
        _ => Err(ConnectionError::Endpoint(endpoint.to_owned())),
    }
}

fn credentials(
    chosen: &Chosen,
    environment: &Environment,
    profile: Option<&Profile<'_>>,
    is_aws: bool,
) -> Result<Credentials, ConnectionError> {
    // A profile that was asked for on the command line goes before variables.
    let of_variables = || Credentials::of_variables(environment);
    if chosen.profile.is_none()
        && let Some(credentials) = of_variables()
    {
        return Ok(credentials);
    }
    let of_profile = match profile.map(Profile::credentials).transpose() {
        Ok(credentials) => credentials.flatten(),
        // Another server takes any key; AWS does not.
        Err(ConnectionError::Indirect { .. }) if !is_aws => None,
        Err(error) => return Err(error),
    };
    match of_profile.or_else(of_variables) {
        Some(credentials) => Ok(credentials),
        None if is_aws => Err(ConnectionError::NoCredentials),
        None => Ok(Credentials::any()),
    }
}

/// AWS's own endpoint. Source: the partitions of AWS's public `partitions.json` and each service's general reference.
fn aws_endpoint(service: &str, region: &str) -> String {
    let is_china = region.starts_with("cn-");
    let domain = if is_china {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    match service {
        // IAM has one endpoint in each partition.
        "iam" if is_china => format!("https://iam.cn-north-1.{domain}"),
        "iam" if region.starts_with("us-gov-") => format!("https://iam.us-gov.{domain}"),
        "iam" => format!("https://iam.{domain}"),
        "sagemaker" => format!("https://api.sagemaker.{region}.{domain}"),
        "bedrock" => format!("https://bedrock-runtime.{region}.{domain}"),
        _ => format!("https://{service}.{region}.{domain}"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const CONFIG: &str = "
[default]
region = eu-central-1
[profile work]
region = sa-east-1
[profile local]
endpoint_url = http://box:9000/
[profile parts]
services = parts
[services parts]
sfn =
  endpoint_url = http://sfn:1
[profile role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = work
";
    const CREDENTIALS: &str = "
[default]
aws_access_key_id = DEFAULTKEY
aws_secret_access_key = s
[work]
aws_access_key_id = WORKKEY
aws_secret_access_key = s
aws_session_token = t
";

    /// Endpoint of Step Functions, of Lambda, region and key, or what is wrong.
    fn check<const N: usize>(
        chosen: [Option<&str>; 3],
        variables: [(&str, &str); N],
        expect: [&str; 4],
    ) {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        fs::write(home.path().join(".aws/config"), CONFIG).unwrap();
        fs::write(home.path().join(".aws/credentials"), CREDENTIALS).unwrap();
        let [endpoint, profile, region] = chosen.map(|text| text.map(str::to_owned));
        let chosen = Chosen {
            endpoint,
            profile,
            region,
        };
        let environment = Environment::of(variables, Some(home.path()));
        let found = match Connection::resolve(&chosen, &environment) {
            Ok(connection) => [
                connection.endpoint("states"),
                connection.endpoint("lambda"),
                connection.region.as_str().to_owned(),
                connection.credentials.access_key_id,
            ],
            Err(error) => [
                error.to_string(),
                String::new(),
                String::new(),
                String::new(),
            ],
        };
        assert_eq!(found, expect, "{chosen:?} {variables:?}");
    }

    const LOCAL: &str = LOCAL_ENDPOINT;

    #[test]
    fn nothing_said_is_this_machine() {
        let none = [None, None, None];
        check(none, [], [LOCAL, LOCAL, "eu-central-1", "DEFAULTKEY"]);
        let no_files = [
            ("AWS_CONFIG_FILE", "none"),
            ("AWS_SHARED_CREDENTIALS_FILE", "none"),
        ];
        check(none, no_files, [LOCAL, LOCAL, "us-east-1", "test"]);
        let key = [
            ("AWS_ACCESS_KEY_ID", "123456789012"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
        ];
        check(none, key, [LOCAL, LOCAL, "eu-central-1", "123456789012"]);
        let region = [("AWS_DEFAULT_REGION", "us-west-2"), ("AWS_REGION", "")];
        check(none, region, [LOCAL, LOCAL, "us-west-2", "DEFAULTKEY"]);
    }

    #[test]
    fn endpoints_in_order() {
        let url = Some("https://passo.example/");
        let here = "https://passo.example";
        let variables = [("AWS_ENDPOINT_URL", "http://a:1")];
        check(
            [url, None, Some("eu-west-1")],
            variables,
            [here, here, "eu-west-1", "DEFAULTKEY"],
        );
        check(
            [None; 3],
            variables,
            ["http://a:1", "http://a:1", "eu-central-1", "DEFAULTKEY"],
        );
        let sfn = [
            ("AWS_ENDPOINT_URL", "http://a:1"),
            ("AWS_ENDPOINT_URL_SFN", "http://b:1"),
        ];
        check(
            [None; 3],
            sfn,
            ["http://b:1", "http://a:1", "eu-central-1", "DEFAULTKEY"],
        );
        let ignored = [
            ("AWS_ENDPOINT_URL", "http://a:1"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
        ];
        check(
            [None; 3],
            ignored,
            [LOCAL, LOCAL, "eu-central-1", "DEFAULTKEY"],
        );
        let wrong = "`localhost:4566` is not an endpoint: it must begin with http:// or https://";
        check(
            [Some("localhost:4566"), None, None],
            [],
            [wrong, "", "", ""],
        );
    }

    #[test]
    fn a_profile_is_aws_unless_it_says_otherwise() {
        let states = "https://states.sa-east-1.amazonaws.com";
        let lambda = "https://lambda.sa-east-1.amazonaws.com";
        let expect = [states, lambda, "sa-east-1", "WORKKEY"];
        check([None, Some("work"), None], [], expect);
        check([None; 3], [("AWS_PROFILE", "work")], expect);
        let key = [
            ("AWS_ACCESS_KEY_ID", "K"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
            ("AWS_PROFILE", "work"),
        ];
        check([None, Some("work"), None], key, expect);
        check([None; 3], key, [states, lambda, "sa-east-1", "K"]);
        let there = "http://box:9000";
        check(
            [None, Some("local"), None],
            [],
            [there, there, "us-east-1", "test"],
        );
        check(
            [None, Some("parts"), None],
            [("AWS_ACCESS_KEY_ID", "K"), ("AWS_SECRET_ACCESS_KEY", "x")],
            [
                "http://sfn:1",
                "https://lambda.us-east-1.amazonaws.com",
                "us-east-1",
                "K",
            ],
        );
        check(
            [Some("aws"), None, Some("cn-north-1")],
            [],
            [
                "https://states.cn-north-1.amazonaws.com.cn",
                "https://lambda.cn-north-1.amazonaws.com.cn",
                "cn-north-1",
                "DEFAULTKEY",
            ],
        );
    }

    #[test]
    fn what_is_missing_is_said() {
        let role = "the profile `role` gets its key by `role_arn`, which is not supported";
        check([None, Some("role"), None], [], [role, "", "", ""]);
        let none = "no profile is called `nobody` in the files of `~/.aws`";
        check([None, Some("nobody"), None], [], [none, "", "", ""]);
        let region = "`no where` is not the name of a region";
        check([None, None, Some("no where")], [], [region, "", "", ""]);
    }
}
