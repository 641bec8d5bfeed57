//! Temporary keys for whom this server itself sends: its functions, and those who assume a role.

use std::sync::Arc;

use passo_runtime::Entropy;
use passo_sigv4::{Credentials, Keys};
use passo_vocab::{AccountId, Timestamp};

/// The end of credentials that are good as long as the server runs: the next one has another master secret.
const NEVER: Timestamp = Timestamp::from_epoch_millis(i64::MAX);

/// Issues keys that this server takes.
#[derive(Clone)]
pub(crate) struct Issuer {
    keys: Arc<Keys>,
    entropy: Arc<dyn Entropy>,
}

impl Issuer {
    pub(crate) fn new(keys: Keys, entropy: Arc<dyn Entropy>) -> Issuer {
        Issuer {
            keys: Arc::new(keys),
            entropy,
        }
    }

    /// Every key that this server takes.
    pub(crate) fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys)
    }

    /// Credentials of `account` that are good until `end`.
    pub(crate) fn until(&self, account: &AccountId, end: Timestamp) -> Credentials {
        let chance = self.entropy.seed();
        self.keys.temporary().issue(account, end, chance)
    }

    /// 256 bits of chance, in hexadecimal digits.
    pub(crate) fn unguessable(&self) -> String {
        (0..4)
            .map(|_| format!("{:016x}", self.entropy.seed()))
            .collect()
    }

    /// Credentials for one process of a function of `account`.
    pub(crate) fn for_function(&self, account: &str) -> Option<passo_lambda::Credentials> {
        let issued = self.until(&AccountId::parse(account).ok()?, NEVER);
        Some(passo_lambda::Credentials {
            access_key_id: issued.access_key_id.to_string(),
            secret_access_key: issued.secret_access_key.expose().to_owned(),
            session_token: issued.session_token.map(|token| token.expose().to_owned()),
        })
    }
}
