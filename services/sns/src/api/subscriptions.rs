//! Subscriptions: making, confirming, changing, listing and ending them.

use passo_json::Json;
use passo_records::Parameters;
use passo_service::Fault;

use super::{listed, one, required};
use crate::address::Address;
use crate::protocol::Protocol;
use crate::sns::{Sns, nothing};
use crate::subscription::{self, Subscription};
use crate::{api, faults};

/// Subscribing the same endpoint again yields the subscription that is there.
pub(crate) fn subscribe(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    let protocol = Protocol::parse(required(&request, "Protocol")?)?;
    let endpoint = request.text("Endpoint").unwrap_or_default();
    protocol.check(endpoint)?;
    let attributes = request.map("Attributes");
    for (name, value) in &attributes {
        subscription::check(name, value)?;
    }
    subscription::check_together(&attributes)?;
    if address.is_fifo() && protocol != Protocol::Sqs {
        let message = format!("Invalid protocol type: {}", protocol.name());
        return Err(faults::invalid(message));
    }
    let change = sns.subscriptions.change();
    let topic = sns.topic(&address)?;
    if endpoint.ends_with(".fifo") && protocol == Protocol::Sqs && !address.is_fifo() {
        return Err(faults::invalid(
            "Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
        ));
    }
    let known = sns
        .subscriptions(&address)?
        .into_iter()
        .find(|known| known.protocol == protocol && known.endpoint == endpoint);
    let shown = |subscription: &Subscription| {
        if subscription.is_confirmed() || request.flag("ReturnSubscriptionArn") {
            one(
                "SubscriptionArn",
                address.subscription_arn(&subscription.id),
            )
        } else {
            one("SubscriptionArn", "pending confirmation")
        }
    };
    let subscription = match known {
        Some(known)
            if attributes
                .iter()
                .any(|(name, value)| known.attributes.get(name) != Some(value)) =>
        {
            return Err(faults::invalid(
                "Attributes Reason: Subscription already exists with different attributes",
            ));
        }
        Some(known) if known.is_confirmed() => return Ok(shown(&known)),
        Some(known) => known,
        None => Subscription {
            id: sns.uuid(),
            protocol,
            endpoint: endpoint.to_owned(),
            owner: request.account().to_owned(),
            attributes,
            token: protocol.wants_confirmation().then(|| sns.token()),
            confirmed: !protocol.wants_confirmation(),
        },
    };
    let [account, region, name] = address.key();
    change
        .put(
            &[account, region, name, &subscription.id],
            &subscription.encode(),
        )
        .map_err(|error| faults::store(&error))?;
    drop(change);
    sns.ask(&address, &topic, &request.call.caller, &subscription)?;
    Ok(shown(&subscription))
}

pub(crate) fn confirm(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    let token = required(&request, "Token")?;
    let change = sns.subscriptions.change();
    sns.topic(&address)?;
    let all = sns.subscriptions(&address)?;
    let found = all
        .into_iter()
        .find(|known| known.token.as_deref() == Some(token));
    let mut subscription = found.ok_or_else(|| faults::invalid("Token"))?;
    subscription.confirmed = true;
    put(&change, &address, &subscription)?;
    Ok(one(
        "SubscriptionArn",
        address.subscription_arn(&subscription.id),
    ))
}

/// Ending what is not there succeeds.
pub(crate) fn unsubscribe(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let (address, id) = Address::of_subscription(required(&request, "SubscriptionArn")?)?;
    let known = sns
        .subscriptions(&address)?
        .iter()
        .any(|known| known.id == id);
    if !known {
        return Ok(nothing());
    }
    let [account, region, name] = address.key();
    sns.subscriptions
        .change()
        .remove(&[account, region, name, id])
        .map_err(|error| faults::store(&error))?;
    let counted = api::topics::update(sns, &address, |topic| {
        topic.deleted = topic.deleted.saturating_add(1);
        Ok(())
    });
    // The topic may be gone, the subscription is.
    counted.or_else(|fault| {
        if fault.status == 404 {
            Ok(nothing())
        } else {
            Err(fault)
        }
    })
}

pub(crate) fn list(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let (account, region) = (request.account(), request.region());
    let topics = sns.topics.list(&[account, region]);
    let topics = topics.map_err(|error| faults::store(&error))?;
    let mut found = Vec::new();
    for (name, _) in topics {
        let address = Address {
            account: account.to_owned(),
            region: region.to_owned(),
            name,
        };
        found.extend(shown(sns, &address)?);
    }
    Ok(listed(&request, "Subscriptions", found))
}

pub(crate) fn list_by_topic(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    sns.topic(&address)?;
    Ok(listed(&request, "Subscriptions", shown(sns, &address)?))
}

fn shown(sns: &Sns, address: &Address) -> Result<Vec<(String, Json)>, Fault> {
    let subscriptions = sns.subscriptions(address)?;
    let shown = subscriptions.iter().map(|subscription| {
        (
            format!("{}:{}", address.name, subscription.id),
            subscription.show(address),
        )
    });
    Ok(shown.collect())
}

pub(crate) fn get_attributes(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let (address, subscription) = find(sns, &request)?;
    Ok(one("Attributes", subscription.show_attributes(&address)))
}

pub(crate) fn set_attributes(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let name = required(&request, "AttributeName")?;
    let value = request.text("AttributeValue").unwrap_or_default();
    subscription::check(name, value)?;
    let change = sns.subscriptions.change();
    let (address, mut subscription) = find(sns, &request)?;
    if value.is_empty() {
        subscription.attributes.remove(name);
    } else {
        subscription
            .attributes
            .insert(name.to_owned(), value.to_owned());
    }
    subscription::check_together(&subscription.attributes)?;
    put(&change, &address, &subscription)?;
    Ok(nothing())
}

fn find(sns: &Sns, request: &Parameters<'_>) -> Result<(Address, Subscription), Fault> {
    let (address, id) = Address::of_subscription(required(request, "SubscriptionArn")?)?;
    let all = sns.subscriptions(&address)?;
    let found = all.into_iter().find(|known| known.id == id);
    Ok((address, found.ok_or_else(faults::no_subscription)?))
}

fn put(
    change: &passo_records::Changing<'_>,
    address: &Address,
    subscription: &Subscription,
) -> Result<(), Fault> {
    let [account, region, name] = address.key();
    change
        .put(
            &[account, region, name, &subscription.id],
            &subscription.encode(),
        )
        .map_err(|error| faults::store(&error))
}
