//! ISO 8601 durations of fixed length.

/// Reads `P1DT2H3M4.5S`, `PT1H`, `P2W`: its milliseconds. Years and months have no fixed length and are refused.
pub(super) fn millis(text: &str) -> Option<i64> {
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let date = parts(date, &[('W', 604_800_000), ('D', 86_400_000)])?;
    let time = parts(time, &[('H', 3_600_000), ('M', 60_000), ('S', 1000)])?;
    date.checked_add(time)
}

/// The sum of the parts, each unit at most once and in order.
fn parts(mut text: &str, mut units: &[(char, i64)]) -> Option<i64> {
    let mut sum = 0_i64;
    while !text.is_empty() {
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, rest) = text.split_at_checked(end)?;
        let mut characters = rest.chars();
        let letter = characters.next()?;
        let place = units.iter().position(|(unit, _)| *unit == letter)?;
        let (_, factor) = *units.get(place)?;
        units = units.get(place + 1..)?;
        sum = sum.checked_add(scaled(number, factor, letter == 'S')?)?;
        text = characters.as_str();
    }
    Some(sum)
}

fn scaled(number: &str, factor: i64, may_have_fraction: bool) -> Option<i64> {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) if may_have_fraction => (whole, fraction),
        Some(_) => return None,
        None => (number, ""),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let whole = whole.parse::<i64>().ok()?.checked_mul(factor)?;
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    whole.checked_add(millis.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_fixed_length_are_read() {
        for (text, expect) in [
            ("PT1H", Some(3_600_000)),
            ("P1D", Some(86_400_000)),
            ("P2W", Some(1_209_600_000)),
            ("P1DT2H3M4.5S", Some(93_784_500)),
            ("PT0.001S", Some(1)),
            ("PT0S", Some(0)),
            ("P", None),
            ("PT", None),
            ("P1DT", None),
            ("1H", None),
            ("P1Y", None),
            ("P1M", None),
            ("PT1.5H", None),
            ("PT1S1M", None),
            ("PT-1S", None),
            ("PT1S1S", None),
            ("P99999999999999999999D", None),
            ("P9999999999999999D", None),
        ] {
            assert_eq!(millis(text), expect, "{text}");
        }
    }
}
