//! What an expression yields.

use std::collections::BTreeMap;

/// One time series.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    pub(crate) label: String,
    pub(crate) period_millis: i64,
    /// Values by the beginnings of their periods, in milliseconds since 1970.
    pub(crate) points: BTreeMap<i64, f64>,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Text(String),
    Line(Line),
    Lines(Vec<Line>),
}

/// The periods that were asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slots {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) period_millis: i64,
}

/// Periods that are filled at most.
const SLOTS_MAX: usize = 100_800;

impl Line {
    pub(crate) fn map(&self, how: impl Fn(f64) -> f64) -> Line {
        self.each(|_, value| Some(how(value)))
    }

    /// A line of what `how` yields for each point; points that are no numbers are left out.
    pub(crate) fn each(&self, mut how: impl FnMut(i64, f64) -> Option<f64>) -> Line {
        let points = self.points.iter();
        let points = points
            .filter_map(|(at, value)| Some((*at, how(*at, *value).filter(|it| it.is_finite())?)));
        Line {
            label: self.label.clone(),
            period_millis: self.period_millis,
            points: points.collect(),
        }
    }

    pub(crate) fn values(&self) -> Vec<f64> {
        self.points.values().copied().collect()
    }
}

impl Slots {
    /// The beginnings of the periods.
    pub(crate) fn each(&self, period_millis: i64) -> impl Iterator<Item = i64> + use<> {
        let (from, to) = (self.from, self.to);
        let period = period_millis.max(1);
        let slots = std::iter::successors(Some(from), move |at| at.checked_add(period));
        slots.take_while(move |at| *at < to).take(SLOTS_MAX)
    }
}
