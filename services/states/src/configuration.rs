//! Logging, tracing and encryption of a state machine, completed and checked.

use passo_json::{Json, ObjectBuilder, json};
use passo_service::Fault;

use crate::faults;

/// `loggingConfiguration` with what a caller may leave out.
///
/// # Errors
/// `InvalidLoggingConfiguration` where logs have no place to go, or more than one.
pub(crate) fn logging(given: Option<&Json>) -> Result<Json, Fault> {
    let member = |name| {
        given
            .and_then(|given| given.get(name))
            .filter(|value| !value.is_null())
    };
    let level = member("level").and_then(Json::as_str).unwrap_or("OFF");
    let include = member("includeExecutionData")
        .and_then(Json::as_bool)
        .unwrap_or_default();
    let destinations = member("destinations").filter(|list| list.at(0).is_some());
    let count = destinations
        .and_then(Json::as_array)
        .map_or(0, |list| list.len());
    if count > 1 || (count == 0 && level != "OFF") {
        return Err(faults::invalid_logging(
            "Must specify exactly one Log Destination.",
        ));
    }
    if let Some(destination) = destinations.and_then(|list| list.at(0)) {
        let arn = destination
            .get("cloudWatchLogsLogGroup")
            .and_then(|group| group.get("logGroupArn"))
            .and_then(Json::as_str)
            .unwrap_or_default();
        if arn.split(':').nth(2) != Some("logs") || !arn.contains(":log-group:") {
            return Err(faults::invalid_logging(
                "Log Destination must be a CloudWatch LogGroup.",
            ));
        }
        // AWS's words, as users of other tools report them.
        if !arn.ends_with(":*") {
            return Err(faults::invalid_logging(
                "Log Group ARN must be provided with '*' qualifier.",
            ));
        }
    }
    let mut configuration = ObjectBuilder::new();
    configuration
        .insert("level", level)
        .insert("includeExecutionData", include)
        .insert_some("destinations", destinations.cloned());
    Ok(Json::Object(configuration.build()))
}

/// Whether `tracingConfiguration` asks for traces.
pub(crate) fn tracing(given: Option<&Json>) -> bool {
    let enabled = given.and_then(|given| given.get("enabled"));
    enabled.and_then(Json::as_bool).unwrap_or_default()
}

/// `encryptionConfiguration` with what a caller may leave out.
///
/// # Errors
/// `InvalidEncryptionConfiguration` where the key does not fit the type.
pub(crate) fn encryption(given: Option<&Json>) -> Result<Json, Fault> {
    let member = |name| {
        given
            .and_then(|given| given.get(name))
            .filter(|value| !value.is_null())
    };
    let key = member("kmsKeyId");
    let period = member("kmsDataKeyReusePeriodSeconds");
    match member("type").and_then(Json::as_str) {
        Some("CUSTOMER_MANAGED_KMS_KEY") => {
            let key = key.ok_or_else(|| {
                faults::invalid_encryption(
                    "A KMS key must be specified for CUSTOMER_MANAGED_KMS_KEY",
                )
            })?;
            // A data key is used for 300 seconds where the caller does not say (API reference).
            let period = period.cloned().unwrap_or_else(|| Json::from(300));
            Ok(json!({
                "kmsKeyId": key.clone(),
                "kmsDataKeyReusePeriodSeconds": period,
                "type": "CUSTOMER_MANAGED_KMS_KEY"
            }))
        }
        _ if key.is_some() || period.is_some() => Err(faults::invalid_encryption(
            "A KMS key must not be specified for AWS_OWNED_KEY",
        )),
        _ => Ok(json!({"type": "AWS_OWNED_KEY"})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(arn: &str) -> Json {
        json!({"cloudWatchLogsLogGroup": {"logGroupArn": arn}})
    }

    #[test]
    fn logging_is_completed() {
        let group = destination("arn:aws:logs:us-east-1:123456789012:log-group:g:*");
        for (given, expect) in [
            (None, json!({"level": "OFF", "includeExecutionData": false})),
            (
                Some(json!({})),
                json!({"level": "OFF", "includeExecutionData": false}),
            ),
            (
                Some(json!({"level": "ALL", "destinations": [group.clone()]})),
                json!({"level": "ALL", "includeExecutionData": false, "destinations": [group]}),
            ),
            (
                Some(json!({"level": "OFF", "includeExecutionData": true, "destinations": []})),
                json!({"level": "OFF", "includeExecutionData": true}),
            ),
        ] {
            assert_eq!(logging(given.as_ref()), Ok(expect));
        }
    }

    #[test]
    fn logs_have_one_place_to_go() {
        let group = destination("arn:aws:logs:us-east-1:123456789012:log-group:g:*");
        for given in [
            json!({"level": "ALL"}),
            json!({"level": "ERROR", "destinations": []}),
            json!({"level": "OFF", "destinations": [group.clone(), group]}),
            json!({"level": "ALL", "destinations": [destination("arn:aws:logs:r:1:log-group:g")]}),
            json!({"level": "ALL", "destinations": [{}]}),
        ] {
            assert_eq!(
                logging(Some(&given)).unwrap_err().code,
                "InvalidLoggingConfiguration",
                "{given}"
            );
        }
    }

    #[test]
    fn a_key_belongs_to_its_type() {
        assert_eq!(encryption(None), Ok(json!({"type": "AWS_OWNED_KEY"})));
        let own = json!({"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"});
        assert_eq!(
            encryption(Some(&own))
                .unwrap()
                .get("kmsDataKeyReusePeriodSeconds"),
            Some(&Json::from(300))
        );
        for given in [
            json!({"type": "CUSTOMER_MANAGED_KMS_KEY"}),
            json!({"type": "AWS_OWNED_KEY", "kmsKeyId": "k"}),
        ] {
            assert_eq!(
                encryption(Some(&given)).unwrap_err().code,
                "InvalidEncryptionConfiguration"
            );
        }
    }
}
