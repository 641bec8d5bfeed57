//! `passo doctor`: what is needed, whether it is there, and what to do where it is not.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anstyle::{AnsiColor, Style};
use clap::Args;
use passo_json::{Json, json};

use crate::aws::{Api, ConnectionArguments};
use crate::exit::Exit;
use crate::output::OutputArguments;
use crate::problem::Problem;
use crate::terminal::Clean;

/// Options of `passo doctor`.
#[derive(Debug, Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    pub connection: ConnectionArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    /// Something may not work.
    Doubtful,
    Bad,
}

struct Finding {
    about: &'static str,
    verdict: Verdict,
    says: String,
    next: Option<String>,
}

/// Looks at everything.
///
/// # Errors
/// None so far: what is wrong is what it tells.
pub async fn doctor(arguments: &DoctorArguments) -> Result<Exit, Problem> {
    let mut findings = vec![Finding::good(
        "passo",
        format!("version {}", env!("CARGO_PKG_VERSION")),
    )];
    match arguments.connection.connection() {
        Ok(connection) => {
            let key = &connection.credentials.access_key_id;
            let endpoint = connection.endpoint("states");
            let region = connection.region.as_str();
            let says = format!("{endpoint}, region {region}, key {}", masked(key));
            findings.push(Finding::good("connection", says));
            let api = Api::new(connection)?;
            findings.push(server(&api).await);
            if let Some(finding) = account(&api).await {
                findings.push(finding);
            }
        }
        Err(problem) => findings.push(Finding {
            about: "connection",
            verdict: Verdict::Bad,
            says: problem.reason(),
            next: problem.advice(),
        }),
    }
    findings.push(interpreter("python3", "Python functions"));
    findings.push(interpreter("node", "Node.js functions"));
    findings.push(data(Path::new(".")));
    tell(arguments, &findings)?;
    let is_bad = findings
        .iter()
        .any(|finding| finding.verdict == Verdict::Bad);
    Ok(if is_bad { Exit::Failed } else { Exit::Ok })
}

async fn server(api: &Api) -> Finding {
    let begun = Instant::now();
    match api
        .states("ListStateMachines", &json!({"maxResults": 1}))
        .await
    {
        Ok(_) => {
            let millis = begun.elapsed().as_millis();
            Finding::good("server", format!("answers within {millis} ms"))
        }
        Err(error) => {
            let is_aws = api.connection().is_aws("states");
            Finding {
                about: "server",
                verdict: Verdict::Bad,
                says: error.to_string(),
                next: Some(match (error.code(), is_aws) {
                    (Some(_), true) => {
                        "look at the key's permissions: states:ListStateMachines".to_owned()
                    }
                    (Some(_), false) => "passo list, for what the server says".to_owned(),
                    (None, true) => {
                        "look at the network, and at AWS_CA_BUNDLE if a proxy reads along"
                            .to_owned()
                    }
                    (None, false) => {
                        "passo dev, or passo serve; another server: --endpoint URL".to_owned()
                    }
                }),
            }
        }
    }
}

/// The account. A server that cannot be reached has said so already.
async fn account(api: &Api) -> Option<Finding> {
    match api.account().await {
        Ok(account) => Some(Finding::good("account", account)),
        Err(error) if error.code().is_none() => None,
        Err(error) => Some(Finding {
            about: "account",
            verdict: Verdict::Doubtful,
            says: error.to_string(),
            next: Some("passo deploy needs sts:GetCallerIdentity".to_owned()),
        }),
    }
}

fn interpreter(name: &'static str, what_for: &str) -> Finding {
    let version = Command::new(name).arg("--version").output();
    let version = version.ok().filter(|output| output.status.success());
    match version {
        Some(output) => {
            let version = String::from_utf8_lossy(&output.stdout);
            Finding::good(name, version.trim().to_owned())
        }
        None => Finding {
            about: name,
            verdict: Verdict::Doubtful,
            says: format!("not found: {what_for} cannot run on this machine"),
            next: Some(format!("install {name}, if there are any")),
        },
    }
}

/// Whether data can be kept here, as `passo serve` and `passo dev` do.
fn data(directory: &Path) -> Finding {
    match tempfile::Builder::new()
        .prefix(".passo-doctor")
        .tempfile_in(directory)
    {
        Ok(_) => Finding::good("data", "this directory can be written to"),
        Err(error) => Finding {
            about: "data",
            verdict: Verdict::Doubtful,
            says: format!("this directory cannot be written to: {error}"),
            next: Some("passo serve --data DIRECTORY, or --ephemeral".to_owned()),
        },
    }
}

/// A key's first characters: enough to know it again.
fn masked(key: &str) -> String {
    let shown: String = key.chars().take(4).collect();
    match key.chars().count() {
        0..=8 => key.to_owned(),
        _ => format!("{shown}…"),
    }
}

impl Finding {
    fn good(about: &'static str, says: impl Into<String>) -> Finding {
        Finding {
            about,
            verdict: Verdict::Good,
            says: says.into(),
            next: None,
        }
    }
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Verdict::Good => "ok",
            Verdict::Doubtful => "warning",
            Verdict::Bad => "error",
        }
    }
}

fn tell(arguments: &DoctorArguments, findings: &[Finding]) -> Result<(), Problem> {
    let rows = findings.iter().map(|finding| {
        json!({
            "about": finding.about, "verdict": finding.verdict.word(), "says": finding.says.as_str(),
            "next": finding.next.as_deref().unwrap_or_default()
        })
    });
    let rows = Json::from(rows.collect::<Vec<_>>());
    let table = |_: &Json| {
        let mut lines = Vec::new();
        for Finding {
            about,
            verdict,
            says,
            next,
        } in findings
        {
            let (sign, color) = match verdict {
                Verdict::Good => ('✔', AnsiColor::Green),
                Verdict::Doubtful => ('!', AnsiColor::Yellow),
                Verdict::Bad => ('✖', AnsiColor::Red),
            };
            let style = Style::new().fg_color(Some(color.into()));
            let word = verdict.word();
            lines.push(format!(
                "{style}{sign} {word:<8}{style:#}{about:<11} {}",
                Clean::line(says)
            ));
            if let Some(next) = next {
                lines.push(format!("             next: {next}"));
            }
        }
        lines
    };
    arguments.output.one(&rows, table, |rows| rows.to_text())
}
