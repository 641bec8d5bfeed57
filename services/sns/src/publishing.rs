//! Publishing: a message becomes a delivery for each subscription that wants it, all of them durable together.

use std::sync::PoisonError;

use passo_delivery::{DeadLetter, Delivery, Ticket};
use passo_json::{Json, Object, ObjectBuilder};
use passo_service::{Caller, Fault};
use passo_store::{Batch, Durability};
use passo_vocab::{Arn, Timestamp};

use crate::address::{Address, owner};
use crate::deduplication::{self, Deduplication, Original};
use crate::message::Message;
use crate::notification::{Confirmation, Notification};
use crate::protocol::Protocol;
use crate::sns::Sns;
use crate::subscription::Subscription;
use crate::topic::Topic;
use crate::{HTTP, MAIL, faults, filter};

/// A message that was published.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    pub(crate) id: String,
    pub(crate) sequence_number: Option<String>,
}

/// What the deliveries of one message have in common.
struct Issue<'a> {
    sns: &'a Sns,
    address: &'a Address,
    topic: &'a Topic,
    message: &'a Message,
    published: &'a Published,
    at: Timestamp,
}

impl Sns {
    /// Publishes messages to a topic: when this returns they are durable.
    ///
    /// # Errors
    /// For each what is wrong with it; for all where the store fails.
    pub(crate) fn publish(
        &self,
        address: &Address,
        topic: &Topic,
        messages: &[Result<Message, Fault>],
    ) -> Result<Vec<Result<Published, Fault>>, Fault> {
        let subscriptions = self.subscriptions(address)?;
        // One publish at a time reads and writes deduplication ids, and gives numbers in the order of deliveries.
        let mut deduplication = self
            .deduplication
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let at = self.clock.now();
        let mut batch = Batch::new();
        let mut tickets = Vec::new();
        let mut outcomes = Vec::with_capacity(messages.len());
        let mut originals: Vec<([u8; 16], Original)> = Vec::new();
        for message in messages {
            let outcome = message.clone().and_then(|mut message| {
                let mut published = Published {
                    id: self.uuid(),
                    sequence_number: None,
                };
                if let Some(hash) = hash(address, topic, &mut message)? {
                    let now = at.epoch_millis();
                    let in_batch = originals.iter().find(|(known, _)| *known == hash);
                    let known = in_batch.map(|(_, original)| original.clone());
                    let known = known.or_else(|| deduplication.find(&hash, now, &mut batch));
                    if let Some(original) = known {
                        return Ok(Published {
                            id: original.id,
                            sequence_number: Some(original.sequence_number),
                        });
                    }
                    let number = deduplication.number(now);
                    let original = Original {
                        id: published.id.clone(),
                        sequence_number: number.clone(),
                        at: now,
                    };
                    Deduplication::put(&mut batch, &hash, &original);
                    originals.push((hash, original));
                    published.sequence_number = Some(number);
                }
                let issue = Issue {
                    sns: self,
                    address,
                    topic,
                    message: &message,
                    published: &published,
                    at,
                };
                tickets.extend(issue.put(&subscriptions, &mut batch));
                Ok(published)
            });
            outcomes.push(outcome);
        }
        self.store
            .commit(&batch, Durability::Synced)
            .map_err(|error| faults::store(&error))?;
        for (hash, original) in originals {
            deduplication.insert(hash, original);
        }
        drop(deduplication);
        for ticket in tickets {
            self.outbox.let_go(ticket);
        }
        Ok(outcomes)
    }

    /// Sends a text message to a telephone, which has no topic.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) fn text(
        &self,
        caller: &Caller,
        number: &str,
        message: &Message,
    ) -> Result<Published, Fault> {
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("PhoneNumber", number)
            .insert("Message", message.body(Protocol::Sms));
        let delivery = plain(caller, MAIL, "SendSms", Json::from(parameters.build()));
        self.outbox
            .send(vec![delivery])
            .map_err(|error| faults::store(&error))?;
        Ok(Published {
            id: self.uuid(),
            sequence_number: None,
        })
    }

    /// Asks the endpoint of a subscription that is not confirmed.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) fn ask(
        &self,
        address: &Address,
        topic: &Topic,
        caller: &Caller,
        subscription: &Subscription,
    ) -> Result<(), Fault> {
        let Some(token) = &subscription.token else {
            return Ok(());
        };
        let (id, topic_arn) = (self.uuid(), address.arn());
        let confirmation = Confirmation {
            id: &id,
            token,
            topic_arn: &topic_arn,
            at: self.clock.now(),
            signature_version: topic.signature_version(),
            endpoint: &self.endpoint,
        };
        let signer = self.signer.as_ref();
        let mut delivery = match subscription.protocol {
            Protocol::Http | Protocol::Https => {
                let headers = [
                    ("x-amz-sns-message-type", "SubscriptionConfirmation"),
                    ("x-amz-sns-message-id", &id),
                    ("x-amz-sns-topic-arn", &topic_arn),
                ];
                let body = confirmation.envelope(signer);
                post(caller, &subscription.endpoint, &headers, &body)
            }
            Protocol::Email | Protocol::EmailJson => {
                let body = if subscription.protocol == Protocol::EmailJson {
                    confirmation.envelope(signer)
                } else {
                    format!("{}\n\n{}\n", confirmation.text(), confirmation.url())
                };
                let subject = "AWS Notification - Subscription Confirmation";
                email(caller, &subscription.endpoint, subject, &body)
            }
            Protocol::Sqs
            | Protocol::Lambda
            | Protocol::Sms
            | Protocol::Application
            | Protocol::Firehose => return Ok(()),
        };
        delivery.retry = subscription.retry(None);
        self.outbox
            .send(vec![delivery])
            .map_err(|error| faults::store(&error))
    }
}

/// What stands for a message's deduplication id, where its topic has such.
fn hash(
    address: &Address,
    topic: &Topic,
    message: &mut Message,
) -> Result<Option<[u8; 16]>, Fault> {
    match message.deduplication_id {
        _ if address.is_fifo() => Ok(Some(fifo(address, topic, message)?)),
        Some(_) => Err(faults::invalid(
            "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
        )),
        None => Ok(None),
    }
}

/// What a FIFO topic wants of a message, and what stands for its deduplication id.
fn fifo(address: &Address, topic: &Topic, message: &mut Message) -> Result<[u8; 16], Fault> {
    let Some(group) = message.group.clone() else {
        return Err(faults::invalid(
            "The MessageGroupId parameter is required for FIFO topics",
        ));
    };
    if message.deduplication_id.is_none() {
        if !topic.is_on("ContentBasedDeduplication") {
            return Err(faults::invalid(
                "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
            ));
        }
        message.deduplication_id = Some(deduplication::of_content(&message.text));
    }
    let scope = topic.attributes.get("FifoThroughputScope");
    let by_group = scope.is_some_and(|scope| scope == "MessageGroup");
    let id = message.deduplication_id.as_deref().unwrap_or_default();
    Ok(deduplication::hash(
        &address.arn(),
        by_group.then_some(&*group),
        id,
    ))
}

impl Issue<'_> {
    fn put(&self, subscriptions: &[Subscription], batch: &mut Batch) -> Vec<Ticket> {
        let confirmed = subscriptions.iter().filter(|it| it.is_confirmed());
        confirmed
            .filter_map(|subscription| {
                let body = self.message.body(subscription.protocol);
                if !filter::wants(subscription, self.message, body) {
                    return None;
                }
                let delivery = self.delivery(subscription)?;
                Some(self.sns.outbox.put(batch, delivery))
            })
            .collect()
    }

    fn delivery(&self, subscription: &Subscription) -> Option<Delivery> {
        let subscription_arn = self.address.subscription_arn(&subscription.id);
        let topic_arn = self.address.arn();
        let notification = Notification {
            id: &self.published.id,
            sequence_number: self.published.sequence_number.as_deref(),
            topic_arn: &topic_arn,
            subscription_arn: &subscription_arn,
            subject: self.message.subject.as_deref(),
            text: self.message.body(subscription.protocol),
            attributes: &self.message.attributes,
            at: self.at,
            signature_version: self.topic.signature_version(),
            endpoint: &self.sns.endpoint,
        };
        let body = if subscription.is_raw() {
            notification.text.to_owned()
        } else {
            notification.envelope(self.sns.signer.as_ref())
        };
        let mut delivery = self.by_protocol(subscription, &notification, &body)?;
        let policy = self.topic.attributes.get("DeliveryPolicy");
        delivery.retry = subscription.retry(policy.map(String::as_str));
        delivery.dead_letter = subscription.dead_letter_queue().map(|arn| DeadLetter {
            message_group: arn.ends_with(".fifo").then(|| {
                let group = self.message.group.as_deref();
                group.unwrap_or_default().into()
            }),
            queue_arn: arn.into(),
            body: body.into(),
            attributes: self.letter_attributes(subscription),
        });
        if let Some(group) = &self.message.group
            && self.address.is_fifo()
        {
            delivery.group = Some(format!("{subscription_arn}/{group}").into());
        }
        Some(delivery)
    }

    fn by_protocol(
        &self,
        subscription: &Subscription,
        notification: &Notification<'_>,
        body: &str,
    ) -> Option<Delivery> {
        let endpoint = subscription.endpoint.as_str();
        let caller = owner(&Arn::parse(notification.topic_arn).ok()?)?;
        Some(match subscription.protocol {
            Protocol::Sqs => return self.to_queue(subscription, body),
            Protocol::Lambda => {
                let arn = Arn::parse(endpoint).ok()?;
                let event = notification.event(self.sns.signer.as_ref()).to_text();
                let mut parameters = ObjectBuilder::new();
                parameters
                    .insert("FunctionName", endpoint)
                    .insert("InvocationType", "Event")
                    .insert("Payload", event);
                let parameters = Json::from(parameters.build());
                plain(&owner(&arn)?, "lambda", "Invoke", parameters)
            }
            Protocol::Http | Protocol::Https => {
                let mut headers = vec![
                    ("x-amz-sns-message-type", "Notification"),
                    ("x-amz-sns-message-id", notification.id),
                    ("x-amz-sns-topic-arn", notification.topic_arn),
                    ("x-amz-sns-subscription-arn", notification.subscription_arn),
                ];
                if subscription.is_raw() {
                    headers.push(("x-amz-sns-rawdelivery", "true"));
                }
                post(&caller, endpoint, &headers, body)
            }
            Protocol::Email => {
                let subject = notification.subject.unwrap_or("AWS Notification Message");
                email(&caller, endpoint, subject, notification.text)
            }
            Protocol::EmailJson => email(&caller, endpoint, "AWS Notification Message", body),
            Protocol::Sms => {
                let mut parameters = ObjectBuilder::new();
                parameters
                    .insert("PhoneNumber", endpoint)
                    .insert("Message", notification.text);
                plain(&caller, MAIL, "SendSms", Json::from(parameters.build()))
            }
            // Nobody here could show a push message, or take a stream.
            Protocol::Application | Protocol::Firehose => return None,
        })
    }

    fn to_queue(&self, subscription: &Subscription, body: &str) -> Option<Delivery> {
        let queue = Arn::parse(&subscription.endpoint).ok()?;
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert(
                "QueueUrl",
                format!("http://localhost/{}/{}", queue.account(), queue.resource()),
            )
            .insert("MessageBody", body);
        if queue.resource().ends_with(".fifo") {
            parameters
                .insert_some("MessageGroupId", self.message.group.clone())
                .insert_some(
                    "MessageDeduplicationId",
                    self.message.deduplication_id.clone(),
                );
        } else if let Some(group) = &self.message.group {
            parameters.insert("MessageGroupId", group.as_str());
        }
        if subscription.is_raw() && !self.message.attributes.is_empty() {
            parameters.insert("MessageAttributes", self.message.attributes.clone());
        }
        let parameters = Json::from(parameters.build());
        Some(plain(&owner(&queue)?, "sqs", "SendMessage", parameters))
    }

    fn letter_attributes(&self, subscription: &Subscription) -> Json {
        if subscription.is_raw() {
            Json::from(self.message.attributes.clone())
        } else {
            Json::from(Object::default())
        }
    }
}

fn plain(caller: &Caller, service: &str, operation: &str, parameters: Json) -> Delivery {
    Delivery {
        service: service.into(),
        operation: operation.into(),
        parameters,
        caller: caller.clone(),
        retry: passo_delivery::Retry::default(),
        dead_letter: None,
        group: None,
        note: Json::Null,
    }
}

fn post(caller: &Caller, url: &str, headers: &[(&str, &str)], body: &str) -> Delivery {
    let fixed = [
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("User-Agent", "Amazon Simple Notification Service Agent"),
    ];
    let headers: Object = fixed
        .iter()
        .chain(headers)
        .map(|(name, value)| (*name, Json::from(*value)))
        .collect();
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("Url", url)
        .insert("Headers", headers)
        .insert("Body", body);
    plain(caller, HTTP, "Post", Json::from(parameters.build()))
}

fn email(caller: &Caller, to: &str, subject: &str, body: &str) -> Delivery {
    let mut parameters = ObjectBuilder::new();
    parameters
        .insert("To", to)
        .insert("Subject", subject)
        .insert("Body", body);
    plain(caller, MAIL, "SendEmail", Json::from(parameters.build()))
}
