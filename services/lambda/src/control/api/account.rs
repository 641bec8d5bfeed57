//! What an account may use, and what it does.

use std::collections::BTreeMap;

use passo_json::{Json, json};
use passo_service::Fault;

use super::super::request::Request;
use super::super::service::Lambda;
use super::concurrency::{ACCOUNT_MAX, unreserved};

/// Bytes of code of an account. Source: Lambda Developer Guide, "Lambda quotas": 75 GB.
const CODE_BYTES_MAX: i64 = 80_530_636_800;

/// `GetAccountSettings`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Result<Json, Fault> {
    let caller = &request.call.caller;
    let (account, region) = (caller.account.as_str(), caller.region.as_str());
    let records = lambda.table.list(account, region)?;
    let mut bytes: BTreeMap<&str, i64> = BTreeMap::new();
    for configuration in records.iter().flat_map(|record| record.configurations()) {
        bytes.insert(&configuration.code_sha256, configuration.code_bytes);
    }
    let bytes = bytes.into_values().fold(0, i64::saturating_add);
    let bytes = bytes.saturating_add(lambda.layers.bytes(account, region)?);
    Ok(json!({
        "AccountLimit": {
            "TotalCodeSize": CODE_BYTES_MAX,
            "CodeSizeUnzipped": 262_144_000,
            "CodeSizeZipped": 52_428_800,
            "ConcurrentExecutions": (i64::from(ACCOUNT_MAX)),
            "UnreservedConcurrentExecutions": (i64::from(unreserved(records.iter())))
        },
        "AccountUsage": {
            "TotalCodeSize": bytes,
            "FunctionCount": (i64::try_from(records.len()).unwrap_or(i64::MAX))
        }
    }))
}
