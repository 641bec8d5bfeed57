//! What the end of an attempt means for the records of its batch.
//!
//! Source: Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB", "Error handling" and "Reporting batch item
//! failures".

use passo_json::{Json, Object};

use super::super::response;
use super::source::{made_at, sequence};

/// What a mapping wants of failures.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Policy {
    /// Whether a batch that failed is tried again in two halves.
    pub(super) bisects: bool,
    /// Whether the function says which record failed.
    pub(super) reports_items: bool,
    /// Attempts after the first one; without end where there is none.
    pub(super) retries_max: Option<u32>,
    /// How old a record may be that is tried.
    pub(super) age_seconds_max: Option<i64>,
}

/// Records that are tried together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attempt {
    pub(super) records: Vec<Object>,
    /// Attempts that failed and count.
    pub(super) failed: u32,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Next {
    /// Everything is done with.
    Done,
    /// These are tried at once, one after the other, after the first `done` records are.
    Split { done: usize, rest: Vec<Attempt> },
    /// After a pause, what is left after the first `done` records is tried again.
    Again { done: usize, rest: Attempt },
    /// What is left after the first `done` records is given up.
    GiveUp { done: usize, rest: Attempt },
}

impl Policy {
    /// What an answer of the function, which is that of `Invoke`, means.
    pub(super) fn after(&self, attempt: Attempt, answer: &Json) -> Next {
        let Some(done) = self.first_failed(&attempt.records, answer) else {
            return Next::Done;
        };
        let mut rest = attempt;
        rest.records.drain(..done);
        if self.bisects && rest.records.len() > 1 {
            // Splitting does not count as a retry. Where the function says what failed, that is where the batch is split.
            let mut halves = vec![rest];
            if done == 0 {
                halves = halved(halves);
            }
            return Next::Split { done, rest: halves };
        }
        rest.failed = rest.failed.saturating_add(1);
        if self
            .retries_max
            .is_some_and(|retries| rest.failed > retries)
        {
            return Next::GiveUp { done, rest };
        }
        Next::Again { done, rest }
    }

    /// How many records at the beginning of a batch are too old at `now`, in seconds since 1970.
    pub(super) fn too_old(&self, records: &[Object], now: f64) -> usize {
        let Some(age_max) = self.age_seconds_max else {
            return 0;
        };
        let age_max = u32::try_from(age_max).map_or(f64::INFINITY, f64::from);
        let is_old = |record: &&Object| made_at(record).is_some_and(|at| now - at > age_max);
        records.iter().take_while(is_old).count()
    }

    /// The place of the first record that failed; `None` where all succeeded.
    fn first_failed(&self, records: &[Object], answer: &Json) -> Option<usize> {
        if answer.get("FunctionError").is_some() {
            return Some(0);
        }
        if !self.reports_items {
            return None;
        }
        let Some(failed) = response::failed(answer) else {
            return Some(0);
        };
        let place = |id: &String| {
            let mut records = records.iter();
            records.position(|record| sequence(record) == Some(id))
        };
        // A name that no record has makes all of them fail.
        failed.iter().map(|id| place(id).unwrap_or(0)).min()
    }
}

fn halved(attempts: Vec<Attempt>) -> Vec<Attempt> {
    let halves = attempts.into_iter().flat_map(|mut first| {
        let second = Attempt {
            records: first.records.split_off(first.records.len() / 2),
            failed: first.failed,
        };
        [first, second]
    });
    halves.collect()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn attempt(numbers: &[u32], failed: u32) -> Attempt {
        let record = |number: &u32| {
            let record = json!({"dynamodb": {"SequenceNumber": (number.to_string())}});
            record.as_object().unwrap().clone()
        };
        Attempt {
            records: numbers.iter().map(record).collect(),
            failed,
        }
    }

    #[test]
    fn an_answer_says_what_is_tried_again() {
        let failure = json!({"FunctionError": "Unhandled", "Payload": "{}"});
        let fine = json!({"Payload": "{}"});
        let reported = |ids: &[&str]| {
            let ids: Vec<Json> = ids
                .iter()
                .map(|id| json!({"itemIdentifier": (*id)}))
                .collect();
            let payload = json!({"batchItemFailures": ids}).to_text();
            json!({"Payload": payload})
        };
        let plain = Policy::default();
        let twice = Policy {
            retries_max: Some(2),
            ..plain
        };
        let halves = Policy {
            bisects: true,
            ..twice
        };
        let items = Policy {
            reports_items: true,
            ..twice
        };
        let both = Policy {
            bisects: true,
            ..items
        };
        let again = |done, numbers: &[u32], failed| Next::Again {
            done,
            rest: attempt(numbers, failed),
        };
        let all = &[1, 2, 3][..];
        for (policy, failed, answer, expect) in [
            (plain, 0, &fine, Next::Done),
            (plain, 9, &failure, again(0, all, 10)),
            (twice, 1, &failure, again(0, all, 2)),
            (
                twice,
                2,
                &failure,
                Next::GiveUp {
                    done: 0,
                    rest: attempt(all, 3),
                },
            ),
            (
                halves,
                2,
                &failure,
                Next::Split {
                    done: 0,
                    rest: vec![attempt(&[1], 2), attempt(&[2, 3], 2)],
                },
            ),
            (items, 0, &fine, Next::Done),
            (items, 0, &reported(&[]), Next::Done),
            (items, 0, &reported(&["3", "2"]), again(1, &[2, 3], 1)),
            (
                items,
                2,
                &reported(&["2"]),
                Next::GiveUp {
                    done: 1,
                    rest: attempt(&[2, 3], 3),
                },
            ),
            (items, 0, &reported(&["9"]), again(0, all, 1)),
            (items, 0, &json!({"Payload": "no"}), again(0, all, 1)),
            (twice, 0, &reported(&["2"]), Next::Done),
            (
                both,
                0,
                &reported(&["2"]),
                Next::Split {
                    done: 1,
                    rest: vec![attempt(&[2, 3], 0)],
                },
            ),
            (both, 0, &reported(&["3"]), again(2, &[3], 1)),
        ] {
            assert_eq!(
                policy.after(attempt(all, failed), answer),
                expect,
                "{policy:?} {answer:?}"
            );
        }
        let one = attempt(&[1], 0);
        assert_eq!(halves.after(one, &failure), again(0, &[1], 1));
    }

    #[test]
    fn old_records_are_at_the_beginning() {
        let record = |at: f64| {
            let record = json!({"dynamodb": {"ApproximateCreationDateTime": at}});
            record.as_object().unwrap().clone()
        };
        let records = [record(10.0), record(20.0), record(30.0)];
        for (age, now, expect) in [
            (Some(60), 70.0, 0),
            (Some(60), 71.0, 1),
            (Some(60), 99.0, 3),
            (None, 9e9, 0),
        ] {
            let policy = Policy {
                age_seconds_max: age,
                ..Policy::default()
            };
            assert_eq!(policy.too_old(&records, now), expect, "{age:?} {now}");
        }
    }
}
