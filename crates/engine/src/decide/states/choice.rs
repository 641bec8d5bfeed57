//! Choice: decides what comes next.

use passo_asl::program::{Choice, Flow};
use passo_expr::ExpressionFailure;
use passo_json::Payload;
use passo_vocab::ErrorName;

use super::super::exit::Exit;
use super::super::turn::Turn;
use crate::flow::{Chosen, Evaluator, Fault, Value};
use crate::{FrameId, Invariant};

impl Turn<'_> {
    pub fn choose(&mut self, id: FrameId, choice: &Choice) -> Result<(), Invariant> {
        let exit = decide(&self.evaluator(id)?, choice);
        self.settle(id, exit, |turn, exit| turn.exit(id, exit))
    }
}

/// How a Choice state is left.
pub(crate) fn decide(evaluator: &Evaluator<'_>, choice: &Choice) -> Result<Exit, Fault> {
    let effective = evaluator.input(&choice.flow)?;
    let rule = match evaluator.choose(&choice.rules, effective.payload())? {
        Chosen::Rule(rule) => rule,
        Chosen::Default => {
            let next = choice.default.ok_or_else(no_choice)?;
            let assigned = evaluator.assign_of_input(&choice.flow, &effective)?;
            let output = evaluator.output_of_input(&choice.flow, effective)?;
            return Ok(Exit {
                output,
                assigned,
                next: Some(next),
            });
        }
    };
    let next = Some(rule.next);
    if matches!(choice.flow, Flow::JsonPath(_)) {
        let assigned = evaluator.assign_path(rule.assign.as_ref(), &effective)?;
        let output = evaluator.output_of_input(&choice.flow, effective)?;
        return Ok(Exit {
            output,
            assigned,
            next,
        });
    }
    let assigned = evaluator.assign_jsonata(rule.assign.as_ref())?;
    let output = match &rule.output {
        Some(template) => {
            let output =
                template.evaluate(&evaluator.scope(&evaluator.frame.input.payload), "Output")?;
            Value::New(Payload::from(output))
        }
        None => effective,
    };
    evaluator.check_size(&output)?;
    Ok(Exit {
        output,
        assigned,
        next,
    })
}

fn no_choice() -> Fault {
    Fault::Expression(ExpressionFailure {
        error: ErrorName::NO_CHOICE_MATCHED,
        message: "Failed to transition out of the state. The state does not point to a next state."
            .to_owned(),
        location: None,
    })
}
