//! CloudWatch Logs.

use passo_json::{Json, json};
use passo_template::Made;

use crate::aws::{Api, CallError};
use crate::deploy::described::{Described, From, PLAIN};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};

/// Described types.
pub(super) const DESCRIBED: &[Described] = &[
    Described {
        resource_type: "AWS::Logs::LogStream",
        label: "log stream",
        service: "logs",
        name: Some("LogStreamName"),
        create: "CreateLogStream",
        delete: Some("DeleteLogStream"),
        attributes: &[("LogGroupName", From::Property("LogGroupName"))],
        key: &[("logGroupName", "LogGroupName"), ("logStreamName", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Logs::SubscriptionFilter",
        label: "subscription filter",
        service: "logs",
        name: Some("FilterName"),
        replaced_by: &["LogGroupName"],
        create: "PutSubscriptionFilter",
        update: Some("PutSubscriptionFilter"),
        delete: Some("DeleteSubscriptionFilter"),
        attributes: &[("LogGroupName", From::Property("LogGroupName"))],
        key: &[("logGroupName", "LogGroupName"), ("filterName", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Logs::MetricFilter",
        label: "metric filter",
        service: "logs",
        name: Some("FilterName"),
        replaced_by: &["LogGroupName"],
        create: "PutMetricFilter",
        update: Some("PutMetricFilter"),
        delete: Some("DeleteMetricFilter"),
        attributes: &[("LogGroupName", From::Property("LogGroupName"))],
        key: &[("logGroupName", "LogGroupName"), ("filterName", "")],
        ..PLAIN
    },
];

/// Log groups.
pub(super) struct LogGroup;

/// See [`LogGroup`].
pub(super) const LOG_GROUP: LogGroup = LogGroup;

impl Kind for LogGroup {
    fn resource_type(&self) -> &'static str {
        "AWS::Logs::LogGroup"
    }

    fn label(&self) -> &'static str {
        "log group"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("LogGroupName")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "LogGroupName" | "LogGroupClass")
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let name = want.name();
        let arn = want.place.arn("logs", &format!("log-group:{name}:*"));
        Made::new(name).with("Arn", &*arn)
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let parameters = want.parameters(&["RetentionInDays", "DataProtectionPolicy"]);
            let create = "CreateLogGroup";
            api.call("logs", create, &Json::from(parameters)).await?;
            retain(api, want).await?;
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        Box::pin(async move {
            retain(api, want).await?;
            Ok(self.expected(want))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"logGroupName": &*was.reference});
            gone(api.call("logs", "DeleteLogGroup", &parameters).await)
        })
    }
}

async fn retain(api: &Api, want: &Want<'_>) -> Result<(), CallError> {
    let name = want.name();
    match want.get("RetentionInDays") {
        Some(days) => {
            let parameters = json!({"logGroupName": name, "retentionInDays": days.clone()});
            api.call("logs", "PutRetentionPolicy", &parameters).await?;
        }
        None => {
            let parameters = json!({"logGroupName": name});
            gone(api.call("logs", "DeleteRetentionPolicy", &parameters).await)?;
        }
    }
    Ok(())
}
