//! The server's log: on standard error, as text or as JSON lines.
//!
//! What is logged are ids, names of operations and states of things; never a payload, a token or a secret.

use clap::{Args, ValueEnum};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, Registry, fmt};

use crate::problem::Problem;

/// What our own crates' targets begin with.
const OURS: &str = "passo";

/// Options of the log.
#[derive(Debug, Args)]
pub struct LogArguments {
    /// What the log is written as
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub log_format: LogFormat,

    /// How much is logged: off, error, warn, info, debug or trace, or by target, such as `info,passo_net=debug`
    #[arg(
        long,
        default_value = "info",
        value_name = "FILTER",
        env = "RUST_LOG",
        hide_env_values = true
    )]
    pub log_level: String,
}

/// What the log is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// Lets the log begin.
///
/// # Errors
/// When the filter is none.
pub fn begin(arguments: &LogArguments) -> Result<(), Problem> {
    let filter = filter(&arguments.log_level)?;
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(true);
    let layer = match arguments.log_format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    let subscriber = Registry::default().with(layer.with_filter(filter));
    // There is one already only where a process serves twice, and then it is the same.
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

/// A level alone is meant for our own crates: what others would log we do not vouch for.
fn filter(text: &str) -> Result<Targets, Problem> {
    let wrong = |part: &str| {
        Problem::new(format!("`{part}` is no filter of the log"))
            .next("give a level (off, error, warn, info, debug, trace) or `target=level`, separated by commas")
    };
    let mut targets = Targets::new().with_default(LevelFilter::OFF);
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (target, level) = part.split_once('=').unwrap_or((OURS, part));
        let level: LevelFilter = level.parse().map_err(|_| wrong(part))?;
        targets = targets.with_target(target, level);
    }
    Ok(targets)
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn levels_are_for_our_own_crates() {
        for (text, target, level, expect) in [
            ("info", "passo_net", Level::INFO, true),
            ("info", "passo_net", Level::DEBUG, false),
            ("trace", "hyper", Level::ERROR, false),
            ("info,passo_net=debug", "passo_net", Level::DEBUG, true),
            ("info,passo_net=debug", "passo_server", Level::DEBUG, false),
            ("off, hyper=warn", "hyper", Level::WARN, true),
            ("off", "passo_server", Level::ERROR, false),
            ("", "passo_server", Level::ERROR, false),
        ] {
            let filter = filter(text).unwrap_or_else(|_| panic!("{text}"));
            let enabled = filter.would_enable(target, &level);
            assert_eq!(enabled, expect, "{text} {target} {level}");
        }
        assert!(filter("loud").is_err());
        assert!(filter("passo=loud").is_err());
    }
}
