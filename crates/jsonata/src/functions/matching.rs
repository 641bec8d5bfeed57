//! Searching strings: for strings, with regular expressions, and with functions that match.

use super::callback::{Callback, index};
use super::{Arguments, Row};
use crate::error::Error;
use crate::eval::{Evaluator, Outcome};
use crate::function::Function;
use crate::regex::Regex;
use crate::value::{Origin, Value};
use passo_json::Json;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "contains",
        signature: "<s-(sf):b>",
        arity: 2,
        body: contains,
    },
    Row {
        name: "match",
        signature: "<s-f<s:o>n?:a<o>>",
        arity: 3,
        body: find_matches,
    },
    Row {
        name: "replace",
        signature: "<s-(sf)(sf)n?:s>",
        arity: 4,
        body: replace,
    },
    Row {
        name: "split",
        signature: "<s-(sf)n?:a<s>>",
        arity: 3,
        body: split,
    },
];

/// One match of a matcher.
struct Found {
    text: Arc<str>,
    /// Byte offsets.
    start: usize,
    end: usize,
    groups: Vec<Option<Arc<str>>>,
    /// The match as the matcher gave it.
    value: Value,
}

/// The matches of a matcher in a text, one after the other.
struct Matches {
    text: Arc<str>,
    /// What gives the next match: the matcher itself, then the `next` of each match.
    source: Option<Value>,
    started: bool,
}

impl Matches {
    fn new(matcher: Value, text: &Arc<str>) -> Matches {
        Matches {
            text: Arc::clone(text),
            source: Some(matcher),
            started: false,
        }
    }

    fn next(&mut self, evaluator: &mut Evaluator<'_>) -> Result<Option<Found>, Box<Error>> {
        let Some(source) = self.source.take() else {
            return Ok(None);
        };
        evaluator.budget.spend_step()?;
        let callback = Callback::new(source)?;
        let arguments = if self.started {
            Vec::new()
        } else {
            vec![Value::Json(Json::String(Arc::clone(&self.text)))]
        };
        self.started = true;
        let value = callback.call_with(evaluator, arguments)?;
        if value.is_undefined() {
            return Ok(None);
        }
        let found = self.read(value)?;
        self.source = found.value.member("next").filter(Value::is_function);
        Ok(Some(found))
    }

    /// Reads a match, which a function of the user's may have made.
    fn read(&self, value: Value) -> Result<Found, Box<Error>> {
        let start = value.member("start").and_then(|start| start.as_number());
        let groups = value.member("groups").filter(Value::is_array);
        let next = value.member("next").filter(Value::is_function);
        let end = value.member("end").and_then(|end| end.as_number());
        if start.is_none() && end.is_none() && groups.is_none() && next.is_none() {
            let message = "the matcher function argument passed to the function does not return the correct object structure";
            return Err(Box::new(Error::new("T1010", message)));
        }
        let text = value
            .member("match")
            .and_then(|text| text.as_text().cloned());
        let text = text.unwrap_or_default();
        let start = byte_offset(&self.text, start.unwrap_or(0.0));
        let end = match end {
            Some(end) => byte_offset(&self.text, end),
            None => start + text.len(),
        };
        let groups = groups.map(|groups| {
            groups
                .elements()
                .map(|group| group.as_text().cloned())
                .collect()
        });
        Ok(Found {
            text,
            start,
            end: end.max(start),
            groups: groups.unwrap_or_default(),
            value,
        })
    }
}

/// The byte where a UTF-16 offset points, within the text and between characters.
fn byte_offset(text: &str, offset: f64) -> usize {
    let mut units = 0.0;
    for (at, character) in text.char_indices() {
        if units >= offset {
            return at;
        }
        units += if u32::from(character) > 0xFFFF {
            2.0
        } else {
            1.0
        };
    }
    text.len()
}

fn utf16_offset(text: &str, byte: usize) -> usize {
    text.get(..byte)
        .map_or(0, |before| before.encode_utf16().count())
}

impl Evaluator<'_> {
    /// The match of a regular expression from a byte offset on, as the object that functions see.
    pub(crate) fn match_value(
        &mut self,
        regex: &Arc<Regex>,
        text: &Arc<str>,
        from: usize,
    ) -> Outcome {
        let mut steps = self.budget.steps_left().min(crate::regex::STEPS_MAX);
        let before = steps;
        let found = regex.find_within(text, from, &mut steps);
        self.budget
            .spend_steps(usize::try_from((before - steps) / 8).unwrap_or(usize::MAX))?;
        let Some(found) = found? else {
            return Ok(Value::Undefined);
        };
        let part = |start: usize, end: usize| text.get(start..end).unwrap_or("");
        let groups = found.groups.iter().map(|group| match group {
            Some((start, end)) => Value::from(part(*start, *end)),
            None => Value::Json(Json::Null),
        });
        let groups = self.array(groups.collect())?;
        let next = Function::NextMatch {
            regex: Arc::clone(regex),
            text: Arc::clone(text),
            from: found.end,
        };
        self.budget.spend_bytes(256)?;
        self.object_value(vec![
            ("match".into(), Value::from(part(found.start, found.end))),
            ("start".into(), index(utf16_offset(text, found.start))),
            ("end".into(), index(utf16_offset(text, found.end))),
            ("groups".into(), groups),
            ("next".into(), Value::Function(Rc::new(next))),
        ])
    }

    /// The match after another one. A second match of nothing would never end.
    pub(crate) fn next_match(
        &mut self,
        regex: &Arc<Regex>,
        text: &Arc<str>,
        from: usize,
    ) -> Outcome {
        if from >= text.len() {
            return Ok(Value::Undefined);
        }
        let found = self.match_value(regex, text, from)?;
        if found
            .member("match")
            .is_some_and(|text| text.as_text().is_some_and(|text| text.is_empty()))
        {
            let message = "regular expression matches zero length string";
            return Err(Box::new(Error::new("D1004", message)));
        }
        Ok(found)
    }
}

fn contains(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let token = arguments.next();
    if let Some(token) = token.as_text() {
        return Ok(Value::from(text.contains(&**token)));
    }
    if token.is_undefined() {
        return Ok(Value::Undefined);
    }
    let found = Matches::new(token, &text).next(evaluator)?;
    Ok(Value::from(found.is_some()))
}

/// A limit on matches: nothing for no limit.
fn limit(
    arguments: &mut Arguments,
    code: &'static str,
    ordinal: &str,
    name: &str,
) -> Result<Option<f64>, Box<Error>> {
    let Some(limit) = arguments.number() else {
        return Ok(None);
    };
    if limit < 0.0 {
        let message =
            format!("{ordinal} argument of {name} function must evaluate to a positive number");
        return Err(Box::new(Error::new(code, message).value(limit.to_string())));
    }
    Ok(Some(limit))
}

fn find_matches(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let matcher = arguments.next();
    let limit = limit(&mut arguments, "D3040", "third", "match")?;
    let mut results = Vec::new();
    let mut count = 0.0;
    if limit.is_none_or(|limit| limit > 0.0) {
        let mut matches = Matches::new(matcher, &text);
        while let Some(found) = matches.next(evaluator)? {
            if limit.is_some_and(|limit| count >= limit) {
                break;
            }
            let groups = found.value.member("groups").unwrap_or_default();
            let start = found.value.member("start").unwrap_or_default();
            results.push(evaluator.object_value(vec![
                ("match".into(), Value::Json(Json::String(found.text))),
                ("index".into(), start),
                ("groups".into(), groups),
            ])?);
            count += 1.0;
        }
    }
    evaluator.list(results, Origin::SEQUENCE)
}

fn split(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let separator = arguments.next();
    let limit = limit(&mut arguments, "D3020", "third", "split")?;
    let mut parts: Vec<Value> = Vec::new();
    if let Some(separator) = separator.as_text() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates"
        )]
        let most = limit.map_or(usize::MAX, |limit| limit.floor() as usize);
        if separator.is_empty() {
            for character in text.chars().take(most) {
                evaluator.budget.spend_items(1)?;
                parts.push(Value::from(character.to_string()));
            }
        } else {
            for part in text.split(&**separator).take(most) {
                evaluator.budget.spend_bytes(part.len() + 24)?;
                parts.push(Value::from(part));
            }
        }
        return evaluator.array(parts);
    }
    let mut start = 0;
    let mut count = 0.0;
    let below = |count: f64| limit.is_none_or(|limit| count < limit);
    let mut matches = Matches::new(separator, &text);
    let mut found = matches.next(evaluator)?;
    while let Some(hit) = found.filter(|_| below(count)) {
        let part = text.get(start..hit.start).unwrap_or("");
        evaluator.budget.spend_bytes(part.len() + 24)?;
        parts.push(Value::from(part));
        start = hit.end;
        count += 1.0;
        found = matches.next(evaluator)?;
    }
    if below(count) {
        parts.push(Value::from(text.get(start..).unwrap_or("")));
    }
    evaluator.array(parts)
}

fn replace(evaluator: &mut Evaluator<'_>, mut arguments: Arguments) -> Outcome {
    let Some(text) = arguments.text() else {
        return Ok(Value::Undefined);
    };
    let pattern = arguments.next();
    let replacement = arguments.next();
    if pattern.as_text().is_some_and(|pattern| pattern.is_empty()) {
        let message = "second argument of replace function cannot be an empty string";
        return Err(Box::new(Error::new("D3010", message)));
    }
    let limit = limit(&mut arguments, "D3011", "fourth", "replace")?;
    if pattern.is_undefined() || replacement.is_undefined() {
        return Ok(Value::Undefined);
    }
    let below = |count: f64| limit.is_none_or(|limit| count < limit);
    let mut result = String::new();
    let mut position = 0;
    let mut count = 0.0;
    if let Some(pattern) = pattern.as_text() {
        while below(count)
            && let Some(at) = text.get(position..).and_then(|rest| rest.find(&**pattern))
        {
            let before = text.get(position..position + at).unwrap_or("");
            push(evaluator, &mut result, before)?;
            let with = substitute(evaluator, &replacement, None, pattern)?;
            push(evaluator, &mut result, &with)?;
            position += at + pattern.len();
            count += 1.0;
        }
    } else {
        let mut matches = Matches::new(pattern, &text);
        let mut found = matches.next(evaluator)?;
        while let Some(hit) = found.filter(|_| below(count)) {
            push(
                evaluator,
                &mut result,
                text.get(position..hit.start).unwrap_or(""),
            )?;
            let with = substitute(evaluator, &replacement, Some(&hit), &hit.text)?;
            push(evaluator, &mut result, &with)?;
            position = hit.start + hit.text.len();
            count += 1.0;
            found = matches.next(evaluator)?;
        }
    }
    push(evaluator, &mut result, text.get(position..).unwrap_or(""))?;
    Ok(Value::from(result))
}

fn push(evaluator: &mut Evaluator<'_>, text: &mut String, part: &str) -> Result<(), Box<Error>> {
    evaluator.budget.spend_bytes(part.len())?;
    evaluator.budget.spend_step()?;
    text.push_str(part);
    Ok(())
}

/// What stands in for a match: a template with `$0`, `$1`…, a function's result, or, for a plain
/// pattern, the replacement as it is.
fn substitute(
    evaluator: &mut Evaluator<'_>,
    replacement: &Value,
    found: Option<&Found>,
    matched: &Arc<str>,
) -> Result<Arc<str>, Box<Error>> {
    if let Some(template) = replacement.as_text() {
        return Ok(match found {
            Some(found) => expand(template, found).into(),
            None => Arc::clone(template),
        });
    }
    let argument = match found {
        Some(found) => found.value.clone(),
        None => Value::Json(Json::String(Arc::clone(matched))),
    };
    let callback = Callback::new(replacement.clone())?;
    let result = callback.call_with(evaluator, vec![argument])?;
    result.as_text().cloned().ok_or_else(|| {
        let message = "attempted to replace a matched string with a non-string value";
        Box::new(Error::new("D3012", message).value(result.describe()))
    })
}

/// Puts the match and its groups into a template. `$$` is a dollar sign; of the digits after `$` as
/// many are taken as the number of groups has, one less where there is no such group.
fn expand(template: &str, found: &Found) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            text.push('$');
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix('0') {
            text.push_str(&found.text);
            rest = after;
            continue;
        }
        let count = found.groups.len();
        let most = if count == 0 {
            1
        } else {
            count.to_string().len()
        };
        let mut number = leading_number(rest, most);
        if most > 1 && number.is_some_and(|number| number > count) {
            number = leading_number(rest, most - 1);
        }
        let Some(number) = number else {
            text.push('$');
            continue;
        };
        let group = number.checked_sub(1).and_then(|at| found.groups.get(at));
        if let Some(Some(group)) = group {
            text.push_str(group);
        }
        rest = rest.get(number.to_string().len()..).unwrap_or("");
    }
    text.push_str(rest);
    text
}

fn leading_number(text: &str, digits: usize) -> Option<usize> {
    let length = text
        .bytes()
        .take(digits)
        .take_while(u8::is_ascii_digit)
        .count();
    text.get(..length).and_then(|digits| digits.parse().ok())
}
