//! Parallel states.

use passo_expr::QueryLanguage;

use super::expressions::States;
use super::reader::{Fields, Reader};
use super::state::{Next, Parts};
use super::{Catcher, Scope, fields};
use crate::program::{Flow, Retrier};

/// A Parallel state as it was written; its branches are the state's scopes.
#[derive(Clone, Debug)]
pub(crate) struct Parallel {
    pub(crate) flow: Flow,
    pub(crate) retry: Vec<Retrier>,
    pub(crate) catch: Vec<Catcher>,
    pub(crate) next: Next,
}

impl Parallel {
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &Fields<'_>,
        language: QueryLanguage,
        parts: &mut Parts,
        depth: usize,
    ) -> Option<Parallel> {
        reader.require(fields, &["Branches"]);
        if let Some(field) = fields.get("Branches") {
            for (index, branch) in reader
                .filled_array(&field)
                .unwrap_or_default()
                .iter()
                .enumerate()
            {
                let place = field.place.index(index);
                let branch = reader.object(branch, place, fields::BRANCH, QueryLanguage::JsonPath);
                if let Some(branch) = branch {
                    parts.scopes.push(Scope::read(reader, &branch, depth + 1));
                }
            }
        }
        let flow = reader.flow(fields, language, States::Result, parts);
        let retry = reader.retry(fields, language);
        let catch = reader.catch(fields, language, parts);
        let next = reader.next(fields, parts)?;
        Some(Parallel {
            flow,
            retry,
            catch,
            next,
        })
    }
}
