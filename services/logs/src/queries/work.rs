//! What running a query takes: reading events, and computing with them.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passo_service::Fault;
use passo_store::Direction;

use crate::Place;
use crate::event::KeptEvent;
use crate::insights::{Limits, Query, Record, Results};
use crate::tables::{Tables, Window};

/// Events, and bytes of them, that one query looks at.
const RECORDS_MAX: usize = 500_000;
const BYTES_MAX: usize = 256 << 20;

/// A query that is to run.
pub(crate) struct Work {
    pub(crate) tables: Tables,
    pub(crate) query: Query,
    pub(crate) limits: Limits,
    pub(crate) groups: Vec<Group>,
    /// Milliseconds since 1970: the first, and the first that is not wanted any more.
    pub(crate) window: (i64, i64),
}

/// A group to read.
pub(crate) struct Group {
    pub(crate) place: Place,
    /// What is older is no longer kept.
    pub(crate) oldest: i64,
}

/// What came of a query.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) results: Results,
    pub(crate) scanned: usize,
    pub(crate) bytes: usize,
}

/// What was read for a query.
#[derive(Default)]
struct Read {
    records: Vec<(i64, u64, Record)>,
    scanned: usize,
    bytes: usize,
}

impl Work {
    /// Runs the query, until `is_over` says that nobody waits any more: what it gives then means nothing.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(super) fn run(self, is_over: &AtomicBool) -> Result<Outcome, Fault> {
        let mut read = Read::default();
        for group in &self.groups {
            self.read(group, is_over, &mut read)?;
        }
        let Read {
            mut records,
            scanned,
            bytes,
        } = read;
        records.sort_by_key(|(at, sequence, _)| (*at, *sequence));
        let records = records.into_iter().map(|(_, _, it)| it).collect();
        Ok(Outcome {
            results: self.query.run(records, self.limits, is_over),
            scanned,
            bytes,
        })
    }

    fn read(&self, group: &Group, is_over: &AtomicBool, read: &mut Read) -> Result<(), Fault> {
        let place = &group.place;
        let log: Arc<str> = format!("{}:{}", place.account, place.group).into();
        let window = Window {
            from: (self.window.0.max(group.oldest), 0),
            to: (self.window.1, 0),
            direction: Direction::Forward,
        };
        for (name, _) in self.tables.streams(place, "")? {
            let stream: Arc<str> = name.as_str().into();
            self.tables.events(place, &name, window, |event| {
                read.scanned += 1;
                read.bytes += event.message.len();
                let record = Record {
                    at: event.at,
                    ingested_at: event.ingested_at,
                    pointer: pointer(place, &name, &event),
                    message: event.message,
                    log: Arc::clone(&log),
                    stream: Arc::clone(&stream),
                };
                read.records.push((event.at, event.sequence, record));
                let is_enough = read.scanned >= RECORDS_MAX || read.bytes >= BYTES_MAX;
                match is_enough || is_over.load(Ordering::Relaxed) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            })?;
        }
        Ok(())
    }
}

/// What finds an event again.
fn pointer(place: &Place, stream: &str, event: &KeptEvent) -> String {
    let text = format!(
        "{}\n{stream}\n{}\n{}",
        place.arn(),
        event.at,
        event.sequence
    );
    URL_SAFE_NO_PAD.encode(text)
}
