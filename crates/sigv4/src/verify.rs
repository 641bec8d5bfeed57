//! Verifying: whether a claim holds.

use passo_vocab::Timestamp;

use crate::canonical::{canonical_request, signature};
use crate::digest::equal;
use crate::request::Payload;
use crate::{Claim, ClaimedIn, Refusal, Request, Rules, Secret, time};

/// How far clocks may be apart.
pub const SKEW_MINUTES: i64 = 15;
/// How long a presigned URL may be good for: a week.
pub const EXPIRES_SECONDS_MAX: u32 = 604_800;

const MINUTE_MILLIS: i64 = 60_000;

impl Claim {
    /// Whether the claim is current at `now`: within 15 minutes, or as long as a presigned URL is good for.
    ///
    /// # Errors
    /// [`Refusal::Expired`], [`Refusal::NotYetCurrent`], and [`Refusal::Incomplete`] for a presigned URL of more
    /// than a week.
    pub fn check_time(&self, now: Timestamp) -> Result<(), Refusal> {
        let lifetime_millis = match self.claimed_in {
            ClaimedIn::Header => SKEW_MINUTES * MINUTE_MILLIS,
            ClaimedIn::Query { expires_seconds } if expires_seconds > EXPIRES_SECONDS_MAX => {
                return Err(Refusal::Incomplete(format!(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be \
                     less than {EXPIRES_SECONDS_MAX} seconds"
                )));
            }
            ClaimedIn::Query { expires_seconds } => i64::from(expires_seconds) * 1000,
        };
        let skew_millis = SKEW_MINUTES * MINUTE_MILLIS;
        let (signed, shown) = (&self.time, time::text(now));
        if now.millis_since(self.at) > lifetime_millis {
            let bound = time::text(now.plus_millis(-lifetime_millis));
            let minutes = lifetime_millis / MINUTE_MILLIS;
            return Err(Refusal::Expired(format!(
                "Signature expired: {signed} is now earlier than {bound} ({shown} - {minutes} min.)"
            )));
        }
        if self.at.millis_since(now) > skew_millis {
            let bound = time::text(now.plus_millis(skew_millis));
            return Err(Refusal::NotYetCurrent(format!(
                "Signature not yet current: {signed} is still later than {bound} ({shown} + {SKEW_MINUTES} min.)"
            )));
        }
        Ok(())
    }

    /// Whether the claim is for the service with the signing name `expected`.
    ///
    /// # Errors
    /// [`Refusal::Unfitting`].
    pub fn check_service(&self, expected: &str) -> Result<(), Refusal> {
        if &*self.scope.service == expected {
            return Ok(());
        }
        Err(Refusal::Unfitting(format!(
            "Credential should be scoped to correct service: '{expected}'. "
        )))
    }

    /// Whether `secret` makes this signature of `request`, which must have all its headers. The time is another
    /// question: [`Claim::check_time`].
    ///
    /// # Errors
    /// [`Refusal::Unfitting`] where a header that must be signed is not, [`Refusal::Mismatch`] where the signature is
    /// another one, [`Refusal::PayloadMismatch`] where the body has another hash than the signed one.
    pub fn check_signature(
        &self,
        request: &Request<'_>,
        secret: &Secret,
        rules: Rules,
    ) -> Result<(), Refusal> {
        self.check_signed_headers(request)?;
        let payload = self.payload(request, rules);
        let canonical = canonical_request(request, &self.signed, &payload, rules);
        let expected = signature(secret, &self.scope, &self.time, &canonical);
        if !equal(expected.as_bytes(), self.signature.as_bytes()) {
            return Err(Refusal::Mismatch);
        }
        match (request.payload, is_hash(&payload)) {
            (Payload::Bytes(_) | Payload::Sha256(_), true) if payload != request.payload.text() => {
                Err(Refusal::PayloadMismatch)
            }
            _ => Ok(()),
        }
    }

    /// What the host is and what the request means must not be changed by those in between.
    fn check_signed_headers(&self, request: &Request<'_>) -> Result<(), Refusal> {
        if !self.signed.contains("host") {
            return Err(Refusal::Unfitting(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
                    .to_owned(),
            ));
        }
        for (name, _) in &request.headers {
            let name = name.to_ascii_lowercase();
            let meaning = name.starts_with("x-amz-") && name != "x-amz-content-sha256";
            if meaning && !self.signed.contains(&name) {
                return Err(Refusal::Unfitting(format!(
                    "'{name}' must be a 'SignedHeader' in the AWS Authorization."
                )));
            }
        }
        Ok(())
    }

    /// What stands for the payload in the canonical request.
    fn payload(&self, request: &Request<'_>, rules: Rules) -> String {
        match (rules, self.claimed_in) {
            (Rules::Most, _) => request.payload.text(),
            (Rules::S3, ClaimedIn::Header) => match request.header("x-amz-content-sha256") {
                Some(declared) => declared.to_owned(),
                None => request.payload.text(),
            },
            (Rules::S3, ClaimedIn::Query { .. }) => match request.header("x-amz-content-sha256") {
                Some(declared) if self.signed.contains("x-amz-content-sha256") => {
                    declared.to_owned()
                }
                _ => Payload::UNSIGNED.text(),
            },
        }
    }
}

fn is_hash(payload: &str) -> bool {
    payload.len() == 64 && payload.bytes().all(|byte| byte.is_ascii_hexdigit())
}
