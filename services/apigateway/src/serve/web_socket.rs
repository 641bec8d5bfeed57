//! Serving WebSocket APIs: the route of a message, who may connect, and what functions see.
//!
//! Source: API Gateway Developer Guide, "Create a WebSocket API" and "Set up a WebSocket API integration request".

use std::sync::Arc;

use passo_json::{Json, Object, ObjectBuilder, json};

use super::call::{Taken, encoded};
use super::context::Context;
use super::errors::Refusal;
use super::http_api::stage_of;
use super::live::{HttpApi, RestApi};
use super::rest::{RestCall, forwarded};
use super::{
    Address, WebRequest, WebResponse, api_key, authorizer, function, proxy_event, selection,
    socket_integration, target, text,
};
use crate::gateway::Shared;
use crate::sockets::{Closing, Connection, Opening};

/// A route on its way.
pub(crate) struct SocketCall<'a> {
    /// The request that the connection began with, or the message as a body, in the form that integrations of REST APIs take.
    pub(crate) call: RestCall<'a>,
    pub(crate) api: Arc<HttpApi>,
    pub(crate) route: Object,
    /// What events hold besides what every event holds.
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Connect,
    Message,
    Disconnect(Closing),
}

/// Whose connection it is.
struct Whose<'c> {
    id: &'c str,
    begun: i64,
    request: &'c WebRequest,
    authorizer: Option<Object>,
}

/// What a connection begins with that `$connect` has let in.
pub(crate) struct Connected {
    pub(crate) opening: Opening,
    pub(crate) authorizer: Option<Object>,
    pub(crate) protocol: Option<String>,
}

/// An answer of the API itself.
pub(crate) fn says(status: u16, message: &str) -> WebResponse {
    let body = Object::default().with("message", message);
    WebResponse::json(status, Json::from(body).to_text())
}

/// The stage of an API that a connection is for, and what there is to serve.
struct Place<'a> {
    context: Context<'a>,
    api: Arc<HttpApi>,
}

fn place<'a>(
    shared: &'a Shared,
    api: &str,
    stage: &str,
    row_of_stage: &Object,
) -> Option<Place<'a>> {
    let row = shared.table.find(&["api", api]).ok()??;
    let variables = row_of_stage.get("StageVariables").and_then(Json::as_object);
    let variables = variables.cloned().unwrap_or_default();
    let context = Context::new(shared, &row, (api, stage), variables, "");
    let is_auto = row_of_stage.get("AutoDeploy").and_then(Json::as_bool) == Some(true);
    let deployment = match is_auto {
        true => "",
        false => text(row_of_stage, "DeploymentId"),
    };
    if !is_auto && deployment.is_empty() {
        return None;
    }
    let api_row = row.get("api").and_then(Json::as_object).cloned();
    let api = shared
        .live
        .http(shared, api, deployment, api_row.unwrap_or_default());
    Some(Place {
        context,
        api: api.ok()??,
    })
}

impl<'a> SocketCall<'a> {
    fn new(
        place: Place<'a>,
        key: &str,
        body: Vec<u8>,
        whose: Whose<'_>,
        kind: Kind,
    ) -> SocketCall<'a> {
        let Place { context, api } = place;
        let route = api.named(key).cloned();
        let request = match kind {
            Kind::Connect | Kind::Disconnect(_) => forwarded(whose.request.clone(), &context),
            Kind::Message => WebRequest {
                method: "POST".to_owned(),
                host: whose.request.host.clone(),
                body,
                source_ip: whose.request.source_ip.clone(),
                ..WebRequest::default()
            },
        };
        let shown = shown(&context, key, &whose, &kind);
        let call = RestCall {
            taken: Taken::of(request, "/".to_owned()),
            context,
            deployed: Arc::new(RestApi::new(Object::default())),
            deployment: String::new(),
            resource: (String::new(), key.to_owned()),
            method: Object::default(),
            authorizer: whose.authorizer,
            api_key: None,
            shown: Some(shown),
        };
        SocketCall {
            call,
            api,
            route: route.unwrap_or_default(),
            kind,
        }
    }

    /// The event that a function gets.
    pub(crate) fn event(&self) -> Object {
        let taken = &self.call.taken;
        let some = |object: Object| (!object.is_empty()).then_some(object);
        let mut event = ObjectBuilder::new();
        if self.kind != Kind::Message {
            event
                .insert("headers", taken.headers.single())
                .insert("multiValueHeaders", taken.headers.many());
        }
        if self.kind == Kind::Connect {
            event
                .insert_some("queryStringParameters", some(taken.query.single()))
                .insert_some("multiValueQueryStringParameters", some(taken.query.many()));
        }
        event
            .insert_some("stageVariables", some(self.call.context.variables.clone()))
            .insert("requestContext", self.call.request_context());
        let mut is_base64 = false;
        if self.kind == Kind::Message {
            let is_binary = std::str::from_utf8(&taken.request.body).is_err();
            let (body, encoded) = proxy_event::body(&taken.request.body, is_binary);
            is_base64 = encoded;
            event.insert_some("body", (!body.is_null()).then_some(body));
        }
        event.insert("isBase64Encoded", is_base64);
        event.build()
    }

    /// What the client is told where its message comes to nothing.
    fn failed(&self, message: &str) -> Vec<u8> {
        let context = self.call.request_context();
        let told = json!({
            "message": message,
            "connectionId": (text(&context, "connectionId")),
            "requestId": (text(&context, "requestId"))
        });
        told.to_text().into_bytes()
    }
}

/// What events and templates see of a connection.
fn shown(context: &Context<'_>, key: &str, whose: &Whose<'_>, kind: &Kind) -> Object {
    let request = whose.request;
    // With its port: the address of the API, as its clients have it.
    let host = request.host.as_str();
    let agent = request.header("user-agent").map_or(Json::Null, Json::from);
    let mut shown = ObjectBuilder::new();
    shown
        .insert("routeKey", key)
        .insert_some("authorizer", whose.authorizer.clone());
    if *kind == Kind::Message {
        shown.insert("messageId", format!("{}=", context.shared.new_id(15)));
    }
    shown.insert(
        "eventType",
        match kind {
            Kind::Connect => "CONNECT",
            Kind::Message => "MESSAGE",
            Kind::Disconnect(_) => "DISCONNECT",
        },
    );
    if let Kind::Disconnect(closing) = kind {
        shown
            .insert("disconnectStatusCode", i64::from(closing.code))
            .insert("disconnectReason", closing.reason.as_str());
    }
    shown
        .insert("extendedRequestId", context.extended_id.as_str())
        .insert("requestTime", context.request_time())
        .insert("messageDirection", "IN")
        .insert("stage", context.stage.as_str())
        .insert("connectedAt", whose.begun)
        .insert("requestTimeEpoch", context.begun.epoch_millis())
        .insert(
            "identity",
            json!({"sourceIp": (request.source_ip.as_str()), "userAgent": agent}),
        )
        .insert("requestId", context.request_id.as_str())
        .insert("domainName", host)
        .insert("connectionId", whose.id)
        .insert("apiId", context.api.as_str());
    shown.build()
}

/// Carries out `$connect`.
///
/// # Errors
/// The answer to the request, where the API does not let it in.
pub(crate) async fn connect(
    shared: &Shared,
    address: &Address,
    request: WebRequest,
) -> Result<Connected, WebResponse> {
    let forbidden = || says(403, "Forbidden");
    let (stage, _, row) = stage_of(shared, address).ok_or_else(forbidden)?;
    let place = place(shared, address.api(), stage, &row).ok_or_else(forbidden)?;
    let id = format!("{}=", shared.new_id(15));
    let begun = place.context.begun;
    let opening = Opening {
        id: id.clone(),
        api: address.api().to_owned(),
        stage: stage.to_owned(),
        account: place.context.account.clone(),
        region: place.context.region.clone(),
        request: WebRequest {
            body: Vec::new(),
            ..request.clone()
        },
        begun,
    };
    let whose = Whose {
        id: &id,
        begun: begun.epoch_millis(),
        request: &request,
        authorizer: None,
    };
    let mut call = SocketCall::new(place, "$connect", Vec::new(), whose, Kind::Connect);
    let mut protocol = None;
    if !call.route.is_empty() {
        let may = authorized(&mut call).await;
        may.map_err(|refusal| refusal.response())?;
        let answered = socket_integration::perform(&mut call).await;
        let answered = answered.map_err(|_| says(502, "Internal server error"))?;
        if !(200..300).contains(&answered.status) {
            return Err(answered);
        }
        protocol = answered.header("sec-websocket-protocol").map(str::to_owned);
    }
    Ok(Connected {
        opening,
        authorizer: call.call.authorizer,
        protocol,
    })
}

/// Whether the client may connect; what an authorizer says of it is kept.
async fn authorized(socket: &mut SocketCall<'_>) -> Result<(), Refusal> {
    if socket.route.get("ApiKeyRequired").and_then(Json::as_bool) == Some(true) {
        let key = socket.call.taken.request.header("x-api-key");
        let opens = key.is_some_and(|key| api_key::opens(&socket.call.context, key) == Some(true));
        if !opens {
            return Err(Refusal::new("INVALID_API_KEY", "Forbidden"));
        }
    }
    match text(&socket.route, "AuthorizationType") {
        "AWS_IAM" => return authorizer::signed(&socket.call),
        "CUSTOM" => {}
        _ => return Ok(()),
    }
    let broken = || Refusal {
        kind: "AUTHORIZER_CONFIGURATION_ERROR",
        message: None,
    };
    let row = socket
        .api
        .authorizers
        .get(text(&socket.route, "AuthorizerId"));
    let row = row.and_then(Json::as_object).cloned().ok_or_else(broken)?;
    let sources = row.get("IdentitySource").and_then(Json::as_array);
    let sources = sources.into_iter().flat_map(|it| it.iter());
    for source in sources.filter_map(Json::as_str) {
        let found = target::value(&socket.call, source);
        if found.is_none_or(|values| values.iter().all(String::is_empty)) {
            return Err(Refusal::new("UNAUTHORIZED", "Unauthorized"));
        }
    }
    let context = &socket.call.context;
    let uri = target::with_variables(text(&row, "AuthorizerUri"), &context.variables);
    let named = function::named(&uri).ok_or_else(broken)?;
    let arn = format!(
        "arn:aws:execute-api:{}:{}:{}/{}/$connect",
        context.region, context.account, context.api, context.stage
    );
    let begin = Object::default()
        .with("type", "REQUEST")
        .with("methodArn", arn.as_str());
    let event = socket.event().without("isBase64Encoded");
    let event = event.iter().fold(begin, |event, (name, value)| {
        event.with(name.clone(), value.clone())
    });
    let said = authorizer::asked(context, named, &Json::from(event)).await?;
    let said = said.as_object().cloned().unwrap_or_default();
    authorizer::allowed(&said, &arn)?;
    let kept = authorizer::kept(&said);
    if let Some(shown) = socket.call.shown.as_mut() {
        *shown = shown.clone().with("authorizer", kept.clone());
    }
    socket.call.authorizer = Some(kept);
    Ok(())
}

/// The route of a connection that is open; none where its stage has gone.
fn of_open<'a>(
    shared: &'a Shared,
    connection: &Connection,
    key: impl FnOnce(&HttpApi) -> String,
    body: Vec<u8>,
    kind: Kind,
) -> Option<SocketCall<'a>> {
    let (api, stage) = (&connection.api, &connection.stage);
    let row = shared.table.find(&["Stage", api, stage]).ok()??;
    let place = place(shared, api, stage, &row)?;
    let key = key(&place.api);
    let whose = Whose {
        id: &connection.id,
        begun: connection.begun.epoch_millis(),
        request: &connection.request,
        authorizer: connection.authorizer.clone(),
    };
    Some(SocketCall::new(place, &key, body, whose, kind))
}

/// Carries out the route of a message; what the client is answered, where it is.
pub(crate) async fn message(
    shared: &Shared,
    connection: &Connection,
    body: Vec<u8>,
) -> Option<Vec<u8>> {
    let key = |api: &HttpApi| {
        let expression = text(&api.row, "RouteSelectionExpression");
        let selected = selection::selected(expression, &body);
        let known = selected.filter(|key| !key.starts_with('$') && api.named(key).is_some());
        known.unwrap_or_else(|| "$default".to_owned())
    };
    let mut call = of_open(shared, connection, key, body.clone(), Kind::Message)?;
    if call.route.is_empty() {
        return Some(call.failed("Forbidden"));
    }
    let id = text(&call.route, "RouteId");
    let is_two_way = call.api.answers.iter().any(|route| route == id);
    match socket_integration::perform(&mut call).await {
        Ok(answer) if is_two_way && !answer.body.is_empty() => Some(answer.body),
        Ok(_) => None,
        Err(refusal) => Some(
            call.failed(
                refusal
                    .message
                    .as_deref()
                    .unwrap_or("Internal server error"),
            ),
        ),
    }
}

/// Carries out `$disconnect`, as far as that is possible.
pub(crate) async fn disconnect(shared: &Shared, connection: &Connection, closing: &Closing) {
    let key = |_: &HttpApi| "$disconnect".to_owned();
    let kind = Kind::Disconnect(closing.clone());
    let call = of_open(shared, connection, key, Vec::new(), kind);
    if let Some(mut call) = call.filter(|call| !call.route.is_empty()) {
        // Nobody is there to be told how it ended.
        let _ = socket_integration::perform(&mut call).await;
    }
}

/// The path of a connection at the service `apigatewaymanagementapi`, where `address` is that of one: what follows the stage.
pub(crate) fn connection_path(address: &Address) -> Option<String> {
    let (_, rest) = address.path.trim_start_matches('/').split_once('/')?;
    let (word, id) = rest.split_once('/')?;
    let is_it = super::decoded(word, false) == "@connections";
    is_it.then(|| format!("@connections/{}", encoded(&super::decoded(id, false), "=")))
}
