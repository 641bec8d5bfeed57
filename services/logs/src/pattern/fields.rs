//! Patterns for fields between spaces: `[ip, ..., status = 4* || status = 500, bytes > 1000]`.

use std::collections::BTreeMap;

use super::condition::Condition;
use super::scanner::Scanner;

/// What ends a bare value.
const ENDS: &str = "],&|=<>!";
/// Fields of a pattern.
const FIELDS_MAX: usize = 200;

/// The fields of a line, in order.
#[derive(Debug)]
pub(crate) struct Fields {
    before: Vec<Field>,
    /// What follows `...`, if that is there.
    after: Option<Vec<Field>>,
}

#[derive(Debug)]
struct Field {
    name: String,
    /// One of these lists must hold as a whole; none if anything will do.
    alternatives: Vec<Vec<Condition>>,
}

impl Fields {
    pub(super) fn parse(text: &str) -> Option<Fields> {
        let mut scanner = Scanner::new(text.strip_prefix('[')?);
        let mut fields = Fields {
            before: Vec::new(),
            after: None,
        };
        loop {
            if fields.before.len() > FIELDS_MAX {
                return None;
            }
            if scanner.takes("...") {
                if fields.after.replace(Vec::new()).is_some() {
                    return None;
                }
            } else {
                let field = Field::parse(&mut scanner)?;
                fields
                    .after
                    .as_mut()
                    .unwrap_or(&mut fields.before)
                    .push(field);
            }
            if scanner.takes("]") {
                return scanner.rest.trim().is_empty().then_some(fields);
            }
            if !scanner.takes(",") {
                return None;
            }
        }
    }

    /// The values of the fields by name; `None` where the line does not match.
    pub(super) fn find(&self, message: &str) -> Option<BTreeMap<String, String>> {
        let values = split(message);
        let after = self.after.as_deref().unwrap_or_default();
        let wanted = self.before.len() + after.len();
        let fits = match self.after {
            Some(_) => values.len() >= wanted,
            None => values.len() == wanted,
        };
        if !fits {
            return None;
        }
        let last = values.get(values.len() - after.len()..).unwrap_or_default();
        let pairs = self
            .before
            .iter()
            .zip(&values)
            .chain(after.iter().zip(last));
        let mut found = BTreeMap::new();
        for (field, value) in pairs {
            if !field.holds(value) {
                return None;
            }
            found.insert(field.name.clone(), (*value).to_owned());
        }
        Some(found)
    }

    pub(super) fn selectors(&self) -> Vec<String> {
        let after = self.after.iter().flatten();
        let fields = self.before.iter().chain(after);
        fields.map(|field| format!("${}", field.name)).collect()
    }
}

impl Field {
    fn parse(scanner: &mut Scanner<'_>) -> Option<Field> {
        let name = read_name(scanner);
        let mut field = Field {
            name,
            alternatives: Vec::new(),
        };
        scanner.skip_space();
        if !scanner.rest.starts_with(['=', '!', '<', '>']) {
            return Some(field);
        }
        let mut together = vec![Condition::parse(scanner, ENDS)?];
        loop {
            let is_and = scanner.takes("&&");
            if !is_and {
                field.alternatives.push(std::mem::take(&mut together));
                if !scanner.takes("||") {
                    return Some(field);
                }
            }
            // The name is written again; it is the same one.
            if read_name(scanner) != field.name {
                return None;
            }
            together.push(Condition::parse(scanner, ENDS)?);
        }
    }

    fn holds(&self, value: &str) -> bool {
        let holds = |conditions: &Vec<Condition>| {
            conditions
                .iter()
                .all(|condition| condition.holds_for_text(value))
        };
        self.alternatives.is_empty() || self.alternatives.iter().any(holds)
    }
}

fn read_name(scanner: &mut Scanner<'_>) -> String {
    scanner.skip_space();
    scanner
        .run(|c| c.is_alphanumeric() || "_-$.".contains(c))
        .to_owned()
}

/// The fields of a line: what is between double quotes or brackets is one.
fn split(message: &str) -> Vec<&str> {
    let mut values = Vec::new();
    let mut rest = message.trim();
    while !rest.is_empty() {
        let enclosed = [('"', '"'), ('[', ']')]
            .into_iter()
            .find_map(|(open, close)| {
                let inside = rest.strip_prefix(open)?;
                inside.split_once(close)
            });
        let (value, after) = match enclosed {
            Some(pair) => pair,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        values.push(value);
        rest = after.trim_start();
    }
    values
}
