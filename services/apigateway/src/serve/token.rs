//! What a JSON Web Token says.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passo_json::{Json, Object};

/// The claims of a token, with or without `Bearer` before it; none where it is no token.
pub(crate) fn claims(token: &str) -> Option<Object> {
    let token = match token.split_at_checked(7) {
        Some((begin, rest)) if begin.eq_ignore_ascii_case("bearer ") => rest.trim(),
        _ => token,
    };
    let mut parts = token.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let claims = Json::parse(std::str::from_utf8(&bytes).ok()?).ok()?;
    claims.as_object().cloned()
}

/// Whether a token's time is over, or has not come, at `now`, in seconds.
pub(crate) fn is_over(claims: &Object, now: i64) -> bool {
    let at = |claim: &str| claims.get(claim).and_then(Json::as_f64);
    #[expect(clippy::cast_precision_loss, reason = "seconds of this age are exact")]
    let now = now as f64;
    at("exp").is_some_and(|end| end <= now) || at("nbf").is_some_and(|begin| begin > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_and_times_compared() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"sub": "me", "exp": 100}"#);
        let token = format!("Bearer x.{payload}.y");
        let claims = claims(&token).unwrap();
        assert_eq!(claims.get("sub"), Some(&Json::from("me")));
        assert!(!is_over(&claims, 99) && is_over(&claims, 100));
        for wrong in ["", "Bearer", "a.b", "a.b.c", "a.!.c", "a.b.c.d"] {
            assert_eq!(super::claims(wrong), None, "{wrong}");
        }
    }
}
