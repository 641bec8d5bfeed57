//! From the tree as meant to the program: variables become slots, literals become constants, and
//! what the profile refuses is refused.
//!
//! Entry point: [`compile`].

mod analyse;
mod name_set;
mod nodes;
mod paths;
mod scopes;

use crate::code::{Fallback, Global, HostCode, Program};
use crate::error::{Error, REFUSED_FUNCTION};
use crate::expression::VariableUse;
use crate::functions;
use crate::profile::Profile;
use crate::signature::Signature;
use crate::stack::{COMPILE_STACK_BYTES, Stack};
use name_set::NameSet;
use scopes::Scopes;
use std::sync::Arc;

/// Compiles a source text.
pub(crate) fn compile(
    source: &str,
    profile: &Profile,
) -> Result<(Program, Vec<VariableUse>), Error> {
    let (shape, labels) = crate::shape::shape(crate::parser::parse(source)?)?;
    let mut compiler = Compiler {
        profile,
        labels,
        scopes: Scopes::default(),
        names: NameSet::default(),
        global_names: NameSet::default(),
        globals: Vec::new(),
        uses: Vec::new(),
        context: if profile.forbid_context_root {
            Context::Absent
        } else {
            Context::Present
        },
        stack: Stack::here(COMPILE_STACK_BYTES),
    };
    compiler.scopes.enter_function(!analyse::captures(&shape));
    let bound = analyse::bound_names(&shape);
    compiler.scopes.enter_body(0, bound);
    let body = compiler.node(&shape)?;
    compiler.scopes.leave();
    let slots = compiler.scopes.leave_function();
    let mut uses = compiler.uses;
    uses.sort_by_key(|one| one.position);
    Ok((
        Program {
            body,
            slots,
            globals: compiler.globals,
        },
        uses,
    ))
}

/// Whether there is a context at this place of the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    Present,
    Absent,
}

/// The state of one compilation.
pub(super) struct Compiler<'p> {
    profile: &'p Profile,
    /// The label of each `%`.
    labels: Vec<usize>,
    scopes: Scopes,
    /// The names that tuples bind; a name's number is its place.
    names: NameSet,
    global_names: NameSet,
    globals: Vec<Global>,
    uses: Vec<VariableUse>,
    context: Context,
    stack: Stack,
}

/// The name under which the input of a step is bound for `%`. No variable can have it.
pub(super) fn label_name(label: usize) -> Arc<str> {
    format!("!{label}").into()
}

impl Compiler<'_> {
    /// The number of a free name in the table of globals.
    pub(super) fn global(&mut self, name: &Arc<str>) -> Result<usize, Error> {
        if let Some(index) = self.global_names.place(name) {
            return Ok(index);
        }
        let fallback = self.fallback(name)?;
        self.global_names.add(name);
        self.globals.push(Global {
            name: Arc::clone(name),
            fallback,
        });
        Ok(self.globals.len() - 1)
    }

    fn fallback(&self, name: &Arc<str>) -> Result<Fallback, Error> {
        if &**name == "$" {
            return Ok(Fallback::Root);
        }
        if let Some(signature) = self.profile.host_functions.get(&**name) {
            let signature = Signature::parse(signature)?;
            return Ok(Fallback::Host(Arc::new(HostCode {
                name: Arc::clone(name),
                signature,
            })));
        }
        if self.profile.refused_functions.contains(&**name) {
            let message = format!("the function ${name} is not available");
            return Err(Error::new(REFUSED_FUNCTION, message).token(&**name));
        }
        Ok(functions::find(name).map_or(Fallback::Nothing, Fallback::Native))
    }

    /// The number of a name that tuples bind.
    pub(super) fn number(&mut self, name: &Arc<str>) -> u32 {
        self.names.add(name);
        let place = self
            .names
            .place(name)
            .and_then(|place| u32::try_from(place).ok());
        place.unwrap_or(u32::MAX)
    }

    /// Whether the free name is a function rather than a variable.
    pub(super) fn is_function(&self, index: usize) -> bool {
        let fallback = self.globals.get(index).map(|global| &global.fallback);
        matches!(fallback, Some(Fallback::Native(_) | Fallback::Host(_)))
    }
}
