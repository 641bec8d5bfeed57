//! What a metric was in one period: count, sum, extremes, and how its values were spread.
//!
//! Points of neighbouring periods merge into that of a longer one. Pure. Entry point: [`Point`].

use std::collections::BTreeMap;

/// Values that are kept exactly.
const EXACT_MAX: usize = 200;
/// Values that are kept at all, each rounded to one percent. With more, nothing is known about the spread.
const ROUNDED_MAX: usize = 2000;
/// Version of the encoding.
const FORMAT: u8 = 1;

/// What a metric was in one period.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) count: f64,
    pub(crate) sum: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    spread: Spread,
}

/// How often there was which value.
#[derive(Clone, Debug, PartialEq)]
enum Spread {
    /// Only a statistic set was given.
    Unknown,
    Exact(BTreeMap<Ordered, f64>),
    Rounded(BTreeMap<Ordered, f64>),
}

/// A number that can be a key: its bits, so that they sort as numbers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ordered(u64);

impl Ordered {
    fn of(value: f64) -> Ordered {
        let bits = value.to_bits();
        let is_negative = bits >> 63 == 1;
        Ordered(if is_negative { !bits } else { bits | (1 << 63) })
    }

    fn value(self) -> f64 {
        let is_negative = self.0 >> 63 == 0;
        f64::from_bits(if is_negative {
            !self.0
        } else {
            self.0 & !(1 << 63)
        })
    }
}

impl Point {
    /// `value`, so many times.
    pub(crate) fn of(value: f64, count: f64) -> Point {
        Point {
            count,
            sum: value * count,
            min: value,
            max: value,
            spread: Spread::Exact(BTreeMap::from([(Ordered::of(value), count)])),
        }
    }

    /// A statistic set. Its spread is known only where all its values are the same, or it is of one value. Source: CloudWatch
    /// User Guide, "Percentiles".
    pub(crate) fn of_set(count: f64, sum: f64, min: f64, max: f64) -> Point {
        if min.to_bits() == max.to_bits() {
            let mut point = Point::of(min, count);
            point.sum = sum;
            return point;
        }
        Point {
            count,
            sum,
            min,
            max,
            spread: Spread::Unknown,
        }
    }

    /// Takes one more value.
    pub(crate) fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.spread.add(value, 1.0);
    }

    /// Takes what was in another period.
    pub(crate) fn merge(&mut self, other: &Point) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        match &other.spread {
            Spread::Unknown => self.spread = Spread::Unknown,
            Spread::Exact(values) => self.spread.add_all(values),
            Spread::Rounded(values) => {
                self.spread.round();
                self.spread.add_all(values);
            }
        }
    }

    /// The values in order, each with its count; `None` where they are not known.
    pub(crate) fn values(&self) -> Option<Vec<(f64, f64)>> {
        match &self.spread {
            Spread::Unknown => None,
            Spread::Exact(values) | Spread::Rounded(values) => {
                let values = values.iter();
                Some(
                    values
                        .map(|(value, count)| (value.value(), *count))
                        .collect(),
                )
            }
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let (kind, values) = match &self.spread {
            Spread::Unknown => (0, None),
            Spread::Exact(values) => (1, Some(values)),
            Spread::Rounded(values) => (2, Some(values)),
        };
        let mut row = vec![FORMAT, kind];
        let mut write = |number: f64| row.extend_from_slice(&number.to_be_bytes());
        for number in [self.count, self.sum, self.min, self.max] {
            write(number);
        }
        for (value, count) in values.into_iter().flatten() {
            write(value.value());
            write(*count);
        }
        row
    }

    /// The point of a row; `None` where it is not one.
    pub(crate) fn decode(row: &[u8]) -> Option<Point> {
        let (&[format, kind], numbers) = row.split_first_chunk::<2>()?;
        let (numbers, rest) = numbers.as_chunks::<8>();
        if format != FORMAT || !rest.is_empty() {
            return None;
        }
        let mut numbers = numbers.iter().map(|bytes| f64::from_be_bytes(*bytes));
        let (count, sum) = (numbers.next()?, numbers.next()?);
        let (min, max) = (numbers.next()?, numbers.next()?);
        let mut values = BTreeMap::new();
        while let Some(value) = numbers.next() {
            values.insert(Ordered::of(value), numbers.next()?);
        }
        let spread = match kind {
            0 => Spread::Unknown,
            1 => Spread::Exact(values),
            2 => Spread::Rounded(values),
            _ => return None,
        };
        Some(Point {
            count,
            sum,
            min,
            max,
            spread,
        })
    }
}

impl Spread {
    fn add(&mut self, value: f64, count: f64) {
        let (values, key, limit) = match self {
            Spread::Unknown => return,
            Spread::Exact(values) => (values, Ordered::of(value), EXACT_MAX),
            Spread::Rounded(values) => (values, Ordered::of(rounded(value)), ROUNDED_MAX),
        };
        *values.entry(key).or_insert(0.0) += count;
        if values.len() > limit {
            match self {
                Spread::Unknown | Spread::Rounded(_) => *self = Spread::Unknown,
                Spread::Exact(_) => self.round(),
            }
        }
    }

    fn add_all(&mut self, values: &BTreeMap<Ordered, f64>) {
        for (value, count) in values {
            self.add(value.value(), *count);
        }
    }

    fn round(&mut self) {
        if let Spread::Exact(values) = self {
            let exact = std::mem::take(values);
            *self = Spread::Rounded(BTreeMap::new());
            self.add_all(&exact);
        }
    }
}

/// `value` to about one percent.
fn rounded(value: f64) -> f64 {
    let step = 1.01_f64.ln();
    let size = value.abs();
    if size < f64::MIN_POSITIVE {
        return 0.0;
    }
    ((size.ln() / step).round() * step).exp().copysign(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_merge_and_survive_their_encoding() {
        let mut point = Point::of(5.0, 2.0);
        point.add(-1.0);
        point.merge(&Point::of(0.0, 1.0));
        assert_eq!((point.count, point.sum), (4.0, 9.0));
        assert_eq!((point.min, point.max), (-1.0, 5.0));
        let values = vec![(-1.0, 1.0), (0.0, 1.0), (5.0, 2.0)];
        assert_eq!(point.values(), Some(values));
        assert_eq!(Point::decode(&point.encode()), Some(point.clone()));
        point.merge(&Point::of_set(3.0, 6.0, 1.0, 3.0));
        assert_eq!((point.values(), point.count), (None, 7.0));
        assert_eq!(Point::decode(&point.encode()), Some(point));
        for wrong in [&[][..], &[2, 0], &[1, 0, 1]] {
            assert_eq!(Point::decode(wrong), None);
        }
    }

    #[test]
    fn many_values_are_rounded_and_stay_bounded() {
        let mut point = Point::of(1.0, 1.0);
        for value in 2..=20_000 {
            point.add(f64::from(value));
        }
        let values = point.values().unwrap();
        assert!(values.len() < ROUNDED_MAX);
        let count: f64 = values.iter().map(|(_, count)| count).sum();
        assert_eq!(count, 20_000.0);
        assert!((values.last().unwrap().0 / 20_000.0 - 1.0).abs() < 0.01);
        assert_eq!(Point::decode(&point.encode()), Some(point));
    }

    #[test]
    fn sets_of_one_value_have_a_spread() {
        assert!(Point::of_set(3.0, 6.0, 2.0, 2.0).values().is_some());
        assert!(Point::of_set(3.0, 6.0, 1.0, 3.0).values().is_none());
    }
}
