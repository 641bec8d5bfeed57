//! Which functions and which references an expression may use.
//!
//! Entry point: [`Profile`], read while compiling.

use std::collections::{BTreeMap, BTreeSet};

/// The dialect: host functions that exist, built-ins that are refused, and whether there is a context.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Functions of the host by name (without `$`), with their JSONata signature (such as `<sn:s>`).
    /// They shadow built-ins of the same name.
    pub host_functions: BTreeMap<String, String>,
    /// Built-in functions (without `$`) whose mere mention is refused with
    /// [`crate::error::REFUSED_FUNCTION`], for example `eval`.
    pub refused_functions: BTreeSet<String>,
    /// Whether `$`, `$$` and bare field names are refused, with [`crate::error::REFUSED_CONTEXT`],
    /// where they would refer to the top-level input.
    pub forbid_context_root: bool,
}

impl Profile {
    /// The profile with one more host function.
    #[must_use]
    pub fn with_host_function(mut self, name: &str, signature: &str) -> Profile {
        self.host_functions
            .insert(name.to_owned(), signature.to_owned());
        self
    }

    /// The profile with one more refused built-in.
    #[must_use]
    pub fn with_refused(mut self, name: &str) -> Profile {
        self.refused_functions.insert(name.to_owned());
        self
    }
}
