//! What a request says about who signed it: read, but not believed yet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_vocab::Timestamp;

use crate::canonical::{ALGORITHM, TERMINATOR};
use crate::digest::sha256;
use crate::percent::decode;
use crate::{Refusal, Request, Secret, time};

/// A signature and what it claims.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Whose key it claims to be made with.
    pub access_key_id: Arc<str>,
    /// What it is good for.
    pub scope: Scope,
    /// When it was made.
    pub at: Timestamp,
    /// The token of temporary credentials.
    pub session_token: Option<Secret>,
    /// Where it stands.
    pub claimed_in: ClaimedIn,
    pub(crate) time: String,
    pub(crate) signed: BTreeSet<String>,
    pub(crate) signature: String,
}

/// What a signature is good for: one service in one region on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The day, as `20150830`.
    pub day: Arc<str>,
    /// The region.
    pub region: Arc<str>,
    /// The signing name of the service.
    pub service: Arc<str>,
}

/// Where a signature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimedIn {
    /// In the `Authorization` header.
    Header,
    /// In the query: a presigned URL.
    Query {
        /// How long it is good for.
        expires_seconds: u32,
    },
}

impl Claim {
    /// The claim of `request`.
    ///
    /// # Errors
    /// [`Refusal::Missing`] where there is none, [`Refusal::Incomplete`] where it cannot be read.
    pub fn read(request: &Request<'_>) -> Result<Claim, Refusal> {
        let mut headers = request.headers.iter();
        if headers.any(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
            return in_header(request);
        }
        in_query(request)
    }

    /// The access key id and the scope of an `Authorization` header or a presigned query, where there are any, for
    /// those who do not verify. Neither time nor signature need to be there.
    pub fn credential<'a>(authorization: Option<&'a str>, query: &'a str) -> Option<String> {
        if let Some(fields) = authorization.and_then(|text| text.strip_prefix(ALGORITHM)) {
            let credential = fields
                .split(',')
                .find_map(|field| field.trim().strip_prefix("Credential="));
            return credential.map(str::to_owned);
        }
        let mut pairs = query.split('&');
        decode(pairs.find_map(|pair| pair.strip_prefix("X-Amz-Credential="))?)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope {
            day,
            region,
            service,
        } = self;
        write!(f, "{day}/{region}/{service}/{TERMINATOR}")
    }
}

fn in_header(request: &Request<'_>) -> Result<Claim, Refusal> {
    let authorization = request.header("authorization").unwrap_or_default();
    let (scheme, fields) = authorization
        .split_once([' ', '\t'])
        .unwrap_or((authorization, ""));
    if scheme != ALGORITHM {
        return Err(match authorization.contains('=') {
            true => Refusal::Incomplete(format!(
                "Authorization header requires '{ALGORITHM}'. {}",
                hashed(authorization)
            )),
            false => Refusal::Missing,
        });
    }
    let mut given = BTreeMap::new();
    for field in fields
        .split(',')
        .map(str::trim)
        .filter(|field| !field.is_empty())
    {
        let (name, value) = field.split_once('=').ok_or_else(|| {
            let hash = STANDARD.encode(sha256(field.as_bytes()));
            Refusal::Incomplete(format!(
                "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded \
                 with Base64): '{hash}'."
            ))
        })?;
        given.insert(name, value);
    }
    let at = request.header("x-amz-date");
    let mut lacks = String::new();
    for name in ["Credential", "Signature", "SignedHeaders"] {
        if !given.contains_key(name) {
            lacks.push_str(&format!(
                "Authorization header requires '{name}' parameter. "
            ));
        }
    }
    if at.is_none() {
        lacks.push_str(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
        );
    }
    if !lacks.is_empty() {
        return Err(Refusal::Incomplete(lacks + &hashed(authorization)));
    }
    let field = |name| given.get(name).copied().unwrap_or_default();
    claim(&Parts {
        credential: field("Credential"),
        signed_headers: field("SignedHeaders"),
        signature: field("Signature"),
        time: at.unwrap_or_default(),
        token: request.header("x-amz-security-token"),
        claimed_in: ClaimedIn::Header,
    })
}

fn in_query(request: &Request<'_>) -> Result<Claim, Refusal> {
    let field = |name: &str| {
        let mut pairs = request
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(given, _)| *given == name)
            .and_then(|(_, value)| decode(value))
    };
    let Some(algorithm) = field("X-Amz-Algorithm") else {
        return Err(Refusal::Missing);
    };
    if algorithm != ALGORITHM {
        let text = format!("X-Amz-Algorithm only supports \"{ALGORITHM}\"");
        return Err(Refusal::Incomplete(text));
    }
    let needed = |name: &str| {
        field(name).ok_or_else(|| {
            Refusal::Incomplete(format!(
                "AWS query-string parameters must include '{name}'."
            ))
        })
    };
    let expires = needed("X-Amz-Expires")?;
    let expires_seconds = expires
        .parse()
        .map_err(|_| Refusal::Incomplete("X-Amz-Expires should be a number".to_owned()))?;
    claim(&Parts {
        credential: &needed("X-Amz-Credential")?,
        signed_headers: &needed("X-Amz-SignedHeaders")?,
        signature: &needed("X-Amz-Signature")?,
        time: &needed("X-Amz-Date")?,
        token: field("X-Amz-Security-Token").as_deref(),
        claimed_in: ClaimedIn::Query { expires_seconds },
    })
}

/// What a claim is made of, as text.
pub(crate) struct Parts<'a> {
    pub(crate) credential: &'a str,
    pub(crate) signed_headers: &'a str,
    pub(crate) signature: &'a str,
    pub(crate) time: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) claimed_in: ClaimedIn,
}

pub(crate) fn claim(parts: &Parts<'_>) -> Result<Claim, Refusal> {
    let credential: Vec<&str> = parts.credential.split('/').collect();
    let [key, day, region, service, terminator] = *credential else {
        return Err(Refusal::Incomplete(format!(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{}'",
            parts.credential
        )));
    };
    if terminator != TERMINATOR {
        return Err(Refusal::Unfitting(format!(
            "Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{terminator}'."
        )));
    }
    let at = time::parse(parts.time).ok_or_else(|| {
        Refusal::Incomplete(format!(
            "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601",
            parts.time
        ))
    })?;
    if day != time::day(parts.time) {
        return Err(Refusal::Unfitting(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{day}' != \
             '{}', from '{}'.",
            time::day(parts.time),
            parts.time
        )));
    }
    Ok(Claim {
        access_key_id: key.into(),
        scope: Scope {
            day: day.into(),
            region: region.into(),
            service: service.into(),
        },
        at,
        session_token: parts.token.map(Secret::new),
        claimed_in: parts.claimed_in,
        time: parts.time.to_owned(),
        signed: parts
            .signed_headers
            .split(';')
            .filter(|name| !name.is_empty())
            .map(str::to_ascii_lowercase)
            .collect(),
        signature: parts.signature.to_owned(),
    })
}

/// How AWS quotes a header that might hold secrets.
fn hashed(authorization: &str) -> String {
    let hash = STANDARD.encode(sha256(authorization.as_bytes()));
    format!("(Hashed with SHA-256 and encoded with Base64) Authorization={hash}")
}
