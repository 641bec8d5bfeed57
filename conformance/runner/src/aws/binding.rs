//! Parts of answers that later parameters hold: `{{v0}}`.

use std::collections::BTreeMap;

use passo_json::{Json, Object};

/// The account id that recorded parameters hold.
const RECORDED_ACCOUNT: &str = "000000000000";

/// What a case has kept of its answers, and the account it runs in.
#[derive(Debug)]
pub struct Bindings {
    account: String,
    values: BTreeMap<String, Json>,
}

impl Bindings {
    /// No values yet.
    pub fn new(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            values: BTreeMap::new(),
        }
    }

    /// Keeps the part of `answer` at `path` as `name`; says so when it is not there.
    pub fn keep(&mut self, name: &str, path: &str, answer: &Json) -> Result<(), String> {
        let value = resolve(answer, path)
            .ok_or_else(|| format!("the answer has no `{path}` to keep: {answer}"))?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// `params` with the kept values and the account in place.
    pub fn fill(&self, params: &Json) -> Json {
        match params {
            Json::String(text) => self.fill_text(text),
            Json::Array(items) => {
                Json::from(items.iter().map(|item| self.fill(item)).collect::<Vec<_>>())
            }
            Json::Object(object) => {
                let filled = object
                    .iter()
                    .map(|(key, value)| (key.clone(), self.fill(value)));
                Json::from(filled.collect::<Object>())
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => params.clone(),
        }
    }

    fn fill_text(&self, text: &str) -> Json {
        let whole = text
            .strip_prefix("{{")
            .and_then(|rest| rest.strip_suffix("}}"));
        if let Some(value) = whole.and_then(|name| self.values.get(name)) {
            return value.clone();
        }
        let mut filled = text.replace(RECORDED_ACCOUNT, &self.account);
        for (name, value) in &self.values {
            let value = value
                .as_str()
                .map_or_else(|| value.to_text(), str::to_owned);
            filled = filled.replace(&format!("{{{{{name}}}}}"), &value);
        }
        Json::from(filled)
    }
}

/// The part of `json` at `path`, a JSON pointer; `a#b` is the part `b` of the text at `a`, which is JSON.
pub fn resolve(json: &Json, path: &str) -> Option<Json> {
    match path.split_once('#') {
        None => json.pointer(path).cloned(),
        Some((outer, inner)) => {
            let text = json.pointer(outer)?.as_str()?;
            resolve(&Json::parse(text).ok()?, inner)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    #[test]
    fn kept_values_are_put_in_place() {
        let mut bindings = Bindings::new("123456789012");
        let answer = json!({"arn": "arn:x", "list": [{"text": "{\"token\": \"t\"}"}], "n": 3});
        bindings.keep("v0", "/arn", &answer).unwrap();
        bindings.keep("v1", "/list/0/text#/token", &answer).unwrap();
        bindings.keep("v2", "/n", &answer).unwrap();
        assert!(bindings.keep("v3", "/gone", &answer).is_err());
        for (params, expect) in [
            (json!({"a": ["{{v0}}"]}), json!({"a": ["arn:x"]})),
            (json!("x {{v0}} {{v1}} {{v2}}"), json!("x arn:x t 3")),
            (json!("{{v2}}"), json!(3)),
            (json!("{{v9}}"), json!("{{v9}}")),
            (
                json!("arn:aws:iam::000000000000:role/x"),
                json!("arn:aws:iam::123456789012:role/x"),
            ),
            (json!([1, true, null]), json!([1, true, null])),
        ] {
            assert_eq!(bindings.fill(&params), expect);
        }
    }
}
