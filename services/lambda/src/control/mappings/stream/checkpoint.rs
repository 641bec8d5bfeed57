//! How far the shards of a mapping's stream were worked on.

use passo_json::{Json, Object};
use passo_records::Records;
use passo_service::Fault;
use passo_store::StoreError;

use super::super::super::faults;

/// A place in a shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Checkpoint {
    /// After the record with this sequence number.
    After(String),
    /// Where this iterator is: no record had been seen when the mapping was made.
    At(String),
    /// The shard is closed, and everything of it was worked on.
    Finished,
}

/// Checkpoints by mapping and shard. Clones are the same table.
#[derive(Clone, Debug)]
pub(in super::super) struct Checkpoints {
    records: std::sync::Arc<Records>,
}

impl Checkpoints {
    pub(in super::super) fn new(records: Records) -> Checkpoints {
        Checkpoints {
            records: std::sync::Arc::new(records),
        }
    }

    pub(super) fn find(&self, mapping: &str, shard: &str) -> Result<Option<Checkpoint>, Fault> {
        let row = self.records.find(&[mapping, shard]).map_err(unreadable)?;
        Ok(row.as_ref().and_then(Checkpoint::read))
    }

    pub(in super::super) fn put(
        &self,
        mapping: &str,
        shard: &str,
        checkpoint: &Checkpoint,
    ) -> Result<(), Fault> {
        let changing = self.records.change();
        let put = changing.put(&[mapping, shard], &checkpoint.record());
        put.map_err(unreadable)
    }

    /// Removes those of a mapping.
    pub(in super::super) fn forget(&self, mapping: &str) -> Result<(), Fault> {
        let changing = self.records.change();
        changing.remove(&[mapping]).map_err(unreadable)
    }
}

impl Checkpoint {
    fn record(&self) -> Json {
        let row = Object::default();
        Json::from(match self {
            Checkpoint::After(sequence) => row.with("After", sequence.as_str()),
            Checkpoint::At(iterator) => row.with("At", iterator.as_str()),
            Checkpoint::Finished => row.with("Finished", true),
        })
    }

    fn read(row: &Json) -> Option<Checkpoint> {
        let text = |member: &str| row.get(member)?.as_str().map(str::to_owned);
        if let Some(sequence) = text("After") {
            return Some(Checkpoint::After(sequence));
        }
        if let Some(iterator) = text("At") {
            return Some(Checkpoint::At(iterator));
        }
        row.get("Finished").map(|_| Checkpoint::Finished)
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what `map_err` hands over"
)]
fn unreadable(error: StoreError) -> Fault {
    faults::store(&error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_was_put_into_it() {
        for checkpoint in [
            Checkpoint::After("1".to_owned()),
            Checkpoint::At("i".to_owned()),
            Checkpoint::Finished,
        ] {
            assert_eq!(Checkpoint::read(&checkpoint.record()), Some(checkpoint));
        }
        assert_eq!(Checkpoint::read(&Json::Null), None);
    }
}
