//! XML elements to canonical values and back: Query's, EC2's and REST-XML's documents.

use passo_json::{Json, ObjectBuilder};
use passo_model::{List, Location, Map, Member, Model, Shape, ShapeId, Structure, TimestampFormat};

use crate::problem::{DEPTH_MAX, Problem};
use crate::scalar;
use crate::xml::{self, Element};

/// What differs between the protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Whether forms have names of their own, which documents of services without XML in their model have too: SQS.
    pub(crate) query_names: bool,
}

impl Dialect {
    /// Of REST-XML and EC2, and of the services that have always spoken Query.
    pub(crate) const PLAIN: Dialect = Dialect { query_names: false };
    /// Of the services that speak Query still.
    pub(crate) const COMPATIBLE: Dialect = Dialect { query_names: true };

    fn name(self, member: &Member) -> &'static str {
        if self.query_names && !member.query_name.is_empty() {
            member.query_name
        } else {
            member.wire_name()
        }
    }
}

/// A reader or writer of the shapes of one model.
#[derive(Clone, Copy)]
pub(crate) struct XmlBody<'a> {
    pub(crate) model: &'a Model,
    pub(crate) dialect: Dialect,
}

impl XmlBody<'_> {
    /// The members of `structure` that stand in `element`.
    pub(crate) fn read_structure(
        &self,
        structure: &Structure,
        element: &Element,
        depth: usize,
    ) -> Result<ObjectBuilder, Problem> {
        if depth > DEPTH_MAX {
            return Err(Problem::too_deep());
        }
        let mut out = ObjectBuilder::new();
        for member in &structure.members {
            if member.location != Location::Body {
                continue;
            }
            if let Some(value) = self.read_member(member, element, depth)? {
                out.insert(member.name, value);
            }
        }
        Ok(out)
    }

    fn read_member(
        &self,
        member: &Member,
        parent: &Element,
        depth: usize,
    ) -> Result<Option<Json>, Problem> {
        let name = self.dialect.name(member);
        let shape = self.model.shape(member.shape);
        if member.is_xml_attribute {
            let mut attributes = parent.attributes.iter();
            let given = attributes.find(|(given, _)| given == name);
            return given.map(|(_, text)| scalar::read(shape, text)).transpose();
        }
        match shape {
            Shape::List(list) if list.is_flattened || member.is_flattened => {
                let name = flat_name(list, name);
                let items: Vec<&Element> = named(parent, name).collect();
                if items.is_empty() {
                    return Ok(None);
                }
                self.read_items(list, items.into_iter(), depth).map(Some)
            }
            Shape::Map(map) if map.is_flattened || member.is_flattened => {
                let entries: Vec<&Element> = named(parent, name).collect();
                if entries.is_empty() {
                    return Ok(None);
                }
                self.read_entries(map, entries.into_iter(), depth).map(Some)
            }
            _ => match parent.child(name) {
                Some(element) => self.read(member.shape, element, depth + 1).map(Some),
                None => Ok(None),
            },
        }
    }

    /// As deep as [`DEPTH_MAX`].
    pub(crate) fn read(
        &self,
        id: ShapeId,
        element: &Element,
        depth: usize,
    ) -> Result<Json, Problem> {
        if depth > DEPTH_MAX {
            return Err(Problem::too_deep());
        }
        match self.model.shape(id) {
            Shape::Structure(structure) => {
                let mut read = self.read_structure(structure, element, depth)?;
                Ok(Json::from(read.build()))
            }
            Shape::List(list) => {
                let name = item_name(list);
                // Some services call items other than their models do.
                let is_named = element.children.iter().any(|child| child.name == name);
                let items = element.children.iter();
                let items = items.filter(|child| !is_named || child.name == name);
                self.read_items(list, items, depth)
            }
            Shape::Map(map) => self.read_entries(map, named(element, "entry"), depth),
            shape => scalar::read(shape, &element.text),
        }
    }

    fn read_items<'e>(
        &self,
        list: &List,
        items: impl Iterator<Item = &'e Element>,
        depth: usize,
    ) -> Result<Json, Problem> {
        let items = items.map(|item| self.read(list.item, item, depth + 1));
        Ok(Json::from(items.collect::<Result<Vec<Json>, _>>()?))
    }

    fn read_entries<'e>(
        &self,
        map: &Map,
        entries: impl Iterator<Item = &'e Element>,
        depth: usize,
    ) -> Result<Json, Problem> {
        let (key, value) = entry_names(map);
        let mut out = ObjectBuilder::new();
        for entry in entries {
            let (Some(key), Some(value)) = (entry.child_text(key), entry.child(value)) else {
                return Err(Problem::new("An entry lacks its key or its value."));
            };
            out.insert(key, self.read(map.value, value, depth + 1)?);
        }
        Ok(Json::from(out.build()))
    }

    /// The elements of the members of `structure`. Attributes are the caller's.
    pub(crate) fn write_structure(
        &self,
        out: &mut String,
        structure: &Structure,
        value: &Json,
        depth: usize,
    ) -> Result<(), Problem> {
        if depth > DEPTH_MAX {
            return Err(Problem::too_deep());
        }
        for member in &structure.members {
            let given = value.get(member.name).filter(|given| !given.is_null());
            let travels_here = member.location == Location::Body && !member.is_xml_attribute;
            if let Some(given) = given.filter(|_| travels_here) {
                self.write_member(out, member, given, depth)?;
            }
        }
        Ok(())
    }

    fn write_member(
        &self,
        out: &mut String,
        member: &Member,
        value: &Json,
        depth: usize,
    ) -> Result<(), Problem> {
        let name = self.dialect.name(member);
        match (self.model.shape(member.shape), value) {
            (Shape::List(list), Json::Array(items)) if list.is_flattened || member.is_flattened => {
                let name = flat_name(list, name);
                for item in items.iter() {
                    self.element(out, name, list.item, None, item, depth + 1)?;
                }
                Ok(())
            }
            (Shape::Map(map), Json::Object(_)) if map.is_flattened || member.is_flattened => {
                self.write_entries(out, name, map, value, depth)
            }
            _ => self.element(out, name, member.shape, Some(member), value, depth + 1),
        }
    }

    /// One element. As deep as [`DEPTH_MAX`].
    pub(crate) fn element(
        &self,
        out: &mut String,
        name: &str,
        id: ShapeId,
        member: Option<&Member>,
        value: &Json,
        depth: usize,
    ) -> Result<(), Problem> {
        if depth > DEPTH_MAX {
            return Err(Problem::too_deep());
        }
        out.push('<');
        out.push_str(name);
        if let Some(member) = member.filter(|member| !member.xml_namespace.is_empty()) {
            namespace(out, member.xml_prefix, member.xml_namespace);
        }
        let shape = self.model.shape(id);
        if let Shape::Structure(structure) = shape {
            self.attributes(out, structure, value);
        }
        out.push('>');
        match (shape, value) {
            (Shape::Structure(structure), _) => {
                self.write_structure(out, structure, value, depth)?;
            }
            (Shape::List(list), Json::Array(items)) => {
                let name = item_name(list);
                for item in items.iter() {
                    self.element(out, name, list.item, None, item, depth + 1)?;
                }
            }
            (Shape::Map(map), Json::Object(_)) => {
                self.write_entries(out, "entry", map, value, depth)?;
            }
            _ => {
                let format = scalar::time_format(shape, member, TimestampFormat::Iso8601);
                xml::escape(out, &scalar::write(shape, value, format));
            }
        }
        out.push_str("</");
        out.push_str(name);
        out.push('>');
        Ok(())
    }

    fn attributes(&self, out: &mut String, structure: &Structure, value: &Json) {
        let members = structure.members.iter();
        for member in members.filter(|member| member.is_xml_attribute) {
            if let Some(given) = value.get(member.name).filter(|given| !given.is_null()) {
                let shape = self.model.shape(member.shape);
                let text = scalar::write(shape, given, TimestampFormat::Iso8601);
                out.push(' ');
                out.push_str(member.wire_name());
                out.push_str("=\"");
                xml::escape(out, &text);
                out.push('"');
            }
        }
    }

    fn write_entries(
        &self,
        out: &mut String,
        name: &str,
        map: &Map,
        value: &Json,
        depth: usize,
    ) -> Result<(), Problem> {
        let (key_name, value_name) = entry_names(map);
        for (key, entry) in value.as_object().into_iter().flat_map(|it| it.iter()) {
            out.push_str(&format!("<{name}><{key_name}>"));
            xml::escape(out, key);
            out.push_str(&format!("</{key_name}>"));
            self.element(out, value_name, map.value, None, entry, depth + 1)?;
            out.push_str(&format!("</{name}>"));
        }
        Ok(())
    }
}

/// Appends ` xmlns="uri"`.
pub(crate) fn namespace(out: &mut String, prefix: &str, uri: &str) {
    out.push_str(" xmlns");
    if !prefix.is_empty() {
        out.push(':');
        out.push_str(prefix);
    }
    out.push_str("=\"");
    xml::escape(out, uri);
    out.push('"');
}

fn named<'e>(parent: &'e Element, name: &str) -> impl Iterator<Item = &'e Element> {
    parent
        .children
        .iter()
        .filter(move |child| child.name == name)
}

pub(crate) fn item_name(list: &List) -> &'static str {
    if list.item_name.is_empty() {
        "member"
    } else {
        list.item_name
    }
}

/// The name of a flattened list's elements: its items', or the list's own.
pub(crate) fn flat_name(list: &List, name: &'static str) -> &'static str {
    if list.item_name.is_empty() {
        name
    } else {
        list.item_name
    }
}

pub(crate) fn entry_names(map: &Map) -> (&'static str, &'static str) {
    let or = |name: &'static str, default| if name.is_empty() { default } else { name };
    (or(map.key_name, "key"), or(map.value_name, "value"))
}
