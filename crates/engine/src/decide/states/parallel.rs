//! Parallel: runs branches side by side, and what it and an inline Map do when all children ended.

use passo_asl::program::{Flow, Parallel, StateKind, Transition};
use passo_json::{Json, Payload};

use super::super::exit::{Exit, next_of};
use super::super::turn::Turn;
use crate::execution::{Join, Stage};
use crate::flow::{Evaluator, Fault, Value};
use crate::{EventKind, FrameId, Invariant};

impl Turn<'_> {
    pub fn start_parallel(&mut self, id: FrameId, parallel: &Parallel) -> Result<(), Invariant> {
        let input = branch_input(&self.evaluator(id)?, parallel);
        self.settle(id, input, |turn, input| {
            let input = turn.names().of(input);
            turn.emit_next(id, EventKind::ParallelStarted { input })
        })
    }

    /// Every child ended well: the list of their outputs is the result.
    pub fn joined(&mut self, id: FrameId) -> Result<(), Invariant> {
        let (flow, transition): (&Flow, Transition) = match &self.state(id)?.kind {
            StateKind::Parallel(parallel) => (&parallel.flow, parallel.transition),
            StateKind::Map(map) => (&map.flow, map.transition),
            _ => return Err(Invariant::new("children belong to a Parallel or Map state")),
        };
        let Stage::Joined(join) = &self.frame(id)?.stage else {
            return Err(Invariant::new("children that ended were joined"));
        };
        let result = Value::New(list_of(join));
        let exit = leave(&self.evaluator(id)?, flow, transition, result);
        self.settle(id, exit, |turn, exit| turn.exit(id, exit))
    }
}

/// What the branches get.
pub(crate) fn branch_input(evaluator: &Evaluator<'_>, parallel: &Parallel) -> Result<Value, Fault> {
    let effective = evaluator.input(&parallel.flow)?;
    let input = evaluator.arguments(&parallel.flow, effective)?;
    evaluator.check_size(&input)?;
    Ok(input)
}

/// How a Parallel or Map state is left.
pub(crate) fn leave(
    evaluator: &Evaluator<'_>,
    flow: &Flow,
    transition: Transition,
    result: Value,
) -> Result<Exit, Fault> {
    let assigned = evaluator.assign(flow, &result)?;
    let output = evaluator.output(flow, result)?;
    Ok(Exit {
        output,
        assigned,
        next: next_of(transition),
    })
}

/// The outputs as one list, each in its own text. Recorded on AWS: they are not printed anew.
fn list_of(join: &Join) -> Payload {
    let outputs = || join.results.iter().flatten();
    let bytes = outputs()
        .map(|output| output.text().len().saturating_add(1))
        .sum::<usize>()
        .saturating_add(2);
    let mut text = String::with_capacity(bytes);
    text.push('[');
    for (index, output) in outputs().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(output.text());
    }
    text.push(']');
    // Nested too deeply for a text, the list is still a value.
    Payload::from_text(text).unwrap_or_else(|_| {
        let items: Vec<Json> = outputs()
            .map(|output| output.payload.json().clone())
            .collect();
        Payload::from(Json::from(items))
    })
}
