//! A request, taken apart: what templates, mappings and events want to know of it.

use passo_json::{Json, Object};

use super::WebRequest;

/// Values by name, in the order in which the names came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Multi(Vec<(String, Vec<String>)>);

impl Multi {
    pub(crate) fn add(&mut self, name: &str, value: String) {
        match self.0.iter_mut().find(|(given, _)| given == name) {
            Some((_, values)) => values.push(value),
            None => self.0.push((name.to_owned(), vec![value])),
        }
    }

    /// Does what a parameter mapping of an HTTP API says: `append`, `overwrite` or `remove`.
    pub(crate) fn change(&mut self, action: &str, name: &str, value: Option<String>) {
        if action != "append" {
            self.0
                .retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        }
        if let Some(value) = value.filter(|_| action != "remove") {
            self.add(name, value);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        let pairs = self.0.iter();
        pairs.map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// All values of a name; that of a header in whatever case.
    pub(crate) fn all(&self, name: &str) -> Option<&[String]> {
        let exact = self.0.iter().find(|(given, _)| given == name);
        exact.map(|(_, values)| values.as_slice())
    }

    pub(crate) fn all_of_header(&self, name: &str) -> Option<&[String]> {
        let mut pairs = self.0.iter();
        let found = pairs.find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, values)| values.as_slice())
    }

    /// The last value of each name, as AWS shows names with one value.
    pub(crate) fn single(&self) -> Object {
        let pairs = self.0.iter();
        pairs
            .filter_map(|(name, values)| Some((name.as_str(), Json::from(values.last()?.as_str()))))
            .collect()
    }

    /// The values of each name with a comma between them, as HTTP APIs show them.
    pub(crate) fn joined(&self) -> Object {
        let pairs = self.0.iter();
        pairs
            .map(|(name, values)| (name.as_str(), Json::from(values.join(","))))
            .collect()
    }

    /// Every value.
    pub(crate) fn many(&self) -> Object {
        let list = |values: &[String]| {
            let values: Vec<Json> = values.iter().map(|it| Json::from(it.as_str())).collect();
            Json::from(values)
        };
        let pairs = self.0.iter();
        pairs
            .map(|(name, values)| (name.as_str(), list(values)))
            .collect()
    }
}

/// A request, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) request: WebRequest,
    /// The path behind the stage, as it was sent.
    pub(crate) path: String,
    pub(crate) query: Multi,
    pub(crate) headers: Multi,
    /// What the variables of the route are in the path.
    pub(crate) path_parameters: Vec<(String, String)>,
}

impl Taken {
    pub(crate) fn of(request: WebRequest, path: String) -> Taken {
        let mut query = Multi::default();
        for pair in request.query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            query.add(&decoded(name, true), decoded(value, true));
        }
        let mut headers = Multi::default();
        for (name, value) in &request.headers {
            headers.add(name, value.clone());
        }
        Taken {
            request,
            path,
            query,
            headers,
            path_parameters: Vec::new(),
        }
    }

    pub(crate) fn path_object(&self) -> Object {
        let pairs = self.path_parameters.iter();
        pairs
            .map(|(name, value)| (name.as_str(), Json::from(value.as_str())))
            .collect()
    }

    pub(crate) fn body_text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.request.body)
    }

    /// The cookies, as HTTP APIs list them.
    pub(crate) fn cookies(&self) -> Vec<String> {
        let values = self.headers.all_of_header("cookie").unwrap_or_default();
        let parts = values.iter().flat_map(|value| value.split(';'));
        parts.map(|it| it.trim().to_owned()).collect()
    }
}

/// Text whose escapes are undone; what is no escape, and no UTF-8, stays or is replaced.
pub(crate) fn decoded(text: &str, plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' if plus => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let pair = (digit(ahead.next()), digit(ahead.next()));
                let value = match pair {
                    (Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
                    _ => None,
                };
                match value {
                    Some(value) => {
                        bytes.push(value);
                        rest = ahead;
                    }
                    None => bytes.push(b'%'),
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// All but the unreserved characters escaped; `keep` are kept too.
pub(crate) fn encoded(text: &str, keep: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-_.~".contains(c) || (byte < 128 && keep.contains(c)) {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn names_keep_all_values() {
        let request = WebRequest {
            query: "a=1&b=x%20y+z&a=2&c&%zz=%ff".to_owned(),
            headers: vec![("Cookie".to_owned(), "k=v; l=w".to_owned())],
            ..WebRequest::default()
        };
        let taken = Taken::of(request, "/".to_owned());
        assert_eq!(
            Json::from(taken.query.single()),
            json!({"a": "2", "b": "x y z", "c": "", "%zz": "\u{fffd}"})
        );
        assert_eq!(taken.query.all("a").unwrap(), ["1", "2"]);
        assert_eq!(taken.query.joined().get("a"), Some(&json!("1,2")));
        assert_eq!(taken.cookies(), ["k=v", "l=w"]);
        assert_eq!(encoded("a b/é", "/"), "a%20b/%C3%A9");
    }
}
