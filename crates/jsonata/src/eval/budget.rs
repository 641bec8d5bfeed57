//! What is left of an evaluation's limits.

use crate::error::{Error, LIMIT};
use crate::limits::Limits;
use crate::stack::Stack;
use crate::value::Value;

/// Nesting of values that an expression may build. Input may nest as deep as its parser allows.
const NESTING_MAX: u32 = 1100;

/// The remaining steps, bytes and depth.
#[derive(Debug)]
pub(crate) struct Budget {
    steps: u64,
    bytes: usize,
    depth: u32,
    depth_max: u32,
    sequence_length: usize,
    stack: Stack,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Budget {
        Budget {
            steps: limits.steps,
            bytes: limits.bytes,
            depth: 0,
            depth_max: limits.depth,
            sequence_length: limits.sequence_length,
            stack: Stack::here(limits.stack_bytes),
        }
    }

    /// Goes one evaluation deeper, and spends one step.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), Box<Error>> {
        self.depth += 1;
        if self.depth > self.depth_max || self.stack.is_exhausted() {
            return Err(too_deep());
        }
        self.spend_step()
    }

    /// Comes back from where [`Budget::enter`] went. An error ends the evaluation, so that only
    /// successes need to come back.
    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    #[inline]
    pub(crate) fn spend_step(&mut self) -> Result<(), Box<Error>> {
        match self.steps.checked_sub(1) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(too_long()),
        }
    }

    /// The steps that are left.
    pub(crate) fn steps_left(&self) -> u64 {
        self.steps
    }

    /// Spends steps for so many pieces of work.
    pub(crate) fn spend_steps(&mut self, count: usize) -> Result<(), Box<Error>> {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        match self.steps.checked_sub(count) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(too_long()),
        }
    }

    /// Spends for text or another allocation of so many bytes.
    pub(crate) fn spend_bytes(&mut self, bytes: usize) -> Result<(), Box<Error>> {
        self.spend_steps(bytes / 64)?;
        match self.bytes.checked_sub(bytes) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => Err(Box::new(Error::new(
                LIMIT,
                "expression evaluation memory limit exceeded: Check for excessive memory usage",
            ))),
        }
    }

    /// Spends for an array of so many items, which must not be too many.
    pub(crate) fn spend_items(&mut self, count: usize) -> Result<(), Box<Error>> {
        if count > self.sequence_length {
            let message = format!("an array of {count} items is too long");
            return Err(Box::new(
                Error::new("D2014", message).value(count.to_string()),
            ));
        }
        self.spend_nodes(count)
    }

    /// Spends for building so many values.
    pub(crate) fn spend_nodes(&mut self, count: usize) -> Result<(), Box<Error>> {
        self.spend_bytes(count.saturating_mul(size_of::<Value>()))
    }

    /// Refuses values that nest too deeply to be walked or dropped safely.
    #[inline]
    pub(crate) fn check_nesting(&self, depth: u32) -> Result<(), Box<Error>> {
        if depth > NESTING_MAX {
            return Err(Box::new(Error::new(LIMIT, "a value nests too deeply")));
        }
        Ok(())
    }

    /// Goes one level deeper in the native stack without counting an evaluation.
    pub(crate) fn check_stack(&self) -> Result<(), Box<Error>> {
        if self.stack.is_exhausted() {
            return Err(too_deep());
        }
        Ok(())
    }
}

fn too_deep() -> Box<Error> {
    let message = "stack overflow error: Check for non-terminating recursive function. Consider \
                   rewriting as tail-recursive.";
    Box::new(Error::new(LIMIT, message))
}

fn too_long() -> Box<Error> {
    let message = "expression evaluation timeout: Check for infinite loop";
    Box::new(Error::new(LIMIT, message))
}
