//! Signatures of messages. Source: SNS Developer Guide, "Verifying the signatures of Amazon SNS messages".

/// Signs messages. Version 1 of signatures is RSA with SHA-1, version 2 with SHA-256, both PKCS #1 v1.5, in base64.
pub trait Signer: Send + Sync {
    /// The signature of `text`.
    fn sign(&self, text: &str, version: &str) -> String;

    /// Where the certificate is that it can be verified with.
    fn certificate_url(&self) -> String;
}

/// Signs nothing: the members are there, and empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unsigned;

impl Signer for Unsigned {
    fn sign(&self, _: &str, _: &str) -> String {
        String::new()
    }

    fn certificate_url(&self) -> String {
        String::new()
    }
}
