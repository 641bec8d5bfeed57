//! The order in which a Java `HashMap` yields string keys.
//!
//! AWS collects the computed members of a payload template in such a map, so their order in the result is
//! this one: recorded for every template with more than one computed member.

/// Positions of the keys in the map's order. Keys that share a bucket keep their order.
pub(crate) fn hash_map_order<'a>(keys: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let hashes: Vec<u32> = keys.map(spread_hash).collect();
    // The table starts with 16 buckets and doubles when it is more than three quarters full.
    let mut buckets: usize = 16;
    while hashes.len() > buckets / 4 * 3 {
        buckets *= 2;
    }
    let mask = u32::try_from(buckets - 1).unwrap_or(u32::MAX);
    let mut order: Vec<(u32, usize)> = hashes
        .iter()
        .enumerate()
        .map(|(at, hash)| (hash & mask, at))
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

/// `String.hashCode` over UTF-16 units, then the spreading that `HashMap` does.
fn spread_hash(key: &str) -> u32 {
    let hash = key.encode_utf16().fold(0_u32, |hash, unit| {
        hash.wrapping_mul(31).wrapping_add(u32::from(unit))
    });
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keys: &[&str], expect: &[&str]) {
        let order = hash_map_order(keys.iter().copied());
        let ordered: Vec<_> = order.into_iter().map(|at| keys[at]).collect();
        assert_eq!(ordered, expect);
    }

    #[test]
    fn follows_the_recorded_orders() {
        check(&["encoded", "decoded"], &["decoded", "encoded"]);
        check(&["TopicArn", "Message"], &["TopicArn", "Message"]);
        check(
            &[
                "ApiEndpoint",
                "Method",
                "Path",
                "Stage",
                "RequestBody",
                "Headers",
            ],
            &[
                "Path",
                "Headers",
                "Stage",
                "ApiEndpoint",
                "Method",
                "RequestBody",
            ],
        );
        check(
            &[
                "context_object",
                "execution",
                "execution_id",
                "execution_input",
                "execution_name",
                "execution_rolearn",
                "execution_starttime",
                "state",
                "state_enteredtime",
                "state_name",
                "statemachine",
                "statemachine_id",
                "statemachine_name",
            ],
            &[
                "execution",
                "execution_rolearn",
                "execution_name",
                "statemachine_id",
                "execution_id",
                "execution_input",
                "execution_starttime",
                "state_name",
                "state_enteredtime",
                "statemachine",
                "state",
                "context_object",
                "statemachine_name",
            ],
        );
        check(&[], &[]);
    }
}
