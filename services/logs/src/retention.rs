//! Carrying out retention: events that are too old are not shown, and removed now and then.

use std::ops::ControlFlow;
use std::sync::{Arc, Weak};
use std::time::Duration;

use passo_service::Fault;
use passo_store::{Batch, Direction, Durability};

use crate::group::Group;
use crate::tables::Window;
use crate::{Logs, Place, keys};

const MILLIS_PER_DAY: i64 = 86_400_000;
/// How often old events are removed. They are not shown before either.
const PAUSE: Duration = Duration::from_secs(3600);
/// Events that are removed with one commit.
const BATCH_MAX: usize = 10_000;

impl Logs {
    /// The first time whose events a group still has.
    pub(crate) fn oldest(&self, group: &Group) -> i64 {
        let kept = group.retention_days;
        kept.map_or(i64::MIN, |days| {
            self.now()
                .saturating_sub(days.saturating_mul(MILLIS_PER_DAY))
        })
    }

    /// Removes what is older than the group's retention.
    pub(crate) fn expire(&self, place: &Place, group: &Group) -> Result<(), Fault> {
        let oldest = self.oldest(group);
        if oldest == i64::MIN {
            return Ok(());
        }
        for (name, mut stream) in self.tables.streams(place, "")? {
            let mut batch = Batch::new();
            if stream.touched_at() < oldest {
                Logs::remove_stream(&mut batch, place, &name);
                self.tables.commit(&batch, Durability::Buffered)?;
                continue;
            }
            if stream.first_event_at.is_none_or(|first| first >= oldest) {
                continue;
            }
            let old = Window {
                from: (i64::MIN, 0),
                to: (oldest, 0),
                direction: Direction::Forward,
            };
            let mut removed = 0_usize;
            self.tables.events(place, &name, old, |event| {
                let key = keys::event(place, &name, event.at, event.sequence);
                batch.delete(keys::EVENTS, key);
                removed += 1;
                match removed < BATCH_MAX {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            })?;
            stream.events -= i64::try_from(removed).unwrap_or(0);
            if removed < BATCH_MAX {
                stream.first_event_at = (stream.events > 0).then_some(oldest);
            }
            batch.put(keys::STREAMS, keys::stream(place, &name), stream.encode());
            self.tables.commit(&batch, Durability::Buffered)?;
        }
        Ok(())
    }
}

/// Removes old events for as long as there are logs.
pub(crate) async fn run(logs: Weak<Logs>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(logs) = Weak::upgrade(&logs) else {
            return;
        };
        // What cannot be removed now is removed an hour later.
        let _ = sweep(&logs);
    }
}

fn sweep(logs: &Arc<Logs>) -> Result<(), Fault> {
    for (place, group) in logs.tables.all_groups()? {
        let _changing = logs.changing();
        logs.expire(&place, &group)?;
    }
    Ok(())
}
