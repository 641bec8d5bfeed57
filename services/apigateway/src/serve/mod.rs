//! Answering requests to APIs.
//!
//! [`Address`] finds the API that a request is for. REST APIs are served by [`rest`], HTTP APIs by [`http_api`]. Both turn the
//! request into what an integration wants, and the integration's answer into a response.

mod address;
mod api_key;
mod authorizer;
mod aws_service;
mod bodies;
mod call;
mod context;
mod cors;
mod errors;
mod function;
mod http_api;
mod http_authorizer;
mod http_integration;
mod http_source;
mod live;
mod management;
mod media;
mod outgoing;
mod policy;
mod proxy_event;
mod proxy_response;
mod rest;
mod rest_integration;
mod route;
mod selection;
mod socket_integration;
mod target;
mod token;
mod validation;
mod web;
pub(crate) mod web_socket;

pub use address::Address;
pub(crate) use call::{decoded, encoded};
pub(crate) use function::named as function_named;
pub(crate) use live::Live;
pub(crate) use rest::{Test, test};
pub(crate) use route::Pattern;
pub use web::{WebRequest, WebResponse};

use passo_json::Json;

use crate::gateway::Shared;

/// Answers a request to the API at `address`.
pub(crate) async fn serve(shared: &Shared, address: &Address, request: WebRequest) -> WebResponse {
    let row = shared.table.find(&["api", &address.api]);
    if let (Ok(Some(row)), Some(path)) = (&row, web_socket::connection_path(address)) {
        return management::serve(shared, row, address.api(), &path, request).await;
    }
    let style = row.as_ref().ok().and_then(Option::as_ref);
    let style = style.and_then(|row| row.get("style")?.as_str());
    match (&row, style) {
        (Ok(Some(row)), Some("apigateway")) => rest::serve(shared, row, address, request).await,
        (Ok(Some(row)), Some("apigatewayv2")) => {
            http_api::serve(shared, row, address, request).await
        }
        (Ok(_), _) => errors::forbidden(&request),
        (Err(_), _) => errors::internal(&request),
    }
}

/// A text member.
pub(crate) fn text<'j>(object: &'j passo_json::Object, member: &str) -> &'j str {
    object
        .get(member)
        .and_then(Json::as_str)
        .unwrap_or_default()
}
