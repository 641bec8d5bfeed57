//! The parameters of a call that has passed the model's rules.

use passo_json::{Array, Json};
use passo_service::{Call, Caller, RequestId};

/// A checked call.
pub(crate) struct Request {
    call: Call,
}

impl Request {
    /// `call` must have passed [`crate::constraints::check`]; missing and wrong members would read as absent.
    pub(crate) fn new(call: Call) -> Request {
        Request { call }
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.call.caller
    }

    pub(crate) fn id(&self) -> &RequestId {
        &self.call.request_id
    }

    pub(crate) fn operation(&self) -> &str {
        &self.call.operation
    }

    pub(crate) fn parameters(&self) -> &Json {
        &self.call.parameters
    }

    /// A member; `null` is absent.
    pub(crate) fn member(&self, name: &str) -> Option<&Json> {
        self.call
            .parameters
            .get(name)
            .filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.member(name).and_then(Json::as_str)
    }

    /// A member that the rules require.
    pub(crate) fn required_text(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    pub(crate) fn list(&self, name: &str) -> Option<&Array> {
        self.member(name).and_then(Json::as_array)
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.member(name).and_then(Json::as_i64)
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.member(name).and_then(Json::as_bool)
    }

    /// Whether execution data and definitions are to be left out: `includedData` is `METADATA_ONLY`.
    pub(crate) fn wants_metadata_only(&self) -> bool {
        self.text("includedData") == Some("METADATA_ONLY")
    }
}
