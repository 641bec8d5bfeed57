//! Integrations with AWS services: the request that the integration makes of its service, in that service's protocol, answered
//! in memory by the service of this name.
//!
//! Source: API Gateway REST API Reference, `PutIntegration`, `uri`: `arn:aws:apigateway:{region}:{service}:{path|action}/…`.

use std::time::Duration;

use passo_model::Protocol;
use passo_wire::{Destination, Router};

use super::call::{Multi, encoded};
use super::context::Context;
use super::errors::Refusal;
use super::outgoing::Response;

/// What the URI of such an integration says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) what: What<'a>,
}

/// What is asked of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What<'a> {
    /// An operation by its name.
    Action(&'a str),
    /// A path of its API.
    Path(&'a str),
}

impl<'a> Target<'a> {
    pub(crate) fn parse(uri: &'a str) -> Option<Target<'a>> {
        let mut parts = uri.splitn(6, ':');
        let is_arn = parts.next() == Some("arn");
        let (_, is_ours) = (parts.next()?, parts.next()? == "apigateway");
        let (region, service) = (parts.next()?, parts.next()?);
        let (kind, rest) = parts.next()?.split_once('/')?;
        let what = match kind {
            "action" => What::Action(rest),
            "path" => What::Path(rest),
            _ => return None,
        };
        // A subdomain may stand before the service.
        let service = service.rsplit('.').next()?;
        (is_arn && is_ours).then_some(Target {
            region,
            service,
            what,
        })
    }
}

/// What is sent to the service.
pub(crate) struct Sent<'a> {
    pub(crate) method: &'a str,
    pub(crate) headers: Multi,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Asks the service, and answers as it answers over HTTP.
pub(crate) async fn call(
    context: &Context<'_>,
    target: Target<'_>,
    sent: Sent<'_>,
    timeout: Duration,
) -> Result<Response, Refusal> {
    let (head, body) = request(context, target, sent).ok_or_else(Refusal::configuration)?;
    let directory = context.shared.peers.directory().await;
    let directory = directory.map_err(|_| Refusal::configuration())?;
    let router = Router::new((*directory).clone());
    // A long call keeps no service alive.
    drop(directory);
    let Destination::Service(mut exchange) = router.route(&head) else {
        return Err(Refusal::configuration());
    };
    let id = context.request_id();
    let outcome = match router.read(&mut exchange, &head, &body, id.clone()) {
        Ok((service, call)) => tokio::time::timeout(timeout, service.call(call))
            .await
            .map_err(|_| Refusal::timeout())?,
        Err(fault) => Err(fault),
    };
    let (head, body) = exchange.answer(&outcome, &id).into_parts();
    let headers = head.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    Ok(Response {
        status: head.status.as_u16(),
        headers: headers.collect(),
        body: body.to_vec(),
    })
}

/// The head and the body of the request, as the service's client would write them.
fn request(
    context: &Context<'_>,
    target: Target<'_>,
    sent: Sent<'_>,
) -> Option<(http::request::Parts, Vec<u8>)> {
    let listed = passo_model::find(target.service)?;
    let media = sent.headers.all_of_header("content-type");
    let media = media.and_then(|values| values.first().cloned());
    let (mut query, mut body) = (sent.query, sent.body);
    let mut extra: Vec<(&str, String)> = Vec::new();
    let path = match target.what {
        What::Path(path) => format!("/{}", path.trim_start_matches('/')),
        What::Action(action) => {
            let wants_json = media.as_deref().is_some_and(|it| it.contains("x-amz-json"));
            let is_json = listed.speaks(Protocol::AwsJson)
                && (wants_json || !listed.speaks(Protocol::Query) && listed.id != "sqs");
            if is_json {
                extra.push(("x-amz-target", format!("{}.{action}", listed.target_prefix)));
                let version = if listed.is_json_1_1 { "1.1" } else { "1.0" };
                extra.push(("content-type", format!("application/x-amz-json-{version}")));
                if body.is_empty() {
                    body = b"{}".to_vec();
                }
            } else {
                query.insert(0, ("Action".to_owned(), action.to_owned()));
            }
            "/".to_owned()
        }
    };
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name, ""), encoded(value, "")))
        .collect();
    let uri = match pairs.is_empty() {
        true => encoded(&path, "/%:@!$&'()*+,;="),
        false => format!("{}?{}", encoded(&path, "/%:@!$&'()*+,;="), pairs.join("&")),
    };
    // The account is whose key it is: integrations call on behalf of the API's owner.
    let scope = format!(
        "AWS4-HMAC-SHA256 Credential={}/20200101/{}/{}/aws4_request",
        context.account, target.region, listed.signing_name
    );
    extra.push(("authorization", scope));
    let host = format!("{}.{}.amazonaws.com", target.service, target.region);
    extra.push(("host", host));
    let mut request = http::Request::builder().method(sent.method).uri(uri);
    for (name, values) in sent.headers.iter() {
        let is_replaced = extra.iter().any(|(it, _)| name.eq_ignore_ascii_case(it));
        for value in values.iter().filter(|_| !is_replaced) {
            request = request.header(name, value);
        }
    }
    for (name, value) in extra {
        request = request.header(name, value);
    }
    let (head, ()) = request.body(()).ok()?.into_parts();
    Some((head, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_name_services() {
        for (uri, expect) in [
            (
                "arn:aws:apigateway:us-east-1:states:action/StartExecution",
                Some(("us-east-1", "states", What::Action("StartExecution"))),
            ),
            (
                "arn:aws:apigateway:us-east-1:sqs:path/000000000000/q:x",
                Some(("us-east-1", "sqs", What::Path("000000000000/q:x"))),
            ),
            (
                "arn:aws:apigateway:us-east-1:sub.s3:path/b/k",
                Some(("us-east-1", "s3", What::Path("b/k"))),
            ),
            ("arn:aws:lambda:us-east-1:states:action/X", None),
            ("arn:aws:apigateway:us-east-1:states:other/X", None),
            ("http://x", None),
        ] {
            let found = Target::parse(uri).map(|it| (it.region, it.service, it.what));
            assert_eq!(found, expect, "{uri}");
        }
    }
}
