//! One recorded case, as its line says it.

use anyhow::{Context, Result};
use passo_json::Json;

/// Calls in order.
#[derive(Debug)]
pub struct Case {
    /// Where the recording comes from.
    pub id: String,
    /// The file that holds it.
    pub area: String,
    /// The calls.
    pub steps: Vec<Step>,
}

/// A call and what AWS answered.
#[derive(Debug, PartialEq)]
pub struct Step {
    /// The service as SDKs name it.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// Its parameters, with marks for kept values.
    pub params: Json,
    /// What AWS answered.
    pub expect: Expect,
    /// Parts of the answer to keep: name and path.
    pub bind: Vec<(String, String)>,
    /// Whether and how long the call is repeated.
    pub until: Option<Until>,
}

/// What AWS answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// The call succeeds; with what is not compared.
    Success,
    /// The call succeeds or fails.
    Whatever,
    /// This output.
    Output(Json),
    /// A fault with these fields.
    Fault(Json),
}

/// When a repeated call has been made often enough.
#[derive(Debug, Clone, PartialEq)]
pub enum Until {
    /// The value at this pointer is another one.
    IsNot(String, Json),
    /// There is a value at this pointer.
    Exists(String),
    /// The history ends with an event of the execution itself.
    LastEvent,
    /// The history has this many events.
    Events(usize),
    /// The answer is the expected one.
    Expected,
    /// At once.
    Anything,
}

impl Case {
    /// Reads one line of the file of `area`.
    ///
    /// # Errors
    /// When it is not JSON or not in this format.
    pub fn parse(area: &str, line: &str) -> Result<Self> {
        let json = Json::parse(line)?;
        let id = json
            .get("id")
            .and_then(Json::as_str)
            .context("a case without an id")?;
        let steps = json.get("steps").and_then(Json::as_array);
        let steps = steps
            .with_context(|| format!("{id}: no steps"))?
            .iter()
            .map(step);
        let steps = steps
            .collect::<Result<_>>()
            .with_context(|| id.to_owned())?;
        Ok(Self {
            id: id.to_owned(),
            area: area.to_owned(),
            steps,
        })
    }
}

fn step(json: &Json) -> Result<Step> {
    let text = |key: &str| {
        let text = json.get(key).and_then(Json::as_str);
        Ok::<_, anyhow::Error>(text.with_context(|| format!("no `{key}`"))?.to_owned())
    };
    let bind = json.get("bind").and_then(Json::as_object);
    let bind = bind
        .into_iter()
        .flat_map(|object| object.iter())
        .map(|(name, path)| {
            Ok((
                name.to_string(),
                path.as_str().context("a path that is no text")?.to_owned(),
            ))
        });
    let may_fail = json
        .get("may_fail")
        .and_then(Json::as_bool)
        .unwrap_or_default();
    let expect = match (json.get("expect"), json.get("expect_error")) {
        _ if may_fail => Expect::Whatever,
        (Some(output), None) => Expect::Output(output.clone()),
        (None, Some(fault)) => Expect::Fault(fault.clone()),
        (None, None) => Expect::Success,
        (Some(_), Some(_)) => anyhow::bail!("both an answer and an error"),
    };
    Ok(Step {
        service: text("service")?,
        operation: text("operation")?,
        params: json.get("params").context("no `params`")?.clone(),
        expect,
        bind: bind.collect::<Result<_>>()?,
        until: json.get("until").map(until).transpose()?,
    })
}

fn until(json: &Json) -> Result<Until> {
    let pointer = json
        .get("pointer")
        .and_then(Json::as_str)
        .map(str::to_owned);
    let is_set = |key| json.get(key).and_then(Json::as_bool) == Some(true);
    if let Some(pointer) = pointer {
        return match json.get("not") {
            Some(value) => Ok(Until::IsNot(pointer, value.clone())),
            None if is_set("exists") => Ok(Until::Exists(pointer)),
            None => anyhow::bail!("an `until` that is not known: {json}"),
        };
    }
    let events = json
        .get("events")
        .and_then(Json::as_i64)
        .and_then(|it| usize::try_from(it).ok());
    match events {
        Some(events) => Ok(Until::Events(events)),
        None if is_set("last_event") => Ok(Until::LastEvent),
        None if is_set("expect") => Ok(Until::Expected),
        None if json.get("repeat").is_some() => Ok(Until::Anything),
        None => anyhow::bail!("an `until` that is not known: {json}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn step_of(fields: &str) -> Result<Step> {
        let head = r#""service": "s", "operation": "O", "params": {}"#;
        step(&Json::parse(&format!("{{{head}{fields}}}")).unwrap())
    }

    #[test]
    fn every_expectation_is_read() {
        for (fields, expect) in [
            ("", Expect::Success),
            (r#", "may_fail": true"#, Expect::Whatever),
            (r#", "expect": {"a": 1}"#, Expect::Output(json!({"a": 1}))),
            (
                r#", "expect_error": {"code": "X"}"#,
                Expect::Fault(json!({"code": "X"})),
            ),
        ] {
            assert_eq!(step_of(fields).unwrap().expect, expect);
        }
        assert!(step_of(r#", "expect": {}, "expect_error": {}"#).is_err());
    }

    #[test]
    fn every_until_is_read() {
        for (text, expect) in [
            (
                r#"{"pointer": "/s", "not": "R"}"#,
                Until::IsNot("/s".into(), json!("R")),
            ),
            (
                r#"{"pointer": "/s", "exists": true}"#,
                Until::Exists("/s".into()),
            ),
            (r#"{"last_event": true}"#, Until::LastEvent),
            (r#"{"events": 2}"#, Until::Events(2)),
            (r#"{"expect": true}"#, Until::Expected),
            (r#"{"repeat": 1}"#, Until::Anything),
        ] {
            let step = step_of(&format!(r#", "until": {text}"#)).unwrap();
            assert_eq!(step.until, Some(expect));
        }
        for bad in ["{}", r#"{"pointer": "/s"}"#, r#"{"last_event": false}"#] {
            assert!(step_of(&format!(r#", "until": {bad}"#)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_case_has_its_steps_and_what_they_keep() {
        let line = r#"{"id": "a", "steps": [{"service": "s", "operation": "O", "params": {"x": 1}, "bind": {"v0": "/arn"}}]}"#;
        let case = Case::parse("area", line).unwrap();
        assert_eq!((case.id.as_str(), case.area.as_str()), ("a", "area"));
        assert_eq!(case.steps[0].bind, [("v0".to_owned(), "/arn".to_owned())]);
        for bad in ["", "{}", r#"{"id": "a"}"#, r#"{"id": "a", "steps": [{}]}"#] {
            assert!(Case::parse("area", bad).is_err(), "{bad}");
        }
    }
}
