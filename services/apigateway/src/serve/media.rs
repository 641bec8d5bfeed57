//! Which bodies are binary.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Object};

/// The types that a REST API takes for binary.
pub(crate) fn binary_types(api: &Object) -> Vec<&str> {
    let types = api.get("binaryMediaTypes").and_then(Json::as_array);
    let types = types.into_iter().flat_map(|types| types.iter());
    types.filter_map(Json::as_str).collect()
}

/// Whether a type is among those, which may end in stars.
pub(crate) fn is_among(types: &[&str], media: &str) -> bool {
    let media = plain(media);
    types.iter().any(|it| {
        let it = it.trim().to_ascii_lowercase();
        match it.split_once('/') {
            Some(("*", "*")) => true,
            Some((main, "*")) => media.split('/').next() == Some(main),
            _ => it == media,
        }
    })
}

/// A type without its parameters, in small letters.
pub(crate) fn plain(media: &str) -> String {
    let plain = media.split(';').next().unwrap_or_default();
    plain.trim().to_ascii_lowercase()
}

/// Whether HTTP APIs pass a body of that type as text.
pub(crate) fn is_text(media: &str) -> bool {
    let media = plain(media);
    media.starts_with("text/")
        || media.ends_with("+json")
        || media.ends_with("+xml")
        || matches!(
            media.as_str(),
            "" | "application/json"
                | "application/javascript"
                | "application/xml"
                | "application/x-www-form-urlencoded"
        )
}

/// Bytes as base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of base64; none where it is none.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_may_end_in_stars() {
        for (types, media, expect) in [
            (&["*/*"][..], "a/b", true),
            (&["image/*"], "Image/png; q=1", true),
            (&["image/*"], "text/png", false),
            (&["image/png"], "image/png", true),
            (&["image/png"], "image/jpeg", false),
            (&[], "image/jpeg", false),
        ] {
            assert_eq!(is_among(types, media), expect, "{types:?} {media}");
        }
        assert!(is_text("application/json; charset=utf-8") && !is_text("application/pdf"));
    }
}
