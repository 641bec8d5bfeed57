//! `Invoke`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use passo_json::{Json, ObjectBuilder};
use passo_service::{Fault, FaultKind};

use super::super::asynchronous;
use super::super::configuration::Configuration;
use super::super::faults;
use super::super::request::{Request, Target};
use super::super::service::Lambda;
use crate::{Function, Functions, InvokeOptions, LogType, RequestId};

/// Largest event of an asynchronous invocation. Source: Lambda API Reference, `Invoke`: 1 MB since October 2025.
const EVENT_BYTES_MAX: usize = 1_048_576;

pub(in super::super) async fn answer(
    lambda: &Lambda,
    request: &Request<'_>,
) -> Result<Json, Fault> {
    let target = request.target()?;
    let (function, configuration) = runnable(lambda, &target)?;
    if request.text("InvocationType") == Some("Event") {
        let payload = payload(request)?;
        check_event(payload)?;
        let context = context(request)?;
        asynchronous::accept(lambda, request, &target, &configuration, payload, context)?;
        return Ok(accepted(202));
    }
    invoke(
        &lambda.functions,
        &function,
        request,
        target.qualifier.as_deref(),
    )
    .await
}

/// What runs where `target` is invoked.
pub(in super::super) fn runnable(
    lambda: &Lambda,
    target: &Target,
) -> Result<(Function, Configuration), Fault> {
    let record = lambda.table.find(target)?;
    let record = record.ok_or_else(|| not_found(target))?;
    let configuration = record
        .routed(target, crate::entropy::random_part())?
        .clone();
    let machine = |error: String| Fault::service(error).with_kind(FaultKind::Machine);
    let directory = lambda.code.path(&configuration.code_sha256);
    let mut function = configuration
        .function(directory)
        .map_err(|error| machine(error.to_string()))?;
    if !configuration.layers.is_empty() {
        let layers = lambda.code.merged(&configuration.layers);
        let layers = layers.map_err(|error| {
            machine(format!(
                "failed to put the layers of a function in place: {error}"
            ))
        })?;
        function = function.with_layers(layers);
    }
    if let Some(reserved) = record.reserved_concurrency {
        function = function.with_reserved_concurrency(reserved);
    }
    Ok((function, configuration))
}

/// There is no such function. AWS names a version even where the caller did not (recorded).
pub(in super::super) fn not_found(target: &Target) -> Fault {
    let qualifier = target.qualifier.as_deref().unwrap_or("$LATEST");
    faults::not_found(&format!("{}:{qualifier}", target.arn()))
}

/// Invokes `function` as the request wants it; an event is tried once, and kept nowhere.
pub(in super::super) async fn invoke(
    functions: &Functions,
    function: &Function,
    request: &Request<'_>,
    qualifier: Option<&str>,
) -> Result<Json, Fault> {
    let text = payload(request)?;
    let payload = Bytes::copy_from_slice(text.as_bytes());
    let options = InvokeOptions {
        request_id: RequestId::parse(request.call.request_id.as_str()),
        client_context: context(request)?,
        log_type: match request.text("LogType") {
            Some("Tail") => LogType::Tail,
            _ => LogType::None,
        },
        qualifier: qualifier.map(str::to_owned),
        ..InvokeOptions::default()
    };
    match request.text("InvocationType") {
        None | Some("RequestResponse") => wait(functions, function, payload, options).await,
        Some("DryRun") => Ok(accepted(204)),
        Some("Event") => {
            check_event(text)?;
            let (functions, function) = (functions.clone(), function.clone());
            // One attempt: what becomes of an event is nobody's to hear.
            tokio::spawn(async move {
                let _ = functions.invoke(&function, payload, options).await;
            });
            Ok(accepted(202))
        }
        Some(other) => Err(faults::constraint(
            other,
            "invocationType",
            "Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
        )),
    }
}

/// Invokes `function` and waits for what it answers, which is in the form of `Invoke`'s answer.
pub(in super::super) async fn wait(
    functions: &Functions,
    function: &Function,
    payload: Bytes,
    options: InvokeOptions,
) -> Result<Json, Fault> {
    let invoked = functions.invoke(function, payload, options).await;
    let outcome = invoked.map_err(|error| faults::invocation(&error))?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("StatusCode", i64::from(outcome.status))
        .insert_some(
            "FunctionError",
            outcome.function_error.map(|error| error.as_str()),
        )
        .insert_some("LogResult", outcome.log_result())
        .insert(
            "Payload",
            String::from_utf8_lossy(&outcome.payload).into_owned(),
        )
        .insert("ExecutedVersion", outcome.executed_version);
    Ok(Json::from(answer.build()))
}

fn accepted(status: i64) -> Json {
    let mut answer = ObjectBuilder::new();
    answer.insert("StatusCode", status).insert("Payload", "");
    Json::from(answer.build())
}

fn payload<'a>(request: &Request<'a>) -> Result<&'a str, Fault> {
    let Some(payload) = request.call.parameters.get("Payload") else {
        return Ok("");
    };
    payload.as_str().ok_or_else(|| {
        let message = "Could not parse request body into json: invalid utf-8";
        Fault::caller("InvalidRequestContentException", message)
    })
}

fn check_event(payload: &str) -> Result<(), Fault> {
    if payload.len() > EVENT_BYTES_MAX {
        let message = format!(
            "{} byte payload is too large for the Event invocation type (limit {EVENT_BYTES_MAX} bytes)",
            payload.len()
        );
        return Err(Fault::caller("RequestTooLargeException", message).with_status(413));
    }
    if payload.is_empty() {
        return Ok(());
    }
    passo_json::validate(payload, passo_json::Limits::default()).map_err(|error| {
        let message = format!("Could not parse request body into json: {error}");
        Fault::caller("InvalidRequestContentException", message)
    })
}

/// Callers give the client context in base64; functions get its text.
fn context(request: &Request<'_>) -> Result<Option<String>, Fault> {
    let base64 = request.text("ClientContext");
    base64.map(decoded).transpose()
}

fn decoded(base64: &str) -> Result<String, Fault> {
    let bytes = STANDARD.decode(base64).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| {
        let message = "Client context must be a valid Base64-encoded JSON object.";
        Fault::caller("InvalidRequestContentException", message)
    })
}
