//! Temporary credentials that need no table: all that is to be known about them is in themselves.
//!
//! The access key id holds the account, the token when it ends and a proof that it was issued here; the secret follows
//! from both. Whoever has the master secret can issue and recognise them, and nobody else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_vocab::{AccountId, Timestamp};

use crate::digest::{equal, hmac};
use crate::{Credentials, Refusal, Secret};

/// What ids of temporary keys begin with, as AWS's do.
const PREFIX: &str = "ASIA";
/// RFC 4648.
const BASE32: [u8; 32] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ACCOUNTS: u64 = 1_000_000_000_000;
const END_BYTES: usize = 8;

/// Issues temporary credentials and recognises them.
pub struct TemporaryKeys {
    master: [u8; 32],
}

impl TemporaryKeys {
    /// With a master secret, which nobody may be able to guess. Another one makes everything issued before worthless.
    pub fn new(master: [u8; 32]) -> TemporaryKeys {
        TemporaryKeys { master }
    }

    /// Credentials of `account` that are good until `end`. `chance` tells them from others of that account; 40 bits of
    /// it are used.
    pub fn issue(&self, account: &AccountId, end: Timestamp, chance: u64) -> Credentials {
        let digits = account.as_str().bytes().fold(0, |sum: u64, digit| {
            sum.wrapping_mul(10)
                .wrapping_add(u64::from(digit.wrapping_sub(b'0')))
        });
        let id = format!("{PREFIX}{}{}", base32(digits), base32(chance));
        let end = end.epoch_millis().to_be_bytes();
        let mut token = end.to_vec();
        token.extend(self.derived("token", &id, &end));
        Credentials {
            secret_access_key: self.secret(&id, &end),
            session_token: Some(Secret::new(STANDARD.encode(token))),
            access_key_id: id.into(),
        }
    }

    /// The secret and the account of a key that was issued here.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] where it was not, [`Refusal::ExpiredKey`] where it is over.
    pub fn find(
        &self,
        access_key_id: &str,
        token: &Secret,
        now: Timestamp,
    ) -> Result<(Secret, AccountId), Refusal> {
        let token = STANDARD.decode(token.expose()).unwrap_or_default();
        let (end, proof) = token
            .split_first_chunk::<END_BYTES>()
            .ok_or(Refusal::UnknownKey)?;
        if !equal(&self.derived("token", access_key_id, end), proof) {
            return Err(Refusal::UnknownKey);
        }
        if now.epoch_millis() >= i64::from_be_bytes(*end) {
            return Err(Refusal::ExpiredKey);
        }
        let account = account(access_key_id).ok_or(Refusal::UnknownKey)?;
        Ok((self.secret(access_key_id, end), account))
    }

    fn secret(&self, id: &str, end: &[u8]) -> Secret {
        Secret::new(STANDARD.encode(self.derived("secret", id, end)))
    }

    fn derived(&self, purpose: &str, id: &str, end: &[u8]) -> [u8; 32] {
        let mut message = format!("{purpose}/{id}/").into_bytes();
        message.extend_from_slice(end);
        hmac(&self.master, &message)
    }
}

impl std::fmt::Debug for TemporaryKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TemporaryKeys")
    }
}

/// The lowest 40 bits in eight letters.
fn base32(bits: u64) -> String {
    let letters = (0..8).rev().filter_map(|place| {
        let index = usize::try_from(bits >> (place * 5) & 31).ok()?;
        BASE32.get(index).copied().map(char::from)
    });
    letters.collect()
}

fn account(id: &str) -> Option<AccountId> {
    let mut letters = id.strip_prefix(PREFIX)?.bytes().take(8);
    let digits = letters.try_fold(0u64, |sum, letter| {
        let value = BASE32.iter().position(|known| *known == letter)?;
        Some(sum << 5 | u64::try_from(value).ok()?)
    })?;
    if digits >= ACCOUNTS {
        return None;
    }
    AccountId::parse(&format!("{digits:012}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_epoch_millis(1_440_938_160_000);

    #[test]
    fn what_is_issued_is_found() {
        let keys = TemporaryKeys::new([7; 32]);
        for digits in ["000000000000", "123456789012", "999999999999"] {
            let account = AccountId::parse(digits).unwrap();
            let end = NOW.plus_millis(1000);
            let issued = keys.issue(&account, end, u64::MAX);
            assert_eq!(issued.access_key_id.len(), 20);
            let token = issued.session_token.unwrap();
            let find = |id: &str, token: &Secret, now| {
                let found = keys.find(id, token, now)?;
                assert_eq!(found.0.expose(), issued.secret_access_key.expose());
                Ok(found.1)
            };
            assert_eq!(find(&issued.access_key_id, &token, NOW), Ok(account));
            let late = find(&issued.access_key_id, &token, end);
            assert_eq!(late, Err(Refusal::ExpiredKey));
            let other = issued.access_key_id.replacen(['A', 'B', 'C'], "D", 2);
            assert_eq!(find(&other, &token, NOW), Err(Refusal::UnknownKey));
            for token in ["", "AAAA", "x"] {
                let found = find(&issued.access_key_id, &Secret::new(token), NOW);
                assert_eq!(found, Err(Refusal::UnknownKey));
            }
            let later = TemporaryKeys::new([8; 32]);
            let found = later.find(&issued.access_key_id, &token, NOW);
            assert_eq!(found.err(), Some(Refusal::UnknownKey));
        }
    }

    #[test]
    fn chance_tells_keys_apart() {
        let keys = TemporaryKeys::new([7; 32]);
        let account = AccountId::parse("123456789012").unwrap();
        let id = |chance| keys.issue(&account, NOW, chance).access_key_id;
        assert_ne!(id(1), id(2));
    }
}
