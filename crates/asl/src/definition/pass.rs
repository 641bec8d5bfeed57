//! Pass states, and Succeed states, which are as plain.

use passo_expr::QueryLanguage;
use passo_json::{Json, Payload};

use super::expressions::States;
use super::place::Place;
use super::reader::{Fields, Reader, looks_like_path};
use super::state::{Next, Parts};
use crate::diagnostic::Code;
use crate::program::{Flow, Succeed};
use crate::source::{Node, NodeKind};

/// A Pass state as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(crate) result: Option<Payload>,
    pub(crate) flow: Flow,
    pub(crate) next: Next,
}

impl Pass {
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &Fields<'_>,
        language: QueryLanguage,
        parts: &mut Parts,
    ) -> Option<Pass> {
        let result = fields.get("Result").map(|field| {
            warn_of_paths(reader, field.node, &field.place);
            let value: Json = field.node.to_json();
            Payload::from(value)
        });
        let flow = reader.flow(fields, language, States::Input, parts);
        let next = reader.next(fields, parts)?;
        Some(Pass { result, flow, next })
    }
}

impl Succeed {
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &Fields<'_>,
        language: QueryLanguage,
    ) -> Succeed {
        let mut nowhere = Parts::default();
        Succeed {
            flow: reader.flow(fields, language, States::Input, &mut nowhere),
        }
    }
}

/// A `Result` is never evaluated, whatever its keys and strings look like.
fn warn_of_paths(reader: &mut Reader<'_>, node: &Node, place: &Place<'_>) {
    match &node.kind {
        NodeKind::String(text) if looks_like_path(text) => {
            let message = "The result of a Pass state is static: the path in it is not evaluated";
            reader.warn(Code::PassResultIsStatic, place, node.span, message);
        }
        NodeKind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                warn_of_paths(reader, item, &place.index(index));
            }
        }
        NodeKind::Object(members) => {
            for member in members {
                warn_of_paths(reader, &member.value, &place.key(&member.key.text));
            }
        }
        _ => {}
    }
}
