//! ARNs and ids of shards: dynoxide knows one account and one region, which stand for the caller's.

use passo_json::{Json, Object};
use passo_service::Caller;

/// Beginning of every ARN that dynoxide makes.
const INSIDE: &str = "arn:aws:dynamodb:dynoxide:000000000000:";
/// Its region.
const INSIDE_REGION: &str = "dynoxide";

/// Beginning of a shard's id, and what is put at its end: SDKs take none of less than 28 characters.
const SHARD: &str = "shardId-";
const SHARD_END: &str = "-00000000";

/// Operations whose parameters and answers hold ARNs, and nothing that a user has stored.
const OF_TABLES: [&str; 13] = [
    "CreateTable",
    "DeleteTable",
    "DescribeTable",
    "UpdateTable",
    "ListTables",
    "TagResource",
    "UntagResource",
    "ListTagsOfResource",
    "ListStreams",
    "DescribeStream",
    "GetShardIterator",
    "UpdateTimeToLive",
    "DescribeTimeToLive",
];

fn outside(caller: &Caller) -> String {
    format!("arn:aws:dynamodb:{}:{}:", caller.region, caller.account)
}

/// Parameters as dynoxide takes them.
pub(crate) fn outside_in(operation: &str, parameters: &Json, caller: &Caller) -> Json {
    if !OF_TABLES.contains(&operation) {
        return parameters.clone();
    }
    mapped(parameters, &|text| {
        if let Some(shard) = text.strip_suffix(SHARD_END) {
            return shard.starts_with(SHARD).then(|| shard.to_owned());
        }
        let rest = text.strip_prefix(&outside(caller))?;
        Some(format!("{INSIDE}{rest}"))
    })
}

/// An answer as the caller sees it.
pub(crate) fn inside_out(operation: &str, answer: Json, caller: &Caller) -> Json {
    if operation == "GetRecords" {
        return with_region(&answer, caller.region.as_str());
    }
    if !OF_TABLES.contains(&operation) {
        return answer;
    }
    mapped(&answer, &|text| {
        if text.starts_with(SHARD) {
            return Some(format!("{text}{SHARD_END}"));
        }
        let rest = text.strip_prefix(INSIDE)?;
        Some(format!("{}{rest}", outside(caller)))
    })
}

/// Each record of a stream says where it comes from.
fn with_region(answer: &Json, region: &str) -> Json {
    let (Some(members), Some(records)) = (
        answer.as_object(),
        answer.get("Records").and_then(Json::as_array),
    ) else {
        return answer.clone();
    };
    let records = records.iter().map(|record| {
        let from = record.get("awsRegion").and_then(Json::as_str);
        match record.as_object() {
            Some(record) if from == Some(INSIDE_REGION) => {
                Json::from(record.clone().with("awsRegion", region))
            }
            _ => record.clone(),
        }
    });
    let records: Vec<Json> = records.collect();
    Json::from(members.clone().with("Records", records))
}

/// `json` with other texts. Its depth is bounded: these operations take and give a few levels, and deeper ones are left.
fn mapped(json: &Json, text: &dyn Fn(&str) -> Option<String>) -> Json {
    const DEPTH_MAX: u32 = 64;
    if json.depth() > DEPTH_MAX {
        return json.clone();
    }
    match json {
        Json::String(old) => text(old).map_or_else(|| json.clone(), Json::from),
        Json::Array(items) => Json::from(
            items
                .iter()
                .map(|item| mapped(item, text))
                .collect::<Vec<_>>(),
        ),
        Json::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, value)| (key.clone(), mapped(value, text)));
            Json::from(members.collect::<Object>())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => json.clone(),
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;
    use passo_vocab::{AccountId, Region};

    use super::*;

    #[test]
    fn arns_are_the_callers_outside() {
        let caller = Caller {
            account: AccountId::parse("111122223333").unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
        };
        let outside = json!({"ResourceArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/t"});
        let inside = json!({"ResourceArn": "arn:aws:dynamodb:dynoxide:000000000000:table/t"});
        assert_eq!(outside_in("TagResource", &outside, &caller), inside);
        assert_eq!(
            inside_out("DescribeTable", inside.clone(), &caller),
            outside
        );
        assert_eq!(inside_out("GetItem", inside.clone(), &caller), inside);
        let shard = json!({"ShardId": "shardId-000000000000-00000000"});
        let short = json!({"ShardId": "shardId-000000000000"});
        assert_eq!(outside_in("GetShardIterator", &shard, &caller), short);
        assert_eq!(inside_out("DescribeStream", short, &caller), shard);
        let records = json!({"Records": [{"awsRegion": "dynoxide"}]});
        let shown = json!({"Records": [{"awsRegion": "eu-west-1"}]});
        assert_eq!(inside_out("GetRecords", records, &caller), shown);
    }
}
