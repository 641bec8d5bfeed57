//! A service's operations, and its shapes by number.

use crate::shape::{ErrorTraits, Shape, ShapeId, Structure};

/// All that is known of a service beside how it is addressed.
#[derive(Debug)]
pub struct Model {
    pub(crate) shapes: Vec<Shape>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) errors: Vec<ShapeId>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// As AWS spells it, `StartExecution`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// Path and static query string, with `{Label}` and `{GreedyLabel+}`.
    pub uri: &'static str,
    /// What the host name begins with, `sync-`; may hold `{Label}`. Empty for none.
    pub host_prefix: &'static str,
    /// The name of a request's XML element; empty for none.
    pub input_name: &'static str,
    /// That element's namespace; empty for none.
    pub input_namespace: &'static str,
    /// The element around a Query answer; empty for none.
    pub result_wrapper: &'static str,
    /// The status of success.
    pub status: u16,
    /// Its parameters.
    pub input: Option<ShapeId>,
    /// Its answer.
    pub output: Option<ShapeId>,
    /// Whether requests are not signed.
    pub is_unsigned: bool,
    /// Whether a request must carry a checksum of its body.
    pub needs_checksum: bool,
    /// What it may fail with.
    pub errors: Vec<ShapeId>,
}

/// A shape for a number that there is not; the file is made so that this does not happen.
static NOTHING: Shape = Shape::Document;

impl Model {
    /// The shape with that number.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        self.shapes.get(id.0).unwrap_or(&NOTHING)
    }

    /// The structure with that number; none where it is something else.
    pub fn structure(&self, id: ShapeId) -> Option<&Structure> {
        match self.shape(id) {
            Shape::Structure(structure) => Some(structure),
            _ => None,
        }
    }

    /// The operation `name`, spelled as AWS does.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        let place = self.operations.binary_search_by(|it| it.name.cmp(name));
        self.operations.get(place.ok()?)
    }

    /// All operations, sorted by name.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// All errors with their traits.
    pub fn errors(&self) -> impl Iterator<Item = (&Structure, ErrorTraits)> {
        let structures = self.errors.iter().filter_map(|id| self.structure(*id));
        structures.filter_map(|it| Some((it, it.error?)))
    }

    /// The error called `code`, by its structure's name or by its code on the wire.
    pub fn error(&self, code: &str) -> Option<(&Structure, ErrorTraits)> {
        let named = self.errors().find(|(structure, _)| structure.name == code);
        named.or_else(|| self.errors().find(|(_, traits)| traits.code == code))
    }
}
