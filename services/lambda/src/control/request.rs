//! Reading a call's parameters.

use passo_json::{Json, Object};
use passo_service::{Call, Fault};
use passo_vocab::Arn;

use super::faults;
use crate::FunctionReference;

/// Items of a page, unless asked for fewer. Source: Lambda API Reference, `ListFunctions`.
const PAGE_ITEMS_MAX: usize = 50;

/// The form of a function's name. Source: Lambda API Reference, `FunctionName`.
const NAME_RULE: &str = "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";

/// One call's parameters.
pub(super) struct Request<'a> {
    pub(super) call: &'a Call,
}

/// A function that a call names.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) qualifier: Option<String>,
}

impl Target {
    /// Its ARN without a qualifier.
    pub(super) fn arn(&self) -> String {
        format!(
            "arn:aws:lambda:{}:{}:function:{}",
            self.region, self.account, self.name
        )
    }

    /// Its ARN with the qualifier that was given.
    pub(super) fn qualified_arn(&self) -> String {
        match &self.qualifier {
            Some(qualifier) => format!("{}:{qualifier}", self.arn()),
            None => self.arn(),
        }
    }
}

impl Request<'_> {
    pub(super) fn get(&self, member: &str) -> Option<&Json> {
        self.call
            .parameters
            .get(member)
            .filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, member: &str) -> Option<&str> {
        self.get(member).and_then(Json::as_str)
    }

    pub(super) fn required(&self, member: &str) -> Result<&str, Fault> {
        self.text(member).ok_or_else(|| {
            let mut name = member.to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            let message = format!(
                "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
            );
            Fault::caller("ValidationException", message)
        })
    }

    pub(super) fn flag(&self, member: &str) -> bool {
        self.get(member).and_then(Json::as_bool).unwrap_or(false)
    }

    /// A map from text to text.
    pub(super) fn texts(&self, member: &str) -> Vec<(String, String)> {
        let map = self.get(member).and_then(Json::as_object);
        map.into_iter()
            .flat_map(Object::iter)
            .filter_map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())))
            .collect()
    }

    /// The function that `FunctionName`, and `Qualifier`, name.
    pub(super) fn target(&self) -> Result<Target, Fault> {
        let given = self.required("FunctionName")?;
        let reference = FunctionReference::parse(given)
            .ok_or_else(|| faults::constraint(given, "functionName", NAME_RULE))?;
        Ok(self.resolve(&reference))
    }

    /// The function whose ARN is `Resource`.
    pub(super) fn tagged(&self) -> Result<Target, Fault> {
        let given = self.required("Resource")?;
        let reference = Arn::parse(given)
            .ok()
            .and_then(|arn| FunctionReference::parse(arn.as_str()))
            .ok_or_else(|| {
                faults::constraint(given, "resource", "Member must be the ARN of a function")
            })?;
        Ok(self.resolve(&reference))
    }

    fn resolve(&self, reference: &FunctionReference) -> Target {
        let caller = &self.call.caller;
        let qualifier = self.text("Qualifier").or(reference.qualifier());
        Target {
            account: reference
                .account()
                .unwrap_or(caller.account.as_str())
                .to_owned(),
            region: reference
                .region()
                .unwrap_or(caller.region.as_str())
                .to_owned(),
            name: reference.name().to_owned(),
            qualifier: qualifier.map(str::to_owned),
        }
    }

    /// The wanted page of `items`, each with its place in the order: at most `MaxItems` of those after `Marker`, and
    /// the marker of the next page.
    pub(super) fn page(&self, items: Vec<(String, Json)>) -> (Vec<Json>, Option<String>) {
        let wanted = self.get("MaxItems").and_then(Json::as_i64);
        let wanted = wanted.and_then(|items| usize::try_from(items).ok());
        let size = wanted.unwrap_or(PAGE_ITEMS_MAX).clamp(1, PAGE_ITEMS_MAX);
        let marker = self.text("Marker").unwrap_or_default().to_owned();
        let mut rest = items.into_iter().filter(|(place, _)| **place > *marker);
        let mut page = Vec::new();
        let mut last = None;
        for (place, item) in rest.by_ref().take(size) {
            last = Some(place);
            page.push(item);
        }
        let more = rest.next().is_some();
        (page, last.filter(|_| more))
    }
}
