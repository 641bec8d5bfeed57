//! `States.Hash(data, algorithm)`: a digest in lower-case hexadecimal.

use passo_json::Json;

use crate::digest::hex_digest;
use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let algorithm = arguments.string(1)?;
    let digest = match arguments.at(0) {
        Json::String(_) => hex_digest(algorithm, arguments.short_string(0)?),
        data => hex_digest(algorithm, &data.to_text()),
    };
    digest
        .map(Json::from)
        .ok_or_else(|| format!("'{algorithm}' is not a hash algorithm"))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn digests_text() {
        check(
            "States.Hash('input data', 'SHA-1')",
            "{}",
            r#""aaff4a450a104cd177d28d18d74485e8cae074b7""#,
        );
        check(
            "States.Hash('input data', 'MD5')",
            "{}",
            r#""812f45842bc6d66ee14572ce20db8e86""#,
        );
        check(
            "States.Hash('x', 'SHA1')",
            "{}",
            "! 'SHA1' is not a hash algorithm",
        );
    }
}
