//! Fail states.

use std::sync::Arc;

use passo_expr::QueryLanguage;

use super::reader::{Fields, Reader};
use crate::program::{Fail, Text};

impl Fail {
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &Fields<'_>,
        language: QueryLanguage,
    ) -> Fail {
        Fail {
            error: reader.literal_or_path(fields, ["Error", "ErrorPath"], language),
            cause: reader.literal_or_path(fields, ["Cause", "CausePath"], language),
        }
    }
}

impl Reader<'_> {
    fn literal_or_path(
        &mut self,
        fields: &Fields<'_>,
        [literal, path]: [&'static str; 2],
        language: QueryLanguage,
    ) -> Option<Text> {
        self.at_most_one(fields, &[literal, path]);
        if let Some(field) = fields.get(literal) {
            if let Some(expression) = self.scalar_expression(&field, language)? {
                return Some(Text::Expression(expression));
            }
            if language == QueryLanguage::JsonPath {
                self.warn_of_path(&field);
            }
            let text: Arc<str> = self.string(&field)?;
            return Some(Text::Literal(text));
        }
        let field = fields.get(path)?;
        self.path_or_intrinsic(&field)
    }
}
