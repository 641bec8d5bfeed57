//! Wait states.

use passo_expr::QueryLanguage;
use passo_vocab::Timestamp;

use super::expressions::States;
use super::machine::MOST_SECONDS;
use super::reader::{Field, Fields, Reader};
use super::state::{Next, Parts};
use crate::program::{Flow, Scalar, WaitUntil};

/// A Wait state as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Wait {
    pub(crate) until: WaitUntil,
    pub(crate) flow: Flow,
    pub(crate) next: Next,
}

impl Wait {
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &Fields<'_>,
        language: QueryLanguage,
        parts: &mut Parts,
    ) -> Option<Wait> {
        let names = match language {
            QueryLanguage::JsonPath => {
                &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"][..]
            }
            QueryLanguage::Jsonata => &["Seconds", "Timestamp"][..],
        };
        reader.exactly_one(fields, names);
        let until = read_until(reader, fields, language);
        let flow = reader.flow(fields, language, States::Input, parts);
        let next = reader.next(fields, parts);
        Some(Wait {
            until: until?,
            flow,
            next: next?,
        })
    }
}

fn read_until(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    language: QueryLanguage,
) -> Option<WaitUntil> {
    if let Some(field) = fields.get("Seconds") {
        let seconds = reader.integer_or_expression(&field, language, 0, MOST_SECONDS)?;
        return Some(WaitUntil::Seconds(seconds));
    }
    if let Some(field) = fields.get("SecondsPath") {
        return reader
            .path(&field)
            .map(Scalar::Path)
            .map(WaitUntil::Seconds);
    }
    if let Some(field) = fields.get("Timestamp") {
        if let Some(expression) = reader.scalar_expression(&field, language)? {
            return Some(WaitUntil::Timestamp(Scalar::Expression(expression)));
        }
        let literal = reader.timestamp(&field)?;
        return Some(WaitUntil::Timestamp(Scalar::Literal(literal)));
    }
    let field = fields.get("TimestampPath")?;
    reader
        .path(&field)
        .map(Scalar::Path)
        .map(WaitUntil::Timestamp)
}

impl Reader<'_> {
    /// A timestamp in the profile of RFC 3339 with upper-case `T` and `Z`.
    pub(crate) fn timestamp(&mut self, field: &Field<'_>) -> Option<Timestamp> {
        if self.is_substituted(field.node) {
            return None;
        }
        let text = self.string(field)?;
        let read = Timestamp::parse_rfc3339(&text);
        if let Err(error) = &read {
            self.error(
                &field.place,
                field.node.span,
                "Value must be a valid timestamp",
            );
            self.help(error.to_string());
            self.warn_of_path(field);
        }
        read.ok()
    }
}
