//! Forms of browsers, of which a policy is signed and no request.
//!
//! Source: "Authenticating requests in browser-based uploads using POST" of the S3 API reference.

use std::sync::Arc;

use passo_vocab::{AccountId, Timestamp};

use crate::canonical::{ALGORITHM, signing_key};
use crate::claim::{self, Parts};
use crate::digest::{equal, hex, hmac};
use crate::verify::EXPIRES_SECONDS_MAX;
use crate::{ClaimedIn, Keys, Refusal};

/// What a form says of who signed its policy; fields that it does not have are empty.
#[derive(Clone, Copy, Debug)]
pub struct SignedForm<'a> {
    /// How it is signed.
    pub algorithm: &'a str,
    /// The key and its scope.
    pub credential: &'a str,
    /// When it was signed.
    pub date: &'a str,
    /// The signature.
    pub signature: &'a str,
    /// The token of temporary credentials.
    pub session_token: Option<&'a str>,
    /// The policy as the form has it, in base64.
    pub policy: &'a str,
}

/// Whom a form may come from that nobody has asked for a signature: who answers it has to.
#[derive(Clone, Debug)]
pub enum FormSigners {
    /// Everybody is believed.
    Anybody,
    /// Who has one of these keys.
    Owners(Arc<Keys>),
}

impl Keys {
    /// The account whose key signed the policy of a form for S3. When the policy ends is another question.
    ///
    /// # Errors
    /// As [`Keys::begin`] and [`crate::Claimed::finish`].
    pub fn check_form(&self, form: &SignedForm<'_>, now: Timestamp) -> Result<AccountId, Refusal> {
        if form.algorithm != ALGORITHM {
            return Err(Refusal::Missing);
        }
        let claim = claim::claim(&Parts {
            credential: form.credential,
            signed_headers: "",
            signature: form.signature,
            time: form.date,
            token: form.session_token,
            claimed_in: ClaimedIn::Query {
                expires_seconds: EXPIRES_SECONDS_MAX,
            },
        })?;
        let (secret, account) = self.owner(&claim, now)?;
        claim.check_time(now)?;
        claim.check_service("s3")?;
        let expected = hex(&hmac(
            &signing_key(&secret, &claim.scope),
            form.policy.as_bytes(),
        ));
        match equal(expected.as_bytes(), form.signature.as_bytes()) {
            true => Ok(account),
            false => Err(Refusal::Mismatch),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Credentials, TemporaryKeys};

    #[test]
    fn policies_are_signed_by_their_keys() {
        let mut keys = Keys::new(TemporaryKeys::new([0; 32]));
        let account = AccountId::parse("123456789012").unwrap();
        // The key of the examples of the S3 API reference, and its signature of a policy of our own.
        let credentials = Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        );
        assert!(keys.add(credentials, account.clone()));
        let now = Timestamp::parse_rfc3339("2015-12-30T01:00:00Z").unwrap();
        let form = SignedForm {
            algorithm: ALGORITHM,
            credential: "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
            date: "20151229T000000Z",
            signature: "fe6b9fe28cec512bb68eb69fcc2618361a402ec04bfba5facb8ad851e82ee585",
            session_token: None,
            policy: "eyJjb25kaXRpb25zIjpbXX0=",
        };
        assert_eq!(keys.check_form(&form, now), Ok(account));
        for (wrong, refusal) in [
            (
                SignedForm {
                    policy: "e30=",
                    ..form
                },
                Refusal::Mismatch,
            ),
            (
                SignedForm {
                    algorithm: "",
                    ..form
                },
                Refusal::Missing,
            ),
            (
                SignedForm {
                    session_token: Some("x"),
                    ..form
                },
                Refusal::UnknownKey,
            ),
        ] {
            assert_eq!(keys.check_form(&wrong, now), Err(refusal));
        }
    }
}
