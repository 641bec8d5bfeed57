//! One state while it is converted: its fields, where they are, and what was found.

use std::collections::BTreeSet;
use std::sync::Arc;

use passo_expr::{Conversion, Jsonata, Obstacle, Path, PathExpression};
use passo_json::{Json, Object};

use crate::finding::{Code, Finding, Severity};

/// The state cannot be converted; why is among the findings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stuck;

/// A state, or a part of one.
pub(crate) struct Fields<'a> {
    pub(crate) object: &'a Object,
    /// The JSON Pointer to it.
    pub(crate) location: String,
}

/// Findings of a definition.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) all: Vec<Finding>,
    /// Names of the workflow's variables.
    pub(crate) variables: BTreeSet<Arc<str>>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(object: &'a Object, location: String) -> Fields<'a> {
        Fields { object, location }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Json> {
        self.object.get(name)
    }

    pub(crate) fn place(&self, name: &str) -> String {
        within(&self.location, name)
    }

    /// The objects of a list, each with its place.
    pub(crate) fn objects(
        &self,
        name: &str,
        findings: &mut Findings,
    ) -> Result<Vec<Fields<'a>>, Stuck> {
        let place = self.place(name);
        let Some(items) = self.get(name).and_then(Json::as_array) else {
            return Err(findings.invalid(&place, "a list is expected here"));
        };
        let mut objects = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let place = within(&place, &at.to_string());
            let Some(object) = item.as_object() else {
                return Err(findings.invalid(&place, "an object is expected here"));
            };
            objects.push(Fields::new(object, place));
        }
        Ok(objects)
    }
}

impl Findings {
    pub(crate) fn note(
        &mut self,
        severity: Severity,
        code: Code,
        location: &str,
        message: impl Into<String>,
    ) {
        let finding = Finding {
            severity,
            code,
            location: location.to_owned(),
            message: message.into(),
        };
        if !self.all.contains(&finding) {
            self.all.push(finding);
        }
    }

    pub(crate) fn invalid(&mut self, location: &str, message: &str) -> Stuck {
        self.note(Severity::Error, Code::Invalid, location, message);
        Stuck
    }

    pub(crate) fn obstacle(&mut self, location: &str, obstacle: &Obstacle) -> Stuck {
        let message = format!("stays in JSONPath: {obstacle}");
        self.note(Severity::Error, Code::NotConvertible, location, message);
        Stuck
    }

    /// Converts with `document` as `$`, and keeps what may differ.
    pub(crate) fn with<T>(
        &mut self,
        document: &Jsonata,
        location: &str,
        work: impl FnOnce(&mut Conversion) -> Result<T, Obstacle>,
    ) -> Result<T, Stuck> {
        let mut conversion = Conversion::new(document.clone());
        let done = work(&mut conversion);
        for difference in conversion.differences() {
            self.note(
                Severity::Note,
                Code::Expression(difference),
                location,
                difference.to_string(),
            );
        }
        done.map_err(|obstacle| self.obstacle(location, &obstacle))
    }

    /// A path.
    pub(crate) fn path(
        &mut self,
        text: &Json,
        document: &Jsonata,
        location: &str,
    ) -> Result<Jsonata, Stuck> {
        let path = self.parsed(text, location, Path::parse)?;
        self.with(document, location, |conversion| conversion.path(&path))
    }

    /// A path or a call of an intrinsic function, as a scalar field has it.
    pub(crate) fn path_or_call(
        &mut self,
        text: &Json,
        document: &Jsonata,
        location: &str,
    ) -> Result<Jsonata, Stuck> {
        let expression = self.parsed(text, location, PathExpression::parse)?;
        self.with(document, location, |conversion| match &expression {
            PathExpression::Path(path) => conversion.path(path),
            PathExpression::Intrinsic(call) => conversion.intrinsic(call),
        })
    }

    pub(crate) fn parsed<T, E: std::fmt::Display>(
        &mut self,
        text: &Json,
        location: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, Stuck> {
        let Some(text) = text.as_str() else {
            return Err(self.invalid(location, "a text is expected here"));
        };
        parse(text).map_err(|error| self.invalid(location, &error.to_string()))
    }
}

/// `location` and one step more.
pub(crate) fn within(location: &str, name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    format!("{location}/{name}")
}
