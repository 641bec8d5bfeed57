//! The routes of the Runtime API and AWS's answers.

use std::io;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use passo_json::Json;
use tokio::sync::{mpsc, oneshot};

use super::{ApiCall, Event, Verdict, upload};
use crate::invocation::RESPONSE_BYTES_MAX;

const BASE: &str = "/2018-06-01/runtime/";
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

type Answer = Response<Full<Bytes>>;

/// A call's route, taken from method and path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route<'a> {
    Next,
    Response(&'a str),
    Error(&'a str),
    InitError,
    WrongMethod,
    Unknown,
}

/// Answers one call. An `Err` closes the connection: the process is being ended.
pub(crate) async fn answer(
    request: Request<Incoming>,
    calls: mpsc::Sender<ApiCall>,
) -> io::Result<Answer> {
    let (head, body) = request.into_parts();
    match route(&head.method, head.uri.path()) {
        Route::Next => next(&calls).await,
        Route::Response(id) => {
            let (id, body) = (id.to_owned(), upload::read(body).await.ok_or_else(gone)?);
            post(&calls, |verdict| ApiCall::Response { id, body, verdict }).await
        }
        Route::Error(id) => {
            let (id, body) = (id.to_owned(), upload::read(body).await.ok_or_else(gone)?);
            post(&calls, |verdict| ApiCall::Error { id, body, verdict }).await
        }
        Route::InitError => {
            let error_type = error_type(&head.headers);
            let body = upload::read(body).await.ok_or_else(gone)?;
            post(&calls, |verdict| ApiCall::InitError {
                body,
                error_type,
                verdict,
            })
            .await
        }
        Route::WrongMethod => Ok(plain(StatusCode::METHOD_NOT_ALLOWED)),
        Route::Unknown => Ok(plain(StatusCode::NOT_FOUND)),
    }
}

fn route<'a>(method: &Method, path: &'a str) -> Route<'a> {
    let Some(rest) = path.strip_prefix(BASE) else {
        return Route::Unknown;
    };
    let (wanted, route) = match rest {
        "invocation/next" => (Method::GET, Route::Next),
        "init/error" => (Method::POST, Route::InitError),
        other => match other
            .strip_prefix("invocation/")
            .and_then(|rest| rest.split_once('/'))
        {
            Some((id, "response")) => (Method::POST, Route::Response(id)),
            Some((id, "error")) => (Method::POST, Route::Error(id)),
            Some(_) | None => return Route::Unknown,
        },
    };
    if *method == wanted {
        route
    } else {
        Route::WrongMethod
    }
}

async fn next(calls: &mpsc::Sender<ApiCall>) -> io::Result<Answer> {
    let (to_call, event) = oneshot::channel();
    calls
        .send(ApiCall::Next(to_call))
        .await
        .map_err(|_| gone())?;
    let answer = event.await.map_err(|_| gone())?;
    Ok(answer.map_or_else(verdict_answer, event_answer))
}

async fn post(
    calls: &mpsc::Sender<ApiCall>,
    call: impl FnOnce(oneshot::Sender<Verdict>) -> ApiCall,
) -> io::Result<Answer> {
    let (to_call, verdict) = oneshot::channel();
    calls.send(call(to_call)).await.map_err(|_| gone())?;
    Ok(verdict_answer(verdict.await.map_err(|_| gone())?))
}

fn event_answer(event: Event) -> Answer {
    let mut answer = Response::new(Full::new(event.payload));
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut set = |name: &'static str, value: &str| {
        // Values are checked where they enter; one that no header can carry is left out.
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("lambda-runtime-aws-request-id", &event.request_id);
    set(
        "lambda-runtime-deadline-ms",
        &event.deadline_epoch_millis.to_string(),
    );
    set(
        "lambda-runtime-invoked-function-arn",
        &event.invoked_function_arn,
    );
    set("lambda-runtime-trace-id", &event.trace_id);
    if let Some(context) = &event.client_context {
        set("lambda-runtime-client-context", context);
    }
    answer
}

fn verdict_answer(verdict: Verdict) -> Answer {
    let (status, body) = match verdict {
        Verdict::Accepted => (StatusCode::ACCEPTED, "{\"status\":\"OK\"}\n".to_owned()),
        Verdict::UnknownRequest => (
            StatusCode::BAD_REQUEST,
            refusal("InvalidRequestID", "Invalid request ID"),
        ),
        Verdict::WrongState { from, to } => {
            let text = format!(
                "State transition from {from} to {to} failed for runtime. Error: State transition is not allowed"
            );
            (
                StatusCode::FORBIDDEN,
                refusal("InvalidStateTransition", &text),
            )
        }
        Verdict::TooLarge => (
            StatusCode::PAYLOAD_TOO_LARGE,
            refusal(
                "RequestEntityTooLarge",
                &format!("Exceeded maximum allowed payload size ({RESPONSE_BYTES_MAX} bytes)."),
            ),
        ),
    };
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// `{"errorMessage":…,"errorType":…}`, as the Runtime API refuses a call.
fn refusal(error_type: &str, message: &str) -> String {
    let (error_type, message) = (Json::from(error_type), Json::from(message));
    format!("{{\"errorMessage\":{message},\"errorType\":{error_type}}}\n")
}

fn plain(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::new()));
    *answer.status_mut() = status;
    answer
}

fn error_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(ERROR_TYPE)?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}

fn gone() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &Method, path: &str, expect: Route<'_>) {
        assert_eq!(route(method, path), expect, "{method} {path}");
    }

    #[test]
    fn routes_are_those_of_the_runtime_api() {
        check(
            &Method::GET,
            "/2018-06-01/runtime/invocation/next",
            Route::Next,
        );
        check(
            &Method::POST,
            "/2018-06-01/runtime/invocation/id-1/response",
            Route::Response("id-1"),
        );
        check(
            &Method::POST,
            "/2018-06-01/runtime/invocation/id-1/error",
            Route::Error("id-1"),
        );
        check(
            &Method::POST,
            "/2018-06-01/runtime/init/error",
            Route::InitError,
        );
        check(
            &Method::POST,
            "/2018-06-01/runtime/invocation/next",
            Route::WrongMethod,
        );
        check(
            &Method::GET,
            "/2018-06-01/runtime/invocation/id-1/logs",
            Route::Unknown,
        );
        check(
            &Method::GET,
            "/2020-01-01/extension/register",
            Route::Unknown,
        );
        check(&Method::GET, "/", Route::Unknown);
    }
}
