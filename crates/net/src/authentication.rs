//! Whether a request comes from whom it names: signatures against the server's keys.
//!
//! What AWS calls a refusal depends on the protocol that the request speaks.

use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use passo_model::Protocol;
use passo_service::Fault;
use passo_sigv4::{Claimed, Keys, Payload, Pieces, Refusal, Request};
use passo_vocab::AccountId;

use crate::signing::now;

/// A request whose signature is as good as can be said without its body.
pub(crate) enum Begun {
    /// Nobody asks.
    Unverified,
    /// By the owner of a key, if the signature is right.
    Claimed(Box<Claimed>),
    /// By somebody of this account who has signed in before.
    SignedIn(AccountId),
}

/// A request that is what it seems.
pub(crate) enum Identity {
    /// Nobody has asked.
    Unverified,
    /// The owner of a key.
    Verified {
        account: AccountId,
        claimed: Box<Claimed>,
    },
    /// Somebody of this account who has signed in before.
    SignedIn(AccountId),
}

impl Begun {
    /// Looks at a request's head.
    ///
    /// # Errors
    /// As [`Keys::begin`].
    pub(crate) fn of(keys: Option<&Keys>, head: &Parts) -> Result<Begun, Refusal> {
        let Some(keys) = keys else {
            return Ok(Begun::Unverified);
        };
        let claimed = keys.begin(&request(head, b""), now())?;
        Ok(Begun::Claimed(Box::new(claimed)))
    }

    /// Looks at a request whose body is a stream: what is signed of the body is believed, and has to be compared with it.
    ///
    /// # Errors
    /// As [`Claimed::finish`].
    pub(crate) fn finish_head(self, head: &Parts) -> Result<Identity, Refusal> {
        match self {
            Begun::Unverified => Ok(Identity::Unverified),
            Begun::SignedIn(account) => Ok(Identity::SignedIn(account)),
            Begun::Claimed(claimed) => {
                let mut request = request(head, b"");
                request.payload = Payload::UNSIGNED;
                Ok(Identity::Verified {
                    account: claimed.finish(&request)?,
                    claimed,
                })
            }
        }
    }

    /// Looks at the whole request.
    ///
    /// # Errors
    /// As [`Claimed::finish`].
    pub(crate) fn finish(self, head: &Parts, body: &[u8]) -> Result<Identity, Refusal> {
        match self {
            Begun::Unverified => Ok(Identity::Unverified),
            Begun::SignedIn(account) => Ok(Identity::SignedIn(account)),
            Begun::Claimed(claimed) => Ok(Identity::Verified {
                account: claimed.finish(&request(head, body))?,
                claimed,
            }),
        }
    }
}

impl Identity {
    /// Whether a signature is for the service whose requests are signed for `expected`, and not for another.
    ///
    /// # Errors
    /// [`Refusal::Unfitting`].
    pub(crate) fn check_service(&self, expected: Option<&str>) -> Result<(), Refusal> {
        match (self, expected) {
            (Identity::Verified { claimed, .. }, Some(expected)) => {
                claimed.claim().check_service(expected)
            }
            (Identity::Verified { .. }, None)
            | (Identity::Unverified | Identity::SignedIn(_), _) => Ok(()),
        }
    }

    /// What the signatures of a body's pieces are checked with; none where nobody has asked.
    pub(crate) fn pieces(&self) -> Option<Pieces> {
        match self {
            Identity::Unverified | Identity::SignedIn(_) => None,
            Identity::Verified { claimed, .. } => Some(claimed.pieces()),
        }
    }

    /// The account whose key it is; none where nobody has asked.
    pub(crate) fn account(&self) -> Option<&AccountId> {
        match self {
            Identity::Unverified => None,
            Identity::Verified { account, .. } | Identity::SignedIn(account) => Some(account),
        }
    }
}

/// Whether a request says that it is signed, rightly or not.
pub(crate) fn is_signed(head: &Parts) -> bool {
    let is_presigned = |query: &str| query.contains("X-Amz-Signature=");
    head.headers.contains_key(AUTHORIZATION) || head.uri.query().is_some_and(is_presigned)
}

/// AWS's error for a refusal.
///
/// Source: "Common Errors" of the Step Functions, Lambda and STS API references.
pub(crate) fn fault(refusal: &Refusal, protocol: Protocol) -> Fault {
    let is_query = matches!(protocol, Protocol::Query | Protocol::Ec2);
    let (in_query, otherwise) = match refusal {
        Refusal::Missing => (
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
        ),
        Refusal::Incomplete(_) => ("IncompleteSignature", "IncompleteSignatureException"),
        Refusal::UnknownKey => ("InvalidClientTokenId", "UnrecognizedClientException"),
        Refusal::ExpiredKey => ("ExpiredToken", "ExpiredTokenException"),
        Refusal::Unfitting(_)
        | Refusal::Mismatch
        | Refusal::PayloadMismatch
        | Refusal::Expired(_)
        | Refusal::NotYetCurrent(_) => ("SignatureDoesNotMatch", "InvalidSignatureException"),
    };
    let status = match (refusal, protocol) {
        (_, Protocol::AwsJson | Protocol::Cbor)
        | (Refusal::Incomplete(_), Protocol::Query | Protocol::Ec2) => 400,
        (_, Protocol::RestJson | Protocol::RestXml | Protocol::Query | Protocol::Ec2) => 403,
    };
    let message = match refusal {
        Refusal::Missing if is_query => "Request is missing Authentication Token".to_owned(),
        _ => refusal.to_string(),
    };
    Fault::caller(if is_query { in_query } else { otherwise }, message).with_status(status)
}

fn request<'a>(head: &'a Parts, body: &'a [u8]) -> Request<'a> {
    let headers = head.headers.iter();
    Request {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: headers
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect(),
        payload: Payload::Bytes(body),
    }
}
