//! The word with which a collector of metrics shows that it may read them where requests must be signed: Prometheus cannot
//! sign.

use std::fmt;
use std::path::Path;

use hyper::header::{AUTHORIZATION, HeaderMap};

use crate::own_file::{self, OwnFileError};

/// Characters of a token, at least: it stands in for a key.
const CHARACTERS_MIN: usize = 16;

/// A token that opens `GET /metrics`, and nothing else. It is a secret, and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct MetricsToken(String);

/// Why a metrics token cannot be used. No variant quotes it.
#[derive(Debug, thiserror::Error)]
pub enum MetricsTokenError {
    /// The file is not taken.
    #[error(transparent)]
    File(#[from] OwnFileError),
    /// What stands in the file is no token.
    #[error("it holds no token of 16 or more visible characters in one line")]
    Token,
}

impl MetricsToken {
    /// The token that is all of a file, but for space around it.
    ///
    /// # Errors
    /// Where the file cannot be read, may be read by others than its owner, or holds no token of 16 or more visible ASCII
    /// characters.
    pub fn read(path: &Path) -> Result<MetricsToken, MetricsTokenError> {
        MetricsToken::parse(&own_file::read(path)?)
    }

    fn parse(text: &str) -> Result<MetricsToken, MetricsTokenError> {
        let token = text.trim();
        let is_token =
            token.len() >= CHARACTERS_MIN && token.bytes().all(|byte| byte.is_ascii_graphic());
        match is_token {
            true => Ok(MetricsToken(token.to_owned())),
            false => Err(MetricsTokenError::Token),
        }
    }

    /// Whether a request bears the token (RFC 6750, section 2.1).
    pub(crate) fn is_borne(&self, headers: &HeaderMap) -> bool {
        let Some(value) = headers.get(AUTHORIZATION) else {
            return false;
        };
        let Some((scheme, given)) = value.to_str().ok().and_then(|text| text.split_once(' '))
        else {
            return false;
        };
        scheme.eq_ignore_ascii_case("bearer")
            && passo_sigv4::equal(given.trim().as_bytes(), self.0.as_bytes())
    }
}

impl fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsToken").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_long_word() {
        for (text, expect) in [
            ("0123456789abcdef", true),
            ("  0123456789abcdef==\n", true),
            ("0123456789abcde", false),
            ("0123456789 abcdef", false),
            ("0123456789\nabcdef", false),
            ("", false),
        ] {
            assert_eq!(MetricsToken::parse(text).is_ok(), expect, "{text:?}");
        }
    }

    #[test]
    fn a_request_bears_it() {
        let token = MetricsToken::parse("0123456789abcdef").unwrap();
        for (value, expect) in [
            (Some("Bearer 0123456789abcdef"), true),
            (Some("bearer  0123456789abcdef"), true),
            (Some("Bearer 0123456789abcdeF"), false),
            (Some("Bearer 0123456789abcdef0"), false),
            (Some("Bearer"), false),
            (Some("Basic 0123456789abcdef"), false),
            (None, false),
        ] {
            let headers = value.map(|value| (AUTHORIZATION, value.parse().unwrap()));
            let headers = headers.into_iter().collect();
            assert_eq!(token.is_borne(&headers), expect, "{value:?}");
        }
        assert_eq!(format!("{token:?}"), "MetricsToken { .. }");
    }
}
