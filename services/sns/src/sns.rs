//! The service: what it is made of, and which operation is whose.

use std::sync::{Arc, Mutex};

use passo_delivery::{Outbox, Plain};
use passo_json::{Json, Object};
use passo_records::{Parameters, Records};
use passo_runtime::{Clock, Entropy, InFlight};
use passo_service::{BoxFuture, Call, Fault, Peers, Service};
use passo_store::{Space, Store, StoreError};

use crate::address::Address;
use crate::deduplication::Deduplication;
use crate::quotas::AT_WORK_MAX;
use crate::signing::Signer;
use crate::subscription::Subscription;
use crate::topic::Topic;
use crate::{api, faults};

/// What the service needs.
pub struct Ports {
    /// Where topics, subscriptions and deliveries are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids and tokens.
    pub entropy: Arc<dyn Entropy>,
    /// Where virtual time is held while something is delivered.
    pub in_flight: InFlight,
    /// Who gets messages: `sqs`, `lambda`, and the services of [`crate::HTTP`] and [`crate::MAIL`].
    pub peers: Peers,
    /// The beginning of URLs that lead here, without a slash at its end: `http://127.0.0.1:4566`.
    pub endpoint: String,
    /// Who signs messages.
    pub signer: Arc<dyn Signer>,
}

/// SNS.
pub struct Sns {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    pub(crate) endpoint: String,
    pub(crate) signer: Arc<dyn Signer>,
    pub(crate) topics: Records,
    /// Below the key of their topic.
    pub(crate) subscriptions: Records,
    /// Platform applications, their endpoints, and settings of text messages.
    pub(crate) platform: Records,
    pub(crate) outbox: Outbox,
    pub(crate) deduplication: Mutex<Deduplication>,
}

impl Sns {
    /// The service over what is in the store; deliveries go on. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn open(ports: Ports) -> Result<Sns, StoreError> {
        let outbox = Outbox::open(passo_delivery::Ports {
            store: Arc::clone(&ports.store),
            space: Space::new("sns-delivery"),
            clock: Arc::clone(&ports.clock),
            entropy: Arc::clone(&ports.entropy),
            in_flight: ports.in_flight,
            peers: ports.peers,
            judge: Arc::new(Plain),
            at_work_max: AT_WORK_MAX,
        })?;
        let deduplication = Deduplication::read(ports.store.as_ref())?;
        let records = |name| Records::new(Arc::clone(&ports.store), Space::new(name));
        Ok(Sns {
            topics: records("sns-topic"),
            subscriptions: records("sns-subscription"),
            platform: records("sns-platform"),
            store: Arc::clone(&ports.store),
            clock: ports.clock,
            entropy: ports.entropy,
            endpoint: ports.endpoint,
            signer: ports.signer,
            outbox,
            deduplication: Mutex::new(deduplication),
        })
    }

    /// Ends deliveries; they go on after the next start.
    pub fn stop(&self) {
        self.outbox.stop();
    }

    /// An id that nobody else has.
    pub(crate) fn uuid(&self) -> String {
        passo_vocab::Entropy::from_seed(self.entropy.seed()).uuid_v4()
    }

    /// A token that nobody can guess.
    pub(crate) fn token(&self) -> String {
        let words = (0..8).map(|_| format!("{:016x}", self.entropy.seed()));
        words.collect()
    }

    /// The topic at an address.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn topic(&self, address: &Address) -> Result<Topic, Fault> {
        let row = self.topics.find(&address.key());
        let row = row.map_err(|error| faults::store(&error))?;
        row.as_ref()
            .and_then(Topic::decode)
            .ok_or_else(faults::no_topic)
    }

    /// The subscriptions of a topic.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(crate) fn subscriptions(&self, topic: &Address) -> Result<Vec<Subscription>, Fault> {
        let rows = self.subscriptions.list(&topic.key());
        let rows = rows.map_err(|error| faults::store(&error))?;
        Ok(rows
            .iter()
            .filter_map(|(_, row)| Subscription::decode(row))
            .collect())
    }

    fn answer(&self, request: Parameters<'_>) -> Result<Json, Fault> {
        match &*request.call.operation {
            "CreateTopic" => api::topics::create(self, request),
            "DeleteTopic" => api::topics::delete(self, request),
            "ListTopics" => api::topics::list(self, request),
            "GetTopicAttributes" => api::topics::get_attributes(self, request),
            "SetTopicAttributes" => api::topics::set_attributes(self, request),
            "AddPermission" => api::topics::add_permission(self, request),
            "RemovePermission" => api::topics::remove_permission(self, request),
            "Subscribe" => api::subscriptions::subscribe(self, request),
            "ConfirmSubscription" => api::subscriptions::confirm(self, request),
            "Unsubscribe" => api::subscriptions::unsubscribe(self, request),
            "ListSubscriptions" => api::subscriptions::list(self, request),
            "ListSubscriptionsByTopic" => api::subscriptions::list_by_topic(self, request),
            "GetSubscriptionAttributes" => api::subscriptions::get_attributes(self, request),
            "SetSubscriptionAttributes" => api::subscriptions::set_attributes(self, request),
            "Publish" => api::publish::publish(self, request),
            "PublishBatch" => api::publish::batch(self, request),
            "TagResource" => api::tags::tag(self, request),
            "UntagResource" => api::tags::untag(self, request),
            "ListTagsForResource" => api::tags::list(self, request),
            "SetSMSAttributes" => api::sms::set_attributes(self, request),
            "GetSMSAttributes" => api::sms::get_attributes(self, request),
            "CheckIfPhoneNumberIsOptedOut" => Ok(passo_json::json!({"isOptedOut": false})),
            "ListPhoneNumbersOptedOut" => Ok(passo_json::json!({"phoneNumbers": []})),
            "OptInPhoneNumber" => Ok(nothing()),
            "CreatePlatformApplication" => api::platform::create_application(self, request),
            "DeletePlatformApplication" => {
                api::platform::delete(self, request, "PlatformApplicationArn")
            }
            "ListPlatformApplications" => api::platform::list_applications(self, request),
            "GetPlatformApplicationAttributes" => {
                api::platform::get_attributes(self, request, "PlatformApplicationArn")
            }
            "SetPlatformApplicationAttributes" => {
                api::platform::set_attributes(self, request, "PlatformApplicationArn")
            }
            "CreatePlatformEndpoint" => api::platform::create_endpoint(self, request),
            "DeleteEndpoint" => api::platform::delete(self, request, "EndpointArn"),
            "ListEndpointsByPlatformApplication" => api::platform::list_endpoints(self, request),
            "GetEndpointAttributes" => api::platform::get_attributes(self, request, "EndpointArn"),
            "SetEndpointAttributes" => api::platform::set_attributes(self, request, "EndpointArn"),
            other => Err(faults::unknown_operation(other)),
        }
    }
}

impl Service for Sns {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.answer(Parameters { call: &call }) })
    }
}

/// The answer of operations that have none.
pub(crate) fn nothing() -> Json {
    Json::from(Object::default())
}
