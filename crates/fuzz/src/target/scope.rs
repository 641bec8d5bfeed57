//! What expressions see while they are fuzzed.

use std::sync::Arc;

use passo_expr::{ContextObject, Environment, Scope, Variables};
use passo_json::{Json, Payload};
use passo_vocab::{Entropy, Timestamp};

/// Runs work with a scope whose input is a document; `null` when it is none.
pub(super) fn with_scope<T>(data: &str, work: impl FnOnce(&Scope<'_>) -> T) -> T {
    let input = Json::parse(data).unwrap_or(Json::Null);
    let variables = [
        (Arc::from("v"), input.clone()),
        (Arc::from("n"), Json::from(3_i64)),
    ];
    let variables = Variables::new().with_assigned(variables);
    let context = ContextObject::from_json(input.clone());
    let environment = Environment {
        now: Timestamp::from_epoch_millis(1_700_000_000_123),
        entropy: Entropy::from_seed(1),
    };
    let input = Payload::from(input);
    work(&Scope::new(&input, &context, &variables, &environment))
}
