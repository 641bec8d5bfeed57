//! Targets that take more than one call: a service of our own, which deliveries go through.

use std::sync::{Mutex, PoisonError, Weak};

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{BoxFuture, Call, Fault, Peers, RequestId, Service};
use passo_vocab::{Arn, Timestamp};

use crate::connected::Connections;
use crate::destination::{self, Destination, Rates};
use crate::event::Event;
use crate::names::{self, BusPlace};
use crate::request::nothing;
use crate::service::Shared;

/// Its name in the directory; no client finds it.
pub(crate) const NAME: &str = "passo-events-targets";
/// Hands an event to another bus as it is.
pub(crate) const FORWARD_EVENT: &str = "ForwardEvent";
/// Sends an event to an API destination.
pub(crate) const INVOKE_DESTINATION: &str = "InvokeApiDestination";
/// The code of a fault that says that an endpoint gets no more requests now.
pub(crate) const RATE_EXCEEDED: &str = "InvocationRateLimitExceeded";
/// Writes an event to a log group, in a stream of its own.
pub(crate) const WRITE_LOG: &str = "WriteLog";

/// What deliveries that are more than one call go through.
pub struct Targets {
    pub(crate) shared: Weak<Shared>,
    pub(crate) peers: Peers,
    pub(crate) rates: Mutex<Rates>,
}

impl std::fmt::Debug for Targets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Targets").finish_non_exhaustive()
    }
}

impl Targets {
    /// The name under which the directory has to have it.
    pub const NAME: &'static str = NAME;

    /// The operation that puts `Event`, as it is, on the bus that `EventBusName` names: the way in for events that another
    /// service delivers durably.
    pub const FORWARD_EVENT: &'static str = FORWARD_EVENT;

    fn forward(&self, call: &Call) -> Result<Json, Fault> {
        let stopped = || Fault::service("The server stops.");
        let shared = self.shared.upgrade().ok_or_else(stopped)?;
        let text = |json: &Json, member: &str| json.get(member)?.as_str().map(str::to_owned);
        let event = call.parameters.get("Event").unwrap_or(&Json::Null);
        let bus = text(&call.parameters, "EventBusName").unwrap_or_default();
        let at = text(event, "time").and_then(|time| Timestamp::parse_rfc3339(&time).ok());
        let member = |member: &str| text(event, member).unwrap_or_default().into();
        let resources = event.get("resources").and_then(Json::as_array);
        let event = Event {
            id: member("id"),
            detail_type: member("detail-type"),
            source: member("source"),
            account: member("account"),
            region: member("region"),
            at: at.map_or(0, Timestamp::epoch_millis),
            resources: resources.map(|list| list.to_vec()).unwrap_or_default(),
            detail: event.get("detail").cloned().unwrap_or(Json::Null),
        };
        let (account, region) = (call.caller.account.as_str(), call.caller.region.as_str());
        if shared.tables.bus(account, region, &bus)?.is_none() {
            return Err(crate::faults::no_bus(&bus));
        }
        let place = BusPlace::of(&call.caller, &bus);
        shared.publish_on(&[(place, event)])?;
        Ok(nothing())
    }

    /// Sends an event on with a connection, as often as the destination takes it.
    async fn invoke(&self, call: &Call) -> Result<Json, Fault> {
        let text = |member: &str| call.parameters.get(member).and_then(Json::as_str);
        let arn = text("Arn").unwrap_or_default();
        let destination = self.ready(arn)?;
        let http = call.parameters.get("HttpParameters");
        let sent = Call {
            operation: "Send".into(),
            parameters: destination.request(text("Input").unwrap_or_default(), http),
            caller: call.caller.clone(),
            request_id: RequestId::new(call.request_id.as_str()),
        };
        let answer = self.peers.call(Connections::NAME, sent).await?;
        let status = answer.get("Status").and_then(Json::as_i64);
        destination::taken(status.unwrap_or(0))?;
        Ok(nothing())
    }

    /// The destination, where its endpoint may get one more request now.
    fn ready(&self, arn: &str) -> Result<Destination, Fault> {
        let stopped = || Fault::service("The server stops.");
        let shared = self.shared.upgrade().ok_or_else(stopped)?;
        let destination = destination(&shared, arn)?;
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        if rates.may_send(arn, destination.rate, shared.now()) {
            return Ok(destination);
        }
        let mut later = Fault::service("The endpoint gets no more requests in this second.");
        later.code = RATE_EXCEEDED.into();
        Err(later)
    }

    async fn write_log(&self, call: &Call) -> Result<Json, Fault> {
        let text = |member: &str| call.parameters.get(member).and_then(Json::as_str);
        let place = || {
            let mut place = ObjectBuilder::new();
            place
                .insert_some("logGroupName", text("logGroupName"))
                .insert_some("logStreamName", text("logStreamName"));
            place.build()
        };
        let made = self.logs(call, "CreateLogStream", place()).await;
        match made {
            Err(fault) if fault.code != "ResourceAlreadyExistsException" => return Err(fault),
            _ => {}
        }
        let stopped = || Fault::service("The server stops.");
        let now = self.shared.upgrade().ok_or_else(stopped)?.now();
        let event = Object::default()
            .with("timestamp", now)
            .with("message", text("message").unwrap_or_default());
        let events = place().with("logEvents", vec![Json::from(event)]);
        self.logs(call, "PutLogEvents", events).await
    }

    async fn logs(&self, call: &Call, operation: &str, parameters: Object) -> Result<Json, Fault> {
        let call = Call {
            operation: operation.into(),
            parameters: Json::from(parameters),
            caller: call.caller.clone(),
            request_id: RequestId::new(call.request_id.as_str()),
        };
        self.peers.call("logs", call).await
    }
}

impl Service for Targets {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            match &*call.operation {
                FORWARD_EVENT => self.forward(&call),
                INVOKE_DESTINATION => self.invoke(&call).await,
                WRITE_LOG => self.write_log(&call).await,
                other => Err(Fault::service(format!("There is no {other}."))),
            }
        })
    }
}

fn destination(shared: &Shared, arn: &str) -> Result<Destination, Fault> {
    let unknown = || {
        let message = format!("The API destination {arn} does not exist.");
        Fault::caller("ResourceNotFoundException", message)
    };
    let parsed = Arn::parse(arn).map_err(|_| unknown())?;
    let (account, region, name) = names::place(&parsed, "api-destination").ok_or_else(unknown)?;
    let key = ["destination", account, region, name];
    let row = shared.tables.records.find(&key);
    let row = row.map_err(|error| crate::faults::store(&error))?;
    let found = row.as_ref().and_then(Destination::decode);
    found.filter(|found| found.arn == arn).ok_or_else(unknown)
}
