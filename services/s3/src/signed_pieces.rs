//! The signatures of a body's pieces, as they pass.

use passo_sigv4::Pieces;
use sha2::{Digest as _, Sha256};

use crate::chunked::Unfitting;

/// Bytes of trailers that are signed.
const TRAILER_BYTES_MAX: usize = 16 << 10;

/// Pieces on their way, and what they are checked with.
pub(crate) struct SignedPieces {
    pieces: Pieces,
    /// Of the piece that passes: what its line says, and the hash of what has passed.
    signature: String,
    hash: Sha256,
    /// Trailers as they are signed, where they are.
    trailers: Option<String>,
}

impl SignedPieces {
    /// Nothing has passed. Behind the last piece come trailers with a signature of their own, where there are any.
    pub(crate) fn new(pieces: Pieces, has_trailers: bool) -> SignedPieces {
        SignedPieces {
            pieces,
            signature: String::new(),
            hash: Sha256::new(),
            trailers: has_trailers.then(String::new),
        }
    }

    /// A piece begins, whose line says `more` after its length.
    pub(crate) fn begin(&mut self, more: &str) {
        let signature = more.trim().strip_prefix("chunk-signature=");
        signature
            .unwrap_or_default()
            .clone_into(&mut self.signature);
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// A piece is over.
    ///
    /// # Errors
    /// Where it is not signed.
    pub(crate) fn end(&mut self) -> Result<(), Unfitting> {
        let hash = self.hash.finalize_reset().into();
        let checked = self.pieces.check(&hash, &self.signature);
        checked.map_err(|_| Unfitting::Signature)
    }

    /// A trailer passes.
    ///
    /// # Errors
    /// Where it is the signature of those before, and another one; or where there are too many.
    pub(crate) fn trailer(&mut self, name: &str, value: &str) -> Result<(), Unfitting> {
        let Some(trailers) = &mut self.trailers else {
            return Ok(());
        };
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if name != "x-amz-trailer-signature" {
            trailers.push_str(&format!("{name}:{value}\n"));
            return match trailers.len() > TRAILER_BYTES_MAX {
                true => Err(Unfitting::Pieces),
                false => Ok(()),
            };
        }
        let hash = Sha256::digest(trailers.as_bytes()).into();
        let checked = self.pieces.check_trailers(&hash, value);
        self.trailers = None;
        checked.map_err(|_| Unfitting::Signature)
    }

    /// Whether nothing is left to check once the last piece has passed.
    pub(crate) fn is_over(&self) -> bool {
        self.trailers.is_none()
    }
}
