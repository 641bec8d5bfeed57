//! The state machine as a whole.

use std::sync::Arc;

use passo_expr::QueryLanguage;

use super::place::Place;
use super::reader::Reader;
use super::{Scope, fields};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{Node, NodeKind};

/// The longest time that a field in seconds may give.
pub(crate) const MOST_SECONDS: u64 = 99_999_999;

/// A definition as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(crate) comment: Option<Arc<str>>,
    pub(crate) query_language: QueryLanguage,
    pub(crate) timeout_seconds: Option<u64>,
    pub(crate) scope: Scope,
}

impl Machine {
    /// Reads a definition; findings are kept in the reader.
    pub(crate) fn read(reader: &mut Reader<'_>, root: &Node) -> Option<Machine> {
        if !matches!(root.kind, NodeKind::Object(_)) {
            // Recorded without a place.
            reader.findings.push(Diagnostic {
                severity: Severity::Error,
                code: Code::SchemaValidationFailed,
                message: "Definition must be a valid JSON object".to_owned(),
                location: None,
                span: root.span,
                help: None,
            });
            return None;
        }
        let fields = reader.plain_object(root, Place::ROOT)?;
        let query_language = match fields.get("QueryLanguage") {
            Some(field) => reader.query_language(&field),
            None => QueryLanguage::JsonPath,
        };
        reader.machine_language = query_language;
        reader.check_fields(&fields, fields::MACHINE, query_language);
        if let Some(version) = fields.get("Version") {
            reader.word(&version, &["1.0"]);
        }
        let timeout_seconds = fields
            .get("TimeoutSeconds")
            .and_then(|field| reader.integer(&field, 1, MOST_SECONDS));
        let comment = fields
            .get("Comment")
            .and_then(|field| field.node.as_str().map(Arc::from));
        Some(Machine {
            comment,
            query_language,
            timeout_seconds,
            scope: Scope::read(reader, &fields, 0),
        })
    }
}
