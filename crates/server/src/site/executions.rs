//! Executions of all workflows, newest first, by status, workflow, name, error and time.
//!
//! Each workflow keeps its executions in the order of their starts; here they are merged. A page looks at a bounded number
//! of them: where few fit, it comes back early with the place to go on from, rather than reading a million.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::{ExecutionStatus, Key, Runtime, Summary};
use passo_vocab::{ErrorName, Timestamp};

use super::Refusal;
use super::backstage::{Asked, Backstage};
use super::properties::{Budget, Properties};
use super::query::Query;

/// Executions that one request looks at, at most.
const LOOKED_AT_MAX: usize = 4000;
/// Executions of one workflow that are read at once.
const READ_AT_ONCE: usize = 50;
/// Executions in a page, at most.
const PAGE_MAX: u64 = 500;
/// Characters of a cause that a list shows.
const CAUSE_CHARACTERS: usize = 400;

/// What is looked for.
pub(super) struct Search {
    statuses: Vec<ExecutionStatus>,
    name: Option<String>,
    error: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// Takes an execution that was found: whether it counts, or that there is enough.
pub(super) type Take<'a> = dyn FnMut(&Summary) -> Result<ControlFlow<(), bool>, Refusal> + 'a;

/// How far a search came.
pub(super) struct Outcome {
    /// Executions that were looked at.
    pub(super) looked_at: usize,
    /// The last of them.
    last: Option<(u64, Key)>,
    /// Whether there are no more.
    pub(super) is_complete: bool,
}

/// The executions of one workflow, as far as they are read.
struct Pile {
    parent: Arc<str>,
    read: VecDeque<Summary>,
    after: Option<(u64, Key)>,
    is_all_read: bool,
}

/// A page of executions.
pub(super) async fn answer(
    backstage: &Backstage,
    query: &Query,
    asked: &Asked,
) -> Result<Json, Refusal> {
    let search = Search::of(query)?;
    let properties = Properties::of(query)?;
    let limit = query.number("limit", 50, PAGE_MAX)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let after = query.get("nextToken").map(place).transpose()?;
    let parents = parents(backstage, query, asked).await?;
    let runtime = backstage.runtime()?.clone();
    let searching = tokio::task::spawn_blocking(move || {
        page(&runtime, (&search, &properties), parents, after, limit)
    });
    searching.await.map_err(|_| Refusal::unavailable())?
}

/// The workflows whose executions are looked for: those that are named, or all of the caller's.
pub(super) async fn parents(
    backstage: &Backstage,
    query: &Query,
    asked: &Asked,
) -> Result<Vec<Arc<str>>, Refusal> {
    let names: Vec<&str> = query.all("workflow").collect();
    let mut parents = Vec::new();
    let mut parameters = json!({"maxResults": 1000});
    loop {
        let page = backstage
            .states("ListStateMachines", parameters, asked)
            .await?;
        let machines = page.get("stateMachines").and_then(Json::as_array);
        for machine in machines.into_iter().flat_map(|machines| machines.iter()) {
            let text = |member| machine.get(member).and_then(Json::as_str);
            let (Some(arn), Some(name)) = (text("stateMachineArn"), text("name")) else {
                continue;
            };
            if names.is_empty() || names.contains(&name) || names.contains(&arn) {
                parents.push(Arc::from(arn));
            }
        }
        let Some(token) = page.get("nextToken").and_then(Json::as_str) else {
            return Ok(parents);
        };
        parameters = json!({"maxResults": 1000, "nextToken": token});
    }
}

fn page(
    runtime: &Runtime,
    (search, properties): (&Search, &Properties),
    parents: Vec<Arc<str>>,
    after: Option<(u64, Key)>,
    limit: usize,
) -> Result<Json, Refusal> {
    let mut found = Vec::new();
    let mut budget = Budget::default();
    let outcome = search.run(runtime, parents, after, limit, &mut |summary| {
        let fits = properties.fit(runtime, summary, &mut budget)?;
        if fits {
            found.push(shown(summary));
        }
        Ok(match budget.is_spent() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(fits),
        })
    })?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("executions", found)
        .insert("lookedAt", number(outcome.looked_at))
        .insert_some("nextToken", outcome.token());
    Ok(Json::from(answer.build()))
}

/// Takes the newest execution from the piles.
fn newest(runtime: &Runtime, piles: &mut [Pile]) -> Result<Option<Summary>, Refusal> {
    for pile in piles.iter_mut() {
        if pile.read.is_empty() && !pile.is_all_read {
            pile.fill(runtime)?;
        }
    }
    let place = |pile: &&mut Pile| {
        pile.read
            .front()
            .map(|summary| (summary.order, Key::of(&summary.execution_arn)))
    };
    // The keys of equal orders are in rising order inside a pile, so that the least is the first.
    let newest = piles
        .iter_mut()
        .filter(|pile| !pile.read.is_empty())
        .max_by_key(|pile| place(pile).map(|(order, key)| (order, std::cmp::Reverse(key))));
    Ok(newest.and_then(|pile| pile.read.pop_front()))
}

impl Pile {
    fn fill(&mut self, runtime: &Runtime) -> Result<(), Refusal> {
        let read = &mut self.read;
        let reading = runtime.executions(&self.parent, self.after, &mut |summary| {
            read.push_back(summary);
            match read.len() < READ_AT_ONCE {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
        reading.map_err(|error| Refusal::store(&error))?;
        self.is_all_read = read.len() < READ_AT_ONCE;
        if let Some(last) = read.back() {
            self.after = Some((last.order, Key::of(&last.execution_arn)));
        }
        Ok(())
    }
}

impl Search {
    /// What a query asks for.
    pub(super) fn of(query: &Query) -> Result<Search, Refusal> {
        let status = |name| {
            let unknown = || Refusal::invalid(format!("`{name}` is no status"));
            ExecutionStatus::from_name(name).ok_or_else(unknown)
        };
        Ok(Search {
            statuses: query.all("status").map(status).collect::<Result<_, _>>()?,
            name: query.get("name").map(str::to_lowercase),
            error: query.get("error").map(str::to_lowercase),
            since: query.time("since")?,
            until: query.time("until")?,
        })
    }

    /// What a query asks for, except that `status` means something else there.
    pub(super) fn of_all(query: &Query) -> Result<Search, Refusal> {
        Search::of(&query.without("status"))
    }

    /// The time that executions must not be older than.
    pub(super) fn since(&self) -> Option<Timestamp> {
        self.since
    }

    /// The same, among executions that are not older than a time.
    pub(super) fn since_at_least(mut self, since: Timestamp) -> Search {
        self.since = Some(since);
        self
    }

    /// The same, among executions that did not end well.
    pub(super) fn of_failures(mut self) -> Search {
        self.statuses = vec![ExecutionStatus::Failed, ExecutionStatus::TimedOut];
        self
    }

    /// Shows the executions that fit to `take`, newest first, until it took `limit`, or enough were looked at. It says
    /// whether it took one, and breaks where it wants no more.
    pub(super) fn run(
        &self,
        runtime: &Runtime,
        parents: Vec<Arc<str>>,
        after: Option<(u64, Key)>,
        limit: usize,
        take: &mut Take<'_>,
    ) -> Result<Outcome, Refusal> {
        let pile = |parent| Pile {
            parent,
            read: VecDeque::new(),
            after,
            is_all_read: false,
        };
        let mut piles: Vec<Pile> = parents.into_iter().map(pile).collect();
        let mut outcome = Outcome {
            looked_at: 0,
            last: after,
            is_complete: false,
        };
        let mut taken = 0;
        while taken < limit && outcome.looked_at < LOOKED_AT_MAX {
            let newest = newest(runtime, &mut piles)?;
            let newest =
                newest.filter(|summary| self.since.is_none_or(|since| summary.started_at >= since));
            let Some(summary) = newest else {
                outcome.is_complete = true;
                break;
            };
            outcome.looked_at += 1;
            outcome.last = Some((summary.order, Key::of(&summary.execution_arn)));
            if !self.takes(&summary) {
                continue;
            }
            match take(&summary)? {
                ControlFlow::Continue(is_taken) => taken += usize::from(is_taken),
                ControlFlow::Break(()) => break,
            }
        }
        Ok(outcome)
    }

    fn takes(&self, summary: &Summary) -> bool {
        let has_error = |wanted: &String| {
            let error = summary
                .failure
                .as_ref()
                .and_then(|failure| failure.error.as_ref());
            error.is_some_and(|error| error.as_str().to_lowercase().contains(wanted))
        };
        (self.statuses.is_empty() || self.statuses.contains(&summary.status))
            && self.until.is_none_or(|until| summary.started_at < until)
            && self
                .name
                .as_ref()
                .is_none_or(|name| summary.name.to_lowercase().contains(name))
            && self.error.as_ref().is_none_or(has_error)
    }
}

impl Outcome {
    /// What goes on after this, where there is more.
    pub(super) fn token(&self) -> Option<String> {
        let (order, key) = self.last.filter(|_| !self.is_complete)?;
        Some(format!("{order:016x}{key}"))
    }
}

/// A count as JSON has it.
pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The place that a `nextToken` names.
pub(super) fn place(token: &str) -> Result<(u64, Key), Refusal> {
    let wrong = || Refusal::invalid("the parameter `nextToken` was not made here");
    let (order, key) = token.split_at_checked(16).ok_or_else(wrong)?;
    let order = u64::from_str_radix(order, 16).map_err(|_| wrong())?;
    let key = self::key(key).ok_or_else(wrong)?;
    Ok((order, key))
}

/// The key that is written so.
pub(super) fn key(digits: &str) -> Option<Key> {
    if digits.len() != Key::BYTES * 2 {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..Key::BYTES).map(|index| byte(index * 2)).collect();
    Key::from_bytes(&bytes?)
}

fn shown(summary: &Summary) -> Json {
    let mut item = ObjectBuilder::new();
    item.insert("executionArn", Arc::clone(&summary.execution_arn))
        .insert("name", Arc::clone(&summary.name))
        .insert("stateMachineArn", Arc::clone(&summary.state_machine_arn))
        .insert_some(
            "stateMachineVersionArn",
            summary.state_machine_version_arn.clone(),
        )
        .insert("status", summary.status.name())
        .insert("startDate", summary.started_at.to_string())
        .insert_some("stopDate", summary.stopped_at.map(|time| time.to_string()))
        .insert("redriveCount", summary.redrive_count);
    if let Some(failure) = &summary.failure {
        let cause = failure.cause.as_deref();
        let cause = cause.map(|cause| cause.chars().take(CAUSE_CHARACTERS).collect::<String>());
        item.insert_some("error", failure.error.as_ref().map(ErrorName::as_str));
        item.insert_some("cause", cause);
    }
    Json::from(item.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_where_to_go_on() {
        let key = Key::of("arn");
        let token = format!("{:016x}{key}", 77);
        assert_eq!(place(&token).unwrap(), (77, key));
        for wrong in [
            "",
            "x",
            "0123456789abcdef",
            "0123456789abcdéf0123456789abcdef0123456789abcdef",
        ] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
