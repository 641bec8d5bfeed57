//! What a member of a request may be.

/// One member of a request or of a structure in it.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: Shape,
}

/// The type of a member, with its rules.
pub(super) enum Shape {
    /// A string. Lengths are in characters, or bytes for payloads.
    Text(Text),
    /// One of a few words, in the order in which AWS lists them.
    Word(&'static [&'static str]),
    /// A whole number.
    Integer {
        min: i64,
        max: i64,
    },
    /// A number.
    Number {
        min: f64,
        max: f64,
    },
    Boolean,
    /// A list.
    List(List),
    Structure(&'static [Member]),
}

/// The rules of a list.
pub(super) struct List {
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) item: &'static Shape,
    /// What the model calls an item that is a structure.
    pub(super) item_name: &'static str,
}

/// The rules of a string.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) unit: Unit,
    pub(super) pattern: Option<Pattern>,
    /// Its value is never repeated.
    pub(super) is_sensitive: bool,
}

/// What a length counts.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Characters,
    Bytes,
}

/// A regular expression of the model, and what it means.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    pub(super) text: &'static str,
    pub(super) matches: fn(&str) -> bool,
}

pub(super) const fn required(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        required: true,
        shape,
    }
}

pub(super) const fn optional(name: &'static str, shape: Shape) -> Member {
    Member {
        name,
        required: false,
        shape,
    }
}

pub(super) const fn text(min: usize, max: usize) -> Text {
    Text {
        min,
        max,
        unit: Unit::Characters,
        pattern: None,
        is_sensitive: false,
    }
}

impl Text {
    pub(super) const fn sensitive(mut self) -> Text {
        self.is_sensitive = true;
        self
    }

    pub(super) const fn in_bytes(mut self) -> Text {
        self.unit = Unit::Bytes;
        self
    }

    pub(super) const fn like(mut self, pattern: Pattern) -> Text {
        self.pattern = Some(pattern);
        self
    }

    pub(super) const fn shape(self) -> Shape {
        Shape::Text(self)
    }
}
