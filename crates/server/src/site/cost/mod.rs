//! What executions would cost on AWS: one of them, or those of a time by workflow.
//!
//! Executions are counted from their summaries; what they used is read from the journals of some of them, spread evenly, which
//! then stand for all. How many were counted and how many were read is part of the answer.

mod functions;
mod sample;

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_cost::{FREE_LAMBDA_REQUESTS, FREE_TRANSITIONS, Prices, READ_ON, SOURCES, Usage};
use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::Key;
use passo_states::Definitions;
use passo_vocab::{Timestamp, WorkflowType};

use self::sample::{Measured, Reader, Sample};
use super::backstage::{Asked, Backstage};
use super::query::Query;
use super::{Refusal, executions, is_of};
use crate::audience::Audience;

/// Journals that one request reads, at most.
const JOURNALS_MAX: usize = 600;
/// Journals of one workflow's executions that are read, at most.
const JOURNALS_OF_WORKFLOW: usize = 32;
/// Executions that one request counts, at most.
const COUNTED_MAX: usize = 50_000;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Answers for one execution, or for the executions that began between `since` and `until`.
pub(super) async fn answer(
    audience: &Audience,
    query: &Query,
    asked: &Asked,
    now: Timestamp,
) -> Result<Json, Refusal> {
    match query.get("execution") {
        Some(arn) => of_execution(audience, arn, query, asked, now).await,
        None => of_workflows(audience, query, asked, now).await,
    }
}

/// The prices that the query asks for: of the caller's region, unless it names one.
fn prices(query: &Query, asked: &Asked) -> Prices {
    let region = query.get("region");
    Prices::of(region.unwrap_or_else(|| asked.caller.region.as_str()))
}

async fn of_execution(
    audience: &Audience,
    arn: &str,
    query: &Query,
    asked: &Asked,
    now: Timestamp,
) -> Result<Json, Refusal> {
    let missing = || Refusal::missing(format!("there is no execution `{arn}`"));
    if !is_of(arn, &asked.caller.account) {
        return Err(missing());
    }
    let reader = reader(&audience.backstage, &audience.definitions, now)?;
    let key = Key::of(arn);
    let reading = tokio::task::spawn_blocking(move || reader.read(key));
    let measured = reading.await.map_err(|_| Refusal::unavailable())??;
    let measured = measured.ok_or_else(missing)?;
    let memory = functions::memory(&audience.backstage, asked, [&measured]).await;
    let megabytes = |name: &str| memory.get(name).copied().unwrap_or(functions::MEGABYTES);
    let prices = prices(query, asked);
    let mut answer = ObjectBuilder::new();
    answer
        .insert("executionArn", arn)
        .insert("status", measured.status.name())
        .insert("millis", count(measured.run.millis))
        .insert("children", count(measured.children_total()))
        .insert("childrenRead", count(measured.children_read()));
    as_types(&mut answer, &prices, measured.workflow_type, |kind| {
        measured.usage(kind, &megabytes)
    });
    let obstacle = passo_cost::obstacle(&measured.program, measured.run.millis);
    tell_obstacle(&mut answer, obstacle.as_ref());
    tell_prices(&mut answer, &prices);
    Ok(Json::from(answer.build()))
}

/// One workflow's executions.
struct Workflow {
    arn: Arc<str>,
    sample: Sample,
    longest_millis: u64,
}

async fn of_workflows(
    audience: &Audience,
    query: &Query,
    asked: &Asked,
    now: Timestamp,
) -> Result<Json, Refusal> {
    let since = query
        .time("since")?
        .unwrap_or_else(|| now.plus_millis(-30 * DAY_MILLIS));
    let until = query.time("until")?.unwrap_or(now.plus_millis(1));
    let parents = executions::parents(&audience.backstage, query, asked).await?;
    let reader = reader(&audience.backstage, &audience.definitions, now)?;
    let reading = tokio::task::spawn_blocking(move || {
        let mut left = COUNTED_MAX;
        let mut workflows = Vec::new();
        for arn in parents {
            let counted = reader.count(&arn, (since, until), left, JOURNALS_OF_WORKFLOW)?;
            left = left.saturating_sub(usize::try_from(counted.looked_at).unwrap_or(usize::MAX));
            if counted.total == 0 {
                continue;
            }
            let sample = reader.sample(&counted)?;
            workflows.push(Workflow {
                arn,
                sample,
                longest_millis: counted.longest_millis,
            });
            if left == 0 {
                break;
            }
        }
        Ok::<_, Refusal>((workflows, left > 0))
    });
    let (workflows, is_complete) = reading.await.map_err(|_| Refusal::unavailable())??;
    let runs = workflows.iter().flat_map(|workflow| &workflow.sample.runs);
    let memory = functions::memory(&audience.backstage, asked, runs).await;
    let megabytes = |name: &str| memory.get(name).copied().unwrap_or(functions::MEGABYTES);
    let prices = prices(query, asked);
    let mut total = Usage::default();
    let shown = workflows.iter().map(|workflow| {
        total = total.and(&workflow.sample.usage(None, &megabytes));
        workflow.shown(&prices, &megabytes)
    });
    let shown: Vec<Json> = shown.collect();
    let free = total.after_free_tier();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("since", since.to_string())
        .insert("until", until.to_string())
        .insert("complete", is_complete)
        .insert("workflows", shown)
        .insert("usage", Json::from(&total))
        .insert("bill", Json::from(&total.bill(&prices)))
        .insert("billAfterFreeTier", Json::from(&free.bill(&prices)));
    tell_prices(&mut answer, &prices);
    Ok(Json::from(answer.build()))
}

impl Workflow {
    fn shown(&self, prices: &Prices, megabytes: &dyn Fn(&str) -> u64) -> Json {
        let mut shown = ObjectBuilder::new();
        let newest = self.sample.runs.first();
        let kind = newest.map_or(WorkflowType::Standard, |run| run.workflow_type);
        shown
            .insert("workflow", self.arn.rsplit(':').next().unwrap_or_default())
            .insert("stateMachineArn", Arc::clone(&self.arn))
            .insert("executions", count(self.sample.total))
            .insert(
                "read",
                i64::try_from(self.sample.runs.len()).unwrap_or(i64::MAX),
            );
        as_types(&mut shown, prices, kind, |kind| {
            self.sample.usage(kind, megabytes)
        });
        let obstacle =
            newest.and_then(|run| passo_cost::obstacle(&run.program, self.longest_millis));
        tell_obstacle(&mut shown, obstacle.as_ref());
        Json::from(shown.build())
    }
}

/// What the workflow's own type costs, and what the other one would.
fn as_types(
    answer: &mut ObjectBuilder,
    prices: &Prices,
    own: WorkflowType,
    usage: impl Fn(Option<WorkflowType>) -> Usage,
) {
    let other = match own {
        WorkflowType::Standard => WorkflowType::Express,
        WorkflowType::Express => WorkflowType::Standard,
    };
    let (used, would) = (usage(None), usage(Some(other)));
    answer
        .insert("type", own.name())
        .insert("usage", Json::from(&used))
        .insert("bill", Json::from(&used.bill(prices)))
        .insert(
            "other",
            json!({
                "type": other.name(),
                "usage": Json::from(&would),
                "bill": Json::from(&would.bill(prices))
            }),
        );
}

/// Why it has to be a Standard workflow.
fn tell_obstacle(answer: &mut ObjectBuilder, obstacle: Option<&passo_cost::Obstacle>) {
    let Some(obstacle) = obstacle else { return };
    let mut told = ObjectBuilder::new();
    told.insert("kind", obstacle.name())
        .insert_some("state", obstacle.state().cloned());
    answer.insert("onlyStandard", Json::from(told.build()));
}

fn tell_prices(answer: &mut ObjectBuilder, prices: &Prices) {
    let mut told = ObjectBuilder::new();
    told.insert("region", prices.region)
        .insert_some("assumed", prices.assumed())
        .insert("readOn", READ_ON)
        .insert("sources", SOURCES.map(Json::from).to_vec())
        .insert("transition", Json::from(prices.transition))
        .insert("expressRequest", Json::from(prices.express_request))
        .insert("lambdaRequest", Json::from(prices.lambda_request))
        .insert("lambdaGbSecond", Json::from(prices.lambda_gb_second))
        .insert("freeTransitions", count(FREE_TRANSITIONS))
        .insert("freeLambdaRequests", count(FREE_LAMBDA_REQUESTS));
    answer.insert("prices", Json::from(told.build()));
}

fn reader(
    backstage: &Backstage,
    definitions: &Arc<Definitions>,
    now: Timestamp,
) -> Result<Reader, Refusal> {
    let runtime = backstage.runtime()?.clone();
    Ok(Reader::new(
        runtime,
        Arc::clone(definitions),
        now,
        JOURNALS_MAX,
    ))
}

fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Megabytes by function.
type Memory = BTreeMap<Arc<str>, u64>;
