//! How workflows do, and what fails: counts of a day, and failures in groups.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use passo_asl::program::{Program, StateKind};
use passo_engine::{Event, EventKind};
use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::{Runtime, Summary};
use passo_states::Definitions;
use passo_vocab::{ErrorName, Timestamp};

use super::Refusal;
use super::backstage::Asked;
use super::executions::{self, Search};
use super::journal::Journal;
use super::query::Query;
use crate::audience::Audience;

/// Executions of one workflow from before the start that are counted.
const RECOVERED_MAX: usize = 2000;
/// Failed executions whose journals one request reads, to find where they failed.
const JOURNALS_MAX: usize = 300;
/// Executions that a group names.
const EXAMPLES_MAX: usize = 5;
/// Executions of a group that could be redriven, and are named for that.
const REDRIVABLE_MAX: usize = 500;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Counts of the last day, for each workflow that the query names or the caller has.
pub(super) async fn metrics(
    audience: &Audience,
    query: &Query,
    asked: &Asked,
    now: Timestamp,
    started_at: Timestamp,
) -> Result<Json, Refusal> {
    let backstage = &audience.backstage;
    let runtime = backstage.runtime()?.clone();
    if audience.insight.must_recover(&asked.caller) {
        let parents = executions::parents(backstage, &Query::of(""), asked).await?;
        let insight = Arc::clone(&audience.insight);
        let reading = tokio::task::spawn_blocking(move || {
            for parent in parents {
                let mut looked_at = 0;
                let visited = runtime.executions(&parent, None, &mut |summary| {
                    looked_at += 1;
                    let is_recent = now.millis_since(summary.started_at) < DAY_MILLIS;
                    if summary.stopped_at.is_some_and(|at| at < started_at) && is_recent {
                        insight.recover(&summary);
                    }
                    match is_recent && looked_at < RECOVERED_MAX {
                        true => ControlFlow::Continue(()),
                        false => ControlFlow::Break(()),
                    }
                });
                visited.map_err(|error| Refusal::store(&error))?;
            }
            Ok::<(), Refusal>(())
        });
        reading.await.map_err(|_| Refusal::unavailable())??;
    }
    let parents = executions::parents(backstage, query, asked).await?;
    Ok(json!({"workflows": audience.insight.shown(&parents, now)}))
}

/// Failures that belong together: the same workflow, version, error and state.
struct Group {
    count: i64,
    first: Timestamp,
    last: Timestamp,
    cause: Option<Arc<str>>,
    examples: Vec<Json>,
    redrivable: Vec<Json>,
}

type GroupKey = (Arc<str>, Option<Arc<str>>, Arc<str>, Option<Arc<str>>);

/// Failed executions in groups, the largest first.
pub(super) async fn failures(
    audience: &Audience,
    query: &Query,
    asked: &Asked,
) -> Result<Json, Refusal> {
    let parents = executions::parents(&audience.backstage, query, asked).await?;
    let search = Search::of(query)?.of_failures();
    let runtime = audience.backstage.runtime()?.clone();
    let definitions = Arc::clone(&audience.definitions);
    let grouping = tokio::task::spawn_blocking(move || {
        let mut groups = BTreeMap::new();
        let mut journals = 0;
        let outcome = search.run(&runtime, parents, None, usize::MAX, &mut |summary| {
            journals += 1;
            let state = match journals <= JOURNALS_MAX {
                true => failed_state(&runtime, &definitions, summary),
                false => None,
            };
            put(&mut groups, summary, state);
            Ok(ControlFlow::Continue(true))
        })?;
        let mut groups: Vec<(GroupKey, Group)> = groups.into_iter().collect();
        groups.sort_by_key(|(_, group)| std::cmp::Reverse((group.count, group.last)));
        let groups: Vec<Json> = groups.into_iter().map(shown).collect();
        let looked_at = executions::number(outcome.looked_at);
        Ok(json!({"groups": groups, "lookedAt": looked_at, "complete": outcome.is_complete}))
    });
    grouping.await.map_err(|_| Refusal::unavailable())?
}

fn put(groups: &mut BTreeMap<GroupKey, Group>, summary: &Summary, state: Option<Arc<str>>) {
    let failure = summary.failure.as_ref();
    let error = failure
        .and_then(|failure| failure.error.as_ref())
        .map_or(summary.status.name(), ErrorName::as_str);
    let key = (
        Arc::clone(&summary.state_machine_arn),
        summary.state_machine_version_arn.clone(),
        Arc::from(error),
        state,
    );
    let at = summary.stopped_at.unwrap_or(summary.started_at);
    let group = groups.entry(key).or_insert_with(|| Group {
        count: 0,
        first: at,
        last: at,
        cause: failure.and_then(|failure| failure.cause.clone()),
        examples: Vec::new(),
        redrivable: Vec::new(),
    });
    group.count += 1;
    group.first = group.first.min(at);
    group.last = group.last.max(at);
    let arn = Json::from(Arc::clone(&summary.execution_arn));
    if group.examples.len() < EXAMPLES_MAX {
        group.examples.push(arn.clone());
    }
    if group.redrivable.len() < REDRIVABLE_MAX && summary.execution_arn.contains(":execution:") {
        group.redrivable.push(arn);
    }
}

fn shown(((machine, version, error, state), group): (GroupKey, Group)) -> Json {
    let cause = group
        .cause
        .map(|cause| cause.chars().take(400).collect::<String>());
    let mut shown = ObjectBuilder::new();
    shown
        .insert("workflow", machine.rsplit(':').next().unwrap_or_default())
        .insert("stateMachineArn", Arc::clone(&machine))
        .insert_some(
            "version",
            version.as_deref().and_then(|arn| arn.rsplit(':').next()),
        )
        .insert("error", error)
        .insert_some("state", state)
        .insert("count", group.count)
        .insert("first", group.first.to_string())
        .insert("last", group.last.to_string())
        .insert_some("cause", cause)
        .insert("examples", group.examples)
        .insert("redrivable", group.redrivable);
    Json::from(shown.build())
}

/// The state in which an execution failed; none where that cannot be told.
fn failed_state(
    runtime: &Runtime,
    definitions: &Definitions,
    summary: &Summary,
) -> Option<Arc<str>> {
    let journal = Journal::read(runtime, definitions, &summary.execution_arn).ok()??;
    last_failure(&journal.program, &journal.events)
}

/// The state in which something failed last.
fn last_failure(program: &Program, events: &[Event]) -> Option<Arc<str>> {
    let mut states = BTreeMap::new();
    let mut failed = None;
    for event in events {
        match &event.kind {
            EventKind::StateEntered { state, .. } => {
                states.insert(event.frame, *state);
                let is_fail =
                    |state: &passo_asl::program::State| matches!(state.kind, StateKind::Fail(_));
                if program.state(*state).is_some_and(is_fail) {
                    failed = Some(*state);
                }
            }
            EventKind::EvaluationFailed(failure) => failed = Some(failure.state),
            EventKind::TaskScheduleFailed(_)
            | EventKind::TaskStartFailed(_)
            | EventKind::TaskSubmitFailed(_)
            | EventKind::TaskFailed(_)
            | EventKind::TaskTimedOut { .. }
            | EventKind::StateFailed(_)
            | EventKind::MapRunFailed(_) => failed = states.get(&event.frame).copied().or(failed),
            _ => {}
        }
    }
    Some(program.state(failed?)?.name.shared())
}
