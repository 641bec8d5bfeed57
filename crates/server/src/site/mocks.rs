//! The page of mocked answers: which there are, and replacing them while the server runs.

use std::path::PathBuf;
use std::sync::Arc;

use passo_json::{Json, json};
use passo_testkit::mock::MockFile;

use super::Refusal;
use crate::mocking::Mocks;

/// The mocks, and the file that they came from.
pub(crate) struct MocksPage {
    pub(crate) mocks: Arc<Mocks>,
    pub(crate) path: Option<PathBuf>,
}

impl MocksPage {
    /// The state machines that have test cases, with them.
    pub(super) fn answer(&self) -> Json {
        match self.mocks.file() {
            None => json!({"stateMachines": {}}),
            Some(file) => {
                let machines = file.machines().map(|(name, cases)| {
                    let cases: Vec<Json> = cases.map(|case| Json::from(Arc::clone(case))).collect();
                    (Arc::clone(name), Json::from(cases))
                });
                json!({"stateMachines": Json::Object(machines.collect())})
            }
        }
    }

    /// Takes `text` as the mock file. Executions that have begun keep the answers that they began with.
    pub(super) fn replace(&self, text: &str) -> Result<Json, Refusal> {
        let file = MockFile::parse(text)
            .map_err(|error| Refusal::invalid(format!("this is no mock file: {error}")))?;
        self.mocks.replace(Some(file));
        Ok(self.answer())
    }

    /// Mocks nothing any more.
    pub(super) fn remove(&self) -> Json {
        self.mocks.replace(None);
        self.answer()
    }

    /// Reads the file again that the server was started with.
    pub(super) fn reload(&self) -> Result<Json, Refusal> {
        let Some(path) = &self.path else {
            let message = "the server was started without a mock file";
            return Err(Refusal::conflict(message));
        };
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Refusal::conflict(format!("the mock file `{shown}` cannot be read: {error}"))
        })?;
        self.replace(&text)
    }
}
