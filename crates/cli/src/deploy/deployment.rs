//! Reading the project that is to be deployed, and what the server has of it.

use std::path::Path;

use clap::Args;
use passo_json::{Json, json};
use passo_template::Deployment;

use super::apply::{Applied, apply};
use super::plan::{Plan, Step, plan};
use super::record::{self, Records};
use super::source::{self, Source};
use crate::aws::Api;
use crate::aws::names::member;
use crate::exit::Exit;
use crate::problem::Problem;

/// What fills a template in.
#[derive(Clone, Debug, Default, Args)]
pub struct TemplateArguments {
    /// A parameter of the template; may be repeated
    #[arg(long = "parameter", short = 'p', value_name = "NAME=VALUE", value_parser = crate::run::parameter)]
    pub parameters: Vec<(String, String)>,

    /// The name of the stack [default: that of the project's directory]
    #[arg(long, value_name = "NAME")]
    pub stack_name: Option<String>,
}

/// A project beside what the server has of it.
pub struct Deploying {
    /// The project.
    pub source: Source,
    plan: Plan,
    records: Records,
}

impl Deploying {
    /// Reads the project at `path` and what the server has of it. Nothing is changed.
    ///
    /// # Errors
    /// When the project is not right, or the server does not tell.
    pub async fn prepare(
        api: &Api,
        path: &Path,
        arguments: &TemplateArguments,
    ) -> Result<Deploying, Problem> {
        let found = source::find(path)?;
        let name = arguments.stack_name.clone();
        let name = name.unwrap_or_else(|| found.stack_name.clone());
        let mut deployment = deployment(api, arguments, &name).await?;
        let untold = |error: crate::aws::CallError| {
            error.problem("the server does not tell what is deployed")
        };
        for name in found.stored(&deployment)? {
            let parameters = json!({"Name": &*name, "WithDecryption": true});
            // A parameter that nothing refers to need not be there.
            if let Ok(answer) = api.call("ssm", "GetParameter", &parameters).await {
                let value = answer.get("Parameter").unwrap_or(&Json::Null);
                deployment
                    .stored
                    .insert(name, member(value, "Value").into());
            }
        }
        deployment.exports = record::exports(api).await.map_err(untold)?;
        let source = found.read(&deployment)?;
        let records = record::read(api, &name).await.map_err(untold)?;
        let plan = plan(&source.stack, &source.files, &records);
        Ok(Deploying {
            source,
            plan,
            records,
        })
    }

    /// What is to be done.
    pub fn steps(&self) -> &[Step] {
        &self.plan.steps
    }

    /// What is wrong with the resources that cannot be deployed.
    pub fn problems(&self) -> Vec<&Problem> {
        self.plan.broken.values().collect()
    }

    /// Makes the server have what the project wants, as far as that is right.
    pub async fn apply(&self, api: &Api) -> Applied {
        let Source { stack, files, .. } = &self.source;
        apply(api, stack, files, self.records.clone(), &self.plan).await
    }
}

/// The account, region and parameters that a template is read for.
async fn deployment(
    api: &Api,
    arguments: &TemplateArguments,
    stack_name: &str,
) -> Result<Deployment, Problem> {
    let account = api.account().await.map_err(|error| {
        error.problem("it is not known which account the project would be deployed to")
    })?;
    let is_name = stack_name.len() <= 128
        && stack_name.starts_with(|c: char| c.is_ascii_alphabetic())
        && stack_name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !is_name {
        return Err(
            Problem::new(format!("`{stack_name}` is not the name of a stack"))
                .why("it has letters, digits and hyphens, and begins with a letter")
                .exit(Exit::Usage),
        );
    }
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
        stack_name: stack_name.into(),
        parameters: parameters
            .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
            .collect(),
        ..Deployment::default()
    })
}
