//! Reading a call's parameters.

use std::collections::BTreeMap;
use std::fmt;

use passo_json::{Json, Object};
use passo_service::Call;

/// The parameters of one call. A member that is null is not there; one of another type is not there either, since the
/// wire layer has refused it before.
#[derive(Clone, Copy, Debug)]
pub struct Parameters<'a> {
    /// The call.
    pub call: &'a Call,
}

/// A member that is wanted and not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(String);

impl fmt::Display for Missing {
    /// In the words that AWS's services use for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
            self.0
        )
    }
}

impl<'a> Parameters<'a> {
    /// The account that calls.
    pub fn account(&self) -> &'a str {
        self.call.caller.account.as_str()
    }

    /// The region that is called.
    pub fn region(&self) -> &'a str {
        self.call.caller.region.as_str()
    }

    /// A member.
    pub fn get(&self, member: &str) -> Option<&'a Json> {
        let value = self.call.parameters.get(member)?;
        (!value.is_null()).then_some(value)
    }

    /// A text.
    pub fn text(&self, member: &str) -> Option<&'a str> {
        self.get(member)?.as_str()
    }

    /// A text that has to be there.
    ///
    /// # Errors
    /// Where it is not; the member's name begins with a small letter in the message, as AWS writes it.
    pub fn required(&self, member: &str) -> Result<&'a str, Missing> {
        self.text(member).ok_or_else(|| {
            let mut name = member.to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            Missing(name)
        })
    }

    /// A whole number.
    pub fn number(&self, member: &str) -> Option<i64> {
        self.get(member)?.as_i64()
    }

    /// A flag; one that is not there is not set.
    pub fn flag(&self, member: &str) -> bool {
        self.get(member).and_then(Json::as_bool).unwrap_or(false)
    }

    /// An object.
    pub fn object(&self, member: &str) -> Option<&'a Object> {
        self.get(member)?.as_object()
    }

    /// The items of a list; none where it is not there.
    pub fn list(&self, member: &str) -> &'a [Json] {
        let list = self.get(member).and_then(Json::as_array);
        list.map_or(&[], |list| list)
    }

    /// The texts of a list.
    pub fn texts(&self, member: &str) -> Vec<&'a str> {
        self.list(member).iter().filter_map(Json::as_str).collect()
    }

    /// A map from text to text.
    pub fn map(&self, member: &str) -> BTreeMap<String, String> {
        let members = self.object(member).into_iter().flat_map(Object::iter);
        members
            .filter_map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())))
            .collect()
    }

    /// A list of `Key` and `Value`, as most services take tags.
    pub fn tags(&self, member: &str) -> BTreeMap<String, String> {
        let tags = self.list(member).iter().filter_map(|tag| {
            let text = |member: &str| Some(tag.get(member)?.as_str()?.to_owned());
            Some((text("Key")?, text("Value").unwrap_or_default()))
        });
        tags.collect()
    }
}
