//! Answers of the API itself: what it says where no integration answers.

use passo_json::{Json, Object};

use super::{WebRequest, WebResponse, text};
use crate::rest::{DEFAULTS, Kind};

/// Why an integration is not asked, or its answer not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The kind of the answer, as the API names it.
    pub(crate) kind: &'static str,
    /// What it says; none for the null that AWS says of authorizers that fail.
    pub(crate) message: Option<String>,
}

impl Refusal {
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Refusal {
        Refusal {
            kind,
            message: Some(message.into()),
        }
    }

    /// The integration is not as it has to be.
    pub(crate) fn configuration() -> Refusal {
        Refusal::new("API_CONFIGURATION_ERROR", "Internal server error")
    }

    /// A function, or what stands behind a proxy, answered what is no answer.
    pub(crate) fn bad_gateway() -> Refusal {
        Refusal::new("BAD_GATEWAY", "Internal server error")
    }

    pub(crate) fn timeout() -> Refusal {
        Refusal::new("INTEGRATION_TIMEOUT", "Endpoint request timed out")
    }

    pub(crate) fn details(&self) -> Option<&'static Kind> {
        DEFAULTS.iter().find(|kind| kind.name == self.kind)
    }

    pub(crate) fn status(&self) -> u16 {
        self.details().and_then(|kind| kind.status).unwrap_or(500)
    }

    /// The answer, unless the user's own takes its place. What the outer layer of AWS's service says is written without a
    /// space, what the inner one says with one, and who is denied is told so in a capital letter.
    pub(crate) fn response(&self) -> WebResponse {
        let message = self.message.as_deref().map_or(Json::Null, Json::from);
        let member = match self.kind {
            "ACCESS_DENIED" => "\"Message\":",
            "API_CONFIGURATION_ERROR"
            | "BAD_GATEWAY"
            | "BAD_REQUEST_BODY"
            | "BAD_REQUEST_PARAMETERS"
            | "INTEGRATION_FAILURE"
            | "INTEGRATION_TIMEOUT"
            | "UNSUPPORTED_MEDIA_TYPE" => "\"message\": ",
            _ => "\"message\":",
        };
        let body = format!("{{{member}{}}}", message.to_text());
        let mut response = WebResponse::json(self.status(), body);
        let error = self.details().map(|kind| kind.error);
        response.add("x-amzn-ErrorType", error.unwrap_or_default());
        response
    }

    /// The user's answer of that kind, or the default of its class.
    pub(crate) fn own<'r>(&self, responses: &'r Object) -> Option<&'r Object> {
        let class = match self.status() {
            400..500 => "DEFAULT_4XX",
            _ => "DEFAULT_5XX",
        };
        let kinds = [self.kind, class];
        let own = kinds.iter().find_map(|kind| responses.get(kind));
        own.and_then(Json::as_object)
    }

    /// The status that a user's answer has.
    pub(crate) fn status_of(&self, own: &Object) -> u16 {
        text(own, "statusCode").parse().unwrap_or(self.status())
    }
}

/// There is no such API, or no such stage of it.
pub(crate) fn forbidden(_: &WebRequest) -> WebResponse {
    Refusal::new("FORBIDDEN", "Forbidden").response()
}

/// The server cannot say.
pub(crate) fn internal(_: &WebRequest) -> WebResponse {
    Refusal::configuration().response()
}
