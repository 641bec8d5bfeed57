//! Blobs that are the whole body of a message: text where they are UTF-8, so that JSON and other texts need no copy.
//!
//! Other blobs are base64 in a string, as AWS JSON has them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, ObjectBuilder};

/// The one member of a body that is no text.
const BASE64: &str = "$base64";

/// `bytes` as a member: their text, or `{"$base64": "…"}` where they are not UTF-8.
pub fn of_bytes(bytes: &[u8]) -> Json {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Json::from(text);
    }
    let mut body = ObjectBuilder::new();
    body.insert(BASE64, STANDARD.encode(bytes));
    Json::from(body.build())
}

/// The bytes of a member that [`of_bytes`] made; `None` where it is something else.
pub fn bytes(member: &Json) -> Option<Cow<'_, [u8]>> {
    if let Some(text) = member.as_str() {
        return Some(Cow::Borrowed(text.as_bytes()));
    }
    let encoded = member.get(BASE64)?.as_str()?;
    STANDARD.decode(encoded).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_text_where_they_can_be() {
        for (given, expect) in [
            (&b"{\"a\":1}"[..], r#""{\"a\":1}""#),
            (b"", r#""""#),
            (b"\xff\x00", r#"{"$base64":"/wA="}"#),
        ] {
            let member = of_bytes(given);
            assert_eq!(member.to_text(), expect);
            assert_eq!(bytes(&member).as_deref(), Some(given));
        }
        assert!(bytes(&Json::from(1)).is_none());
    }
}
