//! Reserved concurrency: how many invocations of a function may be at work.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use super::super::faults;
use super::super::record::FunctionRecord;
use super::super::request::{Request, Target};
use super::super::service::Lambda;

/// Concurrent invocations of an account. Source: Lambda Developer Guide, "Lambda quotas".
pub(super) const ACCOUNT_MAX: u32 = 1000;
/// What has to be left for functions that reserve nothing. Source: Lambda Developer Guide, "Configuring reserved concurrency".
const UNRESERVED_MIN: u32 = 100;

type Answer = Result<Json, Fault>;

/// `PutFunctionConcurrency`
pub(in super::super) fn put(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = target(request)?;
    let wanted = request.get("ReservedConcurrentExecutions");
    let wanted = wanted.and_then(Json::as_i64).unwrap_or(-1);
    let wanted = u32::try_from(wanted).map_err(|_| {
        faults::constraint(
            &wanted.to_string(),
            "reservedConcurrentExecutions",
            "Member must have value greater than or equal to 0",
        )
    })?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    let all = lambda.table.list(&target.account, &target.region)?;
    let others = all.iter().filter(|other| other.latest.name != target.name);
    if unreserved(others).saturating_sub(wanted) < UNRESERVED_MIN {
        return Err(faults::invalid(format!(
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_MIN}]."
        )));
    }
    record.reserved_concurrency = Some(wanted);
    lambda.table.put(&target, &record)?;
    Ok(show(&record))
}

/// `GetFunctionConcurrency`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    Ok(show(&lambda.table.get(&target(request)?)?))
}

/// `DeleteFunctionConcurrency`
pub(in super::super) fn delete(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = target(request)?;
    let _changing = lambda.changing();
    let mut record = lambda.table.get(&target)?;
    record.reserved_concurrency = None;
    lambda.table.put(&target, &record)?;
    Ok(Json::from(Object::default()))
}

/// What the functions of an account leave for others.
pub(super) fn unreserved<'a>(records: impl Iterator<Item = &'a FunctionRecord>) -> u32 {
    let reserved = records.filter_map(|record| record.reserved_concurrency);
    reserved.fold(ACCOUNT_MAX, u32::saturating_sub)
}

/// The function; its versions share one bound.
fn target(request: &Request<'_>) -> Result<Target, Fault> {
    let target = request.target()?;
    if target.qualifier.is_some() {
        return Err(faults::invalid(
            "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
        ));
    }
    Ok(target)
}

fn show(record: &FunctionRecord) -> Json {
    let reserved = record.reserved_concurrency.map(i64::from);
    let mut answer = ObjectBuilder::new();
    answer.insert_some("ReservedConcurrentExecutions", reserved);
    Json::from(answer.build())
}
