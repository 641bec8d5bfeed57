//! Requests sent with a connection: a service of our own, which HTTP tasks go through, so that secrets stay here.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError, Weak};

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{BoxFuture, Call, Fault, Peers, RequestId, Service};
use passo_vocab::Arn;

use crate::connection::{AUTHORIZED, Connection};
use crate::names;
use crate::outgoing::{Outgoing, invalid};
use crate::service::Shared;
use crate::token::{self, Token};

/// The service that sends HTTP requests: operation `Send`.
const HTTP: &str = "passo-http";

/// Sends requests with connections.
///
/// Operation `Send` takes `ConnectionArn`, `Method`, `Url`, and where wanted `Headers`, `QueryParameters`, `Body` (any JSON) and
/// `Transform` (as HTTP tasks have it); its answer has `Status`, `StatusText`, `Headers` and `Body`. The codes of its faults are
/// the errors that an HTTP task fails with, such as `Events.ConnectionResource.ResourceNotFound` and `States.Http.Socket`.
/// Source: Step Functions Developer Guide, "Call HTTPS APIs".
pub struct Connections {
    pub(crate) shared: Weak<Shared>,
    pub(crate) peers: Peers,
    /// OAuth tokens by ARN, with the time at which the connection was changed last.
    pub(crate) tokens: Mutex<BTreeMap<String, (i64, Token)>>,
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").finish_non_exhaustive()
    }
}

impl Connections {
    /// The name under which the directory has to have it.
    pub const NAME: &'static str = "passo-connections";

    async fn send(&self, call: &Call) -> Result<Json, Fault> {
        let connection = self.connection(&call.parameters)?;
        let region = call.caller.region.as_str();
        let outgoing = Outgoing::read(&call.parameters, &connection, region)?;
        let (bearer, is_old) = self.bearer(&connection, call).await?;
        let answer = self.http(call, outgoing.request(bearer.as_deref())).await?;
        let status = answer.get("Status").and_then(Json::as_i64);
        // A token that was fetched before may be worth nothing any more, whatever was said of its time.
        if is_old && matches!(status, Some(401 | 407)) {
            self.tokens().remove(&connection.arn);
            let (bearer, _) = self.bearer(&connection, call).await?;
            return self.http(call, outgoing.request(bearer.as_deref())).await;
        }
        Ok(answer)
    }

    fn connection(&self, parameters: &Json) -> Result<Connection, Fault> {
        let stopped = || Fault::service("The server stops.");
        let shared = self.shared.upgrade().ok_or_else(stopped)?;
        let given = parameters.get("ConnectionArn").and_then(Json::as_str);
        let given = given.unwrap_or_default();
        let unknown = || {
            let message = format!("The connection {given} does not exist.");
            Fault::caller("Events.ConnectionResource.ResourceNotFound", message)
        };
        let arn = Arn::parse(given).map_err(|_| unknown())?;
        let (account, region, name) = names::place(&arn, "connection").ok_or_else(unknown)?;
        let key = ["connection", account, region, name];
        let row = shared.tables.records.find(&key);
        let row = row.map_err(|error| crate::faults::store(&error))?;
        let found = row.as_ref().and_then(Connection::decode);
        let found = found.filter(|connection| connection.arn == given);
        let connection = found.ok_or_else(unknown)?;
        if connection.state != AUTHORIZED {
            let message = format!("The connection {given} is {}.", connection.state);
            let code = "Events.ConnectionResource.InvalidConnectionState";
            return Err(Fault::caller(code, message));
        }
        Ok(connection)
    }

    /// The OAuth token, where the connection has one, and whether it was there before.
    async fn bearer(
        &self,
        connection: &Connection,
        call: &Call,
    ) -> Result<(Option<String>, bool), Fault> {
        let Some(request) = token::request(connection) else {
            return Ok((None, false));
        };
        let now = || self.shared.upgrade().map_or(0, |shared| shared.now());
        let known = self.tokens().get(&connection.arn).cloned();
        if let Some((modified_at, token)) = known
            && modified_at == connection.modified_at
            && token.is_good(now())
        {
            return Ok((Some(token.bearer), true));
        }
        let answer = self.http(call, request).await?;
        let token = token::read(&answer, now())?;
        let kept = (connection.modified_at, token.clone());
        self.tokens().insert(connection.arn.clone(), kept);
        Ok((Some(token.bearer), false))
    }

    async fn http(&self, call: &Call, parameters: Json) -> Result<Json, Fault> {
        let call = Call {
            operation: "Send".into(),
            parameters,
            caller: call.caller.clone(),
            request_id: RequestId::new(call.request_id.as_str()),
        };
        self.peers.call(HTTP, call).await.map_err(|fault| {
            let code = match &*fault.code {
                "InvalidRequest" => return invalid(&fault.message),
                "ResponseTooLarge" => "States.DataLimitExceeded",
                _ => "States.Http.Socket",
            };
            Fault::caller(code, fault.message)
        })
    }

    fn tokens(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (i64, Token)>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for Connections {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            match &*call.operation {
                "Send" => self.send(&call).await,
                other => Err(Fault::service(format!("There is no {other}."))),
            }
        })
    }
}

/// The parameters of a request.
pub(crate) fn request(method: &str, url: &str, headers: Object, body: Option<String>) -> Json {
    let mut request = ObjectBuilder::new();
    request
        .insert("Method", method)
        .insert("Url", url)
        .insert("Headers", headers)
        .insert_some("Body", body);
    Json::from(request.build())
}
