//! `passo run` of a state machine on a server.

use passo_json::{Json, json};

use super::RunArguments;
use super::arguments::OutputFormat;
use crate::aws::Api;
use crate::aws::names::{self, member};
use crate::exit::Exit;
use crate::output::{self, readable};
use crate::problem::Problem;
use crate::show::describe;
use crate::start;
use crate::trace::{Ended, Following, follow, interval};
use crate::tree::Stream;

/// Whether a state machine on a server is meant: a server was named, or nothing here is called so.
pub(super) fn is_meant(arguments: &RunArguments) -> bool {
    let name = arguments.path.to_string_lossy();
    if name.starts_with("arn:") || arguments.connection.is_given() {
        return true;
    }
    !arguments.path.exists() && !name.contains(['/', '.', '\\'])
}

/// Starts an execution and waits for its end.
///
/// # Errors
/// When the server refuses, or cannot be asked.
pub(super) async fn run(arguments: &RunArguments) -> Result<Exit, Problem> {
    let flow = arguments.path.to_string_lossy();
    refuse_local_options(arguments, &flow)?;
    let api = arguments.connection.connect()?;
    let machine = names::state_machine(&api, &flow).await.map_err(|problem| {
        match arguments.path.exists() {
            true => problem,
            false => problem.why(format!(
                "nothing here is called `{flow}`, so a server was asked"
            )),
        }
    })?;
    let input = start::input_text(&arguments.input)?;
    let name = arguments.name.as_deref();
    if is_express(&api, &machine).await {
        let ended = start::sync(&api, &machine, &input, name).await?;
        return Ok(tell(arguments, &ended));
    }
    let started = start::begin(&api, &machine, &input, name).await?;
    let arn = member(&started, "executionArn");
    let short = names::execution_name(arn);
    let following = Following {
        arn,
        stream: Stream::Error,
        is_quiet: arguments.quiet,
        prints_events: arguments.output == OutputFormat::Jsonl,
        interval: interval(&api, None),
        timeout: arguments.timeout,
    };
    let goes_on = |what: String| {
        Problem::new(what)
            .why(format!("`{short}` goes on"))
            .next(format!("passo trace {short}, or passo stop {short}"))
            .print();
    };
    match follow(&api, &following).await? {
        Ended::Over(_) => {
            let described = describe(&api, arn).await?;
            Ok(tell(arguments, &described))
        }
        Ended::OutOfTime => {
            goes_on("the execution did not end in time".to_owned());
            Ok(Exit::TimedOut)
        }
        Ended::Interrupted => {
            goes_on("interrupted".to_owned());
            Ok(Exit::Interrupted)
        }
    }
}

/// Whether nothing is kept of its executions, so that they must be waited for. Who may not look at a state machine can
/// still start one of the usual kind.
async fn is_express(api: &Api, machine: &str) -> bool {
    let parameters = json!({"stateMachineArn": machine});
    let described = api.states("DescribeStateMachine", &parameters).await;
    described.is_ok_and(|described| member(&described, "type") == "EXPRESS")
}

fn refuse_local_options(arguments: &RunArguments, flow: &str) -> Result<(), Problem> {
    let options = [
        ("--mock", arguments.mock.is_some()),
        ("--test-case", arguments.test_case.is_some()),
        ("--seed", arguments.seed.is_some()),
        ("--state-machine", arguments.state_machine.is_some()),
        ("--parameter", !arguments.parameters.is_empty()),
    ];
    match options.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Problem::new(format!("{option} does not go with `{flow}`"))
            .why("it is for workflows that run on this machine, and this one is on a server")),
        None => Ok(()),
    }
}

/// Tells how the execution ended, as a run on this machine does.
fn tell(arguments: &RunArguments, described: &Json) -> Exit {
    let described = readable(described);
    let status = member(&described, "status");
    let document = |name: &str| {
        let text = described.get(name).and_then(Json::as_str);
        text.and_then(|text| Json::parse(text).ok())
    };
    match arguments.output {
        OutputFormat::Text => {
            if let (true, Some(output)) = (status == "SUCCEEDED", document("output")) {
                output::line(&output.to_pretty());
            }
        }
        OutputFormat::Json => {
            let mut members = described.as_object().cloned().unwrap_or_default();
            for name in ["input", "output"] {
                if let Some(document) = document(name) {
                    members = members.with(name, document);
                }
            }
            output::line(&Json::from(members).to_pretty());
        }
        OutputFormat::Jsonl => {}
    }
    let what = match status {
        "SUCCEEDED" => return Exit::Ok,
        "TIMED_OUT" => "the execution timed out",
        "ABORTED" => "the execution was stopped",
        _ => "the execution failed",
    };
    let (error, cause) = (member(&described, "error"), member(&described, "cause"));
    let mut problem = Problem::new(match error.is_empty() {
        true => what.to_owned(),
        false => format!("{what}: {error}"),
    });
    if !cause.is_empty() {
        problem = problem.why(cause);
    }
    problem.print();
    Exit::Failed
}
