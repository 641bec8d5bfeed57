//! InputPath → Parameters → ResultSelector → ResultPath → OutputPath, as expressions.

use passo_expr::{Jsonata, Path, ReferencePath, Written};
use passo_json::{Json, Object};

use crate::fields::{Fields, Findings, Stuck};
use crate::template::Value;

/// The state's input as it came.
pub(crate) fn input() -> Jsonata {
    Jsonata::atom("$states.input")
}

/// What `ResultPath` and `OutputPath` make of a result.
enum Combined {
    Value(Value),
    Written(Written),
}

impl Findings {
    /// What `InputPath` leaves of the input.
    pub(crate) fn effective(&mut self, fields: &Fields<'_>) -> Result<Jsonata, Stuck> {
        match fields.get("InputPath") {
            None => Ok(input()),
            Some(Json::Null) => Ok(Jsonata::object([])),
            Some(path) => self.path(path, &input(), &fields.place("InputPath")),
        }
    }

    /// The output of a state that did work with this result; none where it is the result itself.
    pub(crate) fn output(
        &mut self,
        fields: &Fields<'_>,
        result: &Value,
    ) -> Result<Option<Value>, Stuck> {
        let selected = match fields.get("ResultSelector") {
            None => result.clone(),
            Some(template) => {
                self.template(template, &result.code, &fields.place("ResultSelector"))?
            }
        };
        let combined = self.combined(fields, selected)?;
        let output = self.selected(fields, combined)?;
        Ok((output.code != result.code).then_some(output))
    }

    /// The output of a state that does no work.
    pub(crate) fn output_of_input(
        &mut self,
        fields: &Fields<'_>,
        effective: &Jsonata,
    ) -> Result<Option<Value>, Stuck> {
        let output = self.selected(fields, Combined::Value(Value::of(effective.clone())))?;
        Ok((output.code != input()).then_some(output))
    }

    /// A result in the input, as `ResultPath` says.
    pub(crate) fn written(&mut self, fields: &Fields<'_>, result: Value) -> Result<Value, Stuck> {
        Ok(match self.combined(fields, result)? {
            Combined::Value(value) => value,
            Combined::Written(written) => Value::of(written.whole()),
        })
    }

    fn combined(&mut self, fields: &Fields<'_>, result: Value) -> Result<Combined, Stuck> {
        let place = fields.place("ResultPath");
        match fields.get("ResultPath") {
            None => Ok(Combined::Value(result)),
            Some(Json::Null) => Ok(Combined::Value(Value::of(input()))),
            Some(text) => {
                let path = self.parsed(text, &place, ReferencePath::parse)?;
                if path.is_root() {
                    return Ok(Combined::Value(result));
                }
                let written = Written::new(input(), &path, result.code);
                written
                    .map(Combined::Written)
                    .map_err(|obstacle| self.obstacle(&place, &obstacle))
            }
        }
    }

    fn selected(&mut self, fields: &Fields<'_>, combined: Combined) -> Result<Value, Stuck> {
        let place = fields.place("OutputPath");
        let path = match fields.get("OutputPath") {
            Some(Json::Null) => return Ok(Value::literal(&Json::from(Object::default()))),
            None => None,
            Some(text) if text.as_str() == Some("$") => None,
            Some(text) => Some(self.parsed(text, &place, Path::parse)?),
        };
        match (combined, path) {
            (Combined::Value(value), None) => Ok(value),
            (Combined::Written(written), None) => Ok(Value::of(written.whole())),
            (Combined::Value(value), Some(path)) => self
                .with(&value.code, &place, |conversion| conversion.path(&path))
                .map(Value::of),
            (Combined::Written(written), Some(path)) => self
                .with(&written.whole(), &place, |conversion| {
                    written.read(conversion, &path)
                })
                .map(Value::of),
        }
    }
}
