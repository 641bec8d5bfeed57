//! Shapes: what parameters and answers consist of.

/// The number of a shape within its service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(pub(crate) usize);

/// A shape.
#[derive(Debug)]
pub enum Shape {
    /// Members by name.
    Structure(Structure),
    /// Items of one shape.
    List(List),
    /// Values of one shape by key.
    Map(Map),
    /// Text; where `words` is not empty, AWS knows only these (and may learn more).
    Text {
        /// The values of the enumeration.
        words: Vec<&'static str>,
        /// Characters.
        bounds: Bounds,
    },
    /// A number.
    Number {
        /// Its kind.
        number: Number,
        /// Its value; those with a fraction are rounded towards zero.
        bounds: Bounds,
    },
    /// `true` or `false`.
    Boolean,
    /// A point in time. `None` is the protocol's own format.
    Timestamp(Option<TimestampFormat>),
    /// Bytes.
    Blob {
        /// Whether it is streamed as a body.
        streaming: bool,
    },
    /// Any JSON.
    Document,
}

/// Which numbers a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Whole, 32 bits.
    Integer,
    /// Whole, 64 bits.
    Long,
    /// 32 bits.
    Float,
    /// 64 bits.
    Double,
}

impl Number {
    /// Whether it has no fraction.
    pub fn is_whole(self) -> bool {
        matches!(self, Number::Integer | Number::Long)
    }
}

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampFormat {
    /// `2026-01-01T00:00:00Z`
    Iso8601,
    /// Seconds since 1970, perhaps with a fraction.
    EpochSeconds,
    /// `Thu, 01 Jan 2026 00:00:00 GMT`
    HttpDate,
}

/// The least and the greatest: a value, or a length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// At least.
    pub min: Option<i64>,
    /// At most.
    pub max: Option<i64>,
}

/// A structure.
#[derive(Debug)]
pub struct Structure {
    /// Its name; empty unless it is an error, or of a service that speaks REST-XML.
    pub name: &'static str,
    /// Whether exactly one member is given.
    pub is_union: bool,
    /// Whether its members arrive one after another, as events.
    pub is_event_stream: bool,
    /// What it says as an error.
    pub error: Option<ErrorTraits>,
    /// The member that is the whole body.
    pub payload: Option<&'static str>,
    /// Its members, sorted by name.
    pub members: Vec<Member>,
}

impl Structure {
    /// The member `name`.
    pub fn member(&self, name: &str) -> Option<&Member> {
        let place = self
            .members
            .binary_search_by(|member| member.name.cmp(name));
        self.members.get(place.ok()?)
    }

    /// The member that is the whole body.
    pub fn payload_member(&self) -> Option<&Member> {
        self.member(self.payload?)
    }
}

/// What a structure says as an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorTraits {
    /// The HTTP status, where the model says it.
    pub status: Option<u16>,
    /// The code on the wire of Query, EC2 and REST-XML, and behind `x-amzn-query-error`; empty where it is the
    /// structure's name.
    pub code: &'static str,
    /// Whether the model says that it is the caller's fault.
    pub sender_fault: bool,
    /// Whether the model says that it is the service's fault.
    pub fault: bool,
}

/// Where a member travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the body.
    Body,
    /// In the path.
    Label,
    /// In the query string. A map is parameters of any name.
    Query,
    /// In a header.
    Header,
    /// In every header that begins with the wire name.
    PrefixHeaders,
    /// It is the status.
    StatusCode,
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name, as the SDKs spell it.
    pub name: &'static str,
    /// Its shape.
    pub shape: ShapeId,
    /// Whether it must be given.
    pub is_required: bool,
    /// Where it travels.
    pub location: Location,
    /// `locationName`, its name on the wire; empty where that is [`Member::name`].
    pub location_name: &'static str,
    /// `queryName`, its name in forms where that is another one; else empty.
    pub query_name: &'static str,
    /// Namespace of its XML element; empty for none.
    pub xml_namespace: &'static str,
    /// Prefix of that namespace; empty for none.
    pub xml_prefix: &'static str,
    /// How its times are written, where the member and not its shape says that.
    pub timestamp: Option<TimestampFormat>,
    /// Whether its items are not wrapped.
    pub is_flattened: bool,
    /// Whether clients fill it with a random id.
    pub is_idempotency_token: bool,
    /// Whether it is an attribute of its XML element.
    pub is_xml_attribute: bool,
    /// Whether it is a part of the host name.
    pub is_host_label: bool,
    /// Whether it is JSON inside a text.
    pub is_json_value: bool,
}

impl Member {
    /// Its name on the wire.
    pub fn wire_name(&self) -> &'static str {
        if self.location_name.is_empty() {
            self.name
        } else {
            self.location_name
        }
    }
}

/// A list.
#[derive(Debug)]
pub struct List {
    /// Of its items.
    pub item: ShapeId,
    /// Whether items are not wrapped.
    pub is_flattened: bool,
    /// The name of an item's element; empty for `member`.
    pub item_name: &'static str,
    /// How many.
    pub bounds: Bounds,
}

/// A map.
#[derive(Debug)]
pub struct Map {
    /// Of its keys; a text.
    pub key: ShapeId,
    /// Of its values.
    pub value: ShapeId,
    /// Whether entries are not wrapped.
    pub is_flattened: bool,
    /// The name of a key's element; empty for `key`.
    pub key_name: &'static str,
    /// The name of a value's element; empty for `value`.
    pub value_name: &'static str,
    /// How many.
    pub bounds: Bounds,
}
