//! Payloads with the name that the journal knows them by.

use passo_json::Payload;

use crate::PayloadId;

/// A payload and its name. What moves on untouched keeps its name, so that the journal holds its text once.
#[derive(Clone, Debug)]
pub struct Data {
    /// Its name within the execution.
    pub id: PayloadId,
    /// The payload.
    pub payload: Payload,
}

impl Data {
    /// A payload under the name that it gets with the event that first mentions it.
    pub fn new(id: PayloadId, payload: Payload) -> Data {
        Data { id, payload }
    }

    /// The payload's text.
    pub fn text(&self) -> &str {
        self.payload.text()
    }
}

/// The same name and the same content.
impl PartialEq for Data {
    fn eq(&self, other: &Data) -> bool {
        self.id == other.id && self.payload == other.payload
    }
}
