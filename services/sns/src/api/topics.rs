//! Topics: making, changing, listing and deleting them.

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::Parameters;
use passo_service::Fault;

use super::{listed, one, required};
use crate::address::Address;
use crate::faults;
use crate::sns::{Sns, nothing};
use crate::topic::{self, Topic};

pub(crate) fn create(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of(&request.call.caller, required(&request, "Name")?)?;
    let given = request.map("Attributes");
    for (name, value) in &given {
        topic::check(name, value, &address)?;
    }
    if address.is_fifo() && given.get("FifoTopic").is_none_or(|value| value != "true") {
        return Err(faults::invalid(
            "Topic Name Reason: a name that ends with .fifo is that of a FIFO topic",
        ));
    }
    let tags = super::tags::read(&request)?;
    topic::check_tags(&tags)?;
    let change = sns.topics.change();
    match sns.topic(&address) {
        Ok(known) => {
            let differs = given
                .iter()
                .any(|(name, value)| known.attributes.get(name) != Some(value));
            if differs {
                return Err(faults::invalid(
                    "Attributes Reason: Topic already exists with different attributes",
                ));
            }
            if !tags.is_empty() && tags != known.tags {
                return Err(faults::invalid(
                    "Tags Reason: Topic already exists with different tags",
                ));
            }
        }
        Err(fault) if fault.status == 404 => {
            let topic = Topic {
                attributes: given,
                tags,
                deleted: 0,
            };
            change
                .put(&address.key(), &topic.encode())
                .map_err(|error| faults::store(&error))?;
        }
        Err(fault) => return Err(fault),
    }
    Ok(one("TopicArn", address.arn()))
}

/// Deleting what is not there succeeds.
pub(crate) fn delete(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    let topics = sns.topics.change();
    let subscriptions = sns.subscriptions.change();
    topics
        .remove(&address.key())
        .and_then(|()| subscriptions.remove(&address.key()))
        .map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

pub(crate) fn list(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let (account, region) = (request.account(), request.region());
    let rows = sns.topics.list(&[account, region]);
    let rows = rows.map_err(|error| faults::store(&error))?;
    let topics = rows.into_iter().map(|(name, _)| {
        let arn = format!("arn:aws:sns:{region}:{account}:{name}");
        (name, one("TopicArn", arn))
    });
    Ok(listed(&request, "Topics", topics.collect()))
}

pub(crate) fn get_attributes(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    let topic = sns.topic(&address)?;
    let subscriptions = sns.subscriptions(&address)?;
    let confirmed = subscriptions.iter().filter(|it| it.is_confirmed()).count();
    let pending = subscriptions.len() - confirmed;
    Ok(one("Attributes", topic.show(&address, confirmed, pending)))
}

pub(crate) fn set_attributes(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    let name = required(&request, "AttributeName")?;
    let value = request.text("AttributeValue").unwrap_or_default();
    if name == "FifoTopic" {
        return Err(faults::invalid("AttributeName"));
    }
    topic::check(name, value, &address)?;
    update(sns, &address, |topic| {
        if value.is_empty() {
            topic.attributes.remove(name);
        } else {
            topic.attributes.insert(name.to_owned(), value.to_owned());
        }
        Ok(())
    })
}

/// Changes a topic's row.
///
/// # Errors
/// Where there is no such topic, `change` refuses, or the store fails.
pub(crate) fn update(
    sns: &Sns,
    address: &Address,
    change: impl FnOnce(&mut Topic) -> Result<(), Fault>,
) -> Result<Json, Fault> {
    let changing = sns.topics.change();
    let mut topic = sns.topic(address)?;
    change(&mut topic)?;
    changing
        .put(&address.key(), &topic.encode())
        .map_err(|error| faults::store(&error))?;
    Ok(nothing())
}

/// A statement of the topic's policy, kept as it is: nobody is kept from anything.
/// What others can be allowed to do with a topic. Source: SNS Developer Guide, "Amazon SNS API permissions".
const ACTIONS: [&str; 9] = [
    "AddPermission",
    "DeleteTopic",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "Publish",
    "Receive",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
];

pub(crate) fn add_permission(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    let label = required(&request, "Label")?;
    let accounts: Vec<Json> = request
        .texts("AWSAccountId")
        .iter()
        .map(|account| Json::from(format!("arn:aws:iam::{account}:root")))
        .collect();
    let actions: Vec<Json> = request
        .texts("ActionName")
        .iter()
        .map(|action| Json::from(format!("SNS:{action}")))
        .collect();
    let known = |action: &&str| ACTIONS.contains(action);
    if !request.texts("ActionName").iter().all(known) {
        let message = "Policy statement action out of service scope!";
        return Err(faults::invalid(message));
    }
    let mut statement = ObjectBuilder::new();
    statement
        .insert("Sid", label)
        .insert("Effect", "Allow")
        .insert("Principal", one("AWS", accounts))
        .insert("Action", actions)
        .insert("Resource", address.arn());
    let statement = Json::from(statement.build());
    update(sns, &address, |topic| {
        let mut statements = statements(topic);
        if statements.iter().any(|one| is_labelled(one, label)) {
            return Err(faults::invalid("Statement already exists"));
        }
        statements.push(statement);
        put_statements(topic, statements);
        Ok(())
    })
}

pub(crate) fn remove_permission(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = Address::of_arn(required(&request, "TopicArn")?, "TopicArn")?;
    let label = required(&request, "Label")?;
    update(sns, &address, |topic| {
        let mut statements = statements(topic);
        statements.retain(|one| !is_labelled(one, label));
        put_statements(topic, statements);
        Ok(())
    })
}

fn is_labelled(statement: &Json, label: &str) -> bool {
    statement.get("Sid").and_then(Json::as_str) == Some(label)
}

fn statements(topic: &Topic) -> Vec<Json> {
    let policy = topic.attributes.get("Policy");
    let policy = policy.and_then(|text| Json::parse(text).ok());
    let list = policy.as_ref().and_then(|policy| policy.get("Statement"));
    list.and_then(Json::as_array)
        .map(|list| list.to_vec())
        .unwrap_or_default()
}

fn put_statements(topic: &mut Topic, statements: Vec<Json>) {
    let policy: Object = [
        ("Version", Json::from("2008-10-17")),
        ("Id", Json::from("__default_policy_ID")),
        ("Statement", Json::from(statements)),
    ]
    .into_iter()
    .collect();
    let policy = Json::from(policy).to_text();
    topic.attributes.insert("Policy".to_owned(), policy);
}
