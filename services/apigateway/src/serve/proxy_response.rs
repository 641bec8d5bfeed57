//! What a function behind a proxy integration answers, as a response.

use passo_json::{Json, Number, Object};

use super::{WebResponse, media};

/// Members that an answer may have. Source: API Gateway Developer Guide, "Output format of a Lambda function for proxy
/// integration".
const MEMBERS: [&str; 6] = [
    "statusCode",
    "headers",
    "multiValueHeaders",
    "body",
    "isBase64Encoded",
    "cookies",
];

/// The response of a REST API; none where the answer has not the form that it has to have.
pub(crate) fn rest(payload: &str, takes_binary: bool) -> Option<WebResponse> {
    let answer = Json::parse(payload).ok()?;
    let answer = answer.as_object()?;
    if answer.keys().any(|member| !MEMBERS.contains(&&**member)) {
        return None;
    }
    let mut response = WebResponse {
        status: status(answer.get("statusCode"))?,
        headers: headers(answer)?,
        body: Vec::new(),
    };
    let is_base64 = is_base64(answer);
    response.body = match answer.get("body") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::String(text)) if is_base64 && takes_binary => media::from_base64(text)?,
        Some(Json::String(text)) => text.as_bytes().to_vec(),
        Some(_) => return None,
    };
    if response.header("content-type").is_none() {
        response.add("Content-Type", "application/json");
    }
    Some(response)
}

/// The response of an HTTP API. In payload 2.0, what has no `statusCode` is itself the body.
pub(crate) fn http(payload: &str, is_version_2: bool) -> Option<WebResponse> {
    let answer = Json::parse(payload).ok()?;
    let whole = answer
        .as_object()
        .filter(|it| it.contains_key("statusCode"));
    let Some(answer) = whole else {
        if !is_version_2 {
            return None;
        }
        let body = match answer.as_str() {
            Some(text) => text.to_owned(),
            None => payload.to_owned(),
        };
        return Some(WebResponse::json(200, body));
    };
    let mut response = WebResponse {
        status: status(answer.get("statusCode"))?,
        headers: headers(answer)?,
        body: Vec::new(),
    };
    response.body = match answer.get("body") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::String(text)) if is_base64(answer) => media::from_base64(text)?,
        Some(Json::String(text)) => text.as_bytes().to_vec(),
        Some(other) if is_version_2 => other.to_text().into_bytes(),
        Some(_) => return None,
    };
    let cookies = answer.get("cookies").and_then(Json::as_array);
    for cookie in cookies.into_iter().flat_map(|it| it.iter()) {
        response.add("set-cookie", cookie.as_str()?);
    }
    if response.header("content-type").is_none() {
        response.add("content-type", "text/plain;charset=UTF-8");
    }
    Some(response)
}

pub(crate) fn is_base64(answer: &Object) -> bool {
    let flag = answer.get("isBase64Encoded");
    flag.and_then(Json::as_bool).unwrap_or(false)
}

/// 200 where there is none.
pub(crate) fn status(status: Option<&Json>) -> Option<u16> {
    let number = match status {
        None | Some(Json::Null) => return Some(200),
        Some(Json::Number(number)) => number.as_i64(),
        Some(Json::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    let number = u16::try_from(number?).ok()?;
    (100..600).contains(&number).then_some(number)
}

/// The headers of an answer, those with many values after the others.
pub(crate) fn headers(answer: &Object) -> Option<Vec<(String, String)>> {
    let object = |member: &str| match answer.get(member) {
        None | Some(Json::Null) => Some(Object::default()),
        Some(json) => json.as_object().cloned(),
    };
    let (single, many) = (object("headers")?, object("multiValueHeaders")?);
    let mut headers = Vec::new();
    for (name, value) in single.iter() {
        let is_below = many.keys().any(|it| it.eq_ignore_ascii_case(name));
        match shown(value) {
            Some(value) if !is_below => headers.push((name.to_string(), value)),
            Some(_) | None => {}
        }
    }
    for (name, values) in many.iter() {
        for value in values.as_array()?.iter() {
            headers.extend(shown(value).map(|value| (name.to_string(), value)));
        }
    }
    Some(headers)
}

fn shown(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.to_string()),
        Json::Number(number) => Some(Number::to_string(number)),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &str, expect: Option<(u16, &str, &str)>) {
        compare(rest(payload, true), payload, expect);
    }

    fn compare(found: Option<WebResponse>, payload: &str, expect: Option<(u16, &str, &str)>) {
        let found = found.map(|response| {
            let headers: Vec<String> = response
                .headers
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let body = String::from_utf8_lossy(&response.body).into_owned();
            (response.status, headers.join(" "), body)
        });
        let expect =
            expect.map(|(status, headers, body)| (status, headers.to_owned(), body.to_owned()));
        assert_eq!(found, expect, "{payload}");
    }

    #[test]
    fn answers_of_functions_become_responses() {
        let json = "Content-Type=application/json";
        check(
            r#"{"statusCode": 201, "body": "x"}"#,
            Some((201, json, "x")),
        );
        check(r#"{"statusCode": "202"}"#, Some((202, json, "")));
        check("{}", Some((200, json, "")));
        check(
            r#"{"headers": {"content-type": "a/b", "n": 1, "x": "old"}, "multiValueHeaders": {"X": ["1", "2"]}}"#,
            Some((200, "content-type=a/b n=1 X=1 X=2", "")),
        );
        check(
            r#"{"body": "aGk=", "isBase64Encoded": true}"#,
            Some((200, json, "hi")),
        );
        for wrong in [
            "",
            "null",
            "[]",
            r#""text""#,
            r#"{"message": "x"}"#,
            r#"{"statusCode": 99}"#,
            r#"{"statusCode": "x"}"#,
            r#"{"body": {}}"#,
            r#"{"headers": 1}"#,
            r#"{"multiValueHeaders": {"a": "b"}}"#,
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn functions_of_http_apis_may_answer_only_a_body() {
        let (json, text) = (
            "Content-Type=application/json",
            "content-type=text/plain;charset=UTF-8",
        );
        for (payload, is_2, expect) in [
            (r#"{"a": 1}"#, true, Some((200, json, r#"{"a": 1}"#))),
            (r#""text""#, true, Some((200, json, "text"))),
            ("null", true, Some((200, json, "null"))),
            (r#"{"a": 1}"#, false, None),
            (
                r#"{"statusCode": 202, "body": "x"}"#,
                false,
                Some((202, text, "x")),
            ),
            (
                r#"{"statusCode": 200, "cookies": ["a=b", "c=d"], "headers": {"content-type": "t"}, "body": {"b": 1}}"#,
                true,
                Some((
                    200,
                    "content-type=t set-cookie=a=b set-cookie=c=d",
                    r#"{"b":1}"#,
                )),
            ),
        ] {
            compare(http(payload, is_2), payload, expect);
        }
    }
}
