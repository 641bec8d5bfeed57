//! Numbers and texts from bytes. Nothing that is read is trusted.

use std::sync::Arc;

use passo_vocab::{ErrorName, Failure};

use super::JournalError;

/// Takes bytes from the front.
pub(super) struct Reader<'a> {
    pub bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn byte(&mut self) -> Result<u8, JournalError> {
        let (first, rest) = self.bytes.split_first().ok_or(JournalError::Truncated)?;
        self.bytes = rest;
        Ok(*first)
    }

    pub fn unsigned(&mut self) -> Result<u64, JournalError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                return Err(JournalError::Number);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(JournalError::Number)
    }

    pub fn signed(&mut self) -> Result<i64, JournalError> {
        let value = self.unsigned()?;
        let half = (value >> 1).cast_signed();
        Ok(if value & 1 == 0 { half } else { !half })
    }

    pub fn small(&mut self) -> Result<u32, JournalError> {
        u32::try_from(self.unsigned()?).map_err(|_| JournalError::Number)
    }

    pub fn length(&mut self) -> Result<usize, JournalError> {
        usize::try_from(self.unsigned()?).map_err(|_| JournalError::Number)
    }

    pub fn text(&mut self) -> Result<&'a str, JournalError> {
        let length = self.length()?;
        self.text_of(length)
    }

    pub fn optional_text(&mut self) -> Result<Option<Arc<str>>, JournalError> {
        match self.length()?.checked_sub(1) {
            None => Ok(None),
            Some(length) => Ok(Some(Arc::from(self.text_of(length)?))),
        }
    }

    pub fn optional_unsigned(&mut self) -> Result<Option<u64>, JournalError> {
        match self.byte()? {
            0 => Ok(None),
            _ => self.unsigned().map(Some),
        }
    }

    pub fn failure(&mut self) -> Result<Failure, JournalError> {
        let error = self.optional_text()?.map(ErrorName::new);
        Ok(Failure {
            error,
            cause: self.optional_text()?,
        })
    }

    pub fn float(&mut self) -> Result<f64, JournalError> {
        let (bits, rest) = self
            .bytes
            .split_first_chunk::<8>()
            .ok_or(JournalError::Truncated)?;
        self.bytes = rest;
        Ok(f64::from_le_bytes(*bits))
    }

    fn text_of(&mut self, length: usize) -> Result<&'a str, JournalError> {
        let (text, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or(JournalError::Truncated)?;
        self.bytes = rest;
        std::str::from_utf8(text).map_err(|_| JournalError::Text)
    }
}
