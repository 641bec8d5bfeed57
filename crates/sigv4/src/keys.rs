//! The keys that a server knows: those it was given, and temporary ones of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_vocab::{AccountId, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::{Claim, Credentials, Pieces, Refusal, Request, Rules, Secret, TemporaryKeys};

/// Every key with which a request may be signed, and the account that each belongs to.
#[derive(Debug)]
pub struct Keys {
    lasting: BTreeMap<Arc<str>, (Secret, AccountId)>,
    temporary: TemporaryKeys,
}

/// A claim whose key is known and whose time is right; the signature is not checked yet.
#[derive(Clone, Debug)]
pub struct Claimed {
    claim: Claim,
    secret: Secret,
    account: AccountId,
}

impl Keys {
    /// No lasting key, and the temporary ones that `temporary` issues.
    pub fn new(temporary: TemporaryKeys) -> Keys {
        Keys {
            lasting: BTreeMap::new(),
            temporary,
        }
    }

    /// Adds a key that does not expire. Whether its id was free; otherwise nothing changes.
    pub fn add(&mut self, credentials: Credentials, account: AccountId) -> bool {
        let id = credentials.access_key_id;
        if self.lasting.contains_key(&id) {
            return false;
        }
        let owner = (credentials.secret_access_key, account);
        self.lasting.insert(id, owner);
        true
    }

    /// Whether there is no lasting key.
    pub fn is_empty(&self) -> bool {
        self.lasting.is_empty()
    }

    /// The keys that are made here.
    pub fn temporary(&self) -> &TemporaryKeys {
        &self.temporary
    }

    /// What can be said about a request before its body is there.
    ///
    /// # Errors
    /// Where there is no signature, or it cannot be read, is not current, or its key is not known.
    pub fn begin(&self, request: &Request<'_>, now: Timestamp) -> Result<Claimed, Refusal> {
        let claim = Claim::read(request)?;
        let (secret, account) = self.owner(&claim, now)?;
        claim.check_time(now)?;
        Ok(Claimed {
            claim,
            secret,
            account,
        })
    }

    /// The account of the lasting key `id`, if this is its secret. The time that it takes tells nothing of the secret.
    pub fn account_of_secret(&self, id: &str, secret: &str) -> Option<AccountId> {
        let (own, account) = self.lasting.get(id)?;
        let (own, given) = (Sha256::digest(own.expose()), Sha256::digest(secret));
        let difference = own
            .iter()
            .zip(given)
            .fold(0, |sum, (own, given)| sum | (own ^ given));
        (difference == 0).then(|| account.clone())
    }

    /// A digest of `nonce` and the secret of the lasting key `id`: the same as long as the key has this secret. It tells
    /// nothing of the secret to whoever has not the nonce.
    pub fn proof_of(&self, id: &str, nonce: &[u8]) -> Option<[u8; 32]> {
        let (secret, _) = self.lasting.get(id)?;
        let digest = Sha256::new_with_prefix(nonce)
            .chain_update([0])
            .chain_update(secret.expose());
        Some(digest.finalize().into())
    }

    pub(crate) fn owner(
        &self,
        claim: &Claim,
        now: Timestamp,
    ) -> Result<(Secret, AccountId), Refusal> {
        match (&claim.session_token, self.lasting.get(&claim.access_key_id)) {
            (None, Some((secret, account))) => Ok((secret.clone(), account.clone())),
            (Some(token), None) => self.temporary.find(&claim.access_key_id, token, now),
            // A lasting key has no token, and a temporary one is nothing without it.
            (Some(_), Some(_)) | (None, None) => Err(Refusal::UnknownKey),
        }
    }
}

impl Claimed {
    /// What was claimed.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// What the signatures of the body's pieces are checked with, where it is sent so.
    pub fn pieces(&self) -> Pieces {
        Pieces::of(&self.claim, &self.secret)
    }

    /// Whether the key made this signature of this request, by the rules of the service that it is for: the account
    /// that it belongs to.
    ///
    /// # Errors
    /// As [`Claim::check_signature`].
    pub fn finish(&self, request: &Request<'_>) -> Result<AccountId, Refusal> {
        let rules = Rules::of(&self.claim.scope.service);
        self.claim.check_signature(request, &self.secret, rules)?;
        Ok(self.account.clone())
    }
}
