//! Methods: of `$input` and `$util`, of texts, lists, maps and numbers. One that is not there is nothing.

use std::rc::Rc;

use fancy_regex::{Captures, Regex};
use passo_expr::Path;
use passo_json::{Json, Object};

use super::Broken;
use super::escapes;
use super::eval::Evaluation;
use super::value::{Builtin, Container, Value};

/// What a map holds.
type Entries = Vec<(Rc<str>, Value)>;

impl Evaluation<'_> {
    pub(crate) fn call(
        &mut self,
        value: &Value,
        name: &str,
        given: &[Value],
    ) -> Result<Value, Broken> {
        match (name, given) {
            ("toString", []) => return Ok(Value::text(&self.shown(value)?)),
            ("equals", [other]) => return self.equal(value, other).map(Value::Bool),
            _ => {}
        }
        match value {
            Value::Builtin(Builtin::Input) => self.input(name, given),
            Value::Builtin(Builtin::Util) => self.util(name, given),
            Value::Text(text) => self.text(text, name, given),
            Value::Json(_) | Value::Kept(_) => self.collection(value, name, given),
            Value::Integer(_) | Value::Float(_) => self.number(value, name, given),
            Value::Null | Value::Bool(_) => Ok(Value::Null),
        }
    }

    fn input(&mut self, name: &str, given: &[Value]) -> Result<Value, Broken> {
        let path = match given.first() {
            Some(path) => self.shown(path)?,
            None => String::new(),
        };
        Ok(match (name, given.len()) {
            ("body", 0) => Value::text(&self.scope.body),
            ("path", 1) => self.found(&path).as_ref().map_or(Value::Null, Value::of),
            ("json", 1) => {
                let text = self.found(&path).map(|found| found.to_text());
                let text = text.unwrap_or_else(|| "\"\"".to_owned());
                self.bytes(text.len())?;
                Value::text(&text)
            }
            ("params", 0) => {
                let parameters = Object::default()
                    .with("path", self.scope.path.clone())
                    .with("querystring", self.scope.query.clone())
                    .with("header", self.scope.headers.clone());
                Value::Json(Json::from(parameters))
            }
            ("params", 1) => {
                let scope = self.scope;
                let places = [&scope.path, &scope.query, &scope.headers];
                let mut found = places.iter().filter_map(|place| place.get(&path));
                found.next().map_or(Value::Null, Value::of)
            }
            _ => Value::Null,
        })
    }

    /// What a path finds in the body.
    fn found(&self, path: &str) -> Option<Json> {
        let path = match path.trim() {
            path if path.starts_with('$') => path.to_owned(),
            path => format!("$.{path}"),
        };
        if path == "$" {
            return Some(self.input.clone());
        }
        Path::parse(&path).ok()?.read_from(&self.input).ok()
    }

    fn util(&mut self, name: &str, given: &[Value]) -> Result<Value, Broken> {
        let [given] = given else {
            return Ok(Value::Null);
        };
        if given.is_null() {
            return Ok(Value::Null);
        }
        let text = self.shown(given)?;
        self.bytes(text.len().saturating_mul(6))?;
        Ok(match name {
            "escapeJavaScript" => Value::text(&escapes::java_script(&text)),
            "urlEncode" => Value::text(&escapes::url(&text)),
            "urlDecode" => Value::text(&escapes::from_url(&text)),
            "base64Encode" => Value::text(&escapes::base64(&text)),
            "base64Decode" => {
                escapes::from_base64(&text).map_or(Value::Null, |it| Value::text(&it))
            }
            "parseJson" => Json::parse(&text).as_ref().map_or(Value::Null, Value::of),
            _ => Value::Null,
        })
    }

    fn number(&mut self, value: &Value, name: &str, given: &[Value]) -> Result<Value, Broken> {
        let text = match given.first() {
            Some(given) => self.shown(given)?,
            None => String::new(),
        };
        let float = value.as_float().unwrap_or(0.0);
        Ok(match (name, given.len()) {
            // `#set($Integer = 0)` is how templates get at it.
            ("parseInt" | "parseLong" | "valueOf", 1) => {
                text.trim().parse().map_or(Value::Null, Value::Integer)
            }
            ("parseDouble" | "parseFloat", 1) => {
                text.trim().parse().map_or(Value::Null, Value::Float)
            }
            ("intValue" | "longValue", 0) => format!("{:.0}", float.trunc())
                .parse()
                .map_or(Value::Null, Value::Integer),
            ("doubleValue" | "floatValue", 0) => Value::Float(float),
            _ => Value::Null,
        })
    }

    fn text(&mut self, text: &Rc<str>, name: &str, given: &[Value]) -> Result<Value, Broken> {
        self.bytes(text.len())?;
        let mut texts = Vec::with_capacity(given.len());
        for value in given {
            texts.push(self.shown(value)?);
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let number = |at: usize| match given.get(at) {
            Some(Value::Integer(number)) => usize::try_from(*number).ok(),
            _ => None,
        };
        let count = || i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        // Where a byte is, in characters; -1 where it is nowhere.
        let place = |at: Option<usize>| {
            let before = at.and_then(|at| text.get(..at));
            let characters = before.map(|before| before.chars().count());
            let characters = characters.and_then(|it| i64::try_from(it).ok());
            Value::Integer(characters.unwrap_or(-1))
        };
        Ok(match (name, texts.as_slice()) {
            ("length", []) => Value::Integer(count()),
            ("isEmpty", []) => Value::Bool(text.is_empty()),
            ("trim" | "strip", []) => Value::text(text.trim()),
            ("toLowerCase", []) => Value::text(&text.to_lowercase()),
            ("toUpperCase", []) => Value::text(&text.to_uppercase()),
            ("contains", [part]) => Value::Bool(text.contains(part)),
            ("startsWith", [part]) => Value::Bool(text.starts_with(part)),
            ("endsWith", [part]) => Value::Bool(text.ends_with(part)),
            ("equalsIgnoreCase", [other]) => Value::Bool(text.eq_ignore_ascii_case(other)),
            ("concat", [other]) => Value::text(&format!("{text}{other}")),
            ("indexOf", [part]) => place(text.find(part)),
            ("lastIndexOf", [part]) => place(text.rfind(part)),
            ("matches", [pattern]) => Value::Bool(whole(pattern, text)),
            ("replace", [old, new]) => {
                let grown = text.matches(*old).count().saturating_mul(new.len());
                self.bytes(text.len().saturating_add(grown))?;
                Value::text(&text.replace(old, new))
            }
            ("replaceAll", [pattern, new]) => self.replaced(text, pattern, new, usize::MAX)?,
            ("replaceFirst", [pattern, new]) => self.replaced(text, pattern, new, 1)?,
            ("split", [pattern]) => self.split(text, pattern)?,
            ("charAt", [_]) => {
                let found = number(0).and_then(|at| text.chars().nth(at));
                found.map_or(Value::Null, |it| Value::text(&it.to_string()))
            }
            ("substring", [_]) => number(0).map_or(Value::Null, |from| {
                Value::text(&text.chars().skip(from).collect::<String>())
            }),
            ("substring", [_, _]) => match (number(0), number(1)) {
                (Some(from), Some(to)) => {
                    let part = text.chars().take(to).skip(from);
                    Value::text(&part.collect::<String>())
                }
                _ => Value::Null,
            },
            _ => Value::Null,
        })
    }

    /// Java's `replaceAll`: in the replacement, `$1` is a group, and a backslash takes the next character as it is.
    fn replaced(
        &self,
        text: &str,
        pattern: &str,
        new: &str,
        times: usize,
    ) -> Result<Value, Broken> {
        let Ok(regex) = Regex::new(pattern) else {
            return Ok(Value::Null);
        };
        let mut out = String::with_capacity(text.len());
        let mut done = 0_usize;
        for captures in regex.captures_iter(text).take(times) {
            self.step()?;
            let Ok(captures) = captures else {
                return Ok(Value::Null);
            };
            let Some(whole) = captures.get(0) else {
                break;
            };
            out.push_str(text.get(done..whole.start()).unwrap_or_default());
            fill(new, &captures, &mut out);
            done = whole.end();
            self.bytes(new.len())?;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        self.bytes(out.len())?;
        Ok(Value::text(&out))
    }

    fn split(&mut self, text: &str, pattern: &str) -> Result<Value, Broken> {
        let Ok(regex) = Regex::new(pattern) else {
            return Ok(Value::Null);
        };
        let mut parts: Vec<Value> = Vec::new();
        for part in regex.split(text) {
            self.step()?;
            parts.extend(part.ok().map(Value::text));
        }
        // As in Java, empty texts at the end are none.
        while matches!(parts.last(), Some(Value::Text(part)) if part.is_empty()) && parts.len() > 1
        {
            parts.pop();
        }
        Ok(self.keep(Container::List(parts)))
    }

    fn collection(&mut self, value: &Value, name: &str, given: &[Value]) -> Result<Value, Broken> {
        if let Some(changed) = self.change(value, name, given)? {
            return Ok(changed);
        }
        let entries = self.entries(value)?;
        let items = self.items(value)?;
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        Ok(match (name, given) {
            ("size" | "length", []) => Value::Integer(count),
            ("isEmpty", []) => Value::Bool(items.is_empty()),
            ("get", [index]) => self.item(value, index)?,
            ("getOrDefault", [key, otherwise]) => match self.item(value, key)? {
                Value::Null => otherwise.clone(),
                found => found,
            },
            ("containsKey", [key]) => {
                let key = self.shown(key)?;
                Value::Bool(entries.is_some_and(|all| all.iter().any(|(it, _)| **it == *key)))
            }
            ("contains" | "containsValue", [wanted]) => {
                let mut found = false;
                for item in &items {
                    found |= self.equal(item, wanted)?;
                }
                Value::Bool(found)
            }
            ("indexOf", [wanted]) => {
                let mut found = -1;
                for (at, item) in items.iter().enumerate() {
                    if found < 0 && self.equal(item, wanted)? {
                        found = i64::try_from(at).unwrap_or(i64::MAX);
                    }
                }
                Value::Integer(found)
            }
            ("values", []) => self.keep(Container::List(items)),
            ("keySet", []) => {
                let keys = entries.unwrap_or_default().into_iter();
                let keys = keys.map(|(key, _)| Value::Text(key)).collect();
                self.keep(Container::List(keys))
            }
            ("entrySet", []) => {
                let mut list = Vec::new();
                for (key, value) in entries.unwrap_or_default() {
                    let entry = vec![
                        (Rc::from("key"), Value::Text(key)),
                        (Rc::from("value"), value),
                    ];
                    list.push(self.keep(Container::Map(entry)));
                }
                self.keep(Container::List(list))
            }
            ("getKey", []) => self.member(value, "key"),
            ("getValue", []) => self.member(value, "value"),
            _ => Value::Null,
        })
    }

    /// What changes a list or map, if that is what `name` does.
    fn change(
        &mut self,
        value: &Value,
        name: &str,
        given: &[Value],
    ) -> Result<Option<Value>, Broken> {
        let Value::Kept(at) = value else {
            return Ok(None);
        };
        match (name, given) {
            ("put", [key, new]) => {
                let old = self.item(value, key)?;
                self.put(value, key, new.clone())?;
                return Ok(Some(old));
            }
            ("set", [index, new]) => {
                self.put(value, index, new.clone())?;
                return Ok(Some(Value::Null));
            }
            ("putAll" | "addAll", [others]) => {
                let (entries, items) = (self.entries(others)?, self.items(others)?);
                for (key, new) in entries.unwrap_or_default() {
                    self.put(value, &Value::Text(key), new)?;
                }
                if let Some(Container::List(list)) = self.container_mut(*at) {
                    list.extend(items);
                }
                return Ok(Some(Value::Bool(true)));
            }
            _ => {}
        }
        self.change_kept(*at, name, given)
    }

    /// The changes that look at nothing but the list or map.
    fn change_kept(
        &mut self,
        at: usize,
        name: &str,
        given: &[Value],
    ) -> Result<Option<Value>, Broken> {
        let key = match given.first() {
            Some(key) => self.shown(key)?,
            None => String::new(),
        };
        let place = match given.first() {
            Some(Value::Integer(index)) => usize::try_from(*index).ok(),
            _ => None,
        };
        let Some(container) = self.container_mut(at) else {
            return Ok(None);
        };
        Ok(match (name, given, container) {
            ("add", [new], Container::List(list)) => {
                list.push(new.clone());
                Some(Value::Bool(true))
            }
            ("add", [_, new], Container::List(list)) => {
                let place = place.filter(|place| *place <= list.len());
                if let Some(place) = place {
                    list.insert(place, new.clone());
                }
                Some(Value::Null)
            }
            ("remove", [_], Container::List(list)) => {
                let place = place.filter(|place| *place < list.len());
                Some(place.map_or(Value::Null, |place| list.remove(place)))
            }
            ("remove", [_], Container::Map(entries)) => {
                let found = entries.iter().position(|(given, _)| **given == *key);
                Some(found.map_or(Value::Null, |at| entries.remove(at).1))
            }
            ("clear", [], Container::List(list)) => {
                list.clear();
                Some(Value::Null)
            }
            ("clear", [], Container::Map(entries)) => {
                entries.clear();
                Some(Value::Null)
            }
            _ => None,
        })
    }

    /// A map's entries; none where it is no map.
    fn entries(&self, value: &Value) -> Result<Option<Entries>, Broken> {
        let entries: Option<Entries> = match value {
            Value::Json(Json::Object(members)) => {
                let members = members.iter();
                let entries = members.map(|(name, value)| (Rc::from(&**name), Value::of(value)));
                Some(entries.collect())
            }
            Value::Kept(at) => match self.container(*at) {
                Some(Container::Map(entries)) => Some(entries.clone()),
                Some(Container::List(_)) | None => None,
            },
            _ => None,
        };
        self.take_steps(entries.as_ref().map_or(0, Vec::len))?;
        Ok(entries)
    }
}

fn whole(pattern: &str, text: &str) -> bool {
    let regex = Regex::new(&format!("^(?:{pattern})$"));
    regex.is_ok_and(|regex| regex.is_match(text).unwrap_or(false))
}

fn fill(new: &str, captures: &Captures<'_, str>, out: &mut String) {
    let mut rest = new.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => out.extend(rest.next()),
            '$' => {
                let group = rest.peek().and_then(|it| it.to_digit(10));
                let Some(group) = group.and_then(|it| usize::try_from(it).ok()) else {
                    out.push('$');
                    continue;
                };
                rest.next();
                out.push_str(captures.get(group).map_or("", |it| it.as_str()));
            }
            other => out.push(other),
        }
    }
}
