//! AWS's list prices by region, and where they were read.
//!
//! One table. A price that was not found for a region is that of us-east-1, and [`Prices::assumed`] says so.

use crate::Dollars;

/// When the prices were read.
pub const READ_ON: &str = "2026-11-20";

/// Where the prices were read. The table of state transitions by region is from an earlier edition of the first page, whose
/// us-east-1 row still holds.
pub const SOURCES: [&str; 2] = [
    "https://aws.amazon.com/step-functions/pricing/",
    "https://aws.amazon.com/lambda/pricing/",
];

/// The region whose prices stand for those that are not known.
const FALLBACK: &str = "us-east-1";

/// Picodollars for a state transition, by region.
const TRANSITIONS: [(&str, u128); 16] = [
    ("ap-northeast-1", 25_000_000),
    ("ap-northeast-2", 27_100_000),
    ("ap-south-1", 28_500_000),
    ("ap-southeast-1", 25_000_000),
    ("ap-southeast-2", 25_000_000),
    ("ca-central-1", 25_000_000),
    ("eu-central-1", 25_000_000),
    ("eu-north-1", 25_000_000),
    ("eu-west-1", 25_000_000),
    ("eu-west-2", 25_000_000),
    ("eu-west-3", 29_700_000),
    ("sa-east-1", 37_500_000),
    (FALLBACK, 25_000_000),
    ("us-east-2", 25_000_000),
    ("us-west-1", 27_900_000),
    ("us-west-2", 25_000_000),
];

/// Regions with a price of their own for state transitions.
pub const REGIONS: [&str; 16] = {
    let mut regions = [""; 16];
    let mut index = 0;
    while index < regions.len() {
        #[expect(clippy::indexing_slicing, reason = "both arrays have this length")]
        {
            regions[index] = TRANSITIONS[index].0;
        }
        index += 1;
    }
    regions
};

/// A GB-hour of Express executions, in tiers by GB-hours of a month: up to how many, and picodollars. us-east-1.
const EXPRESS_GB_HOUR: [(u128, u128); 3] = [
    (1_000, 60_000_000_000),
    (5_000, 30_000_000_000),
    (u128::MAX, 16_420_000_000),
];

/// What things cost in one region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// The region that was asked for, where it is in the table; us-east-1 otherwise.
    pub region: &'static str,
    /// A state transition of a Standard execution.
    pub transition: Dollars,
    /// An Express execution.
    pub express_request: Dollars,
    /// An invocation of a function.
    pub lambda_request: Dollars,
    /// A GB-second of a function on x86, in the first tier.
    pub lambda_gb_second: Dollars,
    is_asked: bool,
}

impl Prices {
    /// Prices of `region`; those of us-east-1 where it is not in the table.
    pub fn of(region: &str) -> Prices {
        let found = TRANSITIONS.iter().find(|(name, _)| *name == region);
        let (name, transition) = found.copied().unwrap_or((FALLBACK, 25_000_000));
        Prices {
            region: name,
            transition: Dollars::from_pico(transition),
            express_request: Dollars::from_pico(1_000_000),
            lambda_request: Dollars::from_pico(200_000),
            lambda_gb_second: Dollars::from_pico(16_666_700),
            is_asked: found.is_some(),
        }
    }

    /// What is priced as in us-east-1, because no source was found for the region: `everything`, or `express`.
    pub fn assumed(&self) -> Option<&'static str> {
        match (self.is_asked, self.region) {
            (false, _) => Some("everything"),
            (true, FALLBACK) => None,
            (true, _) => Some("express"),
        }
    }

    /// What the duration of a month's Express executions costs, given in megabytes times milliseconds.
    pub(crate) fn express_duration(&self, megabyte_millis: u128) -> Dollars {
        const PER_GB_HOUR: u128 = 1024 * 3_600_000;
        let mut below = 0_u128;
        let tier = |(until, pico): &(u128, u128)| {
            let until = until.saturating_mul(PER_GB_HOUR);
            let within = megabyte_millis.min(until).saturating_sub(below);
            below = until;
            Dollars::from_pico(*pico).for_part(within, PER_GB_HOUR)
        };
        EXPRESS_GB_HOUR.iter().map(tier).sum()
    }

    /// What the duration of invocations costs, given in megabytes times milliseconds.
    pub(crate) fn lambda_duration(&self, megabyte_millis: u128) -> Dollars {
        self.lambda_gb_second.for_part(megabyte_millis, 1024 * 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_prices_of_their_own() {
        let check = |region: &str, transition: &str, assumed: Option<&str>| {
            let prices = Prices::of(region);
            assert_eq!(prices.transition.to_string(), transition, "{region}");
            assert_eq!(prices.assumed(), assumed, "{region}");
        };
        check("us-east-1", "0.000025", None);
        check("sa-east-1", "0.0000375", Some("express"));
        check("xx-west-9", "0.000025", Some("everything"));
        assert!(REGIONS.is_sorted());
    }

    /// The fourth example of AWS's page: 100 million executions of 10 seconds with 64 MB.
    #[test]
    fn express_duration_has_three_tiers() {
        let megabyte_millis = 100_000_000 * 64 * 10_000;
        let dollars = Prices::of("us-east-1").express_duration(megabyte_millis);
        assert_eq!(dollars.to_string(), "382.969444444444");
    }
}
