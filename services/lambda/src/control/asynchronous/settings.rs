//! How a function takes events: `PutFunctionEventInvokeConfig` and its like.

use passo_json::{Json, ObjectBuilder};
use passo_records::Records;
use passo_service::Fault;
use passo_store::StoreError;
use passo_vocab::Timestamp;

use super::super::faults;
use super::super::request::Target;
use super::super::times::epoch_seconds;

/// The version that is meant where the caller names none.
const LATEST: &str = "$LATEST";

/// The settings of one version or alias. What is not set has AWS's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct EventSetting {
    pub(in super::super) retries_max: Option<u32>,
    pub(in super::super) age_max_seconds: Option<i64>,
    /// ARN of what gets the record of a success.
    pub(in super::super) on_success: Option<String>,
    /// ARN of what gets the record of a failure.
    pub(in super::super) on_failure: Option<String>,
    pub(in super::super) modified_at_millis: i64,
}

impl EventSetting {
    /// Attempts after the first one. Source: Lambda API Reference, `MaximumRetryAttempts`.
    pub(super) fn retries(&self) -> u32 {
        self.retries_max.unwrap_or(2)
    }

    /// How long an event is kept. Source: Lambda API Reference, `MaximumEventAgeInSeconds`.
    pub(super) fn age_max_millis(&self) -> i64 {
        self.age_max_seconds.unwrap_or(21_600).saturating_mul(1000)
    }

    /// As the API shows it.
    pub(in super::super) fn show(&self, target: &Target) -> Json {
        let qualifier = target.qualifier.as_deref().unwrap_or(LATEST);
        let modified = Timestamp::from_epoch_millis(self.modified_at_millis);
        let mut shown = ObjectBuilder::new();
        shown
            .insert("LastModified", epoch_seconds(modified))
            .insert("FunctionArn", format!("{}:{qualifier}", target.arn()))
            .insert_some("MaximumRetryAttempts", self.retries_max.map(i64::from))
            .insert_some("MaximumEventAgeInSeconds", self.age_max_seconds)
            .insert("DestinationConfig", self.destinations());
        Json::from(shown.build())
    }

    fn destinations(&self) -> Json {
        let mut destinations = ObjectBuilder::new();
        for (name, arn) in [
            ("OnSuccess", &self.on_success),
            ("OnFailure", &self.on_failure),
        ] {
            let mut destination = ObjectBuilder::new();
            destination.insert_some("Destination", arn.as_deref());
            destinations.insert(name, destination.build());
        }
        Json::from(destinations.build())
    }

    fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("Format", 1)
            .insert_some("Retries", self.retries_max.map(i64::from))
            .insert_some("Age", self.age_max_seconds)
            .insert_some("OnSuccess", self.on_success.as_deref())
            .insert_some("OnFailure", self.on_failure.as_deref())
            .insert("ModifiedAt", self.modified_at_millis);
        Json::from(row.build())
    }

    fn decode(row: &Json) -> EventSetting {
        let number = |member: &str| row.get(member).and_then(Json::as_i64);
        let text = |member: &str| row.get(member).and_then(Json::as_str).map(str::to_owned);
        EventSetting {
            retries_max: number("Retries").and_then(|retries| u32::try_from(retries).ok()),
            age_max_seconds: number("Age"),
            on_success: text("OnSuccess"),
            on_failure: text("OnFailure"),
            modified_at_millis: number("ModifiedAt").unwrap_or(0),
        }
    }
}

/// The settings of all functions.
pub(in super::super) struct EventSettings {
    records: Records,
}

impl EventSettings {
    pub(in super::super) fn new(records: Records) -> EventSettings {
        EventSettings { records }
    }

    pub(in super::super) fn find(&self, target: &Target) -> Result<Option<EventSetting>, Fault> {
        let row = self.records.find(&key(target)).map_err(unreadable)?;
        Ok(row.as_ref().map(EventSetting::decode))
    }

    /// Changes what is set. `change` gets what is there.
    pub(in super::super) fn change(
        &self,
        target: &Target,
        change: impl FnOnce(Option<EventSetting>) -> Result<EventSetting, Fault>,
    ) -> Result<EventSetting, Fault> {
        let changing = self.records.change();
        let setting = change(self.find(target)?)?;
        let put = changing.put(&key(target), &setting.encode());
        put.map_err(unreadable)?;
        Ok(setting)
    }

    /// Whether there was something to remove.
    pub(in super::super) fn remove(&self, target: &Target) -> Result<bool, Fault> {
        let changing = self.records.change();
        let found = self.find(target)?.is_some();
        changing.remove(&key(target)).map_err(unreadable)?;
        Ok(found)
    }

    /// Removes those of all versions and aliases.
    pub(in super::super) fn forget(&self, target: &Target) -> Result<(), Fault> {
        let [account, region, name, _] = key(target);
        let changing = self.records.change();
        changing
            .remove(&[account, region, name])
            .map_err(unreadable)
    }

    /// Those of all versions and aliases, by qualifier.
    pub(in super::super) fn list(
        &self,
        target: &Target,
    ) -> Result<Vec<(String, EventSetting)>, Fault> {
        let [account, region, name, _] = key(target);
        let rows = self.records.list(&[account, region, name]);
        let rows = rows.map_err(unreadable)?.into_iter();
        Ok(rows
            .map(|(qualifier, row)| (qualifier, EventSetting::decode(&row)))
            .collect())
    }
}

fn key(target: &Target) -> [&str; 4] {
    let qualifier = target.qualifier.as_deref().unwrap_or(LATEST);
    [&target.account, &target.region, &target.name, qualifier]
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what `map_err` hands over"
)]
fn unreadable(error: StoreError) -> Fault {
    faults::store(&error)
}
