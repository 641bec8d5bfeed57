//! Who signs: an access key id, its secret, and the token of temporary credentials.

use std::fmt;
use std::sync::Arc;

/// A secret access key. It can be used, but neither printed nor compared.
#[derive(Clone)]
pub struct Secret {
    text: Arc<str>,
}

/// What a request is signed with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The name of the key.
    pub access_key_id: Arc<str>,
    /// The key.
    pub secret_access_key: Secret,
    /// What temporary credentials must show besides.
    pub session_token: Option<Secret>,
}

impl Secret {
    /// The secret `text`.
    pub fn new(text: impl Into<Arc<str>>) -> Secret {
        Secret { text: text.into() }
    }

    /// The text itself, for handing it to a process that is to use it. Never for a log or a message.
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl Credentials {
    /// Credentials that do not expire.
    pub fn new(access_key_id: impl Into<Arc<str>>, secret: impl Into<Arc<str>>) -> Credentials {
        Credentials {
            access_key_id: access_key_id.into(),
            secret_access_key: Secret::new(secret),
            session_token: None,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let credentials = Credentials::new("AKIDEXAMPLE", "hidden");
        assert!(!format!("{credentials:?}").contains("hidden"));
    }
}
