//! Sums of money, exact.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use passo_json::Json;

/// Picodollars in a dollar.
const PICODOLLARS: u128 = 1_000_000_000_000;

/// US dollars, counted in picodollars: the cheapest things that AWS sells, such as a millisecond of a small function, cost a
/// few thousand of them. Sums that are too large stay at the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dollars(u128);

impl Dollars {
    /// So many picodollars.
    pub const fn from_pico(pico: u128) -> Dollars {
        Dollars(pico)
    }

    /// `amount` things of which `per` cost `self`; a rest is rounded to the nearest picodollar.
    pub(crate) fn for_part(self, amount: u128, per: u128) -> Dollars {
        let product = self.0.saturating_mul(amount);
        Dollars(product.saturating_add(per / 2) / per.max(1))
    }

    /// As many times as much.
    pub(crate) fn times(self, count: u64) -> Dollars {
        Dollars(self.0.saturating_mul(u128::from(count)))
    }
}

impl Add for Dollars {
    type Output = Dollars;

    fn add(self, other: Dollars) -> Dollars {
        Dollars(self.0.saturating_add(other.0))
    }
}

impl Sum for Dollars {
    fn sum<I: Iterator<Item = Dollars>>(iter: I) -> Dollars {
        iter.fold(Dollars::default(), Add::add)
    }
}

/// A decimal number without a sign and without needless zeros: `0.000025`.
impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:012}", self.0 % PICODOLLARS);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{}", self.0 / PICODOLLARS),
            fraction => write!(f, "{}.{fraction}", self.0 / PICODOLLARS),
        }
    }
}

/// A JSON number.
impl From<Dollars> for Json {
    fn from(dollars: Dollars) -> Json {
        Json::parse(&dollars.to_string()).unwrap_or(Json::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_written_as_they_are() {
        for (pico, expect) in [
            (0, "0"),
            (25_000_000, "0.000025"),
            (1_000_000_000_000, "1"),
            (12_340_000_000_000, "12.34"),
            (1, "0.000000000001"),
        ] {
            assert_eq!(Dollars::from_pico(pico).to_string(), expect);
        }
        let json = Json::from(Dollars::from_pico(25_000_000));
        assert_eq!(json.to_text().parse::<f64>().unwrap(), 0.000025);
    }

    #[test]
    fn parts_are_rounded_and_sums_stay_within_bounds() {
        assert_eq!(Dollars::from_pico(10).for_part(1, 4), Dollars::from_pico(3));
        let most = Dollars::from_pico(u128::MAX);
        assert_eq!(most + Dollars::from_pico(1), most);
        assert_eq!(most.times(3), most);
    }
}
