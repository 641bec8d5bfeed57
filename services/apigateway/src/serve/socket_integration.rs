//! Integrations of WebSocket APIs. Functions behind a proxy see the connection; everything else is carried out as an
//! integration of a REST API, which its members are renamed to.

use passo_json::{Json, Object};

use super::errors::Refusal;
use super::web_socket::SocketCall;
use super::{WebResponse, function, proxy_response, rest_integration, selection, target, text};

/// Members with their names in REST APIs.
const NAMES: [(&str, &str); 8] = [
    ("IntegrationType", "type"),
    ("IntegrationUri", "uri"),
    ("IntegrationMethod", "httpMethod"),
    ("CredentialsArn", "credentials"),
    ("RequestParameters", "requestParameters"),
    ("PassthroughBehavior", "passthroughBehavior"),
    ("TimeoutInMillis", "timeoutInMillis"),
    ("ContentHandlingStrategy", "contentHandling"),
];

/// Calls the route's integration: what it answered.
pub(crate) async fn perform(socket: &mut SocketCall<'_>) -> Result<WebResponse, Refusal> {
    let target = text(&socket.route, "Target");
    let id = target.strip_prefix("integrations/").unwrap_or_default();
    let row = socket.api.integrations.get(id).and_then(Json::as_object);
    let row = row.cloned().ok_or_else(Refusal::configuration)?;
    if text(&row, "IntegrationType") == "AWS_PROXY" {
        return function_proxy(socket, &row).await;
    }
    let responses = socket.api.responses.get(id).and_then(Json::as_array);
    let responses = responses.into_iter().flat_map(|all| all.iter());
    let responses: Vec<&Object> = responses.filter_map(Json::as_object).collect();
    let integration = renamed(&row, &responses, &socket.call.taken.request.body);
    socket.call.method = Object::default().with("methodIntegration", integration);
    rest_integration::perform(&socket.call).await
}

async fn function_proxy(socket: &SocketCall<'_>, row: &Object) -> Result<WebResponse, Refusal> {
    let context = &socket.call.context;
    let uri = target::with_variables(text(row, "IntegrationUri"), &context.variables);
    let named = function::named(&uri).ok_or_else(Refusal::configuration)?;
    let event = Json::from(socket.event()).to_text();
    let timeout = rest_integration::timeout(&Object::default().with(
        "timeoutInMillis",
        row.get("TimeoutInMillis").cloned().unwrap_or(Json::Null),
    ));
    let answer = function::invoke(context, named, event, false, timeout).await?;
    if answer.is_error {
        return Err(Refusal::bad_gateway());
    }
    // A function that answers nothing has let pass what it got.
    let said = Json::parse(&answer.payload).unwrap_or(Json::Null);
    if said
        .as_object()
        .is_none_or(|said| !said.contains_key("statusCode"))
    {
        return Ok(WebResponse::json(200, Vec::new()));
    }
    let response = proxy_response::http(&answer.payload, true);
    response.ok_or_else(Refusal::bad_gateway)
}

/// An integration as REST APIs have it, for one message.
fn renamed(row: &Object, responses: &[&Object], message: &[u8]) -> Object {
    let mut integration = Object::default();
    for (name, rest) in NAMES {
        if let Some(value) = row.get(name).filter(|value| !value.is_null()) {
            integration = integration.with(rest, value.clone());
        }
    }
    let templates = row.get("RequestTemplates").and_then(Json::as_object);
    if let Some(templates) = templates.filter(|templates| !templates.is_empty()) {
        let expression = text(row, "TemplateSelectionExpression");
        let key = selection::selected(expression, message);
        let key = key.filter(|key| !key.is_empty());
        let chosen = templates.get(key.as_deref().unwrap_or("$default"));
        let chosen = chosen.or_else(|| templates.get("$default"));
        let chosen = chosen.or_else(|| templates.get("application/json"));
        // A template of no type keeps the others from being forgotten: a body passes only where that is allowed.
        let chosen = match chosen {
            Some(template) => Object::default().with("application/json", template.clone()),
            None => Object::default().with("-", ""),
        };
        integration = integration.with("requestTemplates", chosen);
    }
    let mut answers = Object::default();
    let otherwise = Object::default();
    let all = responses.iter().copied().chain([&otherwise]);
    for (at, response) in all.enumerate() {
        let key = text(response, "IntegrationResponseKey");
        let mut answer = Object::default();
        if let Some(pattern) = key.strip_prefix('/').and_then(|key| key.strip_suffix('/')) {
            answer = answer.with("selectionPattern", pattern);
        }
        let templates = response.get("ResponseTemplates").and_then(Json::as_object);
        let expression = text(response, "TemplateSelectionExpression");
        let chosen = templates.and_then(|templates| {
            let key = selection::selected(expression, message);
            let chosen = key.and_then(|key| templates.get(&key));
            chosen.or_else(|| templates.values().next())
        });
        if let Some(template) = chosen {
            let template = Object::default().with("application/json", template.clone());
            answer = answer.with("responseTemplates", template);
        }
        // Statuses are no part of a message: each response has one of its own.
        answers = answers.with(200_usize.saturating_add(at).to_string(), answer);
    }
    integration.with("integrationResponses", answers)
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn check(row: &Json, responses: &[Json], expect: &Json) {
        let row = row.as_object().cloned().unwrap();
        let responses: Vec<&Object> = responses.iter().filter_map(Json::as_object).collect();
        let found = renamed(&row, &responses, br#"{"kind": "b"}"#);
        assert_eq!(&Json::from(found), expect);
    }

    #[test]
    fn integrations_become_those_of_rest_apis() {
        check(
            &json!({"IntegrationType": "MOCK", "RequestTemplates": {"200": "x"}, "TemplateSelectionExpression": "200"}),
            &[],
            &json!({"type": "MOCK", "requestTemplates": {"application/json": "x"}, "integrationResponses": {"200": {}}}),
        );
        check(
            &json!({"IntegrationType": "AWS", "IntegrationUri": "u", "RequestTemplates": {"a": "1", "b": "2"},
                "TemplateSelectionExpression": "${request.body.kind}"}),
            &[
                json!({"IntegrationResponseKey": "/4\\d\\d/", "ResponseTemplates": {"$default": "bad"}}),
                json!({"IntegrationResponseKey": "$default"}),
            ],
            &json!({"type": "AWS", "uri": "u", "requestTemplates": {"application/json": "2"}, "integrationResponses": {
                "200": {"selectionPattern": "4\\d\\d", "responseTemplates": {"application/json": "bad"}}, "201": {}, "202": {}}}),
        );
    }
}
