//! What the terminal is told.

use std::path::Path;

use anstyle::{AnsiColor, Style};
use passo_template::Output;

use crate::deploy::{Change, Deploying, Report, here};
use crate::terminal::Clean;

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();

const fn colored(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(color)))
}

pub(super) fn heading(endpoint: &str, data: Option<&Path>) {
    let kept = match data {
        Some(directory) => format!("data in {}", directory.display()),
        None => "nothing is kept".to_owned(),
    };
    anstream::eprintln!("{BOLD}passo dev{BOLD:#}  {endpoint}  {DIM}({kept}){DIM:#}");
}

pub(super) fn notes(notes: &[String]) {
    for note in notes {
        anstream::eprintln!("note: {}", Clean::line(note));
    }
}

/// What was done. Of a later time, only what changed.
pub(super) fn reports(reports: &[Report], only_changes: bool) {
    for report in reports {
        let name = Clean::line(&report.name);
        match &report.outcome {
            Ok(outcome) => {
                let word = outcome.done();
                if *outcome == Change::Unsupported {
                    let yellow = colored(AnsiColor::Yellow);
                    if !only_changes {
                        anstream::eprintln!(
                            "  {yellow}!{yellow:#} not supported {DIM}{}{DIM:#} {name}",
                            report.kind
                        );
                    }
                } else if !(only_changes && word == "unchanged") {
                    let green = colored(AnsiColor::Green);
                    anstream::eprintln!(
                        "  {green}✔{green:#} {word:<9} {DIM}{:<13}{DIM:#} {name}",
                        report.kind
                    );
                }
            }
            Err(problem) => {
                let red = colored(AnsiColor::Red);
                anstream::eprintln!(
                    "  {red}✖{red:#} refused   {DIM}{:<13}{DIM:#} {name}",
                    report.kind
                );
                problem.print();
            }
        }
    }
}

pub(super) fn broken(has_begun: bool) {
    let yellow = colored(AnsiColor::Yellow);
    let stays = if has_begun {
        "what was deployed before stays; "
    } else {
        ""
    };
    anstream::eprintln!("{yellow}!{yellow:#} {stays}waiting for the next change");
}

pub(super) fn mended() {
    let green = colored(AnsiColor::Green);
    anstream::eprintln!("{green}✔{green:#} everything is deployed again");
}

/// The stack's outputs.
pub(super) fn outputs(outputs: &[Output], endpoint: &str) {
    for output in outputs {
        let (name, value) = (Clean::line(&output.name), Clean::line(&output.value));
        anstream::eprintln!("  {name} = {value}");
        if let Some(here) = here(&output.value, endpoint) {
            anstream::eprintln!("  {name} is here: {}", Clean::line(&here));
        }
    }
}

/// Commands to copy.
pub(super) fn commands(deploying: &Deploying, endpoint: &str, region: &str) {
    let is_default = endpoint == passo_net::client::LOCAL_ENDPOINT;
    let option = if is_default {
        String::new()
    } else {
        format!(" --endpoint {endpoint}")
    };
    anstream::eprintln!();
    let machines = deploying.steps().iter();
    let machines = machines.filter(|step| step.kind == "state machine");
    for machine in machines.take(5) {
        let name = Clean::line(&machine.name);
        anstream::eprintln!("  passo run {name} --input '{{}}'{option}");
    }
    anstream::eprintln!("  aws stepfunctions list-state-machines --endpoint-url {endpoint}");
    anstream::eprintln!("  {DIM}for AWS's SDKs and tools:{DIM:#}");
    anstream::eprintln!(
        "  export AWS_ENDPOINT_URL={endpoint} AWS_REGION={region} AWS_DEFAULT_REGION={region} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"
    );
    anstream::eprintln!();
    let directory = deploying.source.directory.display();
    anstream::eprintln!("{DIM}following the files of {directory}; Ctrl-C stops{DIM:#}");
}
