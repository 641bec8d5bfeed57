//! What a function's result means as an answer to a request.
//!
//! Source: Lambda Developer Guide, "Invoking Lambda function URLs", "Response payload format".

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use passo_json::{Json, Object};

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers; a name may be there several times.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

const JSON: &str = "application/json";

impl UrlAnswer {
    /// An answer of Lambda's own.
    pub(super) fn plain(status: u16, body: impl Into<Bytes>) -> UrlAnswer {
        UrlAnswer {
            status,
            headers: vec![("content-type".to_owned(), JSON.to_owned())],
            body: body.into(),
        }
    }

    /// The function failed, or answered what is no answer.
    pub(super) fn bad_gateway() -> UrlAnswer {
        UrlAnswer::plain(502, "Internal Server Error")
    }

    /// What `payload`, the result of a function, means.
    pub(super) fn of(payload: &Bytes) -> UrlAnswer {
        let text = std::str::from_utf8(payload).ok();
        let result = text.and_then(|text| Json::parse(text).ok());
        let answer = result.as_ref().and_then(Json::as_object);
        let Some(answer) = answer.filter(|answer| answer.contains_key("statusCode")) else {
            // A result that is not in Lambda's form is the body.
            return UrlAnswer::plain(200, payload.clone());
        };
        read(answer).unwrap_or_else(UrlAnswer::bad_gateway)
    }
}

fn read(answer: &Object) -> Option<UrlAnswer> {
    let status = match answer.get("statusCode")? {
        Json::String(text) => text.parse().ok()?,
        other => u16::try_from(other.as_i64()?).ok()?,
    };
    if !(100..=599).contains(&status) {
        return None;
    }
    let given = answer.get("headers").and_then(Json::as_object);
    let given = given.into_iter().flat_map(Object::iter);
    let mut headers: Vec<(String, String)> = given
        .map(|(name, value)| (name.to_ascii_lowercase(), text(value)))
        .collect();
    if !headers.iter().any(|(name, _)| name == "content-type") {
        headers.push(("content-type".to_owned(), JSON.to_owned()));
    }
    let cookies = answer.get("cookies").and_then(Json::as_array);
    let cookies = cookies.into_iter().flat_map(|cookies| cookies.iter());
    headers.extend(cookies.map(|cookie| ("set-cookie".to_owned(), text(cookie))));
    let is_base64 = answer.get("isBase64Encoded").and_then(Json::as_bool);
    let body = match answer.get("body") {
        None | Some(Json::Null) => Bytes::new(),
        Some(body) if is_base64 == Some(true) => Bytes::from(STANDARD.decode(body.as_str()?).ok()?),
        Some(body) => Bytes::from(text(body)),
    };
    Some(UrlAnswer {
        status,
        headers,
        body,
    })
}

fn text(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_text(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &str, status: u16, headers: &[(&str, &str)], body: &str) {
        let answer = UrlAnswer::of(&Bytes::from(payload.to_owned()));
        let found: Vec<(&str, &str)> = answer
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!((answer.status, &*found), (status, headers), "{payload}");
        assert_eq!(answer.body, body.as_bytes(), "{payload}");
    }

    #[test]
    fn results_are_answers() {
        let json = ("content-type", JSON);
        for payload in [r#""hello""#, r#"{"message":"hi"}"#, "null", "NaN", "[1]"] {
            check(payload, 200, &[json], payload);
        }
        check(r#"{"statusCode":201,"body":"made"}"#, 201, &[json], "made");
        check(r#"{"statusCode":"204"}"#, 204, &[json], "");
        check(
            r#"{"statusCode":200,"headers":{"Content-Type":"text/html","X-N":1},"cookies":["a=1","b=2"],"body":"aGk=","isBase64Encoded":true}"#,
            200,
            &[
                ("content-type", "text/html"),
                ("x-n", "1"),
                ("set-cookie", "a=1"),
                ("set-cookie", "b=2"),
            ],
            "hi",
        );
        check(
            r#"{"statusCode":200,"body":{"a":1}}"#,
            200,
            &[json],
            r#"{"a":1}"#,
        );
        for wrong in [
            r#"{"statusCode":"x"}"#,
            r#"{"statusCode":99}"#,
            r#"{"statusCode":null}"#,
            r#"{"statusCode":200,"body":"!","isBase64Encoded":true}"#,
        ] {
            check(wrong, 502, &[json], "Internal Server Error");
        }
    }
}
