//! Where things are in the store: one module per table, each knowing its keys and its values.

pub(crate) mod activity;
pub(crate) mod closed;
pub(crate) mod definition;
pub(crate) mod journal;
pub(crate) mod listing;
pub(crate) mod map_run;
pub(crate) mod open;
pub(crate) mod summary;
pub(crate) mod timer;

use passo_vocab::Timestamp;

/// A time as bytes that sort as times do.
fn time_bytes(at: Timestamp) -> [u8; 8] {
    // Flipping the sign bit puts negative numbers before positive ones.
    (at.epoch_millis().cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

fn time_from_bytes(bytes: &[u8]) -> Option<Timestamp> {
    let bits = u64::from_be_bytes(bytes.try_into().ok()?) ^ (1 << 63);
    Some(Timestamp::from_epoch_millis(bits.cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_bytes() {
        let times = [i64::MIN, -5, 0, 7, i64::MAX].map(Timestamp::from_epoch_millis);
        for pair in times.windows(2) {
            assert!(time_bytes(pair[0]) < time_bytes(pair[1]));
        }
        for time in times {
            assert_eq!(time_from_bytes(&time_bytes(time)), Some(time));
        }
    }
}
