//! `States.Base64Decode(text)`: the text whose UTF-8 bytes are given in MIME Base64.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Padding may be missing, and bits behind the last byte do not matter.
const MIME: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Calls the function. What is not of the alphabet is passed over, as MIME demands.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let text = arguments.short_string(0)?;
    let is_known = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let encoded: Vec<u8> = text.bytes().filter(is_known).collect();
    let bytes = MIME
        .decode(encoded)
        .map_err(|_| format!("'{text}' is not valid Base64"))?;
    // As Java does, what is not UTF-8 becomes the replacement character.
    Ok(Json::from(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn decodes_utf_8() {
        check("States.Base64Decode('')", "{}", r#""""#);
        check(
            "States.Base64Decode('RGF0YSB0byBlbmNvZGU=')",
            "{}",
            r#""Data to encode""#,
        );
        check("States.Base64Decode('w6k=')", "{}", r#""é""#);
        check("States.Base64Decode('RGF0 YSE')", "{}", r#""Data!""#);
        check(
            "States.Base64Decode('A')",
            "{}",
            "! 'A' is not valid Base64",
        );
    }
}
