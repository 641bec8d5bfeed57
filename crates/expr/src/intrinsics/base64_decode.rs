//! `States.Base64Decode(text)`: the text whose UTF-8 bytes are given in MIME Base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let text = arguments.short_string(0)?;
    let bytes = STANDARD
        .decode(text)
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
        check(
            "States.Base64Decode('!')",
            "{}",
            "! '!' is not valid Base64",
        );
    }
}
