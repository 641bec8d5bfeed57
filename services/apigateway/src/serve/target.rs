//! Sources of parameter mappings: `method.request.header.x`, `context.requestId`, `'a text'`.
//!
//! Source: API Gateway Developer Guide, "Amazon API Gateway API request and response data mapping reference".

use passo_expr::Path;
use passo_json::{Json, Object};

use super::rest::RestCall;

/// What a source of a REST API's request is; none where it is not there.
pub(crate) fn value(call: &RestCall<'_>, source: &str) -> Option<Vec<String>> {
    if let Some(literal) = literal(source) {
        return Some(vec![literal.to_owned()]);
    }
    if let Some(name) = source.strip_prefix("stageVariables.") {
        let value = call.context.variables.get(name)?.as_str()?;
        return Some(vec![value.to_owned()]);
    }
    if let Some(path) = source.strip_prefix("context.") {
        return member(&call.request_context(), path).map(|it| vec![it]);
    }
    let rest = source.strip_prefix("method.request.");
    let rest = rest.or_else(|| source.strip_prefix("route.request."))?;
    let (place, name) = rest.split_once('.').unwrap_or((rest, ""));
    let taken = &call.taken;
    let last = |values: &[String]| values.last().map(|it| vec![it.clone()]);
    match place {
        "header" => last(taken.headers.all_of_header(name)?),
        "multivalueheader" => Some(taken.headers.all_of_header(name)?.to_vec()),
        "querystring" => last(taken.query.all(name)?),
        "multivaluequerystring" => Some(taken.query.all(name)?.to_vec()),
        "path" => {
            let mut pairs = taken.path_parameters.iter();
            let found = pairs.find(|(given, _)| given == name);
            found.map(|(_, value)| vec![value.clone()])
        }
        "body" => body(&taken.body_text(), name).map(|it| vec![it]),
        _ => None,
    }
}

/// The text between two apostrophes.
pub(crate) fn literal(source: &str) -> Option<&str> {
    source.strip_prefix('\'')?.strip_suffix('\'')
}

/// A body, or what a path finds in it, as text.
pub(crate) fn body(body: &str, path: &str) -> Option<String> {
    if path.is_empty() {
        return Some(body.to_owned());
    }
    let path = match path.starts_with('$') {
        true => path.to_owned(),
        false => format!("$.{path}"),
    };
    let found = Path::parse(&path)
        .ok()?
        .read_from(&Json::parse(body).ok()?)
        .ok()?;
    (!found.is_null()).then(|| plain(&found))
}

/// A member by its path of names.
pub(crate) fn member(object: &Object, path: &str) -> Option<String> {
    let mut names = path.split('.');
    let first = object.get(names.next()?)?;
    let found = names.try_fold(first, |found, name| found.get(name))?;
    (!found.is_null()).then(|| plain(found))
}

/// A text as it is, everything else as JSON.
pub(crate) fn plain(json: &Json) -> String {
    match json.as_str() {
        Some(text) => text.to_owned(),
        None => json.to_text(),
    }
}

/// `text` with `${stageVariables.name}` replaced.
pub(crate) fn with_variables(text: &str, variables: &Object) -> String {
    const BEGIN: &str = "${stageVariables.";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            out.push_str(BEGIN);
            rest = after;
            continue;
        };
        out.push_str(
            variables
                .get(name)
                .and_then(Json::as_str)
                .unwrap_or_default(),
        );
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_hold_stage_variables() {
        let variables = Object::default().with("fn", "f").with("v", "1");
        for (text, expect) in [
            ("a:${stageVariables.fn}:${stageVariables.v}", "a:f:1"),
            ("${stageVariables.none}x", "x"),
            ("${stageVariables.fn", "${stageVariables.fn"),
            ("plain", "plain"),
        ] {
            assert_eq!(with_variables(text, &variables), expect);
        }
        assert_eq!(body(r#"{"a": {"b": 7}}"#, "a.b").as_deref(), Some("7"));
        assert_eq!(body(r#"{"a": "x"}"#, "$.a").as_deref(), Some("x"));
        assert_eq!(body("no json", "a"), None);
        assert_eq!(literal("'x'"), Some("x"));
    }
}
