//! `AWS::DynamoDB::Table`.

use std::time::Duration;

use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};

/// How often it is asked whether a table is ready.
const POLL_EVERY: Duration = Duration::from_millis(250);
const POLLS_MAX: u32 = 480;
/// What has operations of its own.
const APART: [&str; 7] = [
    "TimeToLiveSpecification",
    "PointInTimeRecoverySpecification",
    "KinesisStreamSpecification",
    "ContributorInsightsSpecification",
    "StreamSpecification",
    "ImportSourceSpecification",
    "Tags",
];

/// Tables.
pub(super) struct Table;

/// See [`Table`].
pub(super) const TABLE: Table = Table;

impl Kind for Table {
    fn resource_type(&self) -> &'static str {
        "AWS::DynamoDB::Table"
    }

    fn label(&self) -> &'static str {
        "table"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("TableName")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(
            property,
            "TableName" | "KeySchema" | "LocalSecondaryIndexes" | "ImportSourceSpecification"
        )
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let name = want.name();
        Made::new(name).with(
            "Arn",
            &*want.place.arn("dynamodb", &format!("table/{name}")),
        )
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let mut parameters = want.parameters(&APART);
            if let Some(stream) = stream(want) {
                parameters = parameters.with("StreamSpecification", stream);
            }
            if let Some(tags) = want.get("Tags") {
                parameters = parameters.with("Tags", tags.clone());
            }
            if want.get("BillingMode").is_none() && want.get("ProvisionedThroughput").is_none() {
                parameters = parameters.with("BillingMode", "PAY_PER_REQUEST");
            }
            let create = "CreateTable";
            api.call("dynamodb", create, &Json::from(parameters))
                .await?;
            let described = ready(api, want.name()).await?;
            settings(api, want, false).await?;
            Ok(with_stream(self.expected(want), &described))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let name = want.name();
            let described = ready(api, name).await?;
            for change in changes(want, &described) {
                let update = "UpdateTable";
                api.call("dynamodb", update, &Json::from(change)).await?;
                ready(api, name).await?;
            }
            settings(api, want, true).await?;
            let described = ready(api, name).await?;
            Ok(with_stream(self.expected(want), &described))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"TableName": &*was.reference});
            gone(api.call("dynamodb", "DeleteTable", &parameters).await)?;
            for _ in 0..POLLS_MAX {
                let found = api.call("dynamodb", "DescribeTable", &parameters).await;
                if found.is_err() {
                    break;
                }
                tokio::time::sleep(POLL_EVERY).await;
            }
            Ok(())
        })
    }
}

/// What `StreamSpecification` means: in a template, to say how is to want one.
fn stream(want: &Want<'_>) -> Option<Json> {
    let given = want.get("StreamSpecification")?;
    let view = given.get("StreamViewType")?.clone();
    Some(json!({"StreamEnabled": true, "StreamViewType": view}))
}

fn with_stream(made: Made, described: &Json) -> Made {
    match member(described, "LatestStreamArn") {
        "" => made,
        arn => made.with("StreamArn", arn),
    }
}

/// Waits until a table and its indexes can be used: its description.
async fn ready(api: &Api, name: &str) -> Result<Json, CallError> {
    let parameters = json!({"TableName": name});
    let mut polls = 0_u32;
    loop {
        let answer = api.call("dynamodb", "DescribeTable", &parameters).await?;
        let table = answer.get("Table").cloned().unwrap_or(Json::Null);
        let indexes = table.get("GlobalSecondaryIndexes").and_then(Json::as_array);
        let is_ready =
            |it: &Json, member_name: &str| matches!(member(it, member_name), "ACTIVE" | "");
        let all_ready = indexes
            .into_iter()
            .flat_map(|indexes| indexes.iter())
            .all(|index| is_ready(index, "IndexStatus"));
        polls = polls.saturating_add(1);
        if (is_ready(&table, "TableStatus") && all_ready) || polls >= POLLS_MAX {
            return Ok(table);
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
}

/// What `UpdateTable` has to be told: one thing in each call.
fn changes(want: &Want<'_>, described: &Json) -> Vec<Object> {
    let base = || Object::default().with("TableName", want.name());
    let mut changes = Vec::new();
    let mut change = base();
    for name in [
        "BillingMode",
        "ProvisionedThroughput",
        "DeletionProtectionEnabled",
        "TableClass",
    ] {
        if let Some(value) = want.get(name) {
            change = change.with(name, value.clone());
        }
    }
    if change.len() > 1 {
        changes.push(change);
    }
    let has_stream = !member(described, "LatestStreamArn").is_empty()
        && described
            .get("StreamSpecification")
            .and_then(|it| it.get("StreamEnabled"))
            .and_then(Json::as_bool)
            == Some(true);
    match stream(want) {
        Some(wanted) if !has_stream => changes.push(base().with("StreamSpecification", wanted)),
        None if has_stream => {
            changes.push(base().with("StreamSpecification", json!({"StreamEnabled": false})));
        }
        Some(_) | None => {}
    }
    let wanted = want.items("GlobalSecondaryIndexes");
    let there = described.get("GlobalSecondaryIndexes");
    let there: Vec<&str> = there
        .and_then(Json::as_array)
        .into_iter()
        .flat_map(|indexes| indexes.iter())
        .map(|index| member(index, "IndexName"))
        .collect();
    for name in &there {
        if !wanted
            .iter()
            .any(|index| member(index, "IndexName") == *name)
        {
            let update = json!([{"Delete": {"IndexName": *name}}]);
            changes.push(base().with("GlobalSecondaryIndexUpdates", update));
        }
    }
    for index in wanted {
        if !there.contains(&member(&index, "IndexName")) {
            let update = json!([{"Create": index}]);
            let mut change = base().with("GlobalSecondaryIndexUpdates", update);
            if let Some(attributes) = want.get("AttributeDefinitions") {
                change = change.with("AttributeDefinitions", attributes.clone());
            }
            changes.push(change);
        }
    }
    changes
}

/// What has operations of its own.
async fn settings(api: &Api, want: &Want<'_>, is_update: bool) -> Result<(), CallError> {
    if let Some(given) = want.get("TimeToLiveSpecification") {
        let parameters = json!({
            "TableName": want.name(), "TimeToLiveSpecification": given.clone(),
        });
        let set = api.call("dynamodb", "UpdateTimeToLive", &parameters).await;
        // It is no change to ask for what is so already.
        match set {
            Err(error) if is_update && error.code() == Some("ValidationException") => {}
            other => drop(other?),
        }
    }
    if let Some(given) = want.get("PointInTimeRecoverySpecification") {
        let parameters = json!({
            "TableName": want.name(), "PointInTimeRecoverySpecification": given.clone(),
        });
        // Backups are no part of what a workflow needs to run; not every server has them.
        let _ = api
            .call("dynamodb", "UpdateContinuousBackups", &parameters)
            .await;
    }
    Ok(())
}
