//! Durations as people write and read them.

use std::time::Duration;

/// Reads `30s`, `5m`, `1h30m`, `500ms` or plain seconds such as `2.5`.
///
/// # Errors
/// When the text is none of them; the message is for people.
pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a duration such as 500ms, 30s, 5m or 1h30m");
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| wrong());
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, tail) = rest.split_at_checked(digits).ok_or_else(wrong)?;
        let letters = tail
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(letters).ok_or_else(wrong)?;
        let millis_per_unit = match unit {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wrong()),
        };
        let number = number.parse::<u64>().map_err(|_| wrong())?;
        let millis = number.checked_mul(millis_per_unit).ok_or_else(wrong)?;
        total = total
            .checked_add(Duration::from_millis(millis))
            .ok_or_else(wrong)?;
        rest = tail;
    }
    if text.is_empty() {
        return Err(wrong());
    }
    Ok(total)
}

/// `412ms`, `3.1s`, `1m02s`, `1h22m`, `2d03h`: at most two units.
pub fn show(millis: i64) -> String {
    let millis = millis.max(0);
    let seconds = millis / 1000;
    match millis {
        0..1000 => format!("{millis}ms"),
        1000..60_000 => format!("{seconds}.{}s", millis % 1000 / 100),
        60_000..3_600_000 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3_600_000..86_400_000 => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d{:02}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, expect) in [
            ("500ms", Some(500)),
            ("30s", Some(30_000)),
            ("1h30m", Some(5_400_000)),
            ("2.5", Some(2_500)),
            ("0", Some(0)),
            ("", None),
            ("s", None),
            ("5", Some(5_000)),
            ("5x", None),
            ("-1s", None),
            ("-1", None),
            ("1s5", None),
            ("99999999999999999999d", None),
        ] {
            let expect = expect.map(Duration::from_millis);
            assert_eq!(parse(text).ok(), expect, "{text}");
        }
    }

    #[test]
    fn durations_are_shown_with_two_units() {
        for (millis, expect) in [
            (-5, "0ms"),
            (412, "412ms"),
            (3199, "3.1s"),
            (62_000, "1m02s"),
            (4_920_000, "1h22m"),
            (183_600_000, "2d03h"),
        ] {
            assert_eq!(show(millis), expect);
        }
    }
}
