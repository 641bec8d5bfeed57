//! Numbers and texts as bytes.

use std::sync::Arc;

use passo_vocab::Failure;

pub(super) fn write_unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(low_bits(value) | 0x80);
        value >>= 7;
    }
    out.push(low_bits(value));
}

/// Small numbers of either sign are short.
pub(super) fn write_signed(value: i64, out: &mut Vec<u8>) {
    write_unsigned(((value << 1) ^ (value >> 63)).cast_unsigned(), out);
}

pub(super) fn write_length(length: usize, out: &mut Vec<u8>) {
    write_unsigned(u64::try_from(length).unwrap_or(u64::MAX), out);
}

pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    write_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

/// A length of its own tells an absent text from an empty one.
pub(super) fn write_optional_text(text: Option<&Arc<str>>, out: &mut Vec<u8>) {
    match text {
        None => out.push(0),
        Some(text) => {
            write_length(text.len().saturating_add(1), out);
            out.extend_from_slice(text.as_bytes());
        }
    }
}

pub(super) fn write_optional_unsigned(value: Option<u64>, out: &mut Vec<u8>) {
    match value {
        None => out.push(0),
        Some(value) => {
            out.push(1);
            write_unsigned(value, out);
        }
    }
}

pub(super) fn write_failure(failure: &Failure, out: &mut Vec<u8>) {
    let error = failure
        .error
        .as_ref()
        .map(|error| Arc::from(error.as_str()));
    write_optional_text(error.as_ref(), out);
    write_optional_text(failure.cause.as_ref(), out);
}

fn low_bits(value: u64) -> u8 {
    (value & 0x7F) as u8
}
