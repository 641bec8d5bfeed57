//! The access keys that an operator gives to a server, and the file that they stand in.

use std::path::Path;

use passo_runtime::Entropy;
use passo_sigv4::{Credentials, Keys, TemporaryKeys};
use passo_vocab::AccountId;

use crate::own_file::{self, OwnFileError};

/// What a key belongs to that names no account.
const DEFAULT_ACCOUNT: &str = "000000000000";

/// Access keys: requests must be signed with one of them. `Debug` shows no secret.
#[derive(Clone, Debug, Default)]
pub struct AccessKeys {
    keys: Vec<(Credentials, AccountId)>,
}

/// Why access keys cannot be used. No variant quotes a line of the file.
#[derive(Debug, thiserror::Error)]
pub enum AccessKeysError {
    /// The file is not taken.
    #[error(transparent)]
    File(#[from] OwnFileError),
    /// A line is no key.
    #[error("line {line}: {what}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A key, given otherwise than in a file, is none.
    #[error("{0}")]
    Key(&'static str),
    /// There is no key in the file.
    #[error("there is no key in it")]
    Empty,
}

impl AccessKeys {
    /// The keys of a file: one a line, as access key id, secret access key and account, with spaces between; the account
    /// may be missing, see [`AccessKeys::add`]. Empty lines and those that begin with `#` are skipped.
    ///
    /// # Errors
    /// Where the file cannot be read, may be read by others than its owner, or holds anything else.
    pub fn read(path: &Path) -> Result<AccessKeys, AccessKeysError> {
        AccessKeys::parse(&own_file::read(path)?)
    }

    fn parse(text: &str) -> Result<AccessKeys, AccessKeysError> {
        let mut keys = AccessKeys::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what| AccessKeysError::Line {
                line: index + 1,
                what,
            };
            let mut words = line.split_whitespace();
            let (Some(id), Some(secret)) = (words.next(), words.next()) else {
                return Err(wrong(
                    "an access key id, its secret and its account are wanted",
                ));
            };
            let account = words.next();
            if words.next().is_some() {
                return Err(wrong("there is something after the account"));
            }
            keys.checked_add(id, secret, account).map_err(wrong)?;
        }
        if keys.keys.is_empty() {
            return Err(AccessKeysError::Empty);
        }
        Ok(keys)
    }

    /// Adds a key. Without an account it belongs to the one that its id is, where that has twelve digits, and to
    /// 000000000000 otherwise.
    ///
    /// # Errors
    /// Where a part is not what it should be, or the id is there already.
    pub fn add(
        &mut self,
        id: &str,
        secret: &str,
        account: Option<&str>,
    ) -> Result<(), AccessKeysError> {
        self.checked_add(id, secret, account)
            .map_err(AccessKeysError::Key)
    }

    fn checked_add(
        &mut self,
        id: &str,
        secret: &str,
        account: Option<&str>,
    ) -> Result<(), &'static str> {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !(3..=128).contains(&id.len()) || !id.bytes().all(legal) {
            return Err("the access key id is not 3 to 128 letters, digits and `_`");
        }
        if secret.len() < 8 {
            return Err("the secret access key has fewer than 8 characters");
        }
        if self.keys.iter().any(|(key, _)| &*key.access_key_id == id) {
            return Err("the access key id is there twice");
        }
        let account = match account {
            Some(given) => {
                AccountId::parse(given).map_err(|_| "the account is not twelve digits")?
            }
            None => AccountId::parse(id)
                .or_else(|_| AccountId::parse(DEFAULT_ACCOUNT))
                .map_err(|_| "the account is not twelve digits")?,
        };
        self.keys.push((Credentials::new(id, secret), account));
        Ok(())
    }

    /// These keys, and a source of temporary ones that nobody can guess.
    pub(crate) fn ring(self, entropy: &dyn Entropy) -> Keys {
        let mut master = [0; 32];
        for chunk in master.chunks_exact_mut(8) {
            chunk.copy_from_slice(&entropy.seed().to_ne_bytes());
        }
        let mut keys = Keys::new(TemporaryKeys::new(master));
        for (credentials, account) in self.keys {
            keys.add(credentials, account);
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let shown = match AccessKeys::parse(text) {
            Ok(keys) => {
                let keys = keys.keys.iter();
                let shown = keys.map(|(key, account)| format!("{} {account}", key.access_key_id));
                shown.collect::<Vec<_>>().join(", ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expect, "{text}");
        assert!(!shown.contains("hidden"));
    }

    #[test]
    fn a_file_has_a_key_a_line() {
        check(
            "# ours\n\nAKIDONE hidden/1 123456789012\n  AKIDTWO\thidden+2\n210987654321 hidden+3\r\n",
            "AKIDONE 123456789012, AKIDTWO 000000000000, 210987654321 210987654321",
        );
        check("", "there is no key in it");
        check(
            "\nAKID",
            "line 2: an access key id, its secret and its account are wanted",
        );
        check(
            "AKID hidden12 123456789012 x",
            "line 1: there is something after the account",
        );
        check(
            "AKID hidden12 1234",
            "line 1: the account is not twelve digits",
        );
        check(
            "A/B hidden12",
            "line 1: the access key id is not 3 to 128 letters, digits and `_`",
        );
        check(
            "AKID hidden",
            "line 1: the secret access key has fewer than 8 characters",
        );
        check(
            "AKID hidden12\nAKID hidden34",
            "line 2: the access key id is there twice",
        );
    }
}
