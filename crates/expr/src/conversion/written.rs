//! A value that `ResultPath` puts somewhere into the input, and what is read from the whole.

use std::sync::Arc;

use super::{Conversion, Jsonata, Obstacle};
use crate::jsonpath::query::{Root, Step};
use crate::{Path, ReferencePath};

/// The input with a value written into it.
#[derive(Clone, Debug)]
pub struct Written {
    input: Jsonata,
    names: Vec<Arc<str>>,
    value: Jsonata,
}

impl Written {
    /// `value` at `path` of `input`.
    ///
    /// # Errors
    /// Where the path goes through a list.
    pub fn new(input: Jsonata, path: &ReferencePath, value: Jsonata) -> Result<Written, Obstacle> {
        let names: Option<Vec<Arc<str>>> = path
            .as_path()
            .steps()
            .iter()
            .map(|step| match step {
                Step::Name(name) => Some(Arc::clone(name)),
                _ => None,
            })
            .collect();
        let names =
            names.ok_or_else(|| Obstacle::new("a result is written into an item of a list"))?;
        Ok(Written {
            input,
            names,
            value,
        })
    }

    /// The whole.
    pub fn whole(&self) -> Jsonata {
        merged(&self.input, &self.names, &self.value)
    }

    /// What `path` finds in the whole.
    ///
    /// # Errors
    /// Where JSONata cannot say it.
    pub fn read(&self, conversion: &mut Conversion, path: &Path) -> Result<Jsonata, Obstacle> {
        let root = path.root();
        if *root != Root::Document {
            return conversion.path(path);
        }
        let steps = path.steps();
        let named = |at: usize| match steps.get(at) {
            Some(Step::Name(name)) => Some(name),
            _ => None,
        };
        let shared = self
            .names
            .iter()
            .enumerate()
            .take_while(|(at, name)| named(*at) == Some(name))
            .count();
        if shared == self.names.len() {
            let behind = steps.get(shared..).unwrap_or_default();
            return conversion.steps(self.value.clone(), behind, root);
        }
        let goes_elsewhere = steps.len() > shared && named(shared).is_some();
        let from = match goes_elsewhere {
            true => self.input.clone(),
            false => self.whole(),
        };
        conversion.steps(from, steps, root)
    }
}

/// Recursion is bounded by the number of steps of a path.
fn merged(input: &Jsonata, names: &[Arc<str>], value: &Jsonata) -> Jsonata {
    let Some((name, inner)) = names.split_first() else {
        return value.clone();
    };
    let inner = merged(&input.member(name), inner, value);
    let member = Jsonata::object([(name.to_string(), inner)]);
    Jsonata::call("$merge", &[&Jsonata::atom(format!("[{input}, {member}]"))]).item()
}
