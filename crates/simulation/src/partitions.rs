//! The partitions of one life of the process. Each has its share of the executions, and the next life may have another
//! number of them.

use std::sync::Arc;

use passo_runtime::{Definitions, Load, Message, Partition, Settings, Share, Turn};
use passo_store::{Store, StoreError};
use passo_vocab::Timestamp;

/// A turn, and the partition that ended it.
pub(crate) type Ended = (usize, Turn);

/// Partitions, each with the last of its turns that is durable.
pub(crate) struct Partitions(Vec<(Partition, u64)>);

impl Partitions {
    /// As many as `settings` say, on what the disk holds.
    pub(crate) fn start(
        store: &Arc<dyn Store>,
        definitions: &Arc<dyn Definitions>,
        settings: Settings,
        now: Timestamp,
        seed: u64,
    ) -> Result<Partitions, StoreError> {
        let mut all = Partition::several(store, definitions, settings, settings.partitions);
        for (number, partition) in (0..).zip(&mut all) {
            partition.recover(now, of_partition(seed, number))?;
        }
        Ok(Partitions(all.into_iter().map(|it| (it, 0)).collect()))
    }

    /// Hands a message to the owner of its execution.
    pub(crate) fn handle(&mut self, message: Message, now: Timestamp, seed: u64) {
        let owner = message
            .execution()
            .map_or(0, |execution| Share::owner(execution, self.0.len()));
        if let Some((partition, _)) = self.0.get_mut(owner) {
            partition.handle(message, now, seed);
        }
    }

    pub(crate) fn release(&mut self) {
        for (partition, durable) in &mut self.0 {
            partition.release(*durable);
        }
    }

    pub(crate) fn fire_timers(
        &mut self,
        now: Timestamp,
        seed: u64,
        most: usize,
    ) -> Result<bool, StoreError> {
        let mut more = false;
        for (number, (partition, _)) in (0..).zip(&mut self.0) {
            more |= partition.fire_timers(now, of_partition(seed, number), most)?;
        }
        Ok(more)
    }

    pub(crate) fn go_on(&mut self, now: Timestamp, seed: u64) -> bool {
        let mut more = false;
        for (number, (partition, _)) in (0..).zip(&mut self.0) {
            more |= partition.go_on(now, of_partition(seed, number));
        }
        more
    }

    pub(crate) fn forget(&mut self, now: Timestamp, most: usize) -> Result<bool, StoreError> {
        let mut more = false;
        for (partition, _) in &mut self.0 {
            more |= partition.forget(now, most)?;
        }
        Ok(more)
    }

    pub(crate) fn end_turns(&mut self) -> Vec<Ended> {
        let partitions = self.0.iter_mut().enumerate();
        partitions
            .filter_map(|(number, (partition, _))| Some((number, partition.end_turn()?)))
            .collect()
    }

    /// A turn of a partition is durable.
    pub(crate) fn is_durable(&mut self, number: usize, turn: &Turn) {
        if let Some((_, durable)) = self.0.get_mut(number) {
            *durable = turn.number.max(*durable);
        }
    }

    pub(crate) fn next_timer(&self) -> Option<Timestamp> {
        let timers = self.0.iter().map(|(partition, _)| partition.next_timer());
        timers.flatten().min()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|(partition, _)| partition.is_empty())
    }

    pub(crate) fn load_figures(&self) -> Vec<Load> {
        let figures = self.0.iter().map(|(partition, _)| partition.load_figures());
        figures.collect()
    }
}

/// No two partitions draw the same numbers; the first draws as if it were alone.
fn of_partition(seed: u64, number: u64) -> u64 {
    seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
