//! Metric filters and subscription filters: what follows from events, durably together with them.
//!
//! Filters are few and looked at for each event, so all of them are in memory. Source: CloudWatch Logs User Guide, "Creating metrics from
//! log events using filters", "Log group-level subscription filters".

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_delivery::{Delivery, Retry};
use passo_json::{Json, Object, ObjectBuilder};
use passo_records::Records;
use passo_service::{Caller, Fault};
use passo_store::{Space, Store, StoreError};
use passo_vocab::{AccountId, Arn, Region};

use crate::event::KeptEvent;
use crate::gzip;
use crate::pattern::{FilterPattern, Found};
use crate::{Place, faults};

/// Bytes of events in one message of a subscription: packed, they fit into what Lambda takes.
const MESSAGE_BYTES_MAX: usize = 180_000;
/// Values of one metric, and metrics, in one call. Source: CloudWatch API Reference, `PutMetricData`.
const VALUES_MAX: usize = 150;
const DATA_MAX: usize = 1000;
const MINUTE: i64 = 60_000;

/// The two kinds, as their rows' keys have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Metric,
    Subscription,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Kind::Metric => "metric",
            Kind::Subscription => "subscription",
        }
    }
}

/// One filter.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// As it was given, with when it was made.
    pub(crate) given: Object,
    pattern: FilterPattern,
}

/// The filters of a group by kind and name.
type Of = BTreeMap<(Kind, String), Arc<Filter>>;

/// All filters.
pub(crate) struct Filters {
    records: Records,
    known: Mutex<BTreeMap<Place, Arc<Of>>>,
}

impl fmt::Debug for Filters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filters").finish_non_exhaustive()
    }
}

impl Filter {
    fn of(kind: Kind, given: Object) -> Option<Filter> {
        let text = |member: &str| given.get(member).and_then(Json::as_str);
        Some(Filter {
            kind,
            name: text("filterName")?.to_owned(),
            pattern: FilterPattern::parse(text("filterPattern").unwrap_or_default())?,
            given,
        })
    }
}

impl Filters {
    /// The filters that `store` holds. What cannot be read of them is left alone.
    pub(crate) fn open(store: Arc<dyn Store>) -> Filters {
        let filters = Filters {
            records: Records::new(store, Space::new("log-filter")),
            known: Mutex::default(),
        };
        for kind in [Kind::Metric, Kind::Subscription] {
            for (_, row) in filters.records.list(&[kind.key()]).unwrap_or_default() {
                let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
                let place = || {
                    Some(Place {
                        account: text("account")?,
                        region: text("region")?,
                        group: text("group")?,
                    })
                };
                let given = row.get("given").and_then(Json::as_object).cloned();
                let filter = given.and_then(|given| Filter::of(kind, given));
                if let (Some(place), Some(filter)) = (place(), filter) {
                    filters.remember(&place, filter);
                }
            }
        }
        filters
    }

    /// The filters of a group; `None` where there is none.
    pub(crate) fn of(&self, place: &Place) -> Option<Arc<Of>> {
        self.known().get(place).cloned()
    }

    /// The filters of one kind of a group, by name.
    pub(crate) fn list(&self, place: &Place, kind: Kind) -> Vec<Arc<Filter>> {
        let all = self.of(place);
        let all = all.iter().flat_map(|all| all.values());
        all.filter(|filter| filter.kind == kind).cloned().collect()
    }

    /// The filters of one kind of an account and region.
    pub(crate) fn all(&self, caller: &Caller, kind: Kind) -> Vec<(Place, Arc<Filter>)> {
        let known = self.known();
        let here = known.iter().filter(|(place, _)| {
            place.account == caller.account.as_str() && place.region == caller.region.as_str()
        });
        here.flat_map(|(place, all)| all.values().map(|filter| (place.clone(), filter.clone())))
            .filter(|(_, filter)| filter.kind == kind)
            .collect()
    }

    /// Keeps a filter as it is given.
    ///
    /// # Errors
    /// Where its pattern is none, or the store fails.
    pub(crate) fn put(&self, place: &Place, kind: Kind, given: Object) -> Result<(), Fault> {
        let filter = Filter::of(kind, given).ok_or_else(faults::pattern)?;
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("account", place.account.as_str())
            .insert("region", place.region.as_str())
            .insert("group", place.group.as_str())
            .insert("given", filter.given.clone());
        let change = self.records.change();
        let kept = change.put(&key(place, kind, &filter.name), &Json::from(row.build()));
        kept.map_err(|error| faults::store(&error))?;
        self.remember(place, filter);
        Ok(())
    }

    /// Removes a filter; whether there was one.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) fn remove(&self, place: &Place, kind: Kind, name: &str) -> Result<bool, StoreError> {
        let change = self.records.change();
        let mut known = self.known();
        let mut all = known
            .get(place)
            .map(|all| Of::clone(all))
            .unwrap_or_default();
        let was_there = all.remove(&(kind, name.to_owned())).is_some();
        if was_there {
            change.remove(&key(place, kind, name))?;
            known.insert(place.clone(), Arc::new(all));
        }
        Ok(was_there)
    }

    /// Removes the filters of a group.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) fn forget(&self, place: &Place) -> Result<(), StoreError> {
        for kind in [Kind::Metric, Kind::Subscription] {
            for filter in self.list(place, kind) {
                self.remove(place, kind, &filter.name)?;
            }
        }
        self.known().remove(place);
        Ok(())
    }

    fn remember(&self, place: &Place, filter: Filter) {
        let mut known = self.known();
        let mut all = known
            .get(place)
            .map(|all| Of::clone(all))
            .unwrap_or_default();
        all.insert((filter.kind, filter.name.clone()), Arc::new(filter));
        known.insert(place.clone(), Arc::new(all));
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Place, Arc<Of>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key<'a>(place: &'a Place, kind: Kind, name: &'a str) -> [&'a str; 5] {
    [
        kind.key(),
        &place.account,
        &place.region,
        &place.group,
        name,
    ]
}

/// What follows from `events`, in the eyes of `filters`.
pub(crate) fn deliveries(
    filters: &Of,
    place: &Place,
    stream: &str,
    events: &[KeptEvent],
) -> Vec<Delivery> {
    let each = filters.values().flat_map(|filter| match filter.kind {
        Kind::Metric => metrics(filter, place, events),
        Kind::Subscription => messages(filter, place, stream, events),
    });
    each.collect()
}

fn delivery(service: &str, operation: &str, parameters: Object, caller: Caller) -> Delivery {
    Delivery {
        service: service.into(),
        operation: operation.into(),
        parameters: Json::from(parameters),
        caller,
        retry: Retry::default(),
        dead_letter: None,
        group: None,
        note: Json::Null,
    }
}

/// Messages for the function of a subscription.
fn messages(filter: &Filter, place: &Place, stream: &str, events: &[KeptEvent]) -> Vec<Delivery> {
    let destination = filter.given.get("destinationArn").and_then(Json::as_str);
    let Some(arn) = destination.and_then(|arn| Arn::parse(arn).ok()) else {
        return Vec::new();
    };
    let caller = AccountId::parse(arn.account())
        .ok()
        .zip(Region::parse(arn.region()).ok());
    let Some((account, region)) = caller else {
        return Vec::new();
    };
    let caller = Caller { account, region };
    let mut wanted = events
        .iter()
        .filter(|event| filter.pattern.matches(&event.message))
        .peekable();
    let mut deliveries = Vec::new();
    while wanted.peek().is_some() {
        let (mut shown, mut bytes) = (Vec::new(), 0);
        while let Some(event) =
            wanted.next_if(|it| bytes == 0 || bytes + it.message.len() < MESSAGE_BYTES_MAX)
        {
            bytes += event.message.len().max(1);
            let mut one = ObjectBuilder::new();
            one.insert("id", event.id())
                .insert("timestamp", event.at)
                .insert("message", event.message.as_str());
            shown.push(Json::from(one.build()));
        }
        let mut message = ObjectBuilder::new();
        message
            .insert("messageType", "DATA_MESSAGE")
            .insert("owner", place.account.as_str())
            .insert("logGroup", place.group.as_str())
            .insert("logStream", stream)
            .insert(
                "subscriptionFilters",
                vec![Json::from(filter.name.as_str())],
            )
            .insert("logEvents", shown);
        let text = Json::from(message.build()).to_text();
        let data = Object::default().with("data", STANDARD.encode(gzip::packed(text.as_bytes())));
        let payload = Json::from(Object::default().with("awslogs", data));
        let parameters = Object::default()
            .with("FunctionName", arn.as_str())
            .with("InvocationType", "Event")
            .with("Payload", payload.to_text());
        deliveries.push(delivery("lambda", "Invoke", parameters, caller.clone()));
    }
    deliveries
}

/// Values by minute and dimensions.
type Values = BTreeMap<(i64, Vec<(String, String)>), Vec<f64>>;

/// Figures for CloudWatch.
fn metrics(filter: &Filter, place: &Place, events: &[KeptEvent]) -> Vec<Delivery> {
    let caller = AccountId::parse(&place.account)
        .ok()
        .zip(Region::parse(&place.region).ok());
    let transformations = filter
        .given
        .get("metricTransformations")
        .and_then(Json::as_array);
    let (Some((account, region)), Some(transformations)) = (caller, transformations) else {
        return Vec::new();
    };
    let caller = Caller { account, region };
    let found: Vec<(i64, Option<Found>)> = events
        .iter()
        .map(|event| (event.at, filter.pattern.find(&event.message)))
        .collect();
    let mut deliveries = Vec::new();
    for transformation in transformations {
        let text = |member: &str| transformation.get(member).and_then(Json::as_str);
        let (Some(namespace), Some(name)) = (text("metricNamespace"), text("metricName")) else {
            continue;
        };
        let data: Vec<Json> = values(transformation, &found)
            .into_iter()
            .flat_map(|(key, values)| data(name, text("unit"), &key, &values))
            .collect();
        for part in data.chunks(DATA_MAX) {
            let parameters = Object::default()
                .with("Namespace", namespace)
                .with("MetricData", part.to_vec());
            deliveries.push(delivery(
                "monitoring",
                "PutMetricData",
                parameters,
                caller.clone(),
            ));
        }
    }
    deliveries
}

fn values(transformation: &Json, found: &[(i64, Option<Found>)]) -> Values {
    let selector = transformation
        .get("metricValue")
        .and_then(Json::as_str)
        .unwrap_or("1");
    let dimensions = transformation.get("dimensions").and_then(Json::as_object);
    let mut values = Values::new();
    for (at, event) in found {
        let Some(event) = event else { continue };
        let value = match selector.starts_with('$') {
            true => event.value(selector),
            false => Some(selector.to_owned()),
        };
        let Some(value) = value
            .and_then(|value| value.parse().ok())
            .filter(|it: &f64| it.is_finite())
        else {
            continue;
        };
        let dimensions = dimensions.into_iter().flat_map(Object::iter);
        let dimensions = dimensions.filter_map(|(name, selector)| {
            Some((name.to_string(), event.value(selector.as_str()?)?))
        });
        let key = (at.div_euclid(MINUTE) * MINUTE, dimensions.collect());
        values.entry(key).or_default().push(value);
    }
    let default = transformation.get("defaultValue").and_then(Json::as_f64);
    if let (true, Some(default), Some((at, _))) = (values.is_empty(), default, found.last()) {
        values.insert((at.div_euclid(MINUTE) * MINUTE, Vec::new()), vec![default]);
    }
    values
}

fn data(
    name: &str,
    unit: Option<&str>,
    (at, dimensions): &(i64, Vec<(String, String)>),
    values: &[f64],
) -> Vec<Json> {
    let dimensions: Vec<Json> = dimensions
        .iter()
        .map(|(name, value)| {
            let dimension = Object::default()
                .with("Name", name.as_str())
                .with("Value", value.as_str());
            Json::from(dimension)
        })
        .collect();
    let part = |values: &[f64]| {
        let mut datum = ObjectBuilder::new();
        datum
            .insert("MetricName", name)
            .insert("Timestamp", at / 1000)
            .insert(
                "Values",
                values.iter().map(|it| Json::from(*it)).collect::<Vec<_>>(),
            )
            .insert("Dimensions", dimensions.clone())
            .insert_some("Unit", unit);
        Json::from(datum.build())
    };
    values.chunks(VALUES_MAX).map(part).collect()
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn event(at: i64, message: &str) -> KeptEvent {
        KeptEvent {
            at,
            sequence: 1,
            ingested_at: 0,
            message: message.to_owned(),
        }
    }

    fn place() -> Place {
        Place {
            account: "123456789012".to_owned(),
            region: "us-east-1".to_owned(),
            group: "g".to_owned(),
        }
    }

    fn deliver(kind: Kind, given: &Json, events: &[KeptEvent]) -> Vec<Json> {
        let filter = Filter::of(kind, given.as_object().unwrap().clone()).unwrap();
        let all: Of = [((kind, filter.name.clone()), Arc::new(filter))].into();
        let made = deliveries(&all, &place(), "s", events);
        made.into_iter()
            .map(|delivery| delivery.parameters)
            .collect()
    }

    #[test]
    fn events_become_values() {
        let given = json!({"filterName": "f", "filterPattern": "{ $.ms > 1 }", "metricTransformations": [{
            "metricName": "Latency", "metricNamespace": "N", "metricValue": "$.ms", "unit": "Milliseconds", "defaultValue": 0,
            "dimensions": {"Path": "$.path"}}]});
        let events = [
            event(60_001, r#"{"ms":5,"path":"/a"}"#),
            event(60_002, r#"{"ms":7.5,"path":"/a"}"#),
            event(60_003, r#"{"ms":1,"path":"/a"}"#),
        ];
        let expect = json!({"Namespace": "N", "MetricData": [{"MetricName": "Latency", "Timestamp": 60, "Values": [5.0, 7.5],
            "Dimensions": [{"Name": "Path", "Value": "/a"}], "Unit": "Milliseconds"}]});
        assert_eq!(deliver(Kind::Metric, &given, &events), [expect]);
        let none = deliver(Kind::Metric, &given, &[event(0, "x")]);
        assert_eq!(none[0].pointer("/MetricData/0/Values"), Some(&json!([0.0])));
    }

    #[test]
    fn events_become_messages_that_are_not_too_large() {
        let given = json!({"filterName": "f", "filterPattern": "x",
            "destinationArn": "arn:aws:lambda:us-east-1:123456789012:function:f"});
        let long = "x".repeat(100_000);
        let events = [
            event(1, &long),
            event(2, "y"),
            event(3, &long),
            event(4, "x"),
        ];
        let made = deliver(Kind::Subscription, &given, &events);
        assert_eq!(made.len(), 2);
        let payload = Json::parse(made[0].get("Payload").unwrap().as_str().unwrap()).unwrap();
        let data = payload.pointer("/awslogs/data").unwrap().as_str().unwrap();
        assert!(data.starts_with("H4sI"), "{data}");
    }
}
