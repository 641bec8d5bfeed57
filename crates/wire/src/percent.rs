//! Percent-encoded text: paths, query strings, forms.

/// The text that `encoded` stands for; `None` where that is not UTF-8. Broken escapes stand for themselves.
pub(crate) fn decode(encoded: &str, plus: Plus) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let mut ahead = rest.clone();
                match (ahead.next().and_then(digit), ahead.next().and_then(digit)) {
                    (Some(high), Some(low)) => {
                        bytes.push(high << 4 | low);
                        rest = ahead;
                    }
                    _ => bytes.push(byte),
                }
            }
            b'+' if plus == Plus::IsSpace => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// What `+` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plus {
    /// A space, as in forms and query strings.
    IsSpace,
    /// Itself, as in paths.
    IsPlus,
}

/// The pairs of a query string or form, in order.
pub(crate) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name, Plus::IsSpace)?, decode(value, Plus::IsSpace)?))
        })
        .collect()
}

/// `text` with everything but unreserved characters (RFC 3986) escaped; `/` stays where `slash` says so.
pub(crate) fn encode(text: &str, slash: Slash, out: &mut String) {
    for byte in text.bytes() {
        let stays = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'~')
            || (byte == b'/' && slash == Slash::Stays);
        if stays {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(half), 16).unwrap_or('0');
                out.push(digit.to_ascii_uppercase());
            }
        }
    }
}

/// What becomes of `/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slash {
    /// It is written as it is: greedy labels.
    Stays,
    /// It is escaped.
    IsEscaped,
}

/// A query string or form of these pairs.
pub(crate) fn join(pairs: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        encode(name, Slash::IsEscaped, &mut text);
        text.push('=');
        encode(value, Slash::IsEscaped, &mut text);
    }
    text
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        for (encoded, expect) in [
            ("arn%3Aaws", Some("arn:aws")),
            ("a+b", Some("a b")),
            ("100%", Some("100%")),
            ("%zz%4", Some("%zz%4")),
            ("%ff", None),
        ] {
            assert_eq!(
                decode(encoded, Plus::IsSpace).as_deref(),
                expect,
                "{encoded}"
            );
        }
        assert_eq!(decode("a+b", Plus::IsPlus).as_deref(), Some("a+b"));
        assert_eq!(
            pairs("a=1&b&=c%26"),
            Some(vec![
                ("a".into(), "1".into()),
                ("b".into(), String::new()),
                (String::new(), "c&".into())
            ])
        );
    }
}
