//! Tags as headers have them: `a=b&c=d`, escaped.

use std::collections::BTreeSet;

use s3s::dto::{self, Tag};
use s3s::xml::{Deserialize as _, Deserializer};
use s3s::{S3Result, s3_error};

use crate::faults;

/// Tags that an object may have.
const TAGS_MAX: usize = 10;

/// Tags that a bucket may have.
const BUCKET_TAGS_MAX: usize = 50;

/// Characters of a tag. Source: "Categorizing your objects using tags" of the S3 user guide.
const KEY_LENGTH_MAX: usize = 128;
const VALUE_LENGTH_MAX: usize = 256;

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

/// A header of the tags that a document in XML has.
///
/// # Errors
/// `MalformedXML`, and as [`of_header`].
pub(crate) fn of_document(text: &str) -> S3Result<String> {
    let mut reader = Deserializer::new(text.as_bytes());
    let read = dto::Tagging::deserialize(&mut reader);
    let tags = of_set(read.map_err(|_| faults::malformed())?.tag_set)?;
    let pairs = tags.iter();
    let pairs = pairs.map(|(key, value)| format!("{}={}", escaped(key), escaped(value)));
    Ok(pairs.collect::<Vec<_>>().join("&"))
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
    check_each(&tags)?;
    Ok(tags)
}

/// The tags of a bucket.
///
/// # Errors
/// `InvalidTag`.
pub(crate) fn of_bucket(tags: Vec<Tag>) -> S3Result<Vec<Tag>> {
    if tags.len() > BUCKET_TAGS_MAX {
        let message = "Bucket tag count cannot be greater than 50";
        return Err(s3_error!(InvalidTag, "{message}"));
    }
    let pairs = tags.iter().cloned();
    let pairs = pairs.map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()));
    check_each(&pairs.collect::<Vec<_>>())?;
    Ok(tags)
}

fn check_each(tags: &[(String, String)]) -> S3Result<()> {
    let fits = |text: &str| {
        let is_known = |it: char| it.is_alphanumeric() || it == ' ' || "+-=._:/@".contains(it);
        text.chars().all(is_known)
    };
    let mut keys = BTreeSet::new();
    for (key, value) in tags {
        let length = key.chars().count();
        let message = if key.to_ascii_lowercase().starts_with("aws:") {
            "System tags cannot be added/updated by requester"
        } else if length == 0 || length > KEY_LENGTH_MAX || !fits(key) {
            "The TagKey you have provided is invalid"
        } else if value.chars().count() > VALUE_LENGTH_MAX || !fits(value) {
            "The TagValue you have provided is invalid"
        } else if !keys.insert(key) {
            "Cannot provide multiple Tags with the same key"
        } else {
            continue;
        };
        return Err(s3_error!(InvalidTag, "{message}"));
    }
    Ok(())
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
            "1=&2=&3=&4=&5=&6=&7=&8=&9=&10=&11=",
            "a=1&a=2",
            "aws:a=1",
            "a%3F=1",
        ] {
            assert!(of_header(Some(broken)).is_err(), "{broken}");
        }
        assert_eq!(escaped("a b/ü"), "a%20b/%C3%BC");
    }
}
