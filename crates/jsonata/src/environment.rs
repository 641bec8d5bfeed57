//! What the outside brings to an evaluation: variables, time, entropy and host functions.
//!
//! Entry points: [`Bindings`], [`Environment`], [`HostFunctions`].

use crate::error::Error;
use passo_json::Json;

/// The variables of an evaluation, by name without the `$`.
pub trait Bindings {
    /// The value of a variable, or nothing where it is not bound.
    fn variable(&self, name: &str) -> Option<Json>;
}

/// No variables at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBindings;

impl Bindings for NoBindings {
    fn variable(&self, _name: &str) -> Option<Json> {
        None
    }
}

impl<S: AsRef<str>> Bindings for [(S, Json)] {
    fn variable(&self, name: &str) -> Option<Json> {
        self.iter()
            .find(|(key, _)| key.as_ref() == name)
            .map(|(_, value)| value.clone())
    }
}

impl<S: AsRef<str>, const N: usize> Bindings for [(S, Json); N] {
    fn variable(&self, name: &str) -> Option<Json> {
        self.as_slice().variable(name)
    }
}

impl<S: AsRef<str>> Bindings for Vec<(S, Json)> {
    fn variable(&self, name: &str) -> Option<Json> {
        self.as_slice().variable(name)
    }
}

impl<K: std::borrow::Borrow<str> + Ord> Bindings for std::collections::BTreeMap<K, Json> {
    fn variable(&self, name: &str) -> Option<Json> {
        self.get(name).cloned()
    }
}

/// Functions that the host adds to the language. Their names and signatures stand in the
/// [`crate::Profile`]; arguments arrive checked against the signature.
pub trait HostFunctions {
    /// Calls a host function. An absent argument or result is `None`.
    ///
    /// # Errors
    /// Whatever the function finds wrong; the call's position and name are added by the caller.
    fn call(&self, name: &str, arguments: &[Option<Json>]) -> Result<Option<Json>, Error>;
}

/// No host functions.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHostFunctions;

impl HostFunctions for NoHostFunctions {
    fn call(&self, name: &str, _arguments: &[Option<Json>]) -> Result<Option<Json>, Error> {
        Err(Error::new(
            "T1006",
            format!("host function `{name}` is not provided"),
        ))
    }
}

/// Time, entropy and host functions of one evaluation. Given the same values, an evaluation gives
/// the same result.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// The time that `$now` and `$millis` answer, in milliseconds since the Unix epoch.
    pub now_millis: i64,
    /// The source of `$random` and `$shuffle`: uniform 64-bit numbers.
    pub random: &'a dyn Fn() -> u64,
    /// The functions of the host.
    pub host_functions: &'a dyn HostFunctions,
}
