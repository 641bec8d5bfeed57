//! The query string of a page: names and values, percent-decoded.

use passo_vocab::Timestamp;

use super::Refusal;

/// Members of a query string, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands after the `?`; what cannot be decoded is taken as it stands.
    pub(super) fn of(query: &str) -> Query {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        };
        Query(pairs.map(pair).collect())
    }

    /// The first value called `name` that is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self
            .0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty());
        value.map(|(_, value)| &**value)
    }

    /// Every value called `name` that is not empty.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named
            .map(|(_, value)| &**value)
            .filter(|value| !value.is_empty())
    }

    /// The same query without the values called `name`.
    pub(super) fn without(&self, name: &str) -> Query {
        let kept = self.0.iter().filter(|(key, _)| key != name);
        Query(kept.cloned().collect())
    }

    /// The value called `name`, which must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        let missing = || Refusal::invalid(format!("the parameter `{name}` is missing"));
        self.get(name).ok_or_else(missing)
    }

    /// The time called `name`.
    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let wrong = |_| {
            Refusal::invalid(format!(
                "the parameter `{name}` is no time, as 2030-01-01T00:00:00Z"
            ))
        };
        let time = self.get(name).map(Timestamp::parse_rfc3339);
        time.transpose().map_err(wrong)
    }

    /// The number called `name`, at most `max`.
    pub(super) fn number(&self, name: &str, default: u64, max: u64) -> Result<u64, Refusal> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        let wrong = |_| Refusal::invalid(format!("the parameter `{name}` is no number"));
        text.parse()
            .map(|number: u64| number.min(max))
            .map_err(wrong)
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escaped = match byte {
            b'+' => Some(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digits = (ahead.next().and_then(digit), ahead.next().and_then(digit));
                if let (Some(high), Some(low)) = digits {
                    rest = ahead;
                    Some(high * 16 + low)
                } else {
                    None
                }
            }
            _ => None,
        };
        bytes.push(escaped.unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    let value = char::from(byte).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_decoded() {
        let check = |text: &str, expect: &[(&str, &str)]| {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let expect = Query(expect.iter().map(owned).collect());
            assert_eq!(Query::of(text), expect, "{text}");
        };
        check("", &[]);
        check("a=1&b", &[("a", "1"), ("b", "")]);
        check("a=x%20y+z&a=%C3%A7", &[("a", "x y z"), ("a", "ç")]);
        check("a=%zz&b=%4", &[("a", "%zz"), ("b", "%4")]);
    }

    #[test]
    fn numbers_are_bounded() {
        let query = Query::of("n=70&w=x");
        assert_eq!(query.number("n", 1, 50).unwrap(), 50);
        assert_eq!(query.number("m", 1, 50).unwrap(), 1);
        assert!(query.number("w", 1, 50).is_err());
    }
}
