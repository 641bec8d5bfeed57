//! Events.

use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};
use passo_vocab::Timestamp;

/// An event on its way. Source: EventBridge User Guide, "AWS events reference".
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: Arc<str>,
    pub(crate) detail_type: Arc<str>,
    pub(crate) source: Arc<str>,
    pub(crate) account: Arc<str>,
    pub(crate) region: Arc<str>,
    /// Milliseconds since 1970; shown to the second.
    pub(crate) at: i64,
    pub(crate) resources: Vec<Json>,
    pub(crate) detail: Json,
}

impl Event {
    /// The event as rules and targets see it.
    pub(crate) fn to_json(&self) -> Json {
        let whole_seconds = self.at.div_euclid(1000).saturating_mul(1000);
        let time = Timestamp::from_epoch_millis(whole_seconds).to_string();
        // Timestamps print milliseconds.
        let time = time.replace(".000Z", "Z");
        let mut event = ObjectBuilder::new();
        event
            .insert("version", "0")
            .insert("id", &*self.id)
            .insert("detail-type", &*self.detail_type)
            .insert("source", &*self.source)
            .insert("account", &*self.account)
            .insert("time", time)
            .insert("region", &*self.region)
            .insert("resources", self.resources.clone())
            .insert("detail", self.detail.clone());
        Json::from(event.build())
    }
}
