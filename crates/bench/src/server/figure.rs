//! One line of the report.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::process::{Server, machine_load, own_cpu_seconds};

/// CPU and time since a moment, of a server and of this process.
pub struct Cost {
    started: Instant,
    server: f64,
    client: f64,
}

impl Cost {
    /// From the birth of `server` on.
    ///
    /// # Errors
    /// Where the kernel does not tell.
    pub fn of_birth(server: &Server) -> Result<Cost> {
        Ok(Cost {
            started: server.born(),
            server: 0.0,
            client: own_cpu_seconds()?,
        })
    }

    /// From now on.
    ///
    /// # Errors
    /// Where the kernel does not tell.
    pub fn begin(server: &Server) -> Result<Cost> {
        Ok(Cost {
            started: Instant::now(),
            server: server.cpu_seconds()?,
            client: own_cpu_seconds()?,
        })
    }

    /// Prints `what` with its figure and budget, and what it has cost since.
    ///
    /// # Errors
    /// Where the kernel does not tell.
    pub fn print(&self, server: &Server, what: &str, figure: &str, budget: &str) -> Result<()> {
        let elapsed = self.started.elapsed().as_secs_f64();
        let spent = server.cpu_seconds()? - self.server;
        let client = (own_cpu_seconds()? - self.client) / elapsed;
        let share = spent / elapsed;
        let cost = format!(
            "{spent:>7.2} s {:>4.0} % {:>7.0} %",
            share * 100.0,
            client * 100.0
        );
        line(what, figure, budget, &cost);
        Ok(())
    }
}

/// Prints the heading of the table.
pub fn header() {
    println!(
        "{:<44} {:>14} {:>12} {:>16} {:>9}   load",
        "", "figure", "budget", "server's CPU", "client's"
    );
}

/// Prints one line.
pub fn line(what: &str, figure: &str, budget: &str, cost: &str) {
    let load = machine_load();
    println!("{what:<44} {figure:>14} {budget:>12}   {cost:>26}   {load}");
}

/// `count` in `elapsed`, by the second.
pub fn rate(count: u64, elapsed: Duration) -> String {
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    format!("{:.0} /s", count / elapsed.as_secs_f64())
}

/// A time in milliseconds.
pub fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// Bytes in mebibytes.
pub fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}
