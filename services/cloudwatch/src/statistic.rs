//! Statistics: what is asked of a [`Point`].
//!
//! Pure. Source: CloudWatch User Guide, "CloudWatch statistics definitions".

use crate::point::Point;

/// What is asked of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Statistic {
    SampleCount,
    Average,
    Sum,
    Minimum,
    Maximum,
    /// `p99`: a hundredth.
    Percentile(f64),
    /// Trimmed mean, winsorized mean, trimmed count, trimmed sum, percentile rank of a part of the values.
    Part(Figure, Limit, Limit),
}

/// What is computed of the values that are left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Figure {
    TrimmedMean,
    WinsorizedMean,
    TrimmedCount,
    TrimmedSum,
    PercentileRank,
}

/// One end of a part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    Open,
    Percent(f64),
    Value(f64),
}

impl Statistic {
    /// Reads its name: `Average`, `p99.9`, `tm99`, `TM(10%:90%)`, `PR(:300)`, `IQM`.
    pub(crate) fn parse(text: &str) -> Option<Statistic> {
        match text {
            "SampleCount" => return Some(Statistic::SampleCount),
            "Average" => return Some(Statistic::Average),
            "Sum" => return Some(Statistic::Sum),
            "Minimum" => return Some(Statistic::Minimum),
            "Maximum" => return Some(Statistic::Maximum),
            _ => {}
        }
        let lower = text.to_ascii_lowercase();
        if lower == "iqm" {
            let quarter = Limit::Percent(25.0);
            let three = Limit::Percent(75.0);
            return Some(Statistic::Part(Figure::TrimmedMean, quarter, three));
        }
        for (prefix, figure) in [
            ("tm", Figure::TrimmedMean),
            ("wm", Figure::WinsorizedMean),
            ("tc", Figure::TrimmedCount),
            ("ts", Figure::TrimmedSum),
            ("pr", Figure::PercentileRank),
        ] {
            if let Some(rest) = lower.strip_prefix(prefix) {
                return part(figure, rest);
            }
        }
        Some(Statistic::Percentile(percent(lower.strip_prefix('p')?)?))
    }

    /// Its figure; `None` where it needs values that are not known.
    pub(crate) fn of(self, point: &Point) -> Option<f64> {
        match self {
            Statistic::SampleCount => Some(point.count),
            Statistic::Average => (point.count > 0.0).then(|| point.sum / point.count),
            Statistic::Sum => Some(point.sum),
            Statistic::Minimum => Some(point.min),
            Statistic::Maximum => Some(point.max),
            Statistic::Percentile(percent) => percentile(&point.values()?, percent),
            Statistic::Part(figure, from, to) => of_part(&point.values()?, figure, from, to),
        }
    }
}

/// A number between 0 and 100, with at most ten decimals.
fn percent(text: &str) -> Option<f64> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = text.parse().ok().filter(|_| plain)?;
    (0.0..=100.0).contains(&number).then_some(number)
}

fn part(figure: Figure, text: &str) -> Option<Statistic> {
    let Some(inside) = text.strip_prefix('(') else {
        let to = Limit::Percent(percent(text)?);
        let is_rank = figure == Figure::PercentileRank;
        return (!is_rank).then_some(Statistic::Part(figure, Limit::Open, to));
    };
    let (from, to) = inside.strip_suffix(')')?.split_once(':')?;
    let limit = |text: &str| match (text.trim(), text.trim().strip_suffix('%')) {
        ("", _) => Some(Limit::Open),
        (_, Some(number)) => Some(Limit::Percent(percent(number)?)),
        (number, None) => Some(Limit::Value(number.parse().ok()?)),
    };
    let (from, to) = (limit(from)?, limit(to)?);
    let is_empty = from == Limit::Open && to == Limit::Open;
    (!is_empty).then_some(Statistic::Part(figure, from, to))
}

/// The smallest value that at least so many percent of all values do not exceed.
fn percentile(values: &[(f64, f64)], percent: f64) -> Option<f64> {
    let total: f64 = values.iter().map(|(_, count)| count).sum();
    let rank = total * percent / 100.0;
    let mut seen = 0.0;
    for (value, count) in values {
        seen += count;
        if seen + 1e-9 >= rank {
            return Some(*value);
        }
    }
    values.last().map(|(value, _)| *value)
}

fn of_part(values: &[(f64, f64)], figure: Figure, from: Limit, to: Limit) -> Option<f64> {
    let total: f64 = values.iter().map(|(_, count)| count).sum();
    if total <= 0.0 {
        return None;
    }
    if figure == Figure::WinsorizedMean {
        let end = |limit: Limit| match limit {
            Limit::Open => None,
            Limit::Percent(percent) => percentile(values, percent),
            Limit::Value(value) => Some(value),
        };
        let (low, high) = (end(from), end(to));
        let sum: f64 = values
            .iter()
            .map(|(value, count)| {
                let value = low.map_or(*value, |low| value.max(low));
                high.map_or(value, |high| value.min(high)) * count
            })
            .sum();
        return Some(sum / total);
    }
    let (mut count, mut sum, mut before) = (0.0, 0.0, 0.0);
    for (value, here) in values {
        let share = |percent: f64| (percent / 100.0 * total - before).clamp(0.0, *here);
        let low = match from {
            Limit::Open => 0.0,
            Limit::Percent(percent) => share(percent),
            Limit::Value(limit) if *value > limit => 0.0,
            Limit::Value(_) => *here,
        };
        let high = match to {
            Limit::Open => *here,
            Limit::Percent(percent) => share(percent),
            Limit::Value(limit) if *value <= limit => *here,
            Limit::Value(_) => 0.0,
        };
        let taken = (high - low).max(0.0);
        count += taken;
        sum += taken * value;
        before += here;
    }
    match figure {
        Figure::TrimmedCount => Some(count),
        Figure::TrimmedSum => Some(sum),
        Figure::PercentileRank => Some(count / total * 100.0),
        Figure::TrimmedMean | Figure::WinsorizedMean => (count > 0.0).then(|| sum / count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_one_to_a_hundred() {
        let mut point = Point::of(1.0, 1.0);
        for value in 2..=100 {
            point.add(f64::from(value));
        }
        for (name, expect) in [
            ("SampleCount", 100.0),
            ("Average", 50.5),
            ("Sum", 5050.0),
            ("Minimum", 1.0),
            ("Maximum", 100.0),
            ("p50", 50.0),
            ("p99", 99.0),
            ("p99.9", 100.0),
            ("p0", 1.0),
            ("p100", 100.0),
            ("tm90", 45.5),
            ("TM(10%:90%)", 50.5),
            ("TM(:10)", 5.5),
            ("IQM", 50.5),
            ("tc90", 90.0),
            ("ts10", 55.0),
            ("PR(:30)", 30.0),
            ("PR(30:)", 70.0),
            ("wm90", 49.95),
        ] {
            let statistic = Statistic::parse(name).unwrap();
            let got = statistic.of(&point).unwrap();
            assert!((got - expect).abs() < 1e-6, "{name}: {got}");
        }
    }

    #[test]
    fn other_names_are_none() {
        for name in [
            "", "average", "p", "p101", "p-1", "tm", "tm(1)", "TM(:)", "pr90", "x", "pinf",
            "tm(1:x)",
        ] {
            assert_eq!(Statistic::parse(name), None, "{name}");
        }
        let set = Point::of_set(2.0, 3.0, 1.0, 2.0);
        assert_eq!(Statistic::parse("p50").unwrap().of(&set), None);
        assert_eq!(Statistic::parse("Average").unwrap().of(&set), Some(1.5));
    }
}
