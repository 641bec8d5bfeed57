//! `passo state test`: one state alone.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use passo_json::{Json, ObjectBuilder};
use passo_net::client::Connection;
use passo_server::{Configuration, Data, Server};
use passo_template::Deployment;
use passo_vocab::Region;

use crate::aws::names::member;
use crate::aws::{Api, ConnectionArguments};
use crate::exit::Exit;
use crate::given::Given;
use crate::output::OutputArguments;
use crate::problem::Problem;
use crate::project;

/// What can be done with a state.
#[derive(Debug, Subcommand)]
pub enum StateCommand {
    /// Run one state alone: on this machine, or on a server that is named
    Test(TestArguments),
}

/// Options of `passo state test`.
#[derive(Debug, Args)]
pub struct TestArguments {
    /// A definition, or a directory or template with one state machine
    pub file: PathBuf,

    /// The state's name
    pub state: String,

    /// Its input: JSON, @FILE, or - for standard input
    #[arg(long, short = 'i', default_value = "{}", value_name = "JSON")]
    pub input: String,

    /// What its work gives, in place of doing it: JSON or @FILE
    #[arg(long, value_name = "JSON")]
    pub mock: Option<String>,

    /// What its work fails with, in place of doing it: ERROR or ERROR:CAUSE
    #[arg(long, value_name = "ERROR", conflicts_with = "mock")]
    pub mock_error: Option<String>,

    /// The values of variables: a JSON object or @FILE
    #[arg(long, value_name = "JSON")]
    pub variables: Option<String>,

    /// How much is shown of what happens within
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    pub inspect: InspectArgument,

    /// Which state machine of a template
    #[arg(long, short = 's', value_name = "NAME")]
    pub state_machine: Option<String>,

    /// The role that work is done with
    #[arg(long, value_name = "ARN")]
    pub role: Option<String>,

    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

/// `--inspect`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum InspectArgument {
    /// The result
    #[default]
    Info,
    /// And the values between its steps
    Debug,
    /// And the HTTP request and response of an HTTP Task
    Trace,
}

/// Carries out a command.
///
/// # Errors
/// When the state cannot be tested as given.
pub async fn state(command: &StateCommand) -> Result<Exit, Problem> {
    let StateCommand::Test(arguments) = command;
    let parameters = parameters(arguments)?;
    let answer = if arguments.connection.is_given() {
        let api = arguments.connection.connect()?;
        api.states("TestState", &parameters).await
    } else {
        on_this_machine(&parameters).await?
    };
    let answer = answer.map_err(|error| {
        error.problem(format!("the state `{}` was not tested", arguments.state))
    })?;
    let answer = with_documents(&answer);
    let status = member(&answer, "status").to_owned();
    arguments.output.one(&answer, table, |value| {
        value.get("output").map(Json::to_text).unwrap_or_default()
    })?;
    if matches!(status.as_str(), "SUCCEEDED" | "CAUGHT_ERROR" | "RETRIABLE") {
        return Ok(Exit::Ok);
    }
    Ok(Exit::Failed)
}

/// Asks a server that is there for this question only.
async fn on_this_machine(
    parameters: &Json,
) -> Result<Result<Json, crate::aws::CallError>, Problem> {
    let cannot = |why: String| Problem::new("states cannot be tested on this machine").why(why);
    let server = Server::open(Configuration {
        port: 0,
        ..Configuration::new(Data::Ephemeral)
    });
    let server = server.await.map_err(|error| cannot(error.to_string()))?;
    let region = Region::parse("us-east-1").map_err(|error| cannot(error.to_string()))?;
    let api = Api::new(Connection::to(
        &format!("http://{}", server.address()),
        region,
    ))?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = server.serve(async {
        // An end of the other side is a wish to stop, too.
        let _ = stopped.await;
    });
    let asking = async {
        let answer = api.states("TestState", parameters).await;
        drop(stop);
        answer
    };
    let ((), answer) = tokio::join!(serving, asking);
    Ok(answer)
}

fn parameters(arguments: &TestArguments) -> Result<Json, Problem> {
    let project = project::load(&arguments.file, &Deployment::default())?;
    let machine = project.state_machine(arguments.state_machine.as_deref())?;
    project::compile(machine)?;
    let input = Given::read("--input", &arguments.input)?;
    input.json()?;
    let given = |option: &str, value: &Option<String>| -> Result<Option<String>, Problem> {
        let Some(value) = value else { return Ok(None) };
        let given = Given::read(option, value)?;
        given.json()?;
        Ok(Some(given.text))
    };
    let mut mock = ObjectBuilder::new();
    mock.insert_some("result", given("--mock", &arguments.mock)?);
    if let Some(error) = &arguments.mock_error {
        let (error, cause) = error.split_once(':').unwrap_or((error, ""));
        let mut output = ObjectBuilder::new();
        output.insert("error", error).insert("cause", cause.trim());
        mock.insert("errorOutput", output.build());
    }
    let mock = mock.build();
    let level = match arguments.inspect {
        InspectArgument::Info => "INFO",
        InspectArgument::Debug => "DEBUG",
        InspectArgument::Trace => "TRACE",
    };
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("definition", machine.definition.json()?)
        .insert("stateName", arguments.state.as_str())
        .insert("input", input.text)
        .insert("inspectionLevel", level)
        .insert_some("variables", given("--variables", &arguments.variables)?)
        .insert_some("roleArn", arguments.role.as_deref())
        .insert_some("mock", (!mock.is_empty()).then_some(mock));
    Ok(Json::from(parameters.build()))
}

/// The answer with its documents as documents: AWS has them as texts.
fn with_documents(answer: &Json) -> Json {
    let Some(members) = answer.as_object() else {
        return answer.clone();
    };
    let parsed = |name: &str, value: &Json| {
        let is_document = name == "output" || name == "inspectionData";
        match value.as_str() {
            Some(text) if is_document => Json::parse(text).unwrap_or_else(|_| value.clone()),
            _ => value.clone(),
        }
    };
    let members = members.iter().map(|(name, value)| {
        let value = match value.as_object() {
            Some(inspection) if &**name == "inspectionData" => {
                let parts = inspection.iter().map(|(name, value)| {
                    let text = value.as_str().and_then(|text| Json::parse(text).ok());
                    (name.clone(), text.unwrap_or_else(|| value.clone()))
                });
                Json::from(parts.collect::<passo_json::Object>())
            }
            _ => parsed(name, value),
        };
        (name.clone(), value)
    });
    Json::from(members.collect::<passo_json::Object>())
}

fn table(value: &Json) -> Vec<String> {
    let status = member(value, "status");
    let style = crate::output::status_style(status);
    let mut lines = vec![format!("{style}{status}{style:#}")];
    for (title, name) in [
        ("next", "nextState"),
        ("error", "error"),
        ("cause", "cause"),
    ] {
        let text = member(value, name);
        if !text.is_empty() {
            lines.push(format!(
                "  {title:<6} {}",
                crate::terminal::Clean::line(text)
            ));
        }
    }
    for part in ["output", "inspectionData"] {
        if let Some(document) = value.get(part) {
            lines.push(format!("  {part}"));
            let pretty = document.to_pretty();
            lines.extend(
                pretty
                    .lines()
                    .map(|line| format!("    {}", crate::terminal::Clean::line(line))),
            );
        }
    }
    lines
}
