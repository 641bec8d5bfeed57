//! The history of alarms.

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::Changing;
use passo_service::Fault;
use passo_store::Batch;

use crate::alarm::{Alarm, State};
use crate::request::seconds;
use crate::service::Shared;
use crate::{faults, quotas};

/// What happened to an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemType {
    ConfigurationUpdate,
    StateUpdate,
    Action,
}

impl ItemType {
    fn name(self) -> &'static str {
        match self {
            ItemType::ConfigurationUpdate => "ConfigurationUpdate",
            ItemType::StateUpdate => "StateUpdate",
            ItemType::Action => "Action",
        }
    }
}

/// Puts an item into `batch`. Items of the same time stay in order.
pub(crate) fn put(
    shared: &Shared,
    change: &Changing<'_>,
    batch: &mut Batch,
    alarm: &Alarm,
    (kind, summary, data): (ItemType, &str, Json),
) {
    let now = shared.now();
    let mut row = ObjectBuilder::new();
    row.insert("AlarmName", alarm.name.as_str())
        .insert(
            "AlarmType",
            match alarm.rule() {
                Some(_) => "CompositeAlarm",
                None => "MetricAlarm",
            },
        )
        .insert("Timestamp", seconds(now))
        .insert("HistoryItemType", kind.name())
        .insert("HistorySummary", summary)
        .insert("HistoryData", data.to_text());
    let place = format!("{:020}-{:020}", now.max(0), shared.next_item());
    let key = ["history", &*alarm.account, &*alarm.region, &*place];
    change.put_into(batch, &key, &Json::from(row.build()));
}

/// What `HistoryData` says of a new state.
pub(crate) fn state_update(before: &State, now: &State) -> Json {
    let state = |state: &State| {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("stateValue", state.value.name())
            .insert("stateReason", state.reason.as_str());
        if let Some(data) = state
            .reason_data
            .as_deref()
            .and_then(|it| Json::parse(it).ok())
        {
            shown.insert("stateReasonData", data);
        }
        shown.build()
    };
    let mut data = ObjectBuilder::new();
    data.insert("version", "1.0")
        .insert("oldState", state(before))
        .insert("newState", state(now));
    Json::from(data.build())
}

/// What `HistoryData` says of a new configuration.
pub(crate) fn configuration_update(kind: &str, alarm: &Alarm) -> Json {
    let mut data = ObjectBuilder::new();
    data.insert("version", "1.0")
        .insert("type", kind)
        .insert("updatedAlarm", Object::clone(&alarm.given));
    Json::from(data.build())
}

/// The items of a place, the oldest first; those that are too old are gone.
pub(crate) fn items(
    shared: &Shared,
    account: &str,
    region: &str,
) -> Result<Vec<(String, Json)>, Fault> {
    let items = shared.records.list(&["history", account, region]);
    let mut items = items.map_err(|error| faults::store(&error))?;
    let oldest = shared.now().saturating_sub(quotas::HISTORY_MILLIS);
    let first = format!("{:020}", oldest.max(0));
    let old: Vec<String> = items
        .iter()
        .map(|(place, _)| place.clone())
        .take_while(|place| *place < first)
        .collect();
    if !old.is_empty() {
        let change = shared.records.change();
        for place in &old {
            let gone = change.remove(&["history", account, region, place]);
            gone.map_err(|error| faults::store(&error))?;
        }
        items.drain(..old.len());
    }
    Ok(items)
}
