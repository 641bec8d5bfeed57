//! The tables of metrics and their points.
//!
//! A point is written for each of the resolutions at once, so that reading a long period reads few rows; each resolution
//! is kept for as long as at AWS. Entry points: [`Points::write`], [`Points::read`], [`Points::find`].

use std::collections::BTreeMap;
use std::ops::{Bound, ControlFlow};
use std::sync::{Arc, Mutex, PoisonError};

use passo_runtime::Key;
use passo_store::{Batch, Direction, Durability, KeyRange, Snapshot, Space, Store, StoreError};

use crate::point::Point;
use crate::series::Series;
use crate::unit::Unit;

/// The key of a metric to the hour of its last point.
const SERIES: Space = Space::new("cloudwatch-series");
/// The short key of a metric, resolution, time and unit to a point.
const POINTS: Space = Space::new("cloudwatch-points");

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Metrics of which it is known in memory that their rows are there.
const KNOWN_MAX: usize = 50_000;

/// Resolutions and for how long each is kept, in milliseconds. Source: CloudWatch User Guide, "Metrics retention".
const RESOLUTIONS: [(u8, i64, i64); 4] = [
    (0, 1000, 3 * HOUR),
    (1, 60_000, 15 * DAY),
    (2, 300_000, 63 * DAY),
    (3, HOUR, 455 * DAY),
];

/// How long a metric without new points is listed. Source: API Reference, `ListMetrics`.
const LISTED_MILLIS: i64 = 14 * DAY;

/// One measurement to be kept.
#[derive(Clone, Debug)]
pub(crate) struct Datum {
    pub(crate) series: Arc<Series>,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) unit: Unit,
    pub(crate) point: Point,
    /// Whether seconds are told apart.
    pub(crate) is_fine: bool,
}

/// Which points are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    /// Milliseconds since 1970; periods count from here.
    pub(crate) from: i64,
    /// The first millisecond that is not wanted.
    pub(crate) to: i64,
    pub(crate) period_millis: i64,
}

/// The tables.
pub(crate) struct Points {
    store: Arc<dyn Store>,
    /// The hour until which the row of a metric says that it was written.
    known: Mutex<BTreeMap<Key, i64>>,
}

impl Points {
    pub(crate) fn new(store: Arc<dyn Store>) -> Points {
        Points {
            store,
            known: Mutex::default(),
        }
    }

    /// Adds `data` to what there is.
    ///
    /// # Errors
    /// Where the store fails; nothing is added then.
    pub(crate) fn write(
        &self,
        data: &[Datum],
        now: i64,
        durability: Durability,
    ) -> Result<(), StoreError> {
        // Points are read, changed and written: one at a time.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let snapshot = self.store.snapshot()?;
        let (mut batch, mut changed) = (Batch::new(), BTreeMap::new());
        let mut written = Vec::new();
        for datum in data {
            let key = datum.series.short_key();
            for (place, millis, kept) in RESOLUTIONS {
                if (place == 0 && !datum.is_fine) || datum.at < now.saturating_sub(kept) {
                    continue;
                }
                let at = datum.at.div_euclid(millis).saturating_mul(millis);
                let row = row_key(key, place, at, Some(datum.unit));
                merge(&mut changed, &*snapshot, row, &datum.point)?;
            }
            let hour = datum.at.max(now).div_euclid(HOUR);
            if known.get(&key).is_none_or(|known| *known < hour) {
                let last = datum.at.max(last_of(&*snapshot, &datum.series)?);
                batch.put(SERIES, datum.series.key(), last.to_be_bytes());
                for (place, _, kept) in RESOLUTIONS {
                    let start = row_key(key, place, i64::MIN, None);
                    let end = row_key(key, place, now.saturating_sub(kept), None);
                    batch.delete_range(POINTS, KeyRange::between(&start, &end));
                }
                written.push((key, hour));
            }
        }
        for (row, point) in changed {
            batch.put(POINTS, row, point.encode());
        }
        self.store.commit(&batch, durability)?;
        if known.len() > KNOWN_MAX {
            known.clear();
        }
        known.extend(written);
        Ok(())
    }

    /// The points of a metric, by the beginnings of their periods and by unit. `now` says what is not kept any more.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) fn read(
        &self,
        series: &Series,
        range: Range,
        now: i64,
    ) -> Result<BTreeMap<i64, BTreeMap<Unit, Point>>, StoreError> {
        let Range {
            from,
            to,
            period_millis,
        } = range;
        let mut found: BTreeMap<i64, BTreeMap<Unit, Point>> = BTreeMap::new();
        let Some((place, kept)) = resolution(range, now) else {
            return Ok(found);
        };
        let first = from.max(now.saturating_sub(kept));
        let key = series.short_key();
        let rows = KeyRange {
            start: Bound::Included(row_key(key, place, first, None)),
            end: Bound::Excluded(row_key(key, place, to, None)),
        };
        if rows.is_empty() {
            return Ok(found);
        }
        let snapshot = self.store.snapshot()?;
        snapshot.scan(POINTS, &rows, Direction::Forward, &mut |key, row| {
            let point = Point::decode(row);
            if let (Some((at, unit)), Some(point)) = (of_row_key(key), point) {
                let since = at.saturating_sub(from);
                let start = from + since.div_euclid(period_millis) * period_millis;
                let units = found.entry(start).or_default();
                match units.get_mut(&unit) {
                    Some(old) => old.merge(&point),
                    None => {
                        units.insert(unit, point);
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Whether there is any point at or after `from`, at any resolution of a minute.
    pub(crate) fn has_since(&self, series: &Series, from: i64) -> Result<bool, StoreError> {
        let key = series.short_key();
        let mut has = false;
        for place in [0, 1] {
            let rows = KeyRange {
                start: Bound::Included(row_key(key, place, from, None)),
                end: Bound::Excluded(row_key(key, place, i64::MAX, None)),
            };
            let snapshot = self.store.snapshot()?;
            snapshot.scan(POINTS, &rows, Direction::Forward, &mut |_, _| {
                has = true;
                ControlFlow::Break(())
            })?;
        }
        Ok(has)
    }

    /// The metrics whose keys begin with `prefix` and that were written after `since`, in order, for as long as
    /// `visit` goes on.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) fn find(
        &self,
        prefix: &[u8],
        now: i64,
        since: Option<i64>,
        visit: &mut dyn FnMut(Series) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let oldest = now.saturating_sub(LISTED_MILLIS);
        let oldest = since.map_or(oldest, |since| since.max(oldest));
        let snapshot = self.store.snapshot()?;
        let range = KeyRange::prefix(prefix);
        snapshot.scan(SERIES, &range, Direction::Forward, &mut |key, row| {
            let last = row.try_into().map_or(i64::MIN, i64::from_be_bytes);
            // The row says the hour in which it was written: up to an hour more may have come.
            match Series::of_key(key).filter(|_| last.saturating_add(HOUR) >= oldest) {
                Some(series) => visit(series),
                None => ControlFlow::Continue(()),
            }
        })
    }
}

fn merge(
    changed: &mut BTreeMap<Vec<u8>, Point>,
    snapshot: &dyn Snapshot,
    row: Vec<u8>,
    point: &Point,
) -> Result<(), StoreError> {
    if let Some(old) = changed.get_mut(&row) {
        old.merge(point);
        return Ok(());
    }
    let old = snapshot.get(POINTS, &row)?;
    let merged = match old.and_then(|old| Point::decode(&old)) {
        Some(mut old) => {
            old.merge(point);
            old
        }
        None => point.clone(),
    };
    changed.insert(row, merged);
    Ok(())
}

fn last_of(snapshot: &dyn Snapshot, series: &Series) -> Result<i64, StoreError> {
    let row = snapshot.get(SERIES, &series.key())?;
    let row = row.and_then(|row| row.as_slice().try_into().ok());
    Ok(row.map_or(i64::MIN, i64::from_be_bytes))
}

/// The coarsest resolution that tells the periods of a range apart, and is still kept for its beginning.
fn resolution(range: Range, now: i64) -> Option<(u8, i64)> {
    let fits = |millis: i64| range.period_millis % millis == 0 && range.from % millis == 0;
    let coarsest = RESOLUTIONS
        .iter()
        .rev()
        .find(|(_, millis, _)| fits(*millis));
    let (place, _, kept) = coarsest.or(RESOLUTIONS.first())?;
    if range.from >= now.saturating_sub(*kept) || *place == 0 {
        return Some((*place, *kept));
    }
    // What is older is there at a coarser resolution only.
    let coarser = RESOLUTIONS.iter().filter(|(other, _, _)| other > place);
    let mut coarser = coarser.filter(|(_, _, kept)| range.from >= now.saturating_sub(*kept));
    let (place, _, kept) = coarser.next().or(RESOLUTIONS.last())?;
    Some((*place, *kept))
}

fn row_key(key: Key, resolution: u8, at: i64, unit: Option<Unit>) -> Vec<u8> {
    let mut row = key.as_bytes().to_vec();
    row.push(resolution);
    // Times before 1970 sort first.
    row.extend((at.cast_unsigned() ^ (1 << 63)).to_be_bytes());
    row.extend(unit.map(Unit::to_byte));
    row
}

fn of_row_key(row: &[u8]) -> Option<(i64, Unit)> {
    let (unit, rest) = row.split_last()?;
    let at = u64::from_be_bytes(*rest.last_chunk::<8>()?);
    Some(((at ^ (1 << 63)).cast_signed(), Unit::of_byte(*unit)))
}

#[cfg(test)]
mod tests {
    use passo_store::MemoryStore;

    use super::*;

    const NOW: i64 = 1_000 * DAY + 30_000;

    fn series(name: &str) -> Arc<Series> {
        Arc::new(Series {
            account: "1".to_owned(),
            region: "r".to_owned(),
            namespace: "n".to_owned(),
            name: name.to_owned(),
            ..Series::default()
        })
    }

    fn datum(name: &str, at: i64, value: f64) -> Datum {
        Datum {
            series: series(name),
            at,
            unit: Unit::NONE,
            point: Point::of(value, 1.0),
            is_fine: false,
        }
    }

    fn sums(points: &Points, from: i64, to: i64, seconds: i64, now: i64) -> Vec<(i64, f64)> {
        let range = Range {
            from,
            to,
            period_millis: seconds * 1000,
        };
        let read = points.read(&series("m"), range, now).unwrap();
        let sum = |units: &BTreeMap<Unit, Point>| units.values().map(|point| point.sum).sum();
        read.iter()
            .map(|(at, units)| (*at - from, sum(units)))
            .collect()
    }

    #[test]
    fn periods_are_read_from_the_resolution_that_is_left() {
        let points = Points::new(Arc::new(MemoryStore::new()));
        let base = 1_000 * DAY - HOUR;
        let data = [
            datum("m", base, 1.0),
            datum("m", base + 61_000, 2.0),
            datum("m", base + 65_000, 4.0),
        ];
        points.write(&data, NOW, Durability::Buffered).unwrap();
        let minutes = vec![(0, 1.0), (60_000, 6.0)];
        assert_eq!(sums(&points, base, base + HOUR, 60, NOW), minutes);
        assert_eq!(sums(&points, base, base + HOUR, 3600, NOW), [(0, 7.0)]);
        // Not aligned with anything but seconds, which were not told apart.
        assert_eq!(sums(&points, base + 500, base + HOUR, 60, NOW), []);
        // After 15 days minutes are gone, after 63 days so is what is finer than an hour.
        let later = NOW + 20 * DAY;
        assert_eq!(sums(&points, base, base + HOUR, 60, later), [(0, 7.0)]);
        let later = NOW + 400 * DAY;
        assert_eq!(sums(&points, base, base + HOUR, 60, later), [(0, 7.0)]);
        let later = NOW + 500 * DAY;
        assert_eq!(sums(&points, base, base + HOUR, 60, later), []);
    }

    #[test]
    fn metrics_are_found_while_they_are_alive() {
        let points = Points::new(Arc::new(MemoryStore::new()));
        let data = [datum("a", NOW, 1.0), datum("b", NOW, 1.0)];
        points.write(&data, NOW, Durability::Buffered).unwrap();
        let found = |now: i64, prefix: &[&str]| {
            let mut found = Vec::new();
            let mut visit = |series: Series| {
                found.push(series.name);
                ControlFlow::Continue(())
            };
            points
                .find(&Series::prefix(prefix), now, None, &mut visit)
                .unwrap();
            found
        };
        assert_eq!(found(NOW, &["1", "r"]), ["a", "b"]);
        assert_eq!(found(NOW, &["1", "r", "n", "b"]), ["b"]);
        assert!(found(NOW, &["2"]).is_empty());
        assert!(found(NOW + 15 * DAY, &["1"]).is_empty());
        let has = |from| points.has_since(&series("a"), from).unwrap();
        assert!(has(NOW - 60_000) && !has(NOW + 60_000));
    }
}
