//! `cargo xtask simulate [--seeds N] [--seed S] [--minutes M]`: simulations of many seeds, or of one with every step shown.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use passo_simulation::{Day, Report, simulate, week};

/// The binary's own, since a week measures memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Which seeds to simulate.
#[derive(Debug, Parser)]
#[command(name = "passo-simulation")]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Only this seed, and every step of it is shown.
    #[arg(long)]
    seed: Option<u64>,
    /// As many seeds as fit into this time, in minutes; fractions are fine.
    #[arg(long)]
    minutes: Option<f64>,
    /// Instead, a week of virtual time on the store on disk, and two days of rest: what there is of everything, by day.
    #[arg(long)]
    week: bool,
    /// Executions started on each day of that week.
    #[arg(long, default_value_t = 10_000)]
    each_day: u64,
    /// Days on which executions are started.
    #[arg(long, default_value_t = 7)]
    days: u64,
    /// How many defects are shown before it stops.
    #[arg(long, default_value_t = 5)]
    defects: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(seed) = arguments.seed {
        return match simulate(seed, &mut |line| println!("{line}")) {
            Ok(report) => {
                println!("seed {seed} is clean: {report:?}");
                ExitCode::SUCCESS
            }
            Err(defect) => {
                eprintln!("error: {defect}");
                ExitCode::FAILURE
            }
        };
    }
    if arguments.week {
        return virtual_week(&arguments);
    }
    many(&arguments)
}

fn virtual_week(arguments: &Arguments) -> ExitCode {
    let outcome = tempfile::tempdir()
        .map_err(Into::into)
        .and_then(|directory| {
            week(
                directory.path(),
                arguments.days,
                arguments.each_day,
                &mut show,
            )
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn show(day: &Day) {
    const MIB: f64 = 1024.0 * 1024.0;
    let rows: Vec<String> = day
        .rows
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(table, count)| format!("{table} {count}"))
        .collect();
    println!(
        "day {:2}: {:6} started, {:5.1} MiB resident, {:6.1} MiB on disk, {} executions and {} timers in memory, rows: {} ({:.1} s)",
        day.number,
        day.started,
        day.resident_bytes as f64 / MIB,
        day.disk_bytes as f64 / MIB,
        day.in_memory,
        day.timers,
        if rows.is_empty() {
            "none".to_owned()
        } else {
            rows.join(", ")
        },
        day.took.as_secs_f64()
    );
}

fn many(arguments: &Arguments) -> ExitCode {
    let started = Instant::now();
    let limit = arguments
        .minutes
        .and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok());
    let (mut total, mut defects, mut seeds) = (Report::default(), 0, 0);
    let mut seed = arguments.from;
    loop {
        let over = match limit {
            Some(limit) => started.elapsed() >= limit,
            None => seeds >= arguments.seeds,
        };
        if over || defects >= arguments.defects {
            break;
        }
        match simulate(seed, &mut |_| {}) {
            Ok(report) => {
                total.steps += report.steps;
                total.crashes += report.crashes;
                total.commits += report.commits;
                total.ended += report.ended;
            }
            Err(defect) => {
                defects += 1;
                eprintln!("error: {defect}\n  again: cargo xtask simulate --seed {seed}");
            }
        }
        seeds += 1;
        seed += 1;
    }
    println!(
        "{seeds} seeds, {defects} with defects: {} executions, {} commits, {} crashes, {} steps in {:.1} s",
        total.ended,
        total.commits,
        total.crashes,
        total.steps,
        started.elapsed().as_secs_f64()
    );
    if defects == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
