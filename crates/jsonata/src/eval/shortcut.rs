//! Expressions that are nothing but names, such as `customer.name` and `$states.input.id`: read off
//! the value they start from, without setting up an evaluation.

use super::path::{Walked, walk};
use crate::code::{Code, Fallback, Program, Walk};
use crate::environment::Bindings;
use crate::limits::Limits;
use passo_json::Json;

/// What the expression comes to, where it is a path of names through objects alone.
#[inline]
pub(super) fn shortcut(
    program: &Program,
    input: Option<&Json>,
    bindings: &dyn Bindings,
    limits: &Limits,
) -> Option<Option<Json>> {
    let body = &program.body;
    let Code::Path(path) = &body.code else {
        return None;
    };
    let Walk { head, fields } = path.walk.as_ref()?;
    if body.after.is_some() || body.keep_array || limits.steps == 0 || limits.depth == 0 {
        return None;
    }
    let Some(head) = head else {
        return ended(walk(fields, input?));
    };
    if !head.slots.is_empty() {
        return None;
    }
    let global = program.globals.get(head.global?)?;
    if let Some(bound) = bindings.variable(&global.name) {
        return ended(walk(fields, &bound));
    }
    match global.fallback {
        Fallback::Root => ended(walk(fields, input?)),
        Fallback::Nothing | Fallback::Native(_) | Fallback::Host(_) => None,
    }
}

fn ended(walked: Walked<'_>) -> Option<Option<Json>> {
    match walked {
        Walked::Found(json) => Some(Some(json.clone())),
        Walked::Nothing => Some(None),
        Walked::Elsewhere => None,
    }
}
