//! The result of `lambda:invoke`: the function's answer inside what the AWS SDK for Java tells of the call.

use passo_json::{Json, Object, ObjectBuilder};
use passo_vocab::Timestamp;

use super::http_date::http_date;

/// What the result of one call is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Response<'a> {
    pub(super) executed_version: &'a str,
    pub(super) payload: &'a str,
    pub(super) log_result: Option<&'a str>,
    pub(super) request_id: &'a str,
    pub(super) now: Timestamp,
}

impl Response<'_> {
    /// The task's result, with the members that AWS's recorded results have.
    pub(super) fn to_json(self) -> Json {
        let payload = Json::parse(self.payload).unwrap_or_else(|_| Json::from(self.payload));
        let headers = self.headers();
        let all = |(name, value): &(&'static str, String)| {
            (*name, Json::from(vec![Json::from(value.as_str())]))
        };
        let one = |(name, value): &(&'static str, String)| (*name, Json::from(value.as_str()));
        let mut http = ObjectBuilder::new();
        http.insert(
            "AllHttpHeaders",
            headers.iter().map(all).collect::<Object>(),
        )
        .insert("HttpHeaders", headers.iter().map(one).collect::<Object>())
        .insert("HttpStatusCode", 200);
        let mut sdk = ObjectBuilder::new();
        sdk.insert("RequestId", self.request_id);
        let mut result = ObjectBuilder::new();
        result
            .insert("ExecutedVersion", self.executed_version)
            .insert_some("LogResult", self.log_result)
            .insert("Payload", payload)
            .insert("SdkHttpMetadata", http.build())
            .insert("SdkResponseMetadata", sdk.build())
            .insert("StatusCode", 200);
        Json::from(result.build())
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("X-Amz-Executed-Version", self.executed_version.to_owned()),
            ("x-amzn-Remapped-Content-Length", "0".to_owned()),
            ("Connection", "keep-alive".to_owned()),
            ("x-amzn-RequestId", self.request_id.to_owned()),
            ("Content-Length", self.payload.len().to_string()),
            ("Date", http_date(self.now)),
            ("X-Amzn-Trace-Id", self.trace_id()),
            ("Content-Type", "application/json".to_owned()),
        ];
        if let Some(log_result) = self.log_result {
            headers.insert(0, ("X-Amz-Log-Result", log_result.to_owned()));
        }
        headers
    }

    /// An unsampled trace, made of the time and the request's id.
    fn trace_id(&self) -> String {
        let seconds = self.now.epoch_millis().div_euclid(1000);
        let digits: String = self.request_id.chars().filter(|c| *c != '-').collect();
        let (root, parent) = (digits.get(..24), digits.get(16..));
        format!(
            "Root=1-{seconds:08x}-{};Parent={};Sampled=0",
            root.unwrap_or_default(),
            parent.unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_has_the_members_of_the_recorded_ones() {
        let response = Response {
            executed_version: "$LATEST",
            payload: r#"{"a":1}"#,
            log_result: None,
            request_id: "01234567-89ab-4cde-8f01-23456789abcd",
            now: Timestamp::from_epoch_millis(0),
        };
        let result = response.to_json();
        let keys: Vec<_> = result
            .as_object()
            .unwrap()
            .keys()
            .map(|key| &**key)
            .collect();
        assert_eq!(
            keys,
            [
                "ExecutedVersion",
                "Payload",
                "SdkHttpMetadata",
                "SdkResponseMetadata",
                "StatusCode"
            ]
        );
        let http = result.get("SdkHttpMetadata").unwrap();
        assert_eq!(
            http.pointer("/HttpHeaders/Content-Length"),
            Some(&Json::from("7"))
        );
        assert_eq!(
            http.pointer("/AllHttpHeaders/X-Amzn-Trace-Id/0"),
            Some(&Json::from(
                "Root=1-00000000-0123456789ab4cde8f012345;Parent=8f0123456789abcd;Sampled=0"
            ))
        );
    }
}
