//! `TestInvokeMethod`: a method's integration, without a stage.

use passo_json::{Json, Object, json};

use super::resources::{RESOURCE, text};
use crate::control::{Answer, Request};
use crate::faults;
use crate::gateway::Shared;
use crate::serve::{Test, WebRequest, test};

/// The answer to `TestInvokeMethod`.
pub(crate) async fn test_invoke(shared: &Shared, request: &Request<'_>) -> Answer {
    let id = request.text("restApiId");
    let api = request.api(id)?;
    let resource = RESOURCE.find(request, request.text("resourceId"))?;
    let name = request.text("httpMethod");
    let methods = resource.get("resourceMethods");
    let method = methods.and_then(|methods| methods.get(name)?.as_object());
    let method = method.ok_or_else(|| faults::not_found("Invalid Method identifier specified"))?;
    let path = request.given.text("pathWithQueryString");
    let path = path.unwrap_or_else(|| text(&resource, "path"));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let pattern = crate::serve::Pattern::parse(text(&resource, "path"));
    let object = |member: &str| request.given.object(member).cloned().unwrap_or_default();
    let mut headers = Vec::new();
    for (name, value) in object("headers").iter() {
        headers.extend(value.as_str().map(|it| (name.to_string(), it.to_owned())));
    }
    for (name, values) in object("multiValueHeaders").iter() {
        let values = values.as_array().into_iter().flat_map(|it| it.iter());
        headers.extend(values.filter_map(|it| Some((name.to_string(), it.as_str()?.to_owned()))));
    }
    let web = WebRequest {
        method: name.to_owned(),
        host: "testPrefix.testDomainName".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: request.text("body").as_bytes().to_vec(),
        source_ip: "test-invoke-source-ip".to_owned(),
        request_id: shared.uuid(),
    };
    let begun = shared.clock.now().epoch_millis();
    let what = Test {
        row: &request.api_row(api.clone()),
        api: id,
        snapshot: Object::default().with("api", api),
        resource: (
            text(&resource, "id").to_owned(),
            text(&resource, "path").to_owned(),
        ),
        method: method.clone(),
        path_parameters: pattern.matches(path).unwrap_or_default(),
        variables: object("stageVariables"),
    };
    let response = test(shared, what, web).await;
    let single: Object = response
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), Json::from(value.as_str())))
        .collect();
    let many: Object = response
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), json!([(value.as_str())])))
        .collect();
    Ok(json!({
        "status": (i64::from(response.status)),
        "body": (String::from_utf8_lossy(&response.body).into_owned()),
        "headers": single,
        "multiValueHeaders": many,
        "log": (format!("Execution log for request {}\nMethod completed with status: {}\n", shared.uuid(), response.status)),
        "latency": (shared.clock.now().epoch_millis().saturating_sub(begun))
    }))
}
