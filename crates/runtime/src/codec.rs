//! The bytes of the runtime's own records: a version first, then fields in order.
//!
//! Numbers are LEB128, texts and lists are preceded by their length, options by a byte. A reader
//! never trusts a length: it only takes what is there.

use std::sync::Arc;

use passo_store::StoreError;
use passo_vocab::Timestamp;

/// Writes one record.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn new(version: u8) -> Writer {
        Writer {
            bytes: vec![version],
        }
    }

    pub(crate) fn byte(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(crate) fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(low_seven_bits(value) | 0x80);
            value >>= 7;
        }
        self.bytes.push(low_seven_bits(value));
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.number(value.len() as u64);
        self.bytes.extend_from_slice(value);
    }

    pub(crate) fn time(&mut self, at: Timestamp) {
        self.number(at.epoch_millis().cast_unsigned());
    }

    pub(crate) fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    pub(crate) fn optional<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        match value {
            None => self.byte(0),
            Some(value) => {
                self.byte(1);
                write(self, value);
            }
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

fn low_seven_bits(value: u64) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or_default()
}

/// Reads one record.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader of the fields after the version, which must be `version`.
    pub(crate) fn new(bytes: &'a [u8], version: u8) -> Result<Reader<'a>, StoreError> {
        match bytes.split_first() {
            Some((found, rest)) if *found == version => Ok(Reader { rest }),
            Some((found, _)) => Err(StoreError::Version {
                found: format!("record version {found}"),
                supported: format!("record version {version}"),
            }),
            None => Err(truncated()),
        }
    }

    pub(crate) fn byte(&mut self) -> Result<u8, StoreError> {
        let (byte, rest) = self.rest.split_first().ok_or_else(truncated)?;
        self.rest = rest;
        Ok(*byte)
    }

    pub(crate) fn number(&mut self) -> Result<u64, StoreError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(StoreError::Corrupt(
            "a number of a record does not end".to_owned(),
        ))
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], StoreError> {
        let length = usize::try_from(self.number()?).map_err(|_| truncated())?;
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(truncated)?;
        self.rest = rest;
        Ok(bytes)
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.number()
            .map(|millis| Timestamp::from_epoch_millis(millis.cast_signed()))
    }

    pub(crate) fn text(&mut self) -> Result<Arc<str>, StoreError> {
        let text = std::str::from_utf8(self.bytes()?);
        text.map(Arc::from)
            .map_err(|_| StoreError::Corrupt("a text is not UTF-8".to_owned()))
    }

    pub(crate) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match self.byte()? {
            0 => Ok(None),
            _ => read(self).map(Some),
        }
    }
}

fn truncated() -> StoreError {
    StoreError::Corrupt("a record is shorter than it says".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut writer = Writer::new(1);
        for number in [0, 127, 128, 1 << 40, u64::MAX] {
            writer.number(number);
        }
        writer.text("é");
        writer.optional(Some("x"), Writer::text);
        writer.optional(None::<&str>, Writer::text);
        let bytes = writer.finish();
        let mut reader = Reader::new(&bytes, 1).unwrap();
        for number in [0, 127, 128, 1 << 40, u64::MAX] {
            assert_eq!(reader.number(), Ok(number));
        }
        assert_eq!(reader.text().as_deref(), Ok("é"));
        assert_eq!(reader.optional(Reader::text).unwrap().as_deref(), Some("x"));
        assert_eq!(reader.optional(Reader::text), Ok(None));
        assert!(reader.byte().is_err());
    }

    #[test]
    fn damaged_records_are_errors() {
        assert!(Reader::new(&[], 1).is_err());
        assert!(matches!(
            Reader::new(&[2], 1),
            Err(StoreError::Version { .. })
        ));
        assert!(Reader::new(&[1, 200], 1).unwrap().bytes().is_err());
        assert!(
            Reader::new(&[1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], 1)
                .unwrap()
                .number()
                .is_err()
        );
    }
}
