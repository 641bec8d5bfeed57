//! The settings of a bucket: CloudFormation's form of each, and S3's.

use passo_json::{Json, Object, json};

/// A setting.
pub(super) struct Setting {
    /// The property.
    pub(super) property: &'static str,
    /// The operation that sets it.
    pub(super) put: &'static str,
    /// Its parameter.
    pub(super) parameter: &'static str,
    /// From CloudFormation's form to S3's.
    pub(super) read: fn(&Json) -> Json,
    /// The operation that takes it back, and what that is told.
    pub(super) take_back: (&'static str, Option<fn() -> Json>),
}

/// All of them, in the order in which they are set.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        property: "VersioningConfiguration",
        put: "PutBucketVersioning",
        parameter: "VersioningConfiguration",
        read: same,
        take_back: (
            "PutBucketVersioning",
            Some(|| json!({"Status": "Suspended"})),
        ),
    },
    Setting {
        property: "BucketEncryption",
        put: "PutBucketEncryption",
        parameter: "ServerSideEncryptionConfiguration",
        read: encryption,
        take_back: ("DeleteBucketEncryption", None),
    },
    Setting {
        property: "PublicAccessBlockConfiguration",
        put: "PutPublicAccessBlock",
        parameter: "PublicAccessBlockConfiguration",
        read: same,
        take_back: ("DeletePublicAccessBlock", None),
    },
    Setting {
        property: "OwnershipControls",
        put: "PutBucketOwnershipControls",
        parameter: "OwnershipControls",
        read: same,
        take_back: ("DeleteBucketOwnershipControls", None),
    },
    Setting {
        property: "CorsConfiguration",
        put: "PutBucketCors",
        parameter: "CORSConfiguration",
        read: cors,
        take_back: ("DeleteBucketCors", None),
    },
    Setting {
        property: "LifecycleConfiguration",
        put: "PutBucketLifecycleConfiguration",
        parameter: "LifecycleConfiguration",
        read: lifecycle,
        take_back: ("DeleteBucketLifecycle", None),
    },
    Setting {
        property: "WebsiteConfiguration",
        put: "PutBucketWebsite",
        parameter: "WebsiteConfiguration",
        read: website,
        take_back: ("DeleteBucketWebsite", None),
    },
    Setting {
        property: "Tags",
        put: "PutBucketTagging",
        parameter: "Tagging",
        read: |tags| json!({"TagSet": tags.clone()}),
        take_back: ("DeleteBucketTagging", None),
    },
    Setting {
        property: "NotificationConfiguration",
        put: "PutBucketNotificationConfiguration",
        parameter: "NotificationConfiguration",
        read: notifications,
        take_back: ("PutBucketNotificationConfiguration", Some(|| json!({}))),
    },
];

fn same(given: &Json) -> Json {
    given.clone()
}

fn items<'j>(given: &'j Json, name: &str) -> impl Iterator<Item = &'j Json> {
    let items = given.get(name).and_then(Json::as_array);
    items.into_iter().flat_map(|items| items.iter())
}

/// `given` with some members under other names.
fn renamed(given: &Json, names: &[(&str, &'static str)]) -> Object {
    let mut made = Object::default();
    for (name, value) in given.as_object().into_iter().flat_map(|it| it.iter()) {
        let other = names.iter().find(|(from, _)| **from == **name);
        let name = other.map_or(&**name, |(_, to)| to);
        made = made.with(name, value.clone());
    }
    made
}

fn notifications(given: &Json) -> Json {
    let mut made = Object::default();
    for (list, to_list, target, to_target) in [
        (
            "LambdaConfigurations",
            "LambdaFunctionConfigurations",
            "Function",
            "LambdaFunctionArn",
        ),
        (
            "QueueConfigurations",
            "QueueConfigurations",
            "Queue",
            "QueueArn",
        ),
        (
            "TopicConfigurations",
            "TopicConfigurations",
            "Topic",
            "TopicArn",
        ),
    ] {
        let configurations: Vec<Json> = items(given, list)
            .map(|one| {
                let mut made = Object::default()
                    .with(
                        "Events",
                        vec![one.get("Event").cloned().unwrap_or(Json::Null)],
                    )
                    .with(to_target, one.get(target).cloned().unwrap_or(Json::Null));
                if let Some(key) = one.get("Filter").and_then(|filter| filter.get("S3Key")) {
                    let rules: Vec<Json> = items(key, "Rules").cloned().collect();
                    made = made.with("Filter", json!({"Key": {"FilterRules": rules}}));
                }
                Json::from(made)
            })
            .collect();
        if !configurations.is_empty() {
            made = made.with(to_list, configurations);
        }
    }
    if let Some(bridge) = given.get("EventBridgeConfiguration") {
        let enabled = bridge.get("EventBridgeEnabled");
        let text = enabled.map(Json::to_text).unwrap_or_default();
        if !text.contains("false") {
            made = made.with("EventBridgeConfiguration", json!({}));
        }
    }
    Json::from(made)
}

fn encryption(given: &Json) -> Json {
    let names = [(
        "ServerSideEncryptionByDefault",
        "ApplyServerSideEncryptionByDefault",
    )];
    let rules = items(given, "ServerSideEncryptionConfiguration");
    let rules: Vec<Json> = rules.map(|rule| renamed(rule, &names).into()).collect();
    json!({"Rules": rules})
}

fn cors(given: &Json) -> Json {
    let names = [
        ("ExposedHeaders", "ExposeHeaders"),
        ("MaxAge", "MaxAgeSeconds"),
        ("Id", "ID"),
    ];
    let rules = items(given, "CorsRules");
    let rules: Vec<Json> = rules.map(|rule| renamed(rule, &names).into()).collect();
    json!({"CORSRules": rules})
}

fn website(given: &Json) -> Json {
    let mut made = renamed(given, &[]);
    for (name, member) in [("IndexDocument", "Suffix"), ("ErrorDocument", "Key")] {
        if let Some(document) = given.get(name) {
            made = made.with(name, Object::default().with(member, document.clone()));
        }
    }
    Json::from(made)
}

fn lifecycle(given: &Json) -> Json {
    let rules: Vec<Json> = items(given, "Rules").map(lifecycle_rule).collect();
    json!({"Rules": rules})
}

fn lifecycle_rule(rule: &Json) -> Json {
    let mut made = renamed(rule, &[("Id", "ID")]);
    let mut expiration = Object::default();
    for (name, member) in [
        ("ExpirationInDays", "Days"),
        ("ExpirationDate", "Date"),
        ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
    ] {
        if let Some(value) = rule.get(name) {
            made = made.without(name);
            expiration = expiration.with(member, value.clone());
        }
    }
    if !expiration.is_empty() {
        made = made.with("Expiration", expiration);
    }
    if let Some(days) = rule.get("NoncurrentVersionExpirationInDays") {
        made = made.without("NoncurrentVersionExpirationInDays").with(
            "NoncurrentVersionExpiration",
            json!({"NoncurrentDays": days.clone()}),
        );
    }
    for (one, list) in [
        ("Transition", "Transitions"),
        (
            "NoncurrentVersionTransition",
            "NoncurrentVersionTransitions",
        ),
    ] {
        if let Some(transition) = rule.get(one) {
            made = made.without(one).with(list, vec![transition.clone()]);
        }
        let days = ("TransitionInDays", "Days");
        let date = ("TransitionDate", "Date");
        if let Some(transitions) = made.get(list).and_then(Json::as_array) {
            let transitions = transitions.iter();
            let transitions: Vec<Json> = transitions
                .map(|it| match list {
                    "Transitions" => renamed(it, &[days, date]).into(),
                    _ => renamed(it, &[("TransitionInDays", "NoncurrentDays")]).into(),
                })
                .collect();
            made = made.with(list, transitions);
        }
    }
    let prefix = rule
        .get("Prefix")
        .cloned()
        .unwrap_or_else(|| Json::from(""));
    made = made
        .without("Prefix")
        .with("Filter", json!({"Prefix": prefix}));
    Json::from(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_s3_has_them() {
        for (read, given, expect) in [
            (
                notifications as fn(&Json) -> Json,
                json!({
                    "LambdaConfigurations": [{"Event": "s3:ObjectCreated:*", "Function": "f", "Filter": {
                        "S3Key": {"Rules": [{"Name": "prefix", "Value": "in/"}]}}}],
                    "EventBridgeConfiguration": {"EventBridgeEnabled": true},
                }),
                json!({
                    "LambdaFunctionConfigurations": [{
                        "Events": ["s3:ObjectCreated:*"], "LambdaFunctionArn": "f",
                        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}}],
                    "EventBridgeConfiguration": {},
                }),
            ),
            (
                lifecycle,
                json!({"Rules": [{"Id": "a", "Status": "Enabled", "ExpirationInDays": 3, "Prefix": "x/"}]}),
                json!({"Rules": [{"ID": "a", "Status": "Enabled", "Expiration": {"Days": 3}, "Filter": {"Prefix": "x/"}}]}),
            ),
            (
                website,
                json!({"IndexDocument": "index.html"}),
                json!({"IndexDocument": {"Suffix": "index.html"}}),
            ),
        ] {
            assert_eq!(read(&given), expect);
        }
    }
}
