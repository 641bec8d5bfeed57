//! OpenAPI documents, as calls bring them: JSON or YAML.

use passo_asl::source::{self, Format, SourceLimits};
use passo_json::{Json, Object};
use passo_service::{Fault, body};

use crate::control::Request;
use crate::faults;

/// Bytes of a document. Source: API Gateway quotas, "Size of an API definition file".
const BYTES_MAX: usize = 6 << 20;

/// The document that a call has in `member`.
///
/// # Errors
/// `BadRequestException` where it is none.
pub(crate) fn read(request: &Request<'_>, member: &str) -> Result<Object, Fault> {
    let given = request.given.get(member).and_then(body::bytes);
    let given = given.unwrap_or_default();
    let text = std::str::from_utf8(&given).ok();
    text.map_or_else(|| Err(refused("it is no text")), parsed)
}

fn parsed(text: &str) -> Result<Object, Fault> {
    if let Ok(json) = Json::parse(text) {
        return json
            .as_object()
            .cloned()
            .ok_or_else(|| refused("it must be an object"));
    }
    let limits = SourceLimits {
        bytes: BYTES_MAX,
        ..SourceLimits::default()
    };
    let node = source::read(text, Format::Yaml, limits);
    let node = node.map_err(|error| refused(&error.message))?;
    let json = node.to_json();
    json.as_object()
        .cloned()
        .ok_or_else(|| refused("it must be an object"))
}

fn refused(why: &str) -> Fault {
    faults::bad_request(format!("Unable to parse API definition: {why}"))
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn documents_are_json_or_yaml() {
        let expect =
            json!({"swagger": "2.0", "paths": {"/a": {"get": {"responses": {"200": {}}}}}});
        for (text, is_document) in [
            (expect.to_text(), true),
            (
                "swagger: '2.0'\npaths:\n  /a:\n    get:\n      responses:\n        200: {}\n"
                    .to_owned(),
                true,
            ),
            ("[]".to_owned(), false),
            ("- a".to_owned(), false),
            ("just a text".to_owned(), false),
            ("a: [".to_owned(), false),
        ] {
            let found = parsed(&text).map(Json::from);
            assert_eq!(found.ok(), is_document.then(|| expect.clone()), "{text}");
        }
    }
}
