//! Reading the project that is to be deployed.

use clap::Args;
use passo_template::Deployment;

use crate::aws::Api;
use crate::problem::Problem;

/// What fills a template in.
#[derive(Clone, Debug, Default, Args)]
pub struct TemplateArguments {
    /// A parameter of the template; may be repeated
    #[arg(long = "parameter", short = 'p', value_name = "NAME=VALUE", value_parser = crate::run::parameter)]
    pub parameters: Vec<(String, String)>,

    /// The name of the stack, which a template may use in names
    #[arg(long, default_value = "local", value_name = "NAME")]
    pub stack_name: String,
}

/// The account, region and parameters that a template is read for.
///
/// # Errors
/// When the server does not tell the account.
pub async fn deployment(api: &Api, arguments: &TemplateArguments) -> Result<Deployment, Problem> {
    let account = api.account().await.map_err(|error| {
        error.problem("it is not known which account the project would be deployed to")
    })?;
    let region = api.connection().region.as_str();
    let partition = match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    let parameters = arguments.parameters.iter();
    Ok(Deployment {
        partition: partition.into(),
        account: account.into(),
        region: region.into(),
        stack_name: arguments.stack_name.as_str().into(),
        parameters: parameters
            .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
            .collect(),
    })
}
