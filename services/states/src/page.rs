//! Page tokens: opaque, sealed, bound to the request that they continue, dead after a day.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passo_service::Fault;
use passo_vocab::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::faults;
use crate::quotas::TOKEN_MILLIS_MAX;

/// Bytes of the time that a token begins with.
const TIME_BYTES: usize = 8;

/// Bytes of the seal that a token ends with.
const SEAL_BYTES: usize = 16;

/// Makes and reads tokens.
pub(crate) struct PageTokens {
    secret: Vec<u8>,
}

impl PageTokens {
    /// Tokens sealed with `secret`, which must outlive the process as tokens do.
    pub(crate) fn new(secret: Vec<u8>) -> PageTokens {
        PageTokens { secret }
    }

    /// A token for what follows `position` in the answer to the request `scope`.
    pub(crate) fn issue(&self, scope: &str, position: &[u8], now: Timestamp) -> String {
        let mut body = now.epoch_millis().to_be_bytes().to_vec();
        body.extend_from_slice(position);
        let seal = self.seal(scope, &body);
        body.extend_from_slice(&seal);
        URL_SAFE_NO_PAD.encode(body)
    }

    /// The position in a token.
    ///
    /// # Errors
    /// `InvalidToken` where it was not issued for `scope`, was changed, or is older than a day.
    pub(crate) fn read(&self, scope: &str, token: &str, now: Timestamp) -> Result<Vec<u8>, Fault> {
        let bytes = URL_SAFE_NO_PAD
            .decode(token)
            .map_err(|_| faults::invalid_token())?;
        let sealed = bytes
            .len()
            .checked_sub(SEAL_BYTES)
            .and_then(|at| bytes.split_at_checked(at));
        let (body, seal) = sealed.ok_or_else(faults::invalid_token)?;
        let (time, position) = body
            .split_at_checked(TIME_BYTES)
            .ok_or_else(faults::invalid_token)?;
        let time = time.try_into().map_err(|_| faults::invalid_token())?;
        let issued_at = Timestamp::from_epoch_millis(i64::from_be_bytes(time));
        if seal != self.seal(scope, body) || now.millis_since(issued_at) > TOKEN_MILLIS_MAX {
            return Err(faults::invalid_token());
        }
        Ok(position.to_vec())
    }

    /// The secret goes in first and last, so that a token cannot be lengthened.
    fn seal(&self, scope: &str, body: &[u8]) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(&self.secret);
        digest.update((scope.len() as u64).to_be_bytes());
        digest.update(scope.as_bytes());
        digest.update(body);
        digest.update(&self.secret);
        digest.finalize().iter().copied().take(SEAL_BYTES).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_epoch_millis(1_700_000_000_000);

    #[test]
    fn a_token_holds_its_position_for_a_day() {
        let tokens = PageTokens::new(b"secret".to_vec());
        let token = tokens.issue("list", b"here", NOW);
        let read =
            |scope: &str, token: &str, millis| tokens.read(scope, token, NOW.plus_millis(millis));
        assert_eq!(read("list", &token, TOKEN_MILLIS_MAX), Ok(b"here".to_vec()));
        assert!(read("list", &token, TOKEN_MILLIS_MAX + 1).is_err());
        assert!(read("list 2", &token, 0).is_err());
        for bad in [
            "",
            "x",
            "!",
            token.get(1..).unwrap_or_default(),
            &format!("{token}AA"),
        ] {
            assert_eq!(
                read("list", bad, 0).unwrap_err().code,
                "InvalidToken",
                "{bad}"
            );
        }
        let mut changed = token.clone().into_bytes();
        changed[12] ^= 1;
        assert!(read("list", &String::from_utf8(changed).unwrap(), 0).is_err());
        assert!(
            PageTokens::new(b"other".to_vec())
                .read("list", &token, NOW)
                .is_err()
        );
    }
}
