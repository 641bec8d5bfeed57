//! How much memory functions have.

use std::collections::BTreeSet;
use std::sync::Arc;

use passo_json::{Json, json};

use super::{Asked, Backstage, Measured, Memory};

/// What a function has that nobody knows: Lambda's own default.
pub(super) const MEGABYTES: u64 = 128;
/// Functions that one request asks about, at most.
const FUNCTIONS_MAX: usize = 100;

/// The memory of the functions that these executions called, as far as Lambda knows them.
pub(super) async fn memory<'a>(
    backstage: &Backstage,
    asked: &Asked,
    measured: impl IntoIterator<Item = &'a Measured>,
) -> Memory {
    let mut names = BTreeSet::new();
    for measured in measured {
        measured.functions(&mut names);
    }
    let mut memory = Memory::new();
    for name in names.into_iter().take(FUNCTIONS_MAX) {
        let parameters = json!({"FunctionName": Arc::clone(&name)});
        let answer = backstage.call("lambda", "GetFunctionConfiguration", parameters, asked);
        let Ok(answer) = answer.await else { continue };
        let megabytes = answer.get("MemorySize").and_then(Json::as_i64);
        if let Some(megabytes) = megabytes.and_then(|size| u64::try_from(size).ok()) {
            memory.insert(name, megabytes);
        }
    }
    memory
}
