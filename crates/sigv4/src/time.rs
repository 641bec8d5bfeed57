//! The time of a signature: `20150830T123600Z`.

use passo_vocab::Timestamp;

/// The text of `at`, to the second.
pub(crate) fn text(at: Timestamp) -> String {
    let whole = Timestamp::from_epoch_millis(at.epoch_millis().div_euclid(1000) * 1000);
    let mut text = whole.to_string();
    text.retain(|character| !matches!(character, '-' | ':'));
    text
}

/// The day of such a text: `20150830`.
pub(crate) fn day(text: &str) -> &str {
    text.split('T').next().unwrap_or_default()
}

/// The time that `text` is.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let part = |from: usize, to: usize| text.get(from..to);
    if text.len() != 16 || part(8, 9) != Some("T") || part(15, 16) != Some("Z") {
        return None;
    }
    let extended = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(9, 11)?,
        part(11, 13)?,
        part(13, 15)?
    );
    Timestamp::parse_rfc3339(&extended).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_printed() {
        let at = parse("20150830T123600Z").unwrap();
        assert_eq!(at.epoch_millis(), 1_440_938_160_000);
        assert_eq!(text(at.plus_millis(999)), "20150830T123600Z");
        assert_eq!(day("20150830T123600Z"), "20150830");
        for wrong in [
            "",
            "20150830",
            "20150830T123600",
            "2015083OT123600Z",
            "20151330T123600Z",
            "20150830T1236:0Z",
            "2015-08-30T12:36",
            "é0150830T12360Z",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
