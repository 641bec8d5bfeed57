//! What the AWS SDK for Java tells of a call, as the results of optimised integrations show it.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::RequestId;
use passo_vocab::Timestamp;

use crate::dynamodb::crc32;
use crate::jobs::{Members, picked};
use crate::step_functions;

/// A call that was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered<'a> {
    pub(crate) output: &'a Json,
    pub(crate) request_id: &'a RequestId,
    pub(crate) now: Timestamp,
}

/// `1.733332302123456E9`
const TIME_BYTES: usize = 19;

type Headers = Vec<(&'static str, String)>;

impl Answered<'_> {
    /// The result of an optimised integration of a service that speaks AWS JSON.
    pub(crate) fn optimized(self) -> Json {
        self.sdk_answer(self.content_length(), "application/x-amz-json-1.0")
    }

    /// The same, with only these members of the answer and of the parameters.
    pub(crate) fn optimized_members(self, members: Members, given: &Json) -> Json {
        let shown = Json::from(step_functions::shown(self.output));
        let picked = picked(members, &shown, given);
        let headers = self.headers(self.content_length(), "application/x-amz-json-1.1");
        self.with_metadata(&picked, &headers)
    }

    /// The result of an optimised integration of a service that answers in XML.
    pub(crate) fn optimized_xml(self, namespace: &str, operation: &str) -> Json {
        self.sdk_answer(self.xml_bytes(namespace, operation), "text/xml")
    }

    fn sdk_answer(self, content_length: usize, content_type: &str) -> Json {
        let headers = self.headers(content_length, content_type);
        self.with_metadata(&step_functions::shown(self.output), &headers)
    }

    fn headers(self, content_length: usize, content_type: &str) -> Headers {
        vec![
            ("x-amzn-RequestId", self.request_id.to_string()),
            ("connection", "keep-alive".to_owned()),
            ("Content-Length", content_length.to_string()),
            ("Date", self.now.to_http_date()),
            ("Content-Type", content_type.to_owned()),
        ]
    }

    /// The result of an operation on an item: its members are the user's, and stay as they are.
    pub(crate) fn dynamodb(self) -> Json {
        let text = self.output.to_text();
        let headers = vec![
            ("Server", "Server".to_owned()),
            ("Connection", "keep-alive".to_owned()),
            ("x-amzn-RequestId", self.request_id.to_string()),
            ("x-amz-crc32", crc32(text.as_bytes()).to_string()),
            ("Content-Length", text.len().to_string()),
            ("Date", self.now.to_http_date()),
            ("Content-Type", "application/x-amz-json-1.0".to_owned()),
        ];
        let output = self.output.as_object().cloned().unwrap_or_default();
        self.with_metadata(&output, &headers)
    }

    fn with_metadata(self, shown: &Object, headers: &Headers) -> Json {
        let mut members: Vec<(&str, Json)> = shown
            .iter()
            .map(|(name, value)| (&**name, value.clone()))
            .collect();
        members.push(("SdkHttpMetadata", http_metadata(headers, 200)));
        members.push(("SdkResponseMetadata", self.response_metadata()));
        members.sort_by_key(|(name, _)| *name);
        Json::from(members.into_iter().collect::<Object>())
    }

    /// Bytes of the answer as SNS writes it: an element a line, indented (recorded: 294 for a publish).
    fn xml_bytes(self, namespace: &str, operation: &str) -> usize {
        let members = self.output.as_object().into_iter().flat_map(Object::iter);
        let members: String = members
            .filter_map(|(name, value)| {
                let text = value.as_str()?;
                Some(format!("    <{name}>{text}</{name}>\n"))
            })
            .collect();
        format!(
            "<{operation}Response xmlns=\"{namespace}\">\n  <{operation}Result>\n{members}  </{operation}Result>\n  \
             <ResponseMetadata>\n    <RequestId>{}</RequestId>\n  </ResponseMetadata>\n</{operation}Response>\n",
            self.request_id
        )
        .len()
    }

    /// The result of `lambda:invoke`.
    pub(crate) fn lambda(self) -> Json {
        let text = |member: &str| self.output.get(member).and_then(Json::as_str);
        let payload = text("Payload").unwrap_or_default();
        let parsed = Json::parse(payload).unwrap_or_else(|_| Json::from(payload));
        let status = self
            .output
            .get("StatusCode")
            .and_then(Json::as_i64)
            .unwrap_or(200);
        let version = text("ExecutedVersion");
        let mut headers: Headers = vec![
            ("x-amzn-Remapped-Content-Length", "0".to_owned()),
            ("Connection", "keep-alive".to_owned()),
            ("x-amzn-RequestId", self.request_id.to_string()),
            ("Content-Length", payload.len().to_string()),
            ("Date", self.now.to_http_date()),
            ("X-Amzn-Trace-Id", self.trace_id()),
            ("Content-Type", "application/json".to_owned()),
        ];
        if let Some(version) = version {
            headers.insert(0, ("X-Amz-Executed-Version", version.to_owned()));
        }
        if let Some(log_result) = text("LogResult") {
            headers.insert(0, ("X-Amz-Log-Result", log_result.to_owned()));
        }
        let mut result = ObjectBuilder::new();
        result
            .insert_some("ExecutedVersion", version)
            .insert_some("LogResult", text("LogResult"))
            .insert("Payload", parsed)
            .insert("SdkHttpMetadata", http_metadata(&headers, status))
            .insert("SdkResponseMetadata", self.response_metadata())
            .insert("StatusCode", status);
        Json::from(result.build())
    }

    /// Bytes of the answer as AWS sends it: times there have microseconds (recorded since December 2024).
    fn content_length(self) -> usize {
        let time = self
            .output
            .get("startDate")
            .map_or(TIME_BYTES, Json::text_bytes);
        self.output
            .text_bytes()
            .saturating_sub(time)
            .saturating_add(TIME_BYTES)
    }

    fn response_metadata(self) -> Json {
        let mut metadata = ObjectBuilder::new();
        metadata.insert("RequestId", self.request_id.as_str());
        Json::from(metadata.build())
    }

    /// An unsampled trace, made of the time and the request's id.
    fn trace_id(self) -> String {
        let seconds = self.now.epoch_millis().div_euclid(1000);
        let digits: String = self
            .request_id
            .as_str()
            .chars()
            .filter(|c| *c != '-')
            .collect();
        let (root, parent) = (digits.get(..24), digits.get(16..));
        format!(
            "Root=1-{seconds:08x}-{};Parent={};Sampled=0",
            root.unwrap_or_default(),
            parent.unwrap_or_default()
        )
    }
}

fn http_metadata(headers: &Headers, status: i64) -> Json {
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
    .insert("HttpStatusCode", status);
    Json::from(http.build())
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn keys(result: &Json) -> Vec<&str> {
        result
            .as_object()
            .unwrap()
            .keys()
            .map(|key| &**key)
            .collect()
    }

    #[test]
    fn lambda_results_have_the_members_of_the_recorded_ones() {
        let output =
            json!({"ExecutedVersion": "$LATEST", "Payload": "{\"a\":1}", "StatusCode": 200});
        let request_id = RequestId::new("01234567-89ab-4cde-8f01-23456789abcd");
        let now = Timestamp::from_epoch_millis(0);
        let result = Answered {
            output: &output,
            request_id: &request_id,
            now,
        }
        .lambda();
        assert_eq!(
            keys(&result),
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

    #[test]
    fn answers_in_xml_have_the_recorded_length() {
        let id = "01234567-89ab-4cde-8f01-23456789abcd";
        let output = json!({"MessageId": (id)});
        let request_id = RequestId::new(id);
        let answered = Answered {
            output: &output,
            request_id: &request_id,
            now: Timestamp::from_epoch_millis(0),
        };
        let result = answered.optimized_xml("http://sns.amazonaws.com/doc/2010-03-31/", "Publish");
        let headers = result.pointer("/SdkHttpMetadata/HttpHeaders").unwrap();
        assert_eq!(headers.get("Content-Length"), Some(&Json::from("294")));
        assert_eq!(headers.get("Content-Type"), Some(&Json::from("text/xml")));
    }

    #[test]
    fn optimised_results_have_the_members_of_the_recorded_ones() {
        let output = json!({"executionArn": "arn", "startDate": 1688572556.197});
        let request_id = RequestId::new("id");
        let now = Timestamp::from_epoch_millis(0);
        let result = Answered {
            output: &output,
            request_id: &request_id,
            now,
        }
        .optimized();
        assert_eq!(
            keys(&result),
            [
                "ExecutionArn",
                "SdkHttpMetadata",
                "SdkResponseMetadata",
                "StartDate"
            ]
        );
        assert_eq!(
            result.pointer("/SdkHttpMetadata/HttpHeaders/Content-Length"),
            Some(&Json::from("54"))
        );
    }
}
