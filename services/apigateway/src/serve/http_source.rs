//! Sources of parameter mappings of HTTP APIs: `$request.header.x`, `$context.requestId`, `a${request.path.b}c`.
//!
//! Source: API Gateway Developer Guide, "Transform API requests and responses for HTTP APIs".

use passo_expr::Path;
use passo_json::Json;

use super::call::Taken;
use super::http_api::HttpCall;
use super::target;

/// What a source is; none where it is not there. A text without a dollar is itself.
pub(crate) fn value(call: &HttpCall<'_>, source: &str) -> Option<String> {
    if source.contains("${") {
        return Some(filled(call, source));
    }
    match source.strip_prefix('$') {
        Some(path) => found(call, path),
        None => Some(source.to_owned()),
    }
}

fn filled(call: &HttpCall<'_>, source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((path, after)) = after.split_once('}') else {
            out.push_str("${");
            rest = after;
            continue;
        };
        out.push_str(&found(call, path).unwrap_or_default());
        rest = after;
    }
    out.push_str(rest);
    out
}

fn found(call: &HttpCall<'_>, path: &str) -> Option<String> {
    if let Some(name) = path.strip_prefix("stageVariables.") {
        let value = call.context.variables.get(name)?.as_str()?;
        return Some(value.to_owned());
    }
    if let Some(path) = path.strip_prefix("context.") {
        let context = call.request_context();
        return match path {
            "identity.sourceIp" => target::member(&context, "http.sourceIp"),
            "identity.userAgent" => target::member(&context, "http.userAgent"),
            "httpMethod" => target::member(&context, "http.method"),
            "path" => target::member(&context, "http.path"),
            "requestTime" => target::member(&context, "time"),
            "requestTimeEpoch" => target::member(&context, "timeEpoch"),
            path => target::member(&context, path),
        };
    }
    let rest = path.strip_prefix("request.")?;
    of_request(&call.taken, rest)
}

fn of_request(taken: &Taken, path: &str) -> Option<String> {
    let (place, name) = path.split_once('.').unwrap_or((path, ""));
    match (place, name) {
        ("header", name) => Some(taken.headers.all_of_header(name)?.join(",")),
        ("querystring", name) => Some(taken.query.all(name)?.join(",")),
        ("path", "") => Some(taken.path.clone()),
        ("path", name) => {
            let mut pairs = taken.path_parameters.iter();
            let found = pairs.find(|(given, _)| given == name);
            found.map(|(_, value)| value.clone())
        }
        ("body", "") => Some(taken.body_text().into_owned()),
        ("body", name) => {
            let path = Path::parse(&format!("$.{name}")).ok()?;
            let found = path
                .read_from(&Json::parse(&taken.body_text()).ok()?)
                .ok()?;
            Some(target::plain(&found))
        }
        _ => None,
    }
}
