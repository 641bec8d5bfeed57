//! `States.Base64Encode(text)`: the UTF-8 bytes in MIME Base64, without line breaks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    Ok(Json::from(STANDARD.encode(arguments.short_string(0)?)))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn encodes_utf_8() {
        check("States.Base64Encode('')", "{}", r#""""#);
        check(
            "States.Base64Encode('Data to encode')",
            "{}",
            r#""RGF0YSB0byBlbmNvZGU=""#,
        );
        check("States.Base64Encode('é')", "{}", r#""w6k=""#);
    }
}
