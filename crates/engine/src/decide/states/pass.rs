//! Pass: shapes data.

use passo_asl::program::{Flow, Pass};

use super::super::exit::{Exit, next_of};
use super::super::turn::Turn;
use crate::flow::{Evaluator, Fault, Value};
use crate::{FrameId, Invariant};

impl Turn<'_> {
    pub fn pass(&mut self, id: FrameId, pass: &Pass) -> Result<(), Invariant> {
        let exit = shape(&self.evaluator(id)?, pass);
        self.settle(id, exit, |turn, exit| turn.exit(id, exit))
    }
}

/// How a Pass state is left.
pub(crate) fn shape(evaluator: &Evaluator<'_>, pass: &Pass) -> Result<Exit, Fault> {
    let effective = evaluator.input(&pass.flow)?;
    let next = next_of(pass.transition);
    if let Flow::Jsonata(_) = &pass.flow {
        let assigned = evaluator.assign_of_input(&pass.flow, &effective)?;
        let output = evaluator.output_of_input(&pass.flow, effective)?;
        return Ok(Exit {
            output,
            assigned,
            next,
        });
    }
    let result = match &pass.result {
        Some(result) => Value::New(result.clone()),
        None => evaluator.arguments(&pass.flow, effective)?,
    };
    let assigned = evaluator.assign(&pass.flow, &result)?;
    let output = evaluator.output(&pass.flow, result)?;
    Ok(Exit {
        output,
        assigned,
        next,
    })
}
