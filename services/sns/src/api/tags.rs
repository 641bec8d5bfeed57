//! Tags of topics.

use passo_json::{Json, ObjectBuilder};
use passo_records::Parameters;
use passo_service::Fault;

use super::topics::update;
use super::{one, required};
use crate::address::Address;
use crate::faults;
use crate::sns::Sns;
use crate::topic::{Texts, check_tags};

/// `Tags`: keys, which differ, and values.
///
/// # Errors
/// In AWS's words.
pub(crate) fn read(request: &Parameters<'_>) -> Result<Texts, Fault> {
    let mut tags = Texts::new();
    for tag in request.list("Tags") {
        let text = |member: &str| tag.get(member).and_then(Json::as_str);
        let value = text("Value").unwrap_or_default().to_owned();
        let known = text("Key").and_then(|key| tags.insert(key.to_owned(), value));
        if known.is_some() {
            return Err(faults::invalid("Duplicated keys are not allowed."));
        }
    }
    Ok(tags)
}

fn address(sns: &Sns, request: &Parameters<'_>) -> Result<Address, Fault> {
    let address = Address::of_arn(required(request, "ResourceArn")?, "ResourceArn")?;
    sns.topic(&address).map_err(|_| faults::no_resource())?;
    Ok(address)
}

pub(crate) fn tag(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = address(sns, &request)?;
    let tags = read(&request)?;
    update(sns, &address, |topic| {
        topic.tags.extend(tags);
        check_tags(&topic.tags)
    })
}

pub(crate) fn untag(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = address(sns, &request)?;
    let keys = request.texts("TagKeys");
    update(sns, &address, |topic| {
        topic.tags.retain(|key, _| !keys.contains(&key.as_str()));
        Ok(())
    })
}

pub(crate) fn list(sns: &Sns, request: Parameters<'_>) -> Result<Json, Fault> {
    let address = address(sns, &request)?;
    let tags = sns.topic(&address)?.tags;
    let tags = tags.iter().map(|(key, value)| {
        let mut tag = ObjectBuilder::new();
        tag.insert("Key", key.as_str())
            .insert("Value", value.as_str());
        Json::from(tag.build())
    });
    Ok(one("Tags", tags.collect::<Vec<Json>>()))
}
