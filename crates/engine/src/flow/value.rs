//! A payload on its way through a state.

use passo_json::Payload;

use crate::Data;

/// What a step yields: something that has a name already, or something new.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// Untouched.
    Kept(Data),
    /// Made by this state, or come from outside.
    New(Payload),
}

impl Value {
    pub fn payload(&self) -> &Payload {
        match self {
            Value::Kept(data) => &data.payload,
            Value::New(payload) => payload,
        }
    }
}
