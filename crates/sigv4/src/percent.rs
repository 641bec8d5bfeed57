//! Percent-encoding as signatures want it: everything but letters, digits and `-._~`.

/// What happens to escapes that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// They stay: `%2f` and `%2F` are the latter.
    Stay,
    /// They are text like any other, so `%` is encoded.
    AreText,
}

/// Appends `text` encoded; bytes in `kept` stay as they are.
pub(crate) fn encode(out: &mut String, text: &str, kept: &[u8], escapes: Escapes) {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
            continue;
        }
        let mut ahead = rest.clone();
        let escaped = (byte == b'%' && escapes == Escapes::Stay)
            .then(|| Some((digit(ahead.next()?)?, digit(ahead.next()?)?)))
            .flatten();
        match escaped {
            Some((high, low)) => {
                push(out, high << 4 | low);
                rest = ahead;
            }
            None => push(out, byte),
        }
    }
}

/// The text that `encoded` stands for; `None` where that is not UTF-8. Broken escapes stand for themselves.
pub(crate) fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let escaped = (byte == b'%')
            .then(|| Some((digit(ahead.next()?)?, digit(ahead.next()?)?)))
            .flatten();
        match escaped {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = ahead;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

fn push(out: &mut String, byte: u8) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    out.push('%');
    for digit in [byte >> 4, byte & 15] {
        out.extend(DIGITS.get(usize::from(digit)));
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, stay: &str, are_text: &str) {
        for (escapes, expect) in [(Escapes::Stay, stay), (Escapes::AreText, are_text)] {
            let mut out = String::new();
            encode(&mut out, text, b"/", escapes);
            assert_eq!(out, expect, "{text}");
        }
    }

    #[test]
    fn escapes_stay_or_are_text() {
        check("a/b~c", "a/b~c", "a/b~c");
        check("a b", "a%20b", "a%20b");
        check("%2f%zz%4", "%2F%25zz%254", "%252f%25zz%254");
        check("é", "%C3%A9", "%C3%A9");
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(decode("a%2Fb%").as_deref(), Some("a/b%"));
        assert_eq!(decode("%ff"), None);
    }
}
