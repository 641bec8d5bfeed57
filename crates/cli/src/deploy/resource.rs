//! One thing to be put on a server.

use passo_service::BoxFuture;

use super::fingerprint::Fingerprint;
use crate::aws::Api;
use crate::problem::Problem;

/// A resource as the project wants it, with all of its content at hand.
pub trait Resource: Send + Sync {
    /// Its kind, for people: `function`, `state machine`.
    fn kind(&self) -> &'static str;

    /// Its name on the server.
    fn name(&self) -> &str;

    /// Everything about it that matters. Equal fingerprints mean that nothing has to be done.
    fn fingerprint(&self) -> &Fingerprint;

    /// What is on the server under its name.
    ///
    /// # Errors
    /// When the server does not tell.
    fn deployed<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<Deployed, Problem>>;

    /// Makes it.
    ///
    /// # Errors
    /// When the server refuses.
    fn create<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<(), Problem>>;

    /// Changes it into what is wanted. What uses it meanwhile sees the old or the new one.
    ///
    /// # Errors
    /// When the server refuses.
    fn update<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<(), Problem>>;
}

/// What a server has under a resource's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deployed {
    /// Nothing.
    Nothing,
    /// Something that was not put there by this program, or no longer says so.
    Unknown,
    /// What this fingerprint says.
    As(Fingerprint),
}
