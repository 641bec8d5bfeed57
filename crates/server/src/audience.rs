//! Those who listen to executions for the sake of whoever looks: the console's side of a server.

use std::sync::Arc;

use passo_runtime::{Listener, Runtime};
use passo_service::Directory;
use passo_states::Definitions;

use crate::insight::Insight;
use crate::live::Live;
use crate::site::Backstage;
use crate::waiting::Waiting;

/// What listeners and pages share.
#[derive(Clone, Default)]
pub(crate) struct Audience {
    /// Who looks at which execution.
    pub(crate) live: Arc<Live>,
    /// Who waits for a decision.
    pub(crate) waiting: Arc<Waiting>,
    /// How workflows do.
    pub(crate) insight: Arc<Insight>,
    /// Programs, shared with the runtime.
    pub(crate) definitions: Arc<Definitions>,
    /// The server, once it is ready.
    pub(crate) backstage: Arc<Backstage>,
}

impl Audience {
    /// The server is ready.
    pub(crate) fn open(&self, runtime: &Runtime, directory: &Directory) {
        self.backstage.open(runtime.clone(), directory.clone());
    }

    /// Those who are told of events.
    pub(crate) fn listeners(&self) -> [Arc<dyn Listener>; 3] {
        [
            self.live.clone(),
            self.waiting.clone(),
            self.insight.clone(),
        ]
    }
}
