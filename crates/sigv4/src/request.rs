//! A request as far as its signature is concerned.

use crate::digest::{hex, sha256};

/// A request as it travels: path and query percent-encoded, header names in any case.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path, encoded once, beginning with `/`.
    pub path: &'a str,
    /// The query, encoded, without `?`.
    pub query: &'a str,
    /// Its headers, in order. A signer needs `host`, and those it adds itself must not be there.
    pub headers: Vec<(&'a str, &'a [u8])>,
    /// Its body.
    pub payload: Payload<'a>,
}

/// What is known about a body.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// All of it.
    Bytes(&'a [u8]),
    /// Its SHA-256.
    Sha256([u8; 32]),
    /// Only what is declared: `UNSIGNED-PAYLOAD`, or one of the `STREAMING-…` forms.
    Declared(&'a str),
}

impl<'a> Request<'a> {
    /// The text of the first header called `name` (in lower case), where it has one and it is ASCII.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let found = self
            .headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name));
        let text = found.and_then(|(_, value)| std::str::from_utf8(value).ok())?;
        text.is_ascii().then(|| text.trim_matches([' ', '\t']))
    }
}

impl Payload<'_> {
    /// The declaration of a payload that is not signed.
    pub const UNSIGNED: Payload<'static> = Payload::Declared("UNSIGNED-PAYLOAD");

    pub(crate) fn text(&self) -> String {
        match self {
            Payload::Bytes(bytes) => hex(&sha256(bytes)),
            Payload::Sha256(hash) => hex(hash),
            Payload::Declared(text) => (*text).to_owned(),
        }
    }
}
