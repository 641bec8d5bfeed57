//! Values of labels, of which there may not be many: each costs memory here, and more in Prometheus.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use prometheus_client::encoding::{EncodeLabelValue, LabelValueEncoder};

/// Values of one label that are told apart.
pub(super) const VALUES_MAX: usize = 1_000;

/// A value of a label.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Value(Arc<str>);

/// The values of one label so far.
#[derive(Default)]
pub(super) struct Values {
    known: RwLock<HashSet<Arc<str>>>,
}

impl Values {
    /// `text`, or `other` where there are too many values already.
    pub(super) fn of(&self, text: &str) -> Value {
        if let Some(known) = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(text)
        {
            return Value(Arc::clone(known));
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= VALUES_MAX {
            return Value(Arc::from("other"));
        }
        let text: Arc<str> = Arc::from(text);
        known.insert(Arc::clone(&text));
        Value(text)
    }
}

impl EncodeLabelValue for Value {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        EncodeLabelValue::encode(&&*self.0, encoder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_values_count_together() {
        let values = Values::default();
        for number in 0..VALUES_MAX {
            assert_eq!(&*values.of(&number.to_string()).0, number.to_string());
        }
        assert_eq!(&*values.of("one more").0, "other");
        assert_eq!(&*values.of("7").0, "7");
    }
}
