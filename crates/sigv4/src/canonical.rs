//! The canonical request, and the string that is signed.

use std::collections::BTreeSet;

use crate::claim::Scope;
use crate::digest::{hex, hmac, sha256};
use crate::percent::{Escapes, encode};
use crate::{Request, Rules, Secret};

/// The only algorithm.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The last part of a scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

/// A request in the one form that both sides compute. `signed` are the names of signed headers, in lower case.
pub(crate) fn canonical_request(
    request: &Request<'_>,
    signed: &BTreeSet<String>,
    payload: &str,
    rules: Rules,
) -> Vec<u8> {
    let mut out = format!(
        "{}\n{}\n{}\n",
        request.method,
        path(request.path, rules),
        query(request.query)
    )
    .into_bytes();
    for name in signed {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        header_values(&mut out, request, name);
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(names(signed).as_bytes());
    out.push(b'\n');
    out.extend_from_slice(payload.as_bytes());
    out
}

/// Names of signed headers as they are listed.
pub(crate) fn names(signed: &BTreeSet<String>) -> String {
    let names: Vec<&str> = signed.iter().map(String::as_str).collect();
    names.join(";")
}

/// The signature over a canonical request.
pub(crate) fn signature(secret: &Secret, scope: &Scope, time: &str, canonical: &[u8]) -> String {
    let string_to_sign = format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex(&sha256(canonical)));
    hex(&hmac(
        &signing_key(secret, scope),
        string_to_sign.as_bytes(),
    ))
}

/// What signatures of one scope are made with.
pub(crate) fn signing_key(secret: &Secret, scope: &Scope) -> Vec<u8> {
    let mut key = format!("AWS4{}", secret.expose()).into_bytes();
    for part in [&*scope.day, &*scope.region, &*scope.service, TERMINATOR] {
        key = hmac(&key, part.as_bytes()).to_vec();
    }
    key
}

fn path(given: &str, rules: Rules) -> String {
    let mut out = String::with_capacity(given.len());
    match rules {
        Rules::S3 => encode(&mut out, given, b"/", Escapes::Stay),
        Rules::Most => encode(&mut out, &normal(given), b"/", Escapes::AreText),
    }
    if out.is_empty() {
        out.push('/');
    }
    out
}

/// The path without empty, `.` and `..` segments, as in RFC 3986 section 6.2.2.3 with slashes merged.
fn normal(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            name => segments.push(name),
        }
    }
    let mut out = format!("/{}", segments.join("/"));
    // A directory stays one.
    if path.ends_with('/') && !segments.is_empty() {
        out.push('/');
    }
    out
}

/// The query's pairs in order of name and value. The signature itself, which a presigned query carries, is left out.
fn query(given: &str) -> String {
    let mut pairs: Vec<(String, String)> = given
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (query_part(name), query_part(value))
        })
        .filter(|(name, _)| name != "X-Amz-Signature")
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

fn query_part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode(&mut out, &text.replace('+', "%20"), b"", Escapes::Stay);
    out
}

/// All values of a header, with single spaces, joined by commas.
fn header_values(out: &mut Vec<u8>, request: &Request<'_>, name: &str) {
    let values = request
        .headers
        .iter()
        .filter(|(given, _)| given.eq_ignore_ascii_case(name));
    for (count, (_, value)) in values.enumerate() {
        if count > 0 {
            out.push(b',');
        }
        let words = value
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty());
        for (count, word) in words.enumerate() {
            if count > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Payload;

    #[test]
    fn paths_are_normal_or_as_they_are() {
        for (given, most, s3) in [
            ("", "/", "/"),
            ("/", "/", "/"),
            ("//", "/", "//"),
            ("/a/./b/../c", "/a/c", "/a/./b/../c"),
            ("/a//b/", "/a/b/", "/a//b/"),
            ("/../..", "/", "/../.."),
            ("/a%3Ab c", "/a%253Ab%20c", "/a%3Ab%20c"),
        ] {
            assert_eq!(path(given, Rules::Most), most, "{given}");
            assert_eq!(path(given, Rules::S3), s3, "{given}");
        }
    }

    #[test]
    fn queries_are_in_order() {
        for (given, expect) in [
            ("", ""),
            ("b=2&a=1", "a=1&b=2"),
            ("a=2&a=1&a", "a=&a=1&a=2"),
            ("a=x+y&b=%2f", "a=x%20y&b=%2F"),
            ("X-Amz-Signature=1&X-Amz-Date=2", "X-Amz-Date=2"),
            ("a=b=c", "a=b%3Dc"),
        ] {
            assert_eq!(query(given), expect, "{given}");
        }
    }

    #[test]
    fn header_values_have_single_spaces() {
        let request = Request {
            method: "GET",
            path: "/",
            query: "",
            headers: vec![("A", b"  x \t y "), ("b", b"\xff"), ("a", b"z")],
            payload: Payload::UNSIGNED,
        };
        let signed = ["a", "b", "c"].map(str::to_owned).into();
        let canonical = canonical_request(&request, &signed, "P", Rules::Most);
        assert_eq!(
            canonical,
            b"GET\n/\n\na:x y,z\nb:\xff\nc:\n\na;b;c\nP".as_slice()
        );
    }
}
