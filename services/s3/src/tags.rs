//! Tags as headers have them: `a=b&c=d`, escaped.

use s3s::dto::Tag;
use s3s::{S3Result, s3_error};

/// Tags that an object may have.
const TAGS_MAX: usize = 10;

/// The tags of a header.
///
/// # Errors
/// `InvalidArgument` where it cannot be read, `InvalidTag` where there are too many.
pub(crate) fn of_header(header: Option<&str>) -> S3Result<Vec<(String, String)>> {
    let pairs = header.unwrap_or_default().split('&');
    let pairs = pairs.filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((unescaped(key)?, unescaped(value)?))
    });
    let Some(tags) = pairs.collect::<Option<Vec<_>>>() else {
        return Err(s3_error!(
            InvalidArgument,
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates."
        ));
    };
    checked(tags)
}

/// The tags of a document.
///
/// # Errors
/// As [`of_header`].
pub(crate) fn of_set(tags: Vec<Tag>) -> S3Result<Vec<(String, String)>> {
    let tags = tags.into_iter();
    let tags = tags.map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()));
    checked(tags.collect())
}

fn checked(tags: Vec<(String, String)>) -> S3Result<Vec<(String, String)>> {
    if tags.len() > TAGS_MAX {
        let message = "Object tags cannot be greater than 10";
        return Err(s3_error!(InvalidTag, "{message}"));
    }
    if tags.iter().any(|(key, _)| key.is_empty()) {
        let message = "The TagKey you have provided is invalid";
        return Err(s3_error!(InvalidTag, "{message}"));
    }
    Ok(tags)
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(plain).ok()
}

/// Text escaped as `encoding-type=url` wants it.
pub(crate) fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~/*".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read() {
        let tags = of_header(Some("a=b%20c&d+e=&%C3%BC=1")).unwrap();
        let tags: Vec<_> = tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(tags, [("a", "b c"), ("d e", ""), ("ü", "1")]);
        assert_eq!(of_header(None).unwrap(), []);
        for broken in [
            "a=%",
            "a=%zz",
            "=b",
            "a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1",
        ] {
            assert!(of_header(Some(broken)).is_err(), "{broken}");
        }
        assert_eq!(escaped("a b/ü"), "a%20b/%C3%BC");
    }
}
