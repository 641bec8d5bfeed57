//! Answering requests.

use std::sync::Arc;

use bytes::Bytes;
use passo_json::Json;

use super::super::api::invoke;
use super::super::service::Lambda;
pub use super::answer::UrlAnswer;
use super::cors::Cors;
use super::event::{access_key, event};
use super::{AuthType, Place, UrlRequest, UrlSettings};
use crate::{InvokeError, InvokeOptions, RequestId};

/// What Lambda says to who may not use a URL.
const FORBIDDEN: &str = r#"{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}"#;

/// Answers requests to the URLs of functions.
#[derive(Clone)]
pub struct FunctionUrls {
    lambda: Arc<Lambda>,
}

impl FunctionUrls {
    /// Those of the functions of `lambda`.
    pub fn new(lambda: Arc<Lambda>) -> FunctionUrls {
        FunctionUrls { lambda }
    }

    /// Whether a request to this host and path is one to the URL of a function, by its form.
    pub fn owns(&self, host: &str, path: &str) -> bool {
        Place::of(host, path).is_some()
    }

    /// Whether such a request need not be signed.
    pub fn is_open(&self, host: &str, path: &str) -> bool {
        let settings = Place::of(host, path).map(|place| self.lambda.urls.by_id(place.id));
        match settings {
            Some(Ok(Some(settings))) => settings.auth_type == AuthType::None,
            Some(Ok(None) | Err(_)) | None => true,
        }
    }

    /// Invokes the function, and gives what it answers.
    pub async fn answer(&self, request: UrlRequest) -> UrlAnswer {
        let Some(place) = Place::of(&request.host, &request.path) else {
            return UrlAnswer::plain(404, r#"{"Message":null}"#);
        };
        let settings = match self.lambda.urls.by_id(place.id) {
            Ok(Some(settings)) => settings,
            Ok(None) => return UrlAnswer::plain(404, r#"{"Message":null}"#),
            Err(_) => return UrlAnswer::bad_gateway(),
        };
        let cors = settings.cors.as_ref().map(|settings| Cors { settings });
        if let Some(answer) =
            cors.and_then(|cors| cors.preflight(&request.method, &request.headers))
        {
            return answer;
        }
        let is_anonymous = access_key(&request.headers).is_none();
        let mut answer = match settings.auth_type {
            AuthType::AwsIam if is_anonymous => UrlAnswer::plain(403, FORBIDDEN),
            AuthType::None | AuthType::AwsIam => self.invoke(&request, place, &settings).await,
        };
        if let Some(cors) = cors {
            cors.say(&request.headers, &mut answer);
        }
        answer
    }

    async fn invoke(
        &self,
        request: &UrlRequest,
        place: Place<'_>,
        settings: &UrlSettings,
    ) -> UrlAnswer {
        let target = settings.target();
        let Ok((function, _)) = invoke::runnable(&self.lambda, &target) else {
            return UrlAnswer::bad_gateway();
        };
        let event = event(request, place, settings, self.lambda.clock.now());
        let options = InvokeOptions {
            request_id: RequestId::parse(&request.request_id),
            qualifier: target.qualifier,
            ..InvokeOptions::default()
        };
        let payload = Bytes::from(Json::to_text(&event));
        let _under_way = self.lambda.in_flight.begin();
        match self
            .lambda
            .functions
            .invoke(&function, payload, options)
            .await
        {
            Ok(outcome) if outcome.function_error.is_none() => UrlAnswer::of(&outcome.payload),
            Ok(_) => UrlAnswer::bad_gateway(),
            Err(InvokeError::TooManyRequests) => UrlAnswer::plain(
                429,
                r#"{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}"#,
            ),
            Err(InvokeError::RequestTooLarge { .. }) => {
                UrlAnswer::plain(413, r#"{"Message":"Request Entity Too Large"}"#)
            }
            Err(_) => UrlAnswer::bad_gateway(),
        }
    }
}
