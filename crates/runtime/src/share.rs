//! Which partition owns which execution.
//!
//! Every execution has one of a few slots, by the hash of its ARN; a partition owns the slots that fall to it. How many
//! partitions there are is not kept anywhere: the next start may have another number. What belongs together, a Map run
//! and its children, has the same slot and so the same owner, however many there are.

use crate::Key;

/// Slots, and so partitions at most.
const SLOTS: u8 = 16;

/// The executions that one of several partitions owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    number: usize,
    of: usize,
}

impl Share {
    /// As many partitions as there can be.
    pub const PARTITIONS_MAX: usize = SLOTS as usize;

    /// All executions: there is one partition.
    pub const ALL: Share = Share { number: 0, of: 1 };

    /// The shares of `partitions` partitions, of which there are 1 to [`Share::PARTITIONS_MAX`].
    pub fn of_each(partitions: usize) -> impl Iterator<Item = Share> {
        let of = partitions.clamp(1, Share::PARTITIONS_MAX);
        (0..of).map(move |number| Share { number, of })
    }

    /// Whether it is the owner of `execution`.
    pub fn owns(self, execution: Key) -> bool {
        Share::owner(execution, self.of) == self.number
    }

    /// Which of `partitions` partitions owns `execution`.
    pub fn owner(execution: Key, partitions: usize) -> usize {
        let slot = usize::from(slot(execution));
        slot.checked_rem(partitions).unwrap_or_default()
    }
}

/// The slot of an execution.
pub(crate) fn slot(execution: Key) -> u8 {
    let [.., last] = execution.as_bytes();
    last % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_execution_has_one_owner() {
        for partitions in 1..=Share::PARTITIONS_MAX {
            let shares: Vec<Share> = Share::of_each(partitions).collect();
            assert_eq!(shares.len(), partitions);
            let mut owned = vec![0; partitions];
            for number in 0..1_000 {
                let key = Key::of(&number.to_string());
                let owners = shares.iter().filter(|share| share.owns(key));
                assert_eq!(owners.count(), 1);
                owned[Share::owner(key, partitions)] += 1;
            }
            assert!(owned.iter().all(|count| *count > 30), "{owned:?}");
        }
        assert_eq!(Share::of_each(0).count(), 1);
        assert_eq!(Share::of_each(99).count(), 16);
    }
}
