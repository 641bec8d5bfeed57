//! What AWS's own metrics are made of: figures that are counted in memory for each minute, and then written at once.
//!
//! Ten thousand executions in a second are a few rows in a minute. Figures of the minute that is under way are lost with
//! the process, as CloudWatch's own are best effort. Entry points: [`Tally::add`], which is cheap, and [`Tally::take`].

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_vocab::Arn;
use tokio::sync::Notify;

use crate::point::Point;
use crate::points::Datum;
use crate::series::Series;
use crate::unit::Unit;

const MINUTE: i64 = 60_000;
/// Figures that are counted at the same time; what is beyond them is not counted.
const ENTRIES_MAX: usize = 50_000;

/// One metric that is counted.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its namespace, e.g. `AWS/States`.
    pub namespace: &'static str,
    /// Its name.
    pub name: String,
    /// The name of its dimension.
    pub dimension: String,
    /// Its unit.
    pub unit: &'static str,
    /// Whether the dimension's value is the whole ARN of what is counted, or what follows its last colon.
    pub has_arn: bool,
}

/// One figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The place of its measure in the list that the tally was made with.
    pub measure: usize,
    /// The ARN of what it is counted for.
    pub of: Arc<str>,
    /// An ARN that says whose it is, where `of` does not.
    pub owner: Option<Arc<str>>,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The value.
    pub value: f64,
}

/// Figures of the minutes that are under way.
pub struct Tally {
    measures: Vec<(Measure, Unit)>,
    counted: Mutex<HashMap<Counted, Point>>,
    /// Told when there is something to be written.
    pub(crate) filled: Notify,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Counted {
    measure: usize,
    minute: i64,
    of: Arc<str>,
    owner: Option<Arc<str>>,
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tally").finish_non_exhaustive()
    }
}

impl Tally {
    /// Counts `measures`.
    pub fn new(measures: Vec<Measure>) -> Tally {
        let unit = |measure: &Measure| Unit::parse(measure.unit).unwrap_or(Unit::NONE);
        let measures = measures.into_iter();
        Tally {
            measures: measures.map(|it| (it.clone(), unit(&it))).collect(),
            counted: Mutex::default(),
            filled: Notify::new(),
        }
    }

    /// Counts some figures.
    pub fn add(&self, figures: impl IntoIterator<Item = Figure>) {
        let mut counted = self.counted();
        let was_empty = counted.is_empty();
        for figure in figures {
            let key = Counted {
                measure: figure.measure,
                minute: figure.at.div_euclid(MINUTE),
                of: figure.of,
                owner: figure.owner,
            };
            if let Some(point) = counted.get_mut(&key) {
                point.add(figure.value);
            } else if counted.len() < ENTRIES_MAX {
                counted.insert(key, Point::of(figure.value, 1.0));
            }
        }
        let is_empty = counted.is_empty();
        drop(counted);
        if was_empty && !is_empty {
            self.filled.notify_one();
        }
    }

    /// Takes everything that was counted.
    pub(crate) fn take(&self) -> Vec<Datum> {
        let counted = std::mem::take(&mut *self.counted());
        let counted = counted.into_iter();
        counted
            .filter_map(|(counted, point)| {
                let (measure, unit) = self.measures.get(counted.measure)?;
                Some(Datum {
                    series: Arc::new(series(measure, &counted)?),
                    at: counted.minute * MINUTE,
                    unit: *unit,
                    point,
                    is_fine: false,
                })
            })
            .collect()
    }

    fn counted(&self) -> MutexGuard<'_, HashMap<Counted, Point>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn series(measure: &Measure, counted: &Counted) -> Option<Series> {
    let owner = Arn::parse(counted.owner.as_ref().unwrap_or(&counted.of)).ok()?;
    let value = match measure.has_arn {
        true => &*counted.of,
        false => counted.of.rsplit(':').next()?,
    };
    Some(Series {
        account: owner.account().to_owned(),
        region: owner.region().to_owned(),
        namespace: measure.namespace.to_owned(),
        name: measure.name.clone(),
        dimensions: [(measure.dimension.clone(), value.to_owned())].into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_minute_become_one_point() {
        let measure = |has_arn| Measure {
            namespace: "AWS/Lambda",
            name: "Duration".to_owned(),
            dimension: "FunctionName".to_owned(),
            unit: "Milliseconds",
            has_arn,
        };
        let tally = Tally::new(vec![measure(true), measure(false)]);
        let arn: Arc<str> = "arn:aws:lambda:us-east-1:123456789012:function:f".into();
        let figure = |measure, at, value: f64| Figure {
            measure,
            of: arn.clone(),
            owner: None,
            at,
            value,
        };
        tally.add([
            figure(0, 1, 1.0),
            figure(0, 59_999, 2.0),
            figure(1, 60_000, 3.0),
            figure(7, 0, 1.0),
        ]);
        let mut data = tally.take();
        data.sort_by_key(|datum| datum.at);
        let shown: Vec<_> = data
            .iter()
            .map(|datum| {
                let value = datum.series.dimensions.get("FunctionName").unwrap();
                (value.as_str(), datum.at, datum.point.sum)
            })
            .collect();
        assert_eq!(shown, [(&*arn, 0, 3.0), ("f", 60_000, 3.0)]);
        assert!(tally.take().is_empty());
    }
}
