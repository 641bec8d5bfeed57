//! The fields that shape data, in either language.

use passo_expr::QueryLanguage;

use super::expressions::States;
use super::reader::{Field, Fields, Reader};
use super::state::Parts;
use crate::program::{Flow, JsonPathFlow, JsonataFlow, PathOrNull, ResultPath};
use crate::source::NodeKind;

impl Reader<'_> {
    /// The data flow of a state. Which of the fields the type has is checked elsewhere; `states` is what
    /// `Assign` and `Output` see.
    pub(crate) fn flow(
        &mut self,
        fields: &Fields<'_>,
        language: QueryLanguage,
        states: States,
        parts: &mut Parts,
    ) -> Flow {
        if let Some(field) = fields.get("Assign") {
            self.assigned(&field, language, parts);
        }
        let mut template = |name: &str, states: States| {
            fields
                .get(name)
                .and_then(|field| self.template(&field, language, states))
        };
        match language {
            QueryLanguage::Jsonata => {
                let arguments = template("Arguments", States::Input);
                let assign = template("Assign", states);
                let output = template("Output", states);
                Flow::Jsonata(Box::new(JsonataFlow {
                    arguments,
                    output,
                    assign,
                }))
            }
            QueryLanguage::JsonPath => {
                let parameters = template("Parameters", States::Input);
                let result_selector = template("ResultSelector", States::Input);
                let assign = template("Assign", states);
                Flow::JsonPath(Box::new(JsonPathFlow {
                    input_path: fields
                        .get("InputPath")
                        .and_then(|field| self.path_or_null(&field)),
                    parameters,
                    result_selector,
                    result_path: fields
                        .get("ResultPath")
                        .and_then(|field| self.result_path(&field))
                        .unwrap_or_default(),
                    output_path: fields
                        .get("OutputPath")
                        .and_then(|field| self.path_or_null(&field)),
                    assign,
                }))
            }
        }
    }

    fn path_or_null(&mut self, field: &Field<'_>) -> Option<PathOrNull> {
        match field.node.kind {
            NodeKind::Null => Some(PathOrNull::Null),
            _ => self.path(field).map(PathOrNull::Path),
        }
    }

    /// `ResultPath` of a state or a catcher.
    pub(crate) fn result_path(&mut self, field: &Field<'_>) -> Option<ResultPath> {
        if matches!(field.node.kind, NodeKind::Null) {
            return Some(ResultPath::Discard);
        }
        let path = self.reference_path(field)?;
        if path.is_root() {
            return Some(ResultPath::Replace);
        }
        Some(ResultPath::At(path))
    }
}
