//! The process's own health: set anew each time somebody asks.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use passo_runtime::{COMMIT_MICROS, Figures};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

/// Bytes of a page of memory, as `/proc` counts them on the machines that Passo is built for.
const PAGE_BYTES: u64 = 4096;

pub(super) struct ProcessFigures {
    latest: Arc<Mutex<Figures>>,
    resident_bytes: Gauge<u64, AtomicU64>,
    open_files: Gauge<u64, AtomicU64>,
    up: Gauge<u64, AtomicU64>,
}

#[derive(Debug)]
struct RuntimeFigures(Arc<Mutex<Figures>>);

impl ProcessFigures {
    pub(super) fn new(registry: &mut Registry) -> ProcessFigures {
        let process = ProcessFigures {
            latest: Arc::default(),
            resident_bytes: Gauge::default(),
            open_files: Gauge::default(),
            up: Gauge::default(),
        };
        registry.register(
            "process_resident_memory_bytes",
            "Memory that the process has in use",
            process.resident_bytes.clone(),
        );
        registry.register(
            "process_open_fds",
            "Files, sockets and pipes that the process has open",
            process.open_files.clone(),
        );
        registry.register(
            "passo_ready",
            "1 once what was under way is recovered",
            process.up.clone(),
        );
        registry.register_collector(Box::new(RuntimeFigures(Arc::clone(&process.latest))));
        process
    }

    /// Looks at the process, and takes the runtime's figures.
    pub(super) fn set(&mut self, figures: Option<&Figures>) {
        self.up.set(u64::from(figures.is_some()));
        self.resident_bytes.set(resident_bytes().unwrap_or(0));
        self.open_files.set(open_files().unwrap_or(0));
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) =
            figures.cloned().unwrap_or_default();
    }
}

impl Collector for RuntimeFigures {
    // tidy: long, because it is a table with a row for each figure.
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let figures = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let gauges = [
            (
                "passo_executions_open",
                "Standard executions that have not ended, and Express ones under way",
                figures.executions_open,
            ),
            (
                "passo_executions_in_memory",
                "Executions in memory; others that are open wait in the store",
                figures.executions_in_memory,
            ),
            ("passo_timers", "Timers that are set", figures.timers),
            (
                "passo_inbox_messages",
                "Messages that wait for the partition",
                figures.inbox,
            ),
            (
                "passo_turns_waiting",
                "Turns that wait to become durable",
                figures.turns_waiting,
            ),
            (
                "passo_in_flight",
                "Messages, commits and tasks under way",
                figures.in_flight,
            ),
            (
                "passo_store_full",
                "1 while the store finds no room: new work is refused",
                usize::from(figures.is_full),
            ),
            (
                "passo_store_broken",
                "1 once nothing becomes durable any more",
                usize::from(figures.is_broken),
            ),
        ];
        for (name, help, value) in gauges {
            let value = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            let metric = encoder.encode_descriptor(name, help, None, value.metric_type())?;
            value.encode(metric)?;
        }
        let counters = [
            (
                "passo_commits",
                "Batches that became durable",
                figures.commits,
            ),
            (
                "passo_commit_failures",
                "Attempts to write a batch that failed",
                figures.commit_failures,
            ),
            (
                "passo_commit_turns",
                "Turns that batches were made of",
                figures.turns,
            ),
            (
                "passo_commit_operations",
                "Changes that batches were made of",
                figures.operations,
            ),
            (
                "passo_commit_bytes",
                "Bytes of keys and values in batches",
                figures.bytes,
            ),
            (
                "passo_refused_busy",
                "Messages that were refused because too much waited",
                figures.refused_busy,
            ),
            (
                "passo_refused_full",
                "Starts that were refused because the store had no room",
                figures.refused_full,
            ),
            (
                "passo_executions_quarantined",
                "Executions that were set aside in the life of this process",
                figures.quarantined,
            ),
        ];
        for (name, help, value) in counters {
            let value = ConstCounter::new(value);
            let metric = encoder.encode_descriptor(name, help, None, value.metric_type())?;
            value.encode(metric)?;
        }
        let help = "How long a batch took to become durable, its fsync included";
        let commits =
            encoder.encode_descriptor("passo_commit_seconds", help, None, MetricType::Histogram)?;
        commit_seconds(&figures, commits)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the bounds are small whole numbers"
)]
fn commit_seconds(
    figures: &Figures,
    mut encoder: MetricEncoder<'_>,
) -> Result<(), std::fmt::Error> {
    let bounds = COMMIT_MICROS.iter().map(|micros| *micros as f64 / 1e6);
    let bounds = bounds.chain(std::iter::once(f64::MAX));
    let classes: Vec<(f64, u64)> = bounds.zip(figures.commit_classes).collect();
    let seconds = figures.commit_time.as_secs_f64();
    encoder.encode_histogram::<NoLabelSet>(seconds, figures.commits, &classes, None)
}

fn resident_bytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages.saturating_mul(PAGE_BYTES))
}

fn open_files() -> Option<u64> {
    let files = std::fs::read_dir("/proc/self/fd").ok()?.count();
    u64::try_from(files).ok()
}
