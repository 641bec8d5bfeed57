//! Small names: accounts, regions, states.

use std::fmt;
use std::sync::Arc;

/// A twelve-digit AWS account id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId {
    text: Arc<str>,
}

/// An AWS region code, for example `us-east-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    text: Arc<str>,
}

/// The name of a state, as it is written in `States`. Cheap to clone.
///
/// Length and characters are the definition validator's concern: its messages need the position.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateName {
    text: Arc<str>,
}

/// Why a text is not the name it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    text: Arc<str>,
    wanted: &'static str,
}

impl AccountId {
    /// Reads an account id: exactly twelve ASCII digits.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<AccountId, NameError> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(AccountId { text: text.into() });
        }
        Err(NameError {
            text: text.into(),
            wanted: "an account id of twelve digits",
        })
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Region {
    /// Reads a region code: 1 to 32 lower-case letters, digits and hyphens.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<Region, NameError> {
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=32).contains(&text.len()) && text.bytes().all(legal) {
            return Ok(Region { text: text.into() });
        }
        Err(NameError {
            text: text.into(),
            wanted: "a region code",
        })
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl StateName {
    /// A state name as written.
    pub fn new(text: impl Into<Arc<str>>) -> StateName {
        StateName { text: text.into() }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name, shared.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for StateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<&str> for StateName {
    fn from(text: &str) -> StateName {
        StateName::new(text)
    }
}

/// Lets maps keyed by state name be searched with plain text.
impl std::borrow::Borrow<str> for StateName {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}", self.text, self.wanted)
    }
}

impl std::error::Error for NameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_have_twelve_digits() {
        assert_eq!(
            AccountId::parse("123456789012").unwrap().to_string(),
            "123456789012"
        );
        for text in ["", "12345678901", "1234567890123", "12345678901a"] {
            assert!(AccountId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn regions_are_short_codes() {
        assert_eq!(
            Region::parse("eu-central-1").unwrap().as_str(),
            "eu-central-1"
        );
        for text in ["", "EU", "a b", "us:east"] {
            assert!(Region::parse(text).is_err(), "{text}");
        }
    }
}
