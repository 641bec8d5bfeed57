//! Task tokens: opaque to those who hold them, and enough to find the execution that waits.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_vocab::Entropy;

/// The first byte of a token, before it is encoded.
const VERSION: u8 = 1;

/// Random bytes that make a token impossible to guess.
const SECRET_WORDS: usize = 4;

/// A token that completes a task of an execution: 2,048 characters at most, as AWS's API allows.
pub(crate) fn new_token(execution_arn: &str, entropy: &Entropy) -> Arc<str> {
    let mut bytes = vec![VERSION];
    for _ in 0..SECRET_WORDS {
        bytes.extend(entropy.next_u64().to_be_bytes());
    }
    bytes.extend(execution_arn.as_bytes());
    Arc::from(STANDARD.encode(bytes))
}

/// The ARN of the execution that a token was made for; `None` where it is no token of ours.
pub fn execution_arn_of_token(token: &str) -> Option<String> {
    let bytes = STANDARD.decode(token).ok()?;
    let (version, rest) = bytes.split_first()?;
    let (_, arn) = rest.split_at_checked(SECRET_WORDS * size_of::<u64>())?;
    if *version != VERSION {
        return None;
    }
    String::from_utf8(arn.to_vec())
        .ok()
        .filter(|arn| arn.starts_with("arn:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_its_execution() {
        let arn = "arn:aws:states:us-east-1:000000000000:execution:machine:é";
        let entropy = Entropy::from_seed(1);
        let token = new_token(arn, &entropy);
        assert_eq!(execution_arn_of_token(&token).as_deref(), Some(arn));
        assert_ne!(new_token(arn, &entropy), token);
    }

    #[test]
    fn other_texts_are_no_tokens() {
        for text in [
            "",
            "Invalid token",
            "AQ==",
            "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGFybjo=",
            "%%%",
        ] {
            assert_eq!(execution_arn_of_token(text), None, "{text}");
        }
    }
}
