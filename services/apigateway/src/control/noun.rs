//! Records by one set of rules.

use passo_json::{Json, Object, ObjectBuilder};
use passo_model::{Model, Structure};
use passo_records::page;
use passo_service::Fault;

use super::{Answer, Request, patch};
use crate::faults;

/// Items of a page at most, and where the call does not say.
const PAGE_MAX: i64 = 500;
const PAGE: i64 = 25;

/// Which of the two APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `apigateway`: members begin small, changes are patches.
    Rest,
    /// `apigatewayv2`: members begin with capitals, changes are members.
    Http,
}

impl Style {
    /// The name of the service.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Style::Rest => "apigateway",
            Style::Http => "apigatewayv2",
        }
    }

    pub(crate) fn model(self) -> Option<&'static Model> {
        passo_model::find(self.name()).map(|listed| listed.model())
    }
}

/// What is done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Create,
    Get,
    List,
    Update,
    Delete,
}

/// How a record gets its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A new one of so many characters.
    New(usize),
    /// The caller says.
    Given,
}

/// A kind of record.
#[derive(Debug)]
pub(crate) struct Noun {
    /// Its name in operations: `Authorizer`, and in those that list it: `Authorizers`.
    pub(crate) one: &'static str,
    pub(crate) many: &'static str,
    /// The parameters that name the records it belongs to, the API first.
    pub(crate) parents: &'static [&'static str],
    /// The parameter that names it.
    pub(crate) parameter: &'static str,
    /// The member that is its name.
    pub(crate) member: &'static str,
    pub(crate) named: Named,
    /// What AWS says where there is none.
    pub(crate) missing: &'static str,
}

impl Noun {
    /// What an operation does with such records; none where it does nothing with them.
    pub(crate) fn verb(&self, operation: &str) -> Option<Verb> {
        for (word, verb) in [
            ("Create", Verb::Create),
            ("Put", Verb::Create),
            ("Get", Verb::Get),
            ("Update", Verb::Update),
            ("Delete", Verb::Delete),
        ] {
            match operation.strip_prefix(word) {
                Some(noun) if noun == self.one => return Some(verb),
                Some(noun) if noun == self.many && word == "Get" => return Some(Verb::List),
                Some(_) | None => {}
            }
        }
        None
    }

    /// Does it by the rules that all nouns share.
    pub(crate) fn perform(&self, request: &Request<'_>, verb: Verb) -> Answer {
        match verb {
            Verb::Create => self.create(request, request.given_members()),
            Verb::Get => Ok(Json::from(self.find(request, self.name_in(request))?)),
            Verb::List => self.list(request),
            Verb::Update => self.update(request, Ok),
            Verb::Delete => self.delete(request),
        }
    }

    fn name_in<'r>(&self, request: &Request<'r>) -> &'r str {
        request.text(self.parameter)
    }

    /// The parts of the keys of the records that the call is about.
    pub(crate) fn place(&self, request: &Request<'_>) -> Result<Vec<String>, Fault> {
        let mut parts = vec![self.one.to_owned()];
        let is_of_an_api = self
            .parents
            .first()
            .is_some_and(|parent| parent.eq_ignore_ascii_case("restApiId") || *parent == "ApiId");
        if !is_of_an_api {
            parts.push(request.place());
        }
        for (at, parent) in self.parents.iter().enumerate() {
            let name = request.text(parent);
            if at == 0 && is_of_an_api {
                request.api(name)?;
            }
            parts.push(name.to_owned());
        }
        Ok(parts)
    }

    fn key(&self, request: &Request<'_>, name: &str) -> Result<Vec<String>, Fault> {
        let mut key = self.place(request)?;
        key.push(name.to_owned());
        Ok(key)
    }

    /// Keeps a new record of these members, and adds those that every record has.
    pub(crate) fn create(&self, request: &Request<'_>, members: Object) -> Answer {
        let change = request.shared.table.change();
        let name = match self.named {
            Named::New(characters) => request.shared.new_id(characters),
            Named::Given => match members.get(self.member).and_then(Json::as_str) {
                Some(name) => name.to_owned(),
                None => self.name_in(request).to_owned(),
            },
        };
        let key = self.key(request, &name)?;
        let is_put = request.operation.name.starts_with("Put");
        if !is_put && request.shared.table.find(&parts(&key))?.is_some() {
            return Err(faults::conflict(format!("{} already exists", self.one)));
        }
        let row = members.with(self.member, name);
        let row = match request.output() {
            Some(shape) => dated(row, shape, &request.now(), true),
            None => row,
        };
        change.put(&parts(&key), row.clone())?;
        Ok(Json::from(row))
    }

    /// The record of that name.
    pub(crate) fn find(&self, request: &Request<'_>, name: &str) -> Result<Object, Fault> {
        let key = self.key(request, name)?;
        let found = request.shared.table.find(&parts(&key))?;
        found.ok_or_else(|| faults::not_found(self.missing))
    }

    /// All records that the call is about.
    pub(crate) fn all(&self, request: &Request<'_>) -> Result<Vec<Object>, Fault> {
        let place = self.place(request)?;
        let rows = request.shared.table.list(&parts(&place))?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    fn list(&self, request: &Request<'_>) -> Answer {
        let rows = self.all(request)?;
        paged(request, rows, |row| name_of(row, self.member))
    }

    /// Changes the record as the call says, then as `rule` says.
    pub(crate) fn update(
        &self,
        request: &Request<'_>,
        rule: impl Fn(Object) -> Result<Object, Fault>,
    ) -> Answer {
        let change = request.shared.table.change();
        let name = self.name_in(request);
        let row = self.find(request, name)?;
        let row = match request.style {
            Style::Rest => match request.output() {
                Some(shape) => patch(request, shape, row)?,
                None => row,
            },
            Style::Http => {
                let given = request.given_members();
                let given = given.iter();
                given.fold(row, |row, (member, value)| {
                    row.with(member.clone(), value.clone())
                })
            }
        };
        let row = rule(row)?;
        let row = match request.output() {
            Some(shape) => dated(row, shape, &request.now(), false),
            None => row,
        };
        change.put(&parts(&self.key(request, name)?), row.clone())?;
        Ok(Json::from(row))
    }

    fn delete(&self, request: &Request<'_>) -> Answer {
        let change = request.shared.table.change();
        let name = self.name_in(request);
        self.find(request, name)?;
        change.remove(&parts(&self.key(request, name)?))?;
        Ok(nothing())
    }
}

pub(crate) fn parts(key: &[String]) -> Vec<&str> {
    key.iter().map(String::as_str).collect()
}

/// The answer of operations that have none.
pub(crate) fn nothing() -> Json {
    Json::from(Object::default())
}

fn name_of<'r>(row: &'r Object, member: &str) -> &'r str {
    row.get(member).and_then(Json::as_str).unwrap_or_default()
}

/// One page of a list, as the call's API has pages.
pub(crate) fn paged(
    request: &Request<'_>,
    mut rows: Vec<Object>,
    name: impl Fn(&Object) -> &str,
) -> Answer {
    rows.sort_by(|left, right| name(left).cmp(name(right)));
    let (token, size, items) = match request.style {
        Style::Rest => ("position", "limit", "items"),
        Style::Http => ("NextToken", "MaxResults", "Items"),
    };
    let size = match request.style {
        Style::Rest => request.given.number(size),
        // A text in the second API.
        Style::Http => request.given.text(size).and_then(|it| it.parse().ok()),
    };
    let size = usize::try_from(size.unwrap_or(PAGE).clamp(1, PAGE_MAX)).unwrap_or(1);
    let (rows, next) = page(rows, name, request.given.text(token), size);
    let rows: Vec<Json> = rows.into_iter().map(Json::from).collect();
    let mut answer = ObjectBuilder::new();
    answer.insert(items, rows).insert_some(token, next);
    Ok(Json::from(answer.build()))
}

/// The members that say when a record was made and changed, where its shape has them.
fn dated(row: Object, shape: &Structure, now: &Json, is_new: bool) -> Object {
    let mut row = row;
    for (member, when_new) in [
        ("createdDate", true),
        ("CreatedDate", true),
        ("lastUpdatedDate", false),
        ("LastUpdatedDate", false),
    ] {
        if shape.member(member).is_some() && (is_new || !when_new) {
            row = row.with(member, now.clone());
        }
    }
    row
}

/// `row` with `value` as that member unless it has one.
pub(crate) fn or(row: Object, member: &str, value: impl Into<Json>) -> Object {
    match row.contains_key(member) {
        true => row,
        false => row.with(member, value),
    }
}

/// A row with members that AWS shows although nobody gave them.
pub(crate) fn with_defaults(row: Object, defaults: &Json) -> Object {
    let defaults = defaults.as_object().cloned().unwrap_or_default();
    let missing = defaults.iter();
    missing.fold(row, |row, (member, value)| or(row, member, value.clone()))
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn operations_are_verbs_and_nouns() {
        let noun = Noun {
            one: "Stage",
            many: "Stages",
            parents: &[],
            parameter: "stageName",
            member: "stageName",
            named: Named::Given,
            missing: "",
        };
        for (operation, expect) in [
            ("CreateStage", Some(Verb::Create)),
            ("GetStage", Some(Verb::Get)),
            ("GetStages", Some(Verb::List)),
            ("UpdateStage", Some(Verb::Update)),
            ("DeleteStage", Some(Verb::Delete)),
            ("GetStageCache", None),
        ] {
            assert_eq!(noun.verb(operation), expect, "{operation}");
        }
        let row = with_defaults(Object::default().with("a", 1), &json!({"a": 2, "b": 3}));
        assert_eq!(Json::from(row), json!({"a": 1, "b": 3}));
    }
}
