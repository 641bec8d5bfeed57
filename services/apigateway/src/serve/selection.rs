//! Selection expressions of WebSocket APIs: `$request.body.action`, `${request.body.a}/${request.body.b}`, `\$default`.
//!
//! Source: API Gateway Developer Guide, "Selection expressions in API Gateway".

use super::target;

/// What an expression selects for a message; none where it asks for what the message does not have.
pub(crate) fn selected(expression: &str, message: &[u8]) -> Option<String> {
    let expression = expression.trim();
    let text = String::from_utf8_lossy(message);
    if let Some(literal) = expression.strip_prefix('\\') {
        return Some(literal.to_owned());
    }
    if expression.contains("${") {
        let mut out = String::new();
        let mut rest = expression;
        while let Some((before, after)) = rest.split_once("${") {
            let (path, after) = after.split_once('}')?;
            out.push_str(before);
            out.push_str(&found(path, &text)?);
            rest = after;
        }
        out.push_str(rest);
        return Some(out);
    }
    match expression.strip_prefix('$') {
        Some("default") => Some("$default".to_owned()),
        Some(path) => found(path, &text),
        None => Some(expression.to_owned()),
    }
}

fn found(path: &str, message: &str) -> Option<String> {
    target::body(message, path.strip_prefix("request.body.")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_select() {
        let message = br#"{"action": "join", "a": {"b": 7}}"#;
        for (expression, expect) in [
            ("$request.body.action", Some("join")),
            ("${request.body.action}", Some("join")),
            ("${request.body.action}/${request.body.a.b}", Some("join/7")),
            ("$request.body.none", None),
            ("${request.body.action}-${request.body.none}", None),
            ("${request.body.action", None),
            ("\\$default", Some("$default")),
            ("$default", Some("$default")),
            ("200", Some("200")),
        ] {
            assert_eq!(
                selected(expression, message).as_deref(),
                expect,
                "{expression}"
            );
        }
        assert_eq!(selected("$request.body.action", b"no json"), None);
        assert_eq!(selected("$request.body.action", b"\xff"), None);
    }
}
