//! Where to connect to, as options of a command.

use clap::Args;
use passo_net::client::{Chosen, Connection, ConnectionError, Environment};

use super::Api;
use crate::problem::Problem;

/// Options of every command that talks to a server.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArguments {
    /// The server: a URL, or `aws` for AWS itself [default: http://127.0.0.1:4566]
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,

    /// A profile of ~/.aws; AWS itself, unless the profile names an endpoint
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// The region [default: that of the profile, or us-east-1]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
}

impl ConnectionArguments {
    /// Whether a server was asked for on the command line.
    pub fn is_given(&self) -> bool {
        self.endpoint.is_some() || self.profile.is_some()
    }

    /// Decides where to connect to, and as whom. Nothing is sent yet.
    ///
    /// # Errors
    /// When options, variables and files do not say.
    pub fn connection(&self) -> Result<Connection, Problem> {
        let chosen = Chosen {
            endpoint: self.endpoint.clone(),
            profile: self.profile.clone(),
            region: self.region.clone(),
        };
        Connection::resolve(&chosen, &Environment::of_process()).map_err(|error| told(&error))
    }

    /// The API there.
    ///
    /// # Errors
    /// As [`ConnectionArguments::connection`].
    pub fn connect(&self) -> Result<Api, Problem> {
        Api::new(self.connection()?)
    }
}

fn told(error: &ConnectionError) -> Problem {
    let mut problem = Problem::new("it is not clear where to connect to").why(error);
    if let Some(source) = std::error::Error::source(error) {
        problem = problem.why(source);
    }
    match error {
        ConnectionError::NoProfile(_) => problem.next("aws configure list-profiles"),
        ConnectionError::Indirect { profile, .. } => problem.next(format!(
            "eval \"$(aws configure export-credentials --profile {profile} --format env)\""
        )),
        ConnectionError::NoCredentials => problem.next(
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile",
        ),
        ConnectionError::Endpoint(_) => problem.next("--endpoint http://127.0.0.1:4566"),
        ConnectionError::Region(_) => problem.next("--region us-east-1"),
        ConnectionError::File { .. } => problem,
    }
}
