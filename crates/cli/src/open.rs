//! `passo open`: the console, at what one asks for.

use std::io::IsTerminal as _;
use std::process::{Command, Stdio};

use clap::Args;

use crate::aws::ConnectionArguments;
use crate::aws::names;
use crate::exit::Exit;
use crate::output::line;
use crate::problem::Problem;

/// Options of `passo open`.
#[derive(Debug, Args)]
pub struct OpenArguments {
    /// A workflow, or an execution (FLOW/EXECUTION, FLOW/@last, @last or an ARN); the overview if left out
    #[arg(value_name = "FLOW|EXECUTION")]
    pub what: Option<String>,

    /// Only print the address
    #[arg(long)]
    pub print: bool,

    #[command(flatten)]
    pub connection: ConnectionArguments,
}

/// Prints the address of a page of the console, and opens it.
///
/// # Errors
/// When there is no such thing, or the server has no console.
pub async fn open(arguments: &OpenArguments) -> Result<Exit, Problem> {
    let api = arguments.connection.connect()?;
    if api.connection().is_aws("states") {
        return Err(Problem::new("AWS's console is not opened by passo")
            .next("passo open --endpoint http://127.0.0.1:4566"));
    }
    let page = match arguments.what.as_deref() {
        None => String::new(),
        Some(what) if names::is_execution(what) => {
            let arn = names::execution(&api, what).await?;
            format!("executions/{}", names::encoded(&arn))
        }
        Some(what) => {
            let arn = names::state_machine(&api, what).await?;
            format!("workflows/{}", names::encoded(names::name_of(&arn)))
        }
    };
    let address = format!("{}/console/{page}", api.connection().endpoint("states"));
    line(&address);
    if !arguments.print && std::io::stdout().is_terminal() {
        show(&address);
    }
    Ok(Exit::Ok)
}

/// Asks the desktop to show an address. Where there is none, the address is printed, and that is all that can be done.
fn show(address: &str) {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") {
        "xdg-open"
    } else {
        return;
    };
    let mut command = Command::new(program);
    let command = command.arg(address).stdin(Stdio::null());
    // Nobody is helped by what a browser says on the terminal.
    let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}
