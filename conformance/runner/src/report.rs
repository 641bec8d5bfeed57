//! Outcomes as text for people and as JSON for tools.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use passo_json::{Json, Object, ObjectBuilder};

use crate::outcome::{Outcome, Verdict};

/// How an area did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Cases as recorded.
    pub passed: i64,
    /// Cases altogether, those set apart left out.
    pub cases: i64,
}

impl Count {
    fn add(&mut self, outcome: &Outcome) {
        self.cases += i64::from(outcome.counts());
        self.passed += i64::from(outcome.passed());
    }
}

/// The counts by area.
pub fn areas(outcomes: &[Outcome]) -> BTreeMap<&str, Count> {
    let mut areas: BTreeMap<&str, Count> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.counts()) {
        areas.entry(&outcome.area).or_default().add(outcome);
    }
    areas
}

fn sum(outcomes: &[Outcome]) -> Count {
    let mut count = Count::default();
    outcomes.iter().for_each(|outcome| count.add(outcome));
    count
}

fn apart(outcomes: &[Outcome]) -> BTreeMap<&str, i64> {
    let mut reasons = BTreeMap::new();
    for outcome in outcomes {
        if let Verdict::Apart(reason) = &outcome.verdict {
            *reasons.entry(reason.as_str()).or_default() += 1;
        }
    }
    reasons
}

/// One line an area: its name, passed / cases, and what is missing.
pub fn table(outcomes: &[Outcome]) -> String {
    let areas = areas(outcomes);
    let width = areas
        .keys()
        .map(|area| area.len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for (area, Count { passed, cases }) in areas {
        let failed = cases - passed;
        let note = if failed == 0 {
            String::new()
        } else {
            format!("  {failed} failed")
        };
        let _ = writeln!(text, "{area:<width$}  {passed:>4} / {cases:<4}{note}");
    }
    for (reason, count) in apart(outcomes) {
        let _ = writeln!(text, "set apart: {count} ({reason})");
    }
    text
}

/// The last line.
pub fn total(outcomes: &[Outcome]) -> String {
    let Count { passed, cases } = sum(outcomes);
    format!("{passed} of {cases} cases")
}

/// Every failure in detail.
pub fn failures(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        if let Verdict::Failed(detail) = &outcome.verdict {
            let _ = writeln!(text, "--- {}\n{}\n", outcome.id, detail.trim_end());
        }
    }
    text
}

/// Everything, for tools.
pub fn results(outcomes: &[Outcome]) -> Json {
    let count = |Count { passed, cases }: Count| {
        ObjectBuilder::new()
            .insert("passed", passed)
            .insert("cases", cases)
            .build()
    };
    let areas: Object = areas(outcomes)
        .into_iter()
        .map(|(area, of_area)| (area, Json::from(count(of_area))))
        .collect();
    let apart: Object = apart(outcomes)
        .into_iter()
        .map(|(reason, count)| (reason, Json::from(count)))
        .collect();
    let failure = |outcome: &Outcome| match &outcome.verdict {
        Verdict::Failed(detail) => Some(Json::from(
            ObjectBuilder::new()
                .insert("id", outcome.id.as_str())
                .insert("detail", detail.as_str())
                .build(),
        )),
        Verdict::Passed | Verdict::Apart(_) => None,
    };
    let failures: Vec<Json> = outcomes.iter().filter_map(failure).collect();
    Json::from(
        ObjectBuilder::new()
            .insert("total", count(sum(outcomes)))
            .insert("areas", areas)
            .insert("apart", apart)
            .insert("failures", failures)
            .build(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn outcomes() -> Vec<Outcome> {
        let outcome = |id: &str, area: &str, verdict| Outcome {
            id: id.into(),
            area: area.into(),
            verdict,
        };
        vec![
            outcome("1", "maps", Verdict::Passed),
            outcome("2", "maps", Verdict::Failed("expected 1\n".into())),
            outcome("3", "lists", Verdict::Passed),
            outcome("4", "lists", Verdict::Apart("half a character".into())),
            outcome("5", "empty", Verdict::Apart("half a character".into())),
        ]
    }

    #[test]
    fn the_table_counts_by_area_and_sets_apart_what_cannot_be_asked() {
        let expect =
            "lists     1 / 1   \nmaps      1 / 2     1 failed\nset apart: 2 (half a character)\n";
        assert_eq!(table(&outcomes()), expect);
        assert_eq!(total(&outcomes()), "2 of 3 cases");
    }

    #[test]
    fn failures_and_results_tell_the_details() {
        assert_eq!(failures(&outcomes()), "--- 2\nexpected 1\n\n");
        assert_eq!(
            results(&outcomes()),
            json!({
                "total": {"passed": 2, "cases": 3},
                "areas": {"lists": {"passed": 1, "cases": 1}, "maps": {"passed": 1, "cases": 2}},
                "apart": {"half a character": 2},
                "failures": [{"id": "2", "detail": "expected 1\n"}]
            })
        );
    }
}
