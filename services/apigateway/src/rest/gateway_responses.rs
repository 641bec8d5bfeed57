//! What an API answers when it answers itself: what AWS says by default, and what a user puts in its place.

use passo_json::{Array, Json, Object, json};

use super::nouns::GATEWAY_RESPONSE;
use super::resources::text;
use crate::control::{Answer, Request, nothing, patch};
use crate::faults;

/// A kind of such answers.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its name in the API.
    pub(crate) name: &'static str,
    /// Its status; none for the two defaults.
    pub(crate) status: Option<u16>,
    /// What the header `x-amzn-ErrorType` says.
    pub(crate) error: &'static str,
}

const fn kind(name: &'static str, status: u16, error: &'static str) -> Kind {
    Kind {
        name,
        status: Some(status),
        error,
    }
}

/// All kinds. Source: API Gateway Developer Guide, "Gateway response types".
pub(crate) static DEFAULTS: [Kind; 23] = [
    kind("ACCESS_DENIED", 403, "AccessDeniedException"),
    kind(
        "API_CONFIGURATION_ERROR",
        500,
        "InternalServerErrorException",
    ),
    kind(
        "AUTHORIZER_CONFIGURATION_ERROR",
        500,
        "AuthorizerConfigurationException",
    ),
    kind(
        "AUTHORIZER_FAILURE",
        500,
        "AuthorizerConfigurationException",
    ),
    kind("BAD_REQUEST_BODY", 400, "BadRequestException"),
    kind("BAD_REQUEST_PARAMETERS", 400, "BadRequestException"),
    Kind {
        name: "DEFAULT_4XX",
        status: None,
        error: "BadRequestException",
    },
    Kind {
        name: "DEFAULT_5XX",
        status: None,
        error: "InternalServerErrorException",
    },
    kind("EXPIRED_TOKEN", 403, "ExpiredTokenException"),
    kind("INTEGRATION_FAILURE", 504, "InternalServerErrorException"),
    kind("INTEGRATION_TIMEOUT", 504, "InternalServerErrorException"),
    kind("INVALID_API_KEY", 403, "ForbiddenException"),
    kind("INVALID_SIGNATURE", 403, "InvalidSignatureException"),
    kind(
        "MISSING_AUTHENTICATION_TOKEN",
        403,
        "MissingAuthenticationTokenException",
    ),
    kind("QUOTA_EXCEEDED", 429, "LimitExceededException"),
    kind("REQUEST_TOO_LARGE", 413, "RequestTooLargeException"),
    kind("RESOURCE_NOT_FOUND", 404, "NotFoundException"),
    kind("THROTTLED", 429, "TooManyRequestsException"),
    kind("UNAUTHORIZED", 401, "UnauthorizedException"),
    kind("UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException"),
    kind("WAF_FILTERED", 403, "ForbiddenException"),
    // Not to be changed: an API or stage that is not there, and an integration that answers what is no answer.
    kind("FORBIDDEN", 403, "ForbiddenException"),
    kind("BAD_GATEWAY", 502, "InternalServerErrorException"),
];

const TEMPLATE: &str = "{\"message\":$context.error.messageString}";

pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    Some(match request.operation.name {
        "PutGatewayResponse" => put(request),
        "GetGatewayResponse" => get(request).map(Json::from),
        "GetGatewayResponses" => list(request),
        "UpdateGatewayResponse" => update(request),
        "DeleteGatewayResponse" => {
            let verb = GATEWAY_RESPONSE.verb("DeleteGatewayResponse")?;
            GATEWAY_RESPONSE.perform(request, verb).map(|_| nothing())
        }
        _ => return None,
    })
}

fn known(name: &str) -> Option<&'static Kind> {
    let changeable = DEFAULTS.get(..21).unwrap_or_default();
    changeable.iter().find(|kind| kind.name == name)
}

fn default(kind: &Kind) -> Object {
    let row = json!({
        "responseType": (kind.name),
        "responseParameters": {},
        "responseTemplates": {"application/json": TEMPLATE},
        "defaultResponse": true
    });
    let row = row.as_object().cloned().unwrap_or_default();
    match kind.status {
        Some(status) => row.with("statusCode", status.to_string()),
        None => row,
    }
}

fn put(request: &Request<'_>) -> Answer {
    request.api(request.text("restApiId"))?;
    let name = request.text("responseType");
    let kind = known(name).ok_or_else(|| faults::bad_request(GATEWAY_RESPONSE.missing))?;
    let given = request.given_members();
    let mut row = default(kind).with("defaultResponse", false);
    for (member, value) in given.iter() {
        row = row.with(member.clone(), value.clone());
    }
    GATEWAY_RESPONSE.create(request, row)
}

fn get(request: &Request<'_>) -> Result<Object, passo_service::Fault> {
    let name = request.text("responseType");
    match (GATEWAY_RESPONSE.find(request, name), known(name)) {
        (Ok(row), _) => Ok(row),
        (Err(_), Some(kind)) => {
            request.api(request.text("restApiId"))?;
            Ok(default(kind))
        }
        (Err(fault), None) => Err(fault),
    }
}

fn list(request: &Request<'_>) -> Answer {
    let rows = GATEWAY_RESPONSE.all(request)?;
    let changeable = DEFAULTS.get(..21).unwrap_or_default().iter();
    let all = changeable.map(|kind| {
        let own = rows
            .iter()
            .find(|row| text(row, "responseType") == kind.name);
        Json::from(own.cloned().unwrap_or_else(|| default(kind)))
    });
    Ok(json!({"items": (all.collect::<Array>())}))
}

fn update(request: &Request<'_>) -> Answer {
    let row = get(request)?.with("defaultResponse", false);
    let row = match request.output() {
        Some(shape) => patch(request, shape, row)?,
        None => row,
    };
    let change = request.shared.table.change();
    let (api, name) = (request.text("restApiId"), request.text("responseType"));
    change.put(&["GatewayResponse", api, name], row.clone())?;
    Ok(Json::from(row))
}
