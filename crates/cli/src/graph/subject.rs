//! Of what a picture is drawn: a definition, and how an execution of it stands.

use std::path::Path;

use passo_graph::{Scope, Standings};
use passo_json::{Json, json};
use passo_template::Deployment;

use super::arguments::SubjectArguments;
use crate::aws::names::{self, member};
use crate::aws::{Api, pages};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::project;

/// A definition, and what an execution of it has done.
#[derive(Debug)]
pub struct Subject {
    /// What a user would call it.
    pub name: String,
    definition: Json,
    pub standings: Option<Standings>,
}

impl Subject {
    /// Finds what is meant: what is on disk, else what a server has.
    ///
    /// # Errors
    /// When there is no such thing, or the server cannot be asked.
    pub async fn find(arguments: &SubjectArguments) -> Result<Subject, Problem> {
        let path = Path::new(&arguments.what);
        if path.exists() && !arguments.connection.is_given() {
            return on_disk(path, arguments.state_machine.as_deref());
        }
        if path
            .extension()
            .is_some_and(|end| end == "json" || end == "yaml" || end == "yml")
        {
            return Err(project::nothing_at(path).exit(Exit::NotFound));
        }
        let api = arguments.connection.connect()?;
        let what = &arguments.what;
        if names::is_execution(what) {
            let arn = names::execution(&api, what).await?;
            return execution(&api, &arn).await;
        }
        let arn = names::state_machine(&api, what).await?;
        if arguments.status {
            let arn = names::execution(&api, &format!("{}/@last", names::name_of(&arn))).await?;
            return execution(&api, &arn).await;
        }
        let wish = json!({"stateMachineArn": arn.as_str()});
        let found = api.states("DescribeStateMachine", &wish);
        let found = found.await.map_err(|error| {
            error.problem(format!("the state machine `{what}` cannot be described"))
        })?;
        let name = names::name_of(&arn).to_owned();
        Ok(Subject {
            definition: read(&name, member(&found, "definition"))?,
            name,
            standings: None,
        })
    }

    /// What is drawn.
    ///
    /// # Errors
    /// When the definition has no states.
    pub fn scope(&self) -> Result<Scope<'_>, Problem> {
        Scope::read(&self.definition).ok_or_else(|| {
            Problem::new(format!("`{}` is no definition", self.name))
                .why("it has no `States`")
                .next("passo check FILE")
        })
    }
}

fn on_disk(path: &Path, wanted: Option<&str>) -> Result<Subject, Problem> {
    let project = project::load(path, &Deployment::default())?;
    let machine = project.state_machine(wanted)?;
    let name = machine.name.to_string();
    Ok(Subject {
        definition: read(&name, &machine.definition.json()?)?,
        name,
        standings: None,
    })
}

async fn execution(api: &Api, arn: &str) -> Result<Subject, Problem> {
    let name = names::execution_name(arn);
    let unknown = |error: crate::aws::CallError| {
        error.problem(format!("the execution `{name}` cannot be read"))
    };
    let wish = json!({"executionArn": arn});
    let described = api.states("DescribeStateMachineForExecution", &wish).await;
    let described = described.map_err(unknown)?;
    let wish = json!({
        "executionArn": arn, "includeExecutionData": false, "maxResults": 1000_i64
    });
    let events = pages(api, "GetExecutionHistory", &wish, "events", usize::MAX).await;
    let mut standings = Standings::default();
    for event in events.map_err(unknown)? {
        standings.take(&event);
    }
    Ok(Subject {
        definition: read(&name, member(&described, "definition"))?,
        name,
        standings: Some(standings),
    })
}

fn read(name: &str, definition: &str) -> Result<Json, Problem> {
    Json::parse(definition).map_err(|error| {
        Problem::new(format!("the definition of `{name}` is not JSON"))
            .why(error)
            .next("passo check FILE")
    })
}
