//! Methods of a resource, with their responses, integrations and responses of integrations: kept in the resource's row.

use passo_json::{Json, Object, json};
use passo_service::Fault;

use super::resources::RESOURCE;
use crate::control::{Answer, Request, nothing, parts, patch, with_defaults};
use crate::faults;
use crate::table::Change;

/// How long an integration may take, and by default does. Source: API Gateway quotas.
const TIMEOUT_MILLIS: i64 = 29_000;

/// A part of a method: the members that lead to it, and what AWS says where it is not there.
struct Part {
    steps: Vec<String>,
    missing: [&'static str; 4],
}

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    let operation = request.operation.name;
    let verb = ["Put", "Get", "Update", "Delete"]
        .into_iter()
        .find(|verb| operation.starts_with(verb))?;
    let method = request.text("httpMethod").to_owned();
    let status = request.text("statusCode").to_owned();
    let text = |member: &str| member.to_owned();
    let steps = match operation.strip_prefix(verb)? {
        "Method" => vec![method],
        "MethodResponse" => vec![method, text("methodResponses"), status],
        "Integration" => vec![method, text("methodIntegration")],
        "IntegrationResponse" => vec![
            method,
            text("methodIntegration"),
            text("integrationResponses"),
            status,
        ],
        _ => return None,
    };
    let missing = match steps.len() {
        3 => [
            "Invalid Method identifier specified",
            "Invalid Response status code specified",
            "Invalid Response status code specified",
            "",
        ],
        2 => [
            "Invalid Method identifier specified",
            "No integration defined for method",
            "",
            "",
        ],
        _ => [
            "Invalid Method identifier specified",
            "Invalid Integration identifier specified",
            "Invalid Response status code specified",
            "Invalid Response status code specified",
        ],
    };
    let part = Part { steps, missing };
    Some(match verb {
        "Put" => put(request, &part),
        "Get" => get(request, &part),
        "Update" => update(request, &part),
        _ => delete(request, &part),
    })
}

/// The methods of the call's resource, and its row.
fn methods(request: &Request<'_>) -> Result<(Object, Object), Fault> {
    let row = RESOURCE.find(request, request.text("resourceId"))?;
    let methods = row.get("resourceMethods").and_then(Json::as_object);
    let methods = methods.cloned().unwrap_or_default();
    Ok((row, methods))
}

fn keep(
    request: &Request<'_>,
    change: &Change<'_>,
    row: Object,
    methods: Object,
) -> Result<(), Fault> {
    let mut key = RESOURCE.place(request)?;
    key.push(request.text("resourceId").to_owned());
    let row = row.with("resourceMethods", methods);
    change.put(&parts(&key), row)
}

impl Part {
    fn find(&self, methods: &Object) -> Result<Object, Fault> {
        let mut found = methods.clone();
        for (step, missing) in self.steps.iter().zip(self.missing) {
            let next = found.get(step).and_then(Json::as_object).cloned();
            found = next.ok_or_else(|| faults::not_found(missing))?;
        }
        Ok(found)
    }

    /// `methods` with this part as `value`, or without it.
    fn with(&self, methods: &Object, value: Option<Object>) -> Result<Object, Fault> {
        self.set(methods, &self.steps, value)
    }

    fn set(
        &self,
        object: &Object,
        steps: &[String],
        value: Option<Object>,
    ) -> Result<Object, Fault> {
        let Some((first, rest)) = steps.split_first() else {
            return Ok(value.unwrap_or_default());
        };
        if rest.is_empty() {
            return Ok(match value {
                Some(value) => object.clone().with(first.as_str(), value),
                None => object.without(first),
            });
        }
        let at = self.steps.len().saturating_sub(steps.len());
        let inner = object.get(first).and_then(Json::as_object).cloned();
        // Responses are named by what leads to them: only that may be made on the way.
        let is_named = matches!(first.as_str(), "methodResponses" | "integrationResponses");
        let inner = match inner {
            Some(inner) => inner,
            None if is_named => Object::default(),
            None => {
                let missing = self.missing.get(at).copied().unwrap_or_default();
                return Err(faults::not_found(missing));
            }
        };
        let inner = self.set(&inner, rest, value)?;
        Ok(object.clone().with(first.as_str(), inner))
    }
}

fn put(request: &Request<'_>, part: &Part) -> Answer {
    let change = request.shared.table.change();
    let (row, methods) = methods(request)?;
    let given = request.given_members();
    let old = part.find(&methods).ok();
    let value = match request.operation.name {
        "PutMethod" => {
            if old.is_some() {
                return Err(faults::conflict("Method already exists for this resource"));
            }
            method(request, given)?
        }
        "PutIntegration" => {
            let old = old.unwrap_or_default();
            integration(request, given, &old)?
        }
        "PutMethodResponse" if old.is_some() => {
            return Err(faults::conflict(
                "Response already exists for this resource",
            ));
        }
        _ => given,
    };
    let methods = part.with(&methods, Some(value.clone()))?;
    keep(request, &change, row, methods)?;
    Ok(Json::from(value))
}

fn method(request: &Request<'_>, given: Object) -> Result<Object, Fault> {
    let name = request.text("httpMethod");
    let known = [
        "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "ANY",
    ];
    if !known.contains(&name) {
        return Err(faults::bad_request(
            "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
        ));
    }
    let kind = request.text("authorizationType");
    match kind {
        "NONE" | "AWS_IAM" => {}
        "CUSTOM" | "COGNITO_USER_POOLS" => {
            super::nouns::AUTHORIZER
                .find(request, request.text("authorizerId"))
                .map_err(|_| faults::bad_request("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."))?;
        }
        _ => {
            return Err(faults::bad_request(
                "Invalid Authorization type specified. Valid options are NONE,AWS_IAM,CUSTOM,COGNITO_USER_POOLS",
            ));
        }
    }
    if let Some(validator) = request.given.text("requestValidatorId") {
        super::nouns::VALIDATOR
            .find(request, validator)
            .map_err(|_| faults::bad_request("Invalid Request Validator identifier specified"))?;
    }
    Ok(with_defaults(given, &json!({"apiKeyRequired": false})))
}

/// What an integration has although nobody said so.
pub(super) fn with_integration_defaults(integration: Object, namespace: &str) -> Object {
    with_defaults(
        integration,
        &json!({
            "passthroughBehavior": "WHEN_NO_MATCH",
            "timeoutInMillis": TIMEOUT_MILLIS,
            "cacheNamespace": namespace,
            "cacheKeyParameters": []
        }),
    )
}

fn integration(request: &Request<'_>, given: Object, old: &Object) -> Result<Object, Fault> {
    let kind = request.text("type");
    let method = request.given.text("integrationHttpMethod");
    let given = match method {
        Some(method) => given.with("httpMethod", method),
        // The member of that name in the call is the method's.
        None => given.without("httpMethod"),
    };
    let uri = request.given.text("uri");
    check(kind, method, uri)?;
    let given = with_integration_defaults(given, request.text("resourceId"));
    Ok(match old.get("integrationResponses") {
        Some(responses) => given.with("integrationResponses", responses.clone()),
        None => given,
    })
}

/// Refuses integrations that lead nowhere.
fn check(kind: &str, method: Option<&str>, uri: Option<&str>) -> Result<(), Fault> {
    let refused = |message: &str| Err(faults::bad_request(message));
    match kind {
        "MOCK" => return Ok(()),
        "HTTP" | "HTTP_PROXY" => {}
        "AWS" | "AWS_PROXY" => {}
        _ => {
            return refused(
                "Enumeration value for Type must be one of HTTP, AWS, MOCK, HTTP_PROXY, AWS_PROXY",
            );
        }
    }
    if method.is_none_or(str::is_empty) {
        return refused("Enumeration value for HttpMethod must be non-empty");
    }
    let uri = uri.unwrap_or_default();
    if kind.starts_with("HTTP") {
        return match uri.starts_with("http://") || uri.starts_with("https://") {
            true => Ok(()),
            false => refused("Invalid HTTP endpoint specified for URI"),
        };
    }
    let parts: Vec<&str> = uri.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "apigateway", _, service, action]
            if action.starts_with("path/") || action.starts_with("action/") =>
        {
            let is_function = *service == "lambda" && action.contains("/functions/");
            match kind == "AWS_PROXY" && !is_function {
                true => refused(
                    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
                ),
                false => Ok(()),
            }
        }
        ["arn", _, "apigateway", ..] => {
            refused("AWS ARN for integration must contain path or action")
        }
        _ => refused("Invalid ARN specified in the request"),
    }
}

fn get(request: &Request<'_>, part: &Part) -> Answer {
    let (_, methods) = methods(request)?;
    Ok(Json::from(part.find(&methods)?))
}

fn update(request: &Request<'_>, part: &Part) -> Answer {
    let change = request.shared.table.change();
    let (row, methods) = methods(request)?;
    let value = part.find(&methods)?;
    let value = match request.output() {
        Some(shape) => patch(request, shape, value)?,
        None => value,
    };
    let methods = part.with(&methods, Some(value.clone()))?;
    keep(request, &change, row, methods)?;
    Ok(Json::from(value))
}

fn delete(request: &Request<'_>, part: &Part) -> Answer {
    let change = request.shared.table.change();
    let (row, methods) = methods(request)?;
    part.find(&methods)?;
    let methods = part.with(&methods, None)?;
    keep(request, &change, row, methods)?;
    Ok(nothing())
}
