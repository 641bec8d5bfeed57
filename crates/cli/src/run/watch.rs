//! What follows an execution: the tree on standard error, the history on standard output.

use std::cell::RefCell;
use std::io::Write;

use passo_engine::map::Counts;
use passo_engine::{History, MapRunId};
use passo_json::Json;
use passo_testkit::{ExecutionKey, Observer, Seen};

use crate::tree::Screen;

/// Follows one run.
pub struct Watch<'s, 'a> {
    /// Shows the tree; shared with what shows logs and time.
    pub screen: &'s RefCell<Screen<'a>>,
    /// Turns events into a history, where one is wanted.
    pub history: Option<History<'a>>,
    /// Where the history goes.
    pub events: Events,
}

/// Where a history goes.
pub enum Events {
    /// To standard output, line by line.
    Print,
    /// Kept for the end.
    Keep(Vec<Json>),
}

impl Observer for Watch<'_, '_> {
    fn map_run_moved(&mut self, execution: ExecutionKey, map_run: MapRunId, items: Counts) {
        let mut screen = self.screen.borrow_mut();
        screen.map_run_moved(execution, map_run, items);
    }

    fn seen(&mut self, seen: Seen<'_>) {
        self.screen.borrow_mut().seen(&seen);
        if seen.execution != ExecutionKey::ROOT {
            return;
        }
        let history = self.history.as_mut();
        let Some(event) = history.and_then(|history| history.next_event(seen.event)) else {
            return;
        };
        let json = event.to_json(true);
        match &mut self.events {
            // A reader that went away is no reason to stop the execution.
            Events::Print => {
                let _ = writeln!(std::io::stdout().lock(), "{json}");
            }
            Events::Keep(kept) => kept.push(json),
        }
    }
}
