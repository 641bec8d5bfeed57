//! Who decided what, when, and for which reason: the audit of decisions that were made through this server's own pages.
//!
//! A row is durable before the execution hears of the decision, and says so (`made`) afterwards; what the execution refused
//! is taken away. Rows are kept as long as AWS keeps ended executions.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};
use passo_runtime::Key;
use passo_store::{Batch, Direction, Durability, KeyRange, Space, Store, StoreError};
use passo_vocab::{AccountId, Timestamp};

/// Rows in the order of time, by account.
const BY_TIME: Space = Space::new("decision");
/// The same rows, by execution and by task.
const BY_SUBJECT: Space = Space::new("decision-of");
/// How long rows are kept.
const KEPT_MILLIS: i64 = 90 * 24 * 60 * 60 * 1000;
/// Old rows that a new one takes away, at most.
const FORGOTTEN_AT_ONCE: usize = 100;

/// The audit.
pub(crate) struct Decisions {
    store: Arc<dyn Store>,
}

/// One decision.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) task: Key,
    pub(crate) account: AccountId,
    pub(crate) execution_arn: Arc<str>,
    pub(crate) at: Timestamp,
    /// Everything that is told of it.
    pub(crate) told: Json,
}

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    /// Everything of the account.
    All,
    /// Decisions of an execution, or on a task.
    Of(Key),
}

impl Decisions {
    pub(crate) fn new(store: Arc<dyn Store>) -> Decisions {
        Decisions { store }
    }

    /// Writes that a decision is about to be made; and takes away what is too old.
    pub(crate) fn begin(&self, decision: &Decision) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        decision.put(&mut batch, false);
        self.forget_old(decision, &mut batch)?;
        self.store.commit(&batch, Durability::Synced)
    }

    /// Writes that it was made, or that it was refused.
    pub(crate) fn end(&self, decision: &Decision, is_made: bool) -> Result<(), StoreError> {
        let mut batch = Batch::new();
        match is_made {
            true => decision.put(&mut batch, true),
            false => decision.delete(&mut batch),
        }
        self.store.commit(&batch, Durability::Synced)
    }

    /// The newest decisions, at most `max`.
    pub(crate) fn newest(
        &self,
        account: &AccountId,
        subject: Subject,
        max: usize,
    ) -> Result<Vec<Json>, StoreError> {
        let (space, prefix) = match subject {
            Subject::All => (BY_TIME, account.as_str().as_bytes().to_vec()),
            Subject::Of(key) => (BY_SUBJECT, key.as_bytes().to_vec()),
        };
        let mut found = Vec::new();
        let range = KeyRange::prefix(&prefix);
        let visit = &mut |_: &[u8], row: &[u8]| {
            if found.len() >= max {
                return ControlFlow::Break(());
            }
            let row = std::str::from_utf8(row).ok();
            found.extend(row.and_then(|row| Json::parse(row).ok()));
            ControlFlow::Continue(())
        };
        self.store
            .snapshot()?
            .scan(space, &range, Direction::Backward, visit)?;
        Ok(found)
    }

    /// Takes the oldest rows away, where their time is over.
    fn forget_old(&self, newest: &Decision, batch: &mut Batch) -> Result<(), StoreError> {
        let account = newest.account.as_str().as_bytes();
        let end = key(account, newest.at.plus_millis(-KEPT_MILLIS), None);
        let old = KeyRange::between(account, &end);
        let mut count = 0;
        let visit = &mut |key: &[u8], row: &[u8]| {
            batch.delete(BY_TIME, key);
            for subject in subjects(row) {
                let rest = key.get(account.len()..).unwrap_or_default();
                batch.delete(BY_SUBJECT, [&subject.as_bytes()[..], rest].concat());
            }
            count += 1;
            match count < FORGOTTEN_AT_ONCE {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        };
        self.store
            .snapshot()?
            .scan(BY_TIME, &old, Direction::Forward, visit)
    }
}

impl Decision {
    fn keys(&self) -> [(Space, Vec<u8>); 3] {
        let key = |prefix: &[u8]| key(prefix, self.at, Some(self.task));
        [
            (BY_TIME, key(self.account.as_str().as_bytes())),
            (BY_SUBJECT, key(Key::of(&self.execution_arn).as_bytes())),
            (BY_SUBJECT, key(self.task.as_bytes())),
        ]
    }

    fn put(&self, batch: &mut Batch, is_made: bool) {
        let mut row = ObjectBuilder::new();
        for (name, value) in self
            .told
            .as_object()
            .into_iter()
            .flat_map(|told| told.iter())
        {
            row.insert(Arc::clone(name), value.clone());
        }
        row.insert("made", is_made);
        let row = Json::from(row.build()).to_text();
        for (space, key) in self.keys() {
            batch.put(space, key, row.as_bytes());
        }
    }

    fn delete(&self, batch: &mut Batch) {
        for (space, key) in self.keys() {
            batch.delete(space, key);
        }
    }
}

/// A prefix, the time, and what tells decisions of one millisecond apart.
fn key(prefix: &[u8], at: Timestamp, task: Option<Key>) -> Vec<u8> {
    let at = u64::try_from(at.epoch_millis()).unwrap_or_default();
    let mut key = [prefix, &at.to_be_bytes()].concat();
    if let Some(task) = task {
        key.extend_from_slice(task.as_bytes());
    }
    key
}

/// The execution and the task of a row.
fn subjects(row: &[u8]) -> Vec<Key> {
    let row = std::str::from_utf8(row)
        .ok()
        .and_then(|row| Json::parse(row).ok());
    let text = |member: &str| row.as_ref()?.get(member)?.as_str().map(str::to_owned);
    let task = text("task").and_then(|id| {
        let digits = (0..Key::BYTES).map(|index| id.get(index * 2..index * 2 + 2));
        let bytes = digits.map(|digits| u8::from_str_radix(digits?, 16).ok());
        Key::from_bytes(&bytes.collect::<Option<Vec<u8>>>()?)
    });
    let execution = text("executionArn").map(|arn| Key::of(&arn));
    task.into_iter().chain(execution).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;
    use passo_store::MemoryStore;

    fn decision(name: &str, execution: &str, at: i64) -> Decision {
        let task = Key::of(name);
        Decision {
            task,
            account: AccountId::parse("111122223333").unwrap(),
            execution_arn: execution.into(),
            at: Timestamp::from_epoch_millis(at),
            told: json!({"task": task.to_string(), "executionArn": execution, "name": name}),
        }
    }

    #[test]
    fn decisions_are_found_by_time_execution_and_task_until_they_are_old() {
        let decisions = Decisions::new(Arc::new(MemoryStore::new()));
        let names = |account: &str, subject| {
            let account = AccountId::parse(account).unwrap();
            let found = decisions.newest(&account, subject, 2).unwrap();
            let shown = found.iter().map(|row| {
                let made = row.get("made").and_then(Json::as_bool).unwrap();
                format!(
                    "{}{}",
                    row.get("name").and_then(Json::as_str).unwrap(),
                    if made { "" } else { "?" }
                )
            });
            shown.collect::<Vec<_>>().join(" ")
        };
        let [a, b, c] = [
            decision("a", "one", 1),
            decision("b", "two", 2),
            decision("c", "one", 3),
        ];
        for one in [&a, &b, &c] {
            decisions.begin(one).unwrap();
        }
        decisions.end(&a, true).unwrap();
        decisions.end(&b, false).unwrap();
        let all = |account| names(account, Subject::All);
        assert_eq!(
            (all("111122223333"), all("000000000000")),
            ("c? a".into(), String::new())
        );
        let of = |subject: &str| names("111122223333", Subject::Of(Key::of(subject)));
        assert_eq!(
            (of("one"), of("two"), of("a"), of("b")),
            ("c? a".into(), String::new(), "a".into(), String::new())
        );
        decisions
            .begin(&decision("d", "three", KEPT_MILLIS + 2))
            .unwrap();
        assert_eq!(
            (of("one"), of("a"), all("111122223333")),
            ("c?".into(), String::new(), "d? c?".into())
        );
    }
}
