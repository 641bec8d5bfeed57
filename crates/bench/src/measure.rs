//! How long something takes: the best of several samples, and how far the others are from it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::report;

/// How much to measure, and what.
#[derive(Debug)]
pub struct Plan {
    samples: usize,
    sample_time: Duration,
    only: Option<String>,
}

/// What one benchmark gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Nanoseconds for one unit of work, in the best sample.
    pub best: f64,
    /// How much longer the median sample took, as a share of the best.
    pub spread: f64,
}

/// One line of the report.
#[derive(Debug)]
pub struct Row {
    /// `group: what`
    pub name: String,
    /// Passo's figure.
    pub ours: Figure,
    /// Who else was measured, and their figure.
    pub rival: Option<(&'static str, Figure)>,
}

/// A unit of work that is measured. What it answers is kept from the optimiser.
pub type Work<'a> = &'a dyn Fn() -> bool;

impl Plan {
    /// Figures to be quoted.
    pub fn thorough() -> Self {
        Self {
            samples: 15,
            sample_time: Duration::from_millis(40),
            only: None,
        }
    }

    /// Figures that only show that the benchmark runs.
    pub fn quick() -> Self {
        Self {
            samples: 2,
            sample_time: Duration::from_millis(1),
            only: None,
        }
    }

    /// The same plan for the benchmarks whose name contains `text`.
    pub fn only(self, text: Option<String>) -> Self {
        Self { only: text, ..self }
    }

    /// Whether the benchmark `name` is wanted.
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|text| name.contains(text))
    }

    /// Measures `ours` against a rival, in turns, and prints the line; nothing where it is not wanted.
    pub fn compare(
        &self,
        name: &str,
        ours: Work<'_>,
        rival: Option<(&'static str, Work<'_>)>,
    ) -> Option<Row> {
        if !self.wants(name) {
            return None;
        }
        let (mut our_samples, mut rival_samples) = (Vec::new(), Vec::new());
        let our_count = self.calibrate(ours);
        let rival_count = rival.map(|(_, work)| self.calibrate(work));
        for _ in 0..self.samples {
            our_samples.push(sample(ours, our_count));
            if let Some(((_, work), count)) = rival.zip(rival_count) {
                rival_samples.push(sample(work, count));
            }
        }
        let rival = rival.map(|(name, _)| (name, Figure::of(rival_samples)));
        let row = Row {
            name: name.to_owned(),
            ours: Figure::of(our_samples),
            rival,
        };
        report::line(&row);
        Some(row)
    }

    /// Measures steps that are timed by the work itself: each call of `work` answers nanoseconds for one unit.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn sample(&self, mut work: impl FnMut() -> Result<f64>) -> Result<Figure> {
        let samples = (0..self.samples).map(|_| work());
        Ok(Figure::of(samples.collect::<Result<Vec<_>>>()?))
    }

    /// How often `work` fits into one sample.
    fn calibrate(&self, work: Work<'_>) -> u32 {
        let mut count = 1_u32;
        loop {
            let start = Instant::now();
            repeat(work, count);
            let taken = start.elapsed();
            if taken >= self.sample_time || count >= 1 << 28 {
                return count;
            }
            let missing = self.sample_time.as_secs_f64() / taken.as_secs_f64().max(1e-9);
            count = count.saturating_mul(if missing > 10.0 { 10 } else { 2 });
        }
    }
}

impl Figure {
    /// The best and the spread of samples in nanoseconds; not a number where there are none.
    pub fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let best = samples.first().copied().unwrap_or(f64::NAN);
        let median = samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN);
        Self {
            best,
            spread: (median - best) / best,
        }
    }
}

fn sample(work: Work<'_>, count: u32) -> f64 {
    let start = Instant::now();
    repeat(work, count);
    start.elapsed().as_secs_f64() * 1e9 / f64::from(count)
}

fn repeat(work: Work<'_>, count: u32) {
    for _ in 0..count {
        black_box(work());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_sample_counts_and_the_median_tells_the_spread() {
        let figure = Figure::of(vec![30.0, 10.0, 15.0]);
        assert_eq!(
            figure,
            Figure {
                best: 10.0,
                spread: 0.5
            }
        );
        assert!(Figure::of(Vec::new()).best.is_nan());
    }

    #[test]
    fn only_what_is_wanted_is_measured() {
        let plan = Plan::quick().only(Some("json".into()));
        assert!(plan.compare("json: parse", &|| true, None).is_some());
        assert!(
            plan.compare("engine: pass", &|| panic!("not wanted"), None)
                .is_none()
        );
    }
}
