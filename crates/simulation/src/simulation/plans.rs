//! What callers will do, drawn before anything happens.

use std::sync::Arc;

use passo_vocab::Timestamp;

use crate::client::Plan;
use crate::process::Compiler;
use crate::random::Random;
use crate::workflow::{Kind, Temper, generate};
use crate::world::{Happening, World};

pub(super) fn plan(
    number: usize,
    random: &Random,
    temper: Temper,
    compiler: &Compiler,
) -> Result<Plan, String> {
    use passo_runtime::Definitions as _;
    let kind = match random.below(10) {
        0 | 1 => Kind::Express,
        2 | 3 => Kind::Synchronous,
        _ => Kind::Standard,
    };
    let workflow = generate(random, temper, kind);
    Ok(Plan {
        name: format!("e{number}"),
        kind,
        attempts: Vec::new(),
        program: compiler.program(&workflow.text)?,
        text: Arc::from(workflow.text),
        is_endless: workflow.is_endless,
        is_acknowledged: false,
        ended_at: None,
    })
}

/// When callers start, stop and redrive one planned execution.
pub(super) fn schedule(
    world: &mut World,
    random: &Random,
    temper: Temper,
    plan: usize,
    now: Timestamp,
) {
    let start = now.plus_millis(random.millis(20_000));
    world.at(start, Happening::Start { plan, attempt: 0 });
    if random.per_mille(300) {
        let again = start.plus_millis(random.millis(3_000));
        world.at(again, Happening::Start { plan, attempt: 0 });
    }
    if temper == Temper::Steady {
        return;
    }
    for _ in 0..random.below(3) {
        let at = start.plus_millis(random.millis(60_000));
        world.at(at, Happening::Redrive { plan });
    }
    for _ in 0..random.below(3) {
        let at = start.plus_millis(random.millis(60_000));
        let concurrency = 0;
        world.at(at, Happening::Update { plan, concurrency });
    }
    if random.per_mille(250) {
        let at = start.plus_millis(random.millis(30_000));
        world.at(at, Happening::Stop { plan });
    }
}
