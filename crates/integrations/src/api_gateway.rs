//! API Gateway: `apigateway:invoke`, a request to a deployed API.
//!
//! Source: Step Functions Developer Guide, "Create API Gateway REST APIs with Step Functions".

use passo_json::{Json, Object, ObjectBuilder, Payload};
use passo_vocab::Failure;

use crate::http::{WebServer, check, query, texts};
use crate::plan::missing;
use crate::{Completion, ErrorStyle, Plan, Shape};

/// The plan of `apigateway:invoke`. An endpoint without a scheme is one of AWS: `https`.
pub(crate) fn invoke(parameters: &Payload, completion: Completion) -> Result<Plan, Failure> {
    let given = parameters.json();
    let text = |member: &str| given.get(member).and_then(Json::as_str);
    let endpoint = text("ApiEndpoint").ok_or_else(|| missing("ApiEndpoint", parameters))?;
    let method = text("Method").ok_or_else(|| missing("Method", parameters))?;
    check(method, parameters)?;
    let mut url = match endpoint.contains("://") {
        true => endpoint.to_owned(),
        false => format!("https://{endpoint}"),
    };
    for part in ["Stage", "Path"].into_iter().filter_map(text) {
        url = format!(
            "{}/{}",
            url.trim_end_matches('/'),
            part.trim_start_matches('/')
        );
    }
    let query = query(given.get("QueryParameters"));
    if !query.is_empty() {
        url = format!("{url}?{query}");
    }
    let mut headers = texts(given.get("Headers"));
    let body = given.get("RequestBody").filter(|body| !body.is_null());
    let keeps_null = given.get("AllowNullValues").and_then(Json::as_bool);
    let body = body.map(|body| match keeps_null {
        Some(true) => body.clone(),
        Some(false) | None => without_null(body),
    });
    if body.is_some()
        && !headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case("content-type"))
    {
        headers = headers.with("content-type", "application/json");
    }
    let mut request = ObjectBuilder::new();
    request
        .insert("Method", method)
        .insert("Url", url)
        .insert("Headers", headers)
        .insert_some("Body", body.map(|body| body.to_text()));
    Ok(Plan {
        service: "passo-http",
        operation: "Send".to_owned(),
        parameters: Json::from(request.build()),
        shape: Shape::Http(WebServer::ApiGateway),
        errors: ErrorStyle::Http(WebServer::ApiGateway),
        completion,
        lookup: None,
    })
}

/// Members that are null are not sent unless they are wanted.
fn without_null(body: &Json) -> Json {
    let Some(members) = body.as_object() else {
        return body.clone();
    };
    let kept = members.iter().filter(|(_, value)| !value.is_null());
    let kept = kept.map(|(name, value)| (&**name, value.clone()));
    Json::from(kept.collect::<Object>())
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn requests_are_planned() {
        for (given, expect) in [
            (
                json!({"ApiEndpoint": "id.execute-api.us-east-1.amazonaws.com", "Method": "GET", "Stage": "prod", "Path": "/a/b",
                    "QueryParameters": {"q": ["1", "a b"]}, "Headers": {"h": ["1", "2"]}}),
                json!({"Method": "GET", "Url": "https://id.execute-api.us-east-1.amazonaws.com/prod/a/b?q=1&q=a%20b",
                    "Headers": {"h": ["1", "2"]}}),
            ),
            (
                json!({"ApiEndpoint": "http://localhost:1/", "Method": "POST", "RequestBody": {"a": 1, "b": null}}),
                json!({"Method": "POST", "Url": "http://localhost:1/", "Headers": {"content-type": "application/json"},
                    "Body": r#"{"a":1}"#}),
            ),
            (
                json!({"ApiEndpoint": "http://localhost:1", "Method": "POST", "RequestBody": {"b": null},
                    "AllowNullValues": true, "Headers": {"Content-Type": ["text/x"]}}),
                json!({"Method": "POST", "Url": "http://localhost:1", "Headers": {"Content-Type": ["text/x"]},
                    "Body": r#"{"b":null}"#}),
            ),
        ] {
            let plan = invoke(&Payload::from(given), Completion::Answer).unwrap();
            assert_eq!(plan.parameters, expect);
        }
        for given in [json!({"Method": "GET"}), json!({"ApiEndpoint": "a"})] {
            assert!(invoke(&Payload::from(given), Completion::Answer).is_err());
        }
    }
}
