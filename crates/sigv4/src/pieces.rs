//! Bodies that are sent in pieces, each signed after the one before.
//!
//! Source: "Signature calculations for the Authorization header: transferring payload in multiple chunks" of the S3 API
//! reference, and the same with trailers.

use std::fmt;

use crate::canonical::{ALGORITHM, signing_key};
use crate::digest::{equal, hex, hmac, sha256};
use crate::{Claim, Refusal, Secret};

/// What the signatures of a body's pieces are checked with, in the order of the pieces.
#[derive(Clone)]
pub struct Pieces {
    key: Vec<u8>,
    time: String,
    scope: String,
    /// The signature before: at first that of the head.
    previous: String,
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pieces")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl Pieces {
    pub(crate) fn of(claim: &Claim, secret: &Secret) -> Pieces {
        Pieces {
            key: signing_key(secret, &claim.scope),
            time: claim.time.clone(),
            scope: claim.scope.to_string(),
            previous: claim.signature.clone(),
        }
    }

    /// Whether `signature` is that of the next piece, whose bytes have the SHA-256 `hash`.
    ///
    /// # Errors
    /// [`Refusal::Mismatch`].
    pub fn check(&mut self, hash: &[u8; 32], signature: &str) -> Result<(), Refusal> {
        let rest = format!("{}\n{}", hex(&sha256(b"")), hex(hash));
        self.next("PAYLOAD", &rest, signature)
    }

    /// Whether `signature` is that of the trailers, whose lines have the SHA-256 `hash`: `name:value`, each ended.
    ///
    /// # Errors
    /// [`Refusal::Mismatch`].
    pub fn check_trailers(&mut self, hash: &[u8; 32], signature: &str) -> Result<(), Refusal> {
        self.next("TRAILER", &hex(hash), signature)
    }

    fn next(&mut self, kind: &str, rest: &str, signature: &str) -> Result<(), Refusal> {
        let Pieces {
            key,
            time,
            scope,
            previous,
        } = self;
        let signed = format!("{ALGORITHM}-{kind}\n{time}\n{scope}\n{previous}\n{rest}");
        let expected = hex(&hmac(key, signed.as_bytes()));
        if !equal(expected.as_bytes(), signature.as_bytes()) {
            return Err(Refusal::Mismatch);
        }
        self.previous = expected;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Scope;

    /// The example of the S3 API reference: 66,560 letters `a`, in pieces of 64 KiB and the rest.
    #[test]
    fn the_example_of_the_reference_holds() {
        let scope = Scope {
            day: Arc::from("20130524"),
            region: Arc::from("us-east-1"),
            service: Arc::from("s3"),
        };
        let secret = Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let mut pieces = Pieces {
            key: signing_key(&secret, &scope),
            time: "20130524T000000Z".to_owned(),
            scope: scope.to_string(),
            previous: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9".to_owned(),
        };
        for (bytes, signature) in [
            (
                65_536,
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
            ),
            (
                1024,
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
            ),
            (
                0,
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
            ),
        ] {
            let hash = sha256(&vec![b'a'; bytes]);
            assert_eq!(
                pieces.check(&sha256(b"b"), signature),
                Err(Refusal::Mismatch)
            );
            assert_eq!(pieces.check(&hash, signature), Ok(()), "{bytes}");
        }
    }
}
