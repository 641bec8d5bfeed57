//! Which services there are, and how a request finds its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Service;

/// The services that a process answers for.
///
/// A service has a name, the one that requests to it are signed for (`states`, `lambda`, `logs`), and, where it speaks
/// AWS JSON, the prefix of `X-Amz-Target` (`AWSStepFunctions`).
#[derive(Clone, Default)]
pub struct Directory {
    by_target: BTreeMap<&'static str, Arc<dyn Service>>,
    by_name: BTreeMap<&'static str, Arc<dyn Service>>,
}

impl Directory {
    /// No service yet.
    pub fn new() -> Directory {
        Directory::default()
    }

    /// Adds a service under its target prefix.
    #[must_use]
    pub fn with_target(mut self, prefix: &'static str, service: Arc<dyn Service>) -> Directory {
        self.by_target.insert(prefix, service);
        self
    }

    /// Adds a service under its name.
    #[must_use]
    pub fn with_name(mut self, name: &'static str, service: Arc<dyn Service>) -> Directory {
        self.by_name.insert(name, service);
        self
    }

    /// The service that `prefix` names.
    pub fn by_target(&self, prefix: &str) -> Option<&Arc<dyn Service>> {
        self.by_target.get(prefix)
    }

    /// The service called `name`.
    pub fn by_name(&self, name: &str) -> Option<&Arc<dyn Service>> {
        self.by_name.get(name)
    }

    /// The names of all services, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.by_name.keys().copied()
    }
}
