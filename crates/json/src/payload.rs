//! Payloads: JSON text that is parsed only when somebody looks inside.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::{Json, Limits, ParseError, validate};

/// One JSON document, held as the text it came in, as the tree it was built as, or both.
///
/// What passes through untouched is neither parsed nor printed again: validating text is several times
/// cheaper than building its tree. Cloning costs one reference count.
#[derive(Clone)]
pub struct Payload(Arc<Forms>);

/// At least one of the two is set from the start.
#[derive(Default)]
struct Forms {
    text: OnceLock<Arc<str>>,
    tree: OnceLock<Json>,
}

impl Payload {
    /// Takes JSON text as it is, once it is known to be JSON.
    ///
    /// # Errors
    /// Where the text is not JSON within the default [`Limits`].
    pub fn from_text(text: impl Into<Arc<str>>) -> Result<Payload, ParseError> {
        let text = text.into();
        validate(&text, Limits::default())?;
        let forms = Forms::default();
        let _ = forms.text.set(text);
        Ok(Payload(Arc::new(forms)))
    }

    /// The tree; parsed on the first call.
    pub fn json(&self) -> &Json {
        self.0.tree.get_or_init(|| {
            // Text only enters through `from_text`, so it parses; `null` is never the answer in practice.
            self.0
                .text
                .get()
                .and_then(|text| Json::parse(text).ok())
                .unwrap_or_default()
        })
    }

    /// The text; printed on the first call where the payload was built as a tree.
    pub fn text(&self) -> &str {
        self.shared_text()
    }

    /// The text, shared.
    pub fn shared_text(&self) -> &Arc<str> {
        self.0
            .text
            .get_or_init(|| Arc::from(self.0.tree.get().unwrap_or(&Json::Null).to_text()))
    }

    /// Bytes of the text, which is what AWS's limits count.
    pub fn bytes(&self) -> usize {
        match self.0.text.get() {
            Some(text) => text.len(),
            None => self.json().text_bytes(),
        }
    }

    /// Whether both are one and the same payload, without looking inside.
    pub fn is_same(&self, other: &Payload) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl From<Json> for Payload {
    fn from(tree: Json) -> Payload {
        let forms = Forms::default();
        let _ = forms.tree.set(tree);
        Payload(Arc::new(forms))
    }
}

impl PartialEq for Payload {
    fn eq(&self, other: &Payload) -> bool {
        self.is_same(other) || self.json() == other.json()
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn text_stays_as_it_came() {
        let payload = Payload::from_text("{ \"a\" : 1.50 }").unwrap();
        assert_eq!(payload.json(), &json!({"a": 1.5}));
        assert_eq!(payload.text(), "{ \"a\" : 1.50 }");
        assert_eq!(payload.bytes(), 14);
    }

    #[test]
    fn a_tree_is_printed_once_asked() {
        let payload = Payload::from(json!({"a": [1, null]}));
        assert_eq!(payload.bytes(), payload.text().len());
        assert_eq!(payload.text(), r#"{"a":[1,null]}"#);
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "{", "01", "[1,]", "\"\u{1}\"", "nul", "1 2"] {
            assert!(Payload::from_text(text).is_err(), "{text:?}");
        }
    }
}
