//! Base64 and URL encoding.

use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::functions::Arguments;
use crate::value::Value;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Characters besides letters and digits that no URL encoding touches.
const MARKS: &str = "-_.!~*'()";
/// Characters that separate the parts of a URL.
const RESERVED: &str = ";/?:@&=+$,#";

/// Reads base64 with or without padding, as decoders in browsers and in Node do.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Every character up to U+00FF is a byte; a text with others is encoded as UTF-8.
pub(super) fn base64_encode(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let bytes: Result<Vec<u8>, _> = text
        .chars()
        .map(|one| u8::try_from(u32::from(one)))
        .collect();
    let bytes = bytes.unwrap_or_else(|_| text.as_bytes().to_vec());
    evaluator.text(BASE64.encode(bytes))
}

/// The bytes as UTF-8; where they are not, every byte is a character.
pub(super) fn base64_decode(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let compact: String = text.split_ascii_whitespace().collect();
    let bytes = BASE64.decode(compact).map_err(|_| {
        Box::new(Error::new("D3137", "the argument of $base64decode is not base64").value(&*text))
    })?;
    let decoded = String::from_utf8(bytes)
        .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
    evaluator.text(decoded)
}

pub(super) fn encode_url(evaluator: &mut Evaluator<'_>, arguments: Arguments) -> Outcome {
    encode(evaluator, arguments, RESERVED)
}

pub(super) fn encode_url_component(evaluator: &mut Evaluator<'_>, arguments: Arguments) -> Outcome {
    encode(evaluator, arguments, "")
}

fn encode(evaluator: &mut Evaluator<'_>, mut arguments: Arguments, untouched: &str) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let mut encoded = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for character in text.chars() {
        let stays = character.is_ascii_alphanumeric()
            || MARKS.contains(character)
            || untouched.contains(character);
        if stays {
            encoded.push(character);
            continue;
        }
        for byte in character.encode_utf8(&mut buffer).bytes() {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                encoded.push(digit.to_ascii_uppercase());
            }
        }
    }
    evaluator.text(encoded)
}

pub(super) fn decode_url(evaluator: &mut Evaluator<'_>, arguments: Arguments) -> Outcome {
    decode(evaluator, arguments, RESERVED, "decodeUrl")
}

pub(super) fn decode_url_component(evaluator: &mut Evaluator<'_>, arguments: Arguments) -> Outcome {
    decode(evaluator, arguments, "", "decodeUrlComponent")
}

fn decode(
    evaluator: &mut Evaluator<'_>,
    mut arguments: Arguments,
    untouched: &str,
    name: &str,
) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let malformed = || {
        let message = format!("malformed URL passed to ${name}(): \"{text}\"");
        Box::new(Error::new("D3140", message).value(&*text))
    };
    let mut decoded: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            decoded.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else {
            return Err(malformed());
        };
        let (Some(a), Some(b)) = (hex(*high), hex(*low)) else {
            return Err(malformed());
        };
        let byte = a * 16 + b;
        if untouched.as_bytes().contains(&byte) {
            decoded.extend([b'%', *high, *low]);
        } else {
            decoded.push(byte);
        }
        rest = after;
    }
    let decoded = String::from_utf8(decoded).map_err(|_| malformed())?;
    evaluator.text(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}
