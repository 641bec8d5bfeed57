//! What REST-JSON and REST-XML share: members in labels, query strings, headers, the status and the body.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use passo_json::{Json, Object, ObjectBuilder};
use passo_model::{
    Listed, Location, Member, Model, Operation, Shape, ShapeId, Structure, TimestampFormat,
};
use passo_service::body;

use crate::awsjson;
use crate::jsonbody;
use crate::percent::{self, Plus, Slash};
use crate::problem::Problem;
use crate::scalar;
use crate::xml::{self, Element};
use crate::xmlbody::{Dialect, XmlBody, namespace};

/// What bodies are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Format {
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Xml => "application/xml",
        }
    }
}

/// One message of one operation.
#[derive(Clone, Copy)]
pub(crate) struct Rest {
    pub(crate) listed: &'static Listed,
    pub(crate) operation: &'static Operation,
    pub(crate) format: Format,
}

/// A message without its body.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    /// The labels of the path with their values.
    pub(crate) labels: &'a [(&'static str, String)],
    /// The query string, still escaped.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    /// The status of a response.
    pub(crate) status: Option<u16>,
}

/// What a message consists of.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// The path, escaped; of requests.
    pub(crate) path: String,
    /// The query, not escaped; of requests.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The status that a member says; of responses.
    pub(crate) status: Option<u16>,
}

impl Rest {
    fn model(&self) -> &'static Model {
        self.listed.model()
    }

    fn xml(&self) -> XmlBody<'static> {
        XmlBody {
            model: self.model(),
            dialect: Dialect::PLAIN,
        }
    }

    fn structure(&self, shape: Option<ShapeId>) -> Option<&'static Structure> {
        self.model().structure(shape?)
    }

    /// The canonical form of a message.
    pub(crate) fn read(
        &self,
        shape: Option<ShapeId>,
        head: Head<'_>,
        body: &[u8],
    ) -> Result<Json, Problem> {
        let Some(structure) = self.structure(shape) else {
            return Ok(Json::from(ObjectBuilder::new().build()));
        };
        let mut out = match structure.payload_member() {
            Some(member) => self.read_payload(member, body, head.status.is_some())?,
            None => self.read_body(structure, body)?,
        };
        let is_query = |member: &Member| member.location == Location::Query;
        let pairs = if structure.members.iter().any(is_query) {
            percent::pairs(head.query).unwrap_or_default()
        } else {
            Vec::new()
        };
        for member in &structure.members {
            let value = match member.location {
                Location::Body => None,
                Location::Label => self.read_label(member, head.labels)?,
                Location::Query => self.read_query(member, structure, &pairs)?,
                Location::Header => self.read_header(member, head.headers)?,
                Location::PrefixHeaders => {
                    let found = read_prefixed(member, head.headers);
                    // SDKs show an answer's map of headers also where it is empty.
                    let is_shown = head.status.is_some() || !found.is_empty();
                    is_shown.then(|| Json::from(found))
                }
                Location::StatusCode => head.status.map(|status| Json::from(i64::from(status))),
            };
            if let Some(value) = value {
                out.insert(member.name, value);
            }
        }
        Ok(Json::from(out.build()))
    }

    /// The member that is the whole body. An answer that has one has it also where it is empty bytes.
    fn read_payload(
        &self,
        member: &Member,
        body: &[u8],
        is_answer: bool,
    ) -> Result<ObjectBuilder, Problem> {
        let mut out = ObjectBuilder::new();
        let is_bytes = matches!(self.model().shape(member.shape), Shape::Blob { .. });
        if body.is_empty() && !(is_answer && is_bytes) {
            return Ok(out);
        }
        let text = || std::str::from_utf8(body).map_err(|_| Problem::new("The body is not UTF-8."));
        let value = match (self.model().shape(member.shape), self.format) {
            (Shape::Blob { .. }, _) => body::of_bytes(body),
            (Shape::Text { .. }, _) => Json::from(text()?),
            // Events are not read.
            (Shape::Structure(structure), _) if structure.is_event_stream => return Ok(out),
            (_, Format::Json) => {
                let given = Json::parse(text()?)
                    .map_err(|_| Problem::new("The body is not a JSON document."))?;
                jsonbody::read(self.model(), member.shape, &given)?
            }
            (_, Format::Xml) => {
                let root = xml::parse(text()?)?;
                self.xml().read(member.shape, &root, 0)?
            }
        };
        out.insert(member.name, value);
        Ok(out)
    }

    fn read_body(&self, structure: &Structure, body: &[u8]) -> Result<ObjectBuilder, Problem> {
        let mut out = ObjectBuilder::new();
        let text = || std::str::from_utf8(body).map_err(|_| Problem::new("The body is not UTF-8."));
        if jsonbody::body_members(structure).next().is_none() {
            // A body that nothing is read from must still be one that AWS would take.
            if self.format == Format::Json && !body.is_empty() {
                awsjson::object(body)?;
            }
            return Ok(out);
        }
        match self.format {
            Format::Json => {
                let given = awsjson::object(body)?;
                for member in jsonbody::body_members(structure) {
                    let value = given.get(member.wire_name());
                    if let Some(value) = value.filter(|value| !value.is_null()) {
                        let read = jsonbody::read(self.model(), member.shape, value)?;
                        out.insert(member.name, read);
                    }
                }
                Ok(out)
            }
            Format::Xml if body.is_empty() => Ok(out),
            Format::Xml => {
                let root = xml::parse(text()?)?;
                self.read_root(structure, &root)
            }
        }
    }

    fn read_root(&self, structure: &Structure, root: &Element) -> Result<ObjectBuilder, Problem> {
        // S3 answers GetBucketLocation with the member itself as the root.
        let own = jsonbody::body_members(structure)
            .find(|member| member.wire_name() == root.name && root.children.is_empty());
        if let Some(member) = own {
            let mut out = ObjectBuilder::new();
            out.insert(member.name, self.xml().read(member.shape, root, 0)?);
            return Ok(out);
        }
        self.xml().read_structure(structure, root, 0)
    }

    fn read_label(
        &self,
        member: &Member,
        labels: &[(&'static str, String)],
    ) -> Result<Option<Json>, Problem> {
        let mut labels = labels.iter();
        let given = labels.find(|(name, _)| *name == member.wire_name());
        let shape = self.model().shape(member.shape);
        given.map(|(_, text)| scalar::read(shape, text)).transpose()
    }

    fn read_query(
        &self,
        member: &Member,
        structure: &Structure,
        pairs: &[(String, String)],
    ) -> Result<Option<Json>, Problem> {
        let name = member.wire_name();
        let given = || pairs.iter().filter(|(given, _)| given == name);
        match self.model().shape(member.shape) {
            Shape::List(list) => {
                let item = self.model().shape(list.item);
                let items = given().map(|(_, text)| scalar::read(item, text));
                let items = items.collect::<Result<Vec<Json>, _>>()?;
                Ok((!items.is_empty()).then(|| Json::from(items)))
            }
            Shape::Map(map) => {
                let is_list = matches!(self.model().shape(map.value), Shape::List(_));
                let own = self
                    .operation
                    .uri
                    .split_once('?')
                    .map_or("", |(_, own)| own);
                let own = percent::pairs(own).unwrap_or_default();
                let is_own = |pair: &&(String, String)| own.iter().any(|(it, _)| *it == pair.0);
                let others = pairs.iter().filter(|pair| !is_own(pair));
                Ok(query_map(structure, others, is_list))
            }
            shape => given()
                .next()
                .map(|(_, text)| scalar::read(shape, text))
                .transpose(),
        }
    }

    fn read_header(&self, member: &Member, headers: &HeaderMap) -> Result<Option<Json>, Problem> {
        let Some(text) = headers
            .get(member.wire_name())
            .and_then(|value| value.to_str().ok())
        else {
            return Ok(None);
        };
        if member.is_json_value {
            let decoded = STANDARD.decode(text).ok();
            let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
            return Ok(Some(Json::from(decoded.unwrap_or_else(|| text.to_owned()))));
        }
        match self.model().shape(member.shape) {
            Shape::List(list) => {
                let item = self.model().shape(list.item);
                // HTTP dates hold a comma.
                let items: Vec<&str> = match item {
                    Shape::Timestamp(_) => vec![text],
                    _ => text.split(',').collect(),
                };
                let items = items
                    .into_iter()
                    .map(|text| scalar::read(item, text.trim()));
                Ok(Some(Json::from(items.collect::<Result<Vec<Json>, _>>()?)))
            }
            shape => scalar::read(shape, text).map(Some),
        }
    }

    /// A message from its canonical form.
    pub(crate) fn write(
        &self,
        shape: Option<ShapeId>,
        value: &Json,
        side: Side,
    ) -> Result<Written, Problem> {
        let mut out = Written::default();
        let structure = self.structure(shape);
        if side == Side::Request {
            self.write_path(&mut out, structure, value)?;
        }
        let Some(structure) = structure else {
            return Ok(out);
        };
        for member in &structure.members {
            let Some(given) = value.get(member.name).filter(|given| !given.is_null()) else {
                continue;
            };
            match member.location {
                Location::Body | Location::Label => {}
                Location::Query => self.write_query(&mut out.query, member, given),
                Location::Header => {
                    let shape = self.model().shape(member.shape);
                    let text = self.header_text(member, shape, given);
                    set_header(&mut out.headers, member.wire_name(), &text);
                }
                Location::PrefixHeaders => {
                    for (name, text) in given.as_object().into_iter().flat_map(|it| it.iter()) {
                        let name = format!("{}{name}", member.wire_name());
                        set_header(&mut out.headers, &name, text.as_str().unwrap_or_default());
                    }
                }
                Location::StatusCode => {
                    out.status = given.as_i64().and_then(|it| u16::try_from(it).ok());
                }
            }
        }
        let content_type = self.write_body(&mut out.body, structure, value, side)?;
        if let Some(content_type) = content_type
            && !out.headers.contains_key(CONTENT_TYPE)
        {
            out.headers
                .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Ok(out)
    }

    fn write_path(
        &self,
        out: &mut Written,
        structure: Option<&Structure>,
        value: &Json,
    ) -> Result<(), Problem> {
        let uri = self.operation.uri;
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        out.query.extend(percent::pairs(query).unwrap_or_default());
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            out.path.push_str(before);
            let (label, after) = after.split_once('}').unwrap_or((after, ""));
            rest = after;
            let (label, slash) = match label.strip_suffix('+') {
                Some(label) => (label, Slash::Stays),
                None => (label, Slash::IsEscaped),
            };
            let mut members = structure.into_iter().flat_map(|it| &it.members);
            let member =
                members.find(|it| it.location == Location::Label && it.wire_name() == label);
            let given = member.and_then(|member| Some((member, value.get(member.name)?)));
            let text = given.map(|(member, given)| {
                let shape = self.model().shape(member.shape);
                let format = scalar::time_format(shape, Some(member), TimestampFormat::Iso8601);
                scalar::write(shape, given, format)
            });
            match text {
                Some(text) if !text.is_empty() => percent::encode(&text, slash, &mut out.path),
                Some(_) | None => {
                    return Err(Problem::new(format!(
                        "The member '{label}' is a part of the path and must not be empty."
                    )));
                }
            }
        }
        out.path.push_str(rest);
        Ok(())
    }

    fn write_query(&self, out: &mut Vec<(String, String)>, member: &Member, value: &Json) {
        let name = || member.wire_name().to_owned();
        let text = |shape: &Shape, value: &Json| {
            let format = scalar::time_format(shape, Some(member), TimestampFormat::Iso8601);
            scalar::write(shape, value, format).into_owned()
        };
        match (self.model().shape(member.shape), value) {
            (Shape::List(list), Json::Array(items)) => {
                let shape = self.model().shape(list.item);
                out.extend(items.iter().map(|item| (name(), text(shape, item))));
            }
            (Shape::Map(_), Json::Object(entries)) => {
                for (key, entry) in entries.iter() {
                    let one = [entry.clone()];
                    let all = entry.as_array().map_or(&one[..], |array| array);
                    let all = all.iter().map(|it| text(&Shape::Document, it));
                    out.extend(all.map(|text| (key.to_string(), text)));
                }
            }
            (shape, _) => out.push((name(), text(shape, value))),
        }
    }

    fn header_text(&self, member: &Member, shape: &Shape, value: &Json) -> String {
        let format = scalar::time_format(shape, Some(member), TimestampFormat::HttpDate);
        match (shape, value) {
            _ if member.is_json_value => {
                let text = scalar::write(&Shape::Document, value, format);
                STANDARD.encode(text.as_bytes())
            }
            (Shape::List(list), Json::Array(items)) => {
                let item = self.model().shape(list.item);
                let format = scalar::time_format(item, None, TimestampFormat::HttpDate);
                let items = items.iter().map(|it| scalar::write(item, it, format));
                items.collect::<Vec<_>>().join(",")
            }
            _ => scalar::write(shape, value, format).into_owned(),
        }
    }

    /// The body, and what it is; none for none.
    fn write_body(
        &self,
        out: &mut Vec<u8>,
        structure: &Structure,
        value: &Json,
        side: Side,
    ) -> Result<Option<&'static str>, Problem> {
        let document = Some(self.format.content_type());
        if let Some(member) = structure.payload_member() {
            let Some(given) = value.get(member.name).filter(|given| !given.is_null()) else {
                return Ok(document.filter(|_| side == Side::Response));
            };
            return self.write_payload(out, member, given, side);
        }
        if jsonbody::body_members(structure).next().is_none() && side == Side::Request {
            return Ok(None);
        }
        match self.format {
            Format::Json => {
                let members = jsonbody::body_members(structure);
                let mut body = ObjectBuilder::new();
                for member in members {
                    let given = value.get(member.name).filter(|given| !given.is_null());
                    if let Some(given) = given {
                        let given = jsonbody::write_member(self.model(), member, given)?;
                        body.insert(member.wire_name(), given);
                    }
                }
                out.extend(Json::from(body.build()).to_text().into_bytes());
            }
            Format::Xml => {
                let (name, uri) = match side {
                    Side::Request => (self.operation.input_name, self.operation.input_namespace),
                    Side::Response => (structure.name, self.listed.xml_namespace),
                };
                if name.is_empty() {
                    return Ok(None);
                }
                let mut text = format!("<{name}");
                if !uri.is_empty() {
                    namespace(&mut text, "", uri);
                }
                text.push('>');
                self.xml().write_structure(&mut text, structure, value, 0)?;
                text.push_str(&format!("</{name}>"));
                out.extend(text.into_bytes());
            }
        }
        Ok(document)
    }

    fn write_payload(
        &self,
        out: &mut Vec<u8>,
        member: &Member,
        value: &Json,
        side: Side,
    ) -> Result<Option<&'static str>, Problem> {
        let document = self.format.content_type();
        Ok(Some(
            match (self.model().shape(member.shape), self.format) {
                (Shape::Blob { .. } | Shape::Text { .. }, _) => {
                    let bytes = body::bytes(value)
                        .ok_or_else(|| Problem::new("The body is neither text nor base64."))?;
                    out.extend_from_slice(&bytes);
                    match side {
                        Side::Request => "application/octet-stream",
                        Side::Response => document,
                    }
                }
                (Shape::Structure(structure), _) if structure.is_event_stream => return Ok(None),
                (_, Format::Json) => {
                    let written = jsonbody::write(self.model(), member.shape, value)?;
                    out.extend(written.to_text().into_bytes());
                    document
                }
                (shape, Format::Xml) => {
                    let name = match shape {
                        Shape::Structure(structure)
                            if side == Side::Response && member.location_name.is_empty() =>
                        {
                            structure.name
                        }
                        _ => member.wire_name(),
                    };
                    let mut text = String::new();
                    self.xml()
                        .element(&mut text, name, member.shape, Some(member), value, 0)?;
                    out.extend(text.into_bytes());
                    document
                }
            },
        ))
    }
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Response,
}

/// Every parameter that is not another member's.
fn query_map<'a>(
    structure: &Structure,
    pairs: impl Iterator<Item = &'a (String, String)>,
    is_list: bool,
) -> Option<Json> {
    let is_named = |name: &str| {
        let mut members = structure.members.iter();
        members.any(|it| it.location == Location::Query && it.wire_name() == name)
    };
    let mut out = ObjectBuilder::new();
    let mut given: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    for (name, value) in pairs.filter(|(name, _)| !is_named(name)) {
        given
            .entry(name)
            .or_default()
            .push(Json::from(value.as_str()));
    }
    if given.is_empty() {
        return None;
    }
    for (name, values) in given {
        let first = values.first().cloned().unwrap_or(Json::Null);
        out.insert(name, if is_list { Json::from(values) } else { first });
    }
    Some(Json::from(out.build()))
}

fn read_prefixed(member: &Member, headers: &HeaderMap) -> Object {
    let prefix = member.wire_name().to_ascii_lowercase();
    let mut out = ObjectBuilder::new();
    for (name, value) in headers {
        let rest = name.as_str().strip_prefix(&prefix);
        if let (Some(rest), Ok(text)) = (rest, value.to_str()) {
            out.insert(rest, text);
        }
    }
    out.build()
}

/// A header that HTTP does not allow is left out.
fn set_header(headers: &mut HeaderMap, name: &str, text: &str) {
    let name = HeaderName::try_from(name);
    let value = HeaderValue::from_str(text);
    if let (Ok(name), Ok(value)) = (name, value) {
        headers.insert(name, value);
    }
}

/// The labels that `path` has in `template`, both without their query strings; none where they differ.
pub(crate) fn labels(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut given = path.split('/');
    let mut labels = Vec::new();
    let mut parts = template.split('/');
    while let Some(part) = parts.next() {
        let Some(name) = part.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
            if given.next()? != part {
                return None;
            }
            continue;
        };
        let Some(name) = name.strip_suffix('+') else {
            let found = given.next().filter(|found| !found.is_empty())?;
            labels.push((name, percent::decode(found, Plus::IsPlus)?));
            continue;
        };
        // A greedy label takes all but what the template has behind it.
        let behind = parts.clone().count();
        let all: Vec<&str> = given.by_ref().collect();
        let taken = all.len().checked_sub(behind).filter(|taken| *taken > 0)?;
        let (taken, rest) = all.split_at_checked(taken)?;
        labels.push((name, percent::decode(&taken.join("/"), Plus::IsPlus)?));
        if !parts.eq(rest.iter().copied()) {
            return None;
        }
        return Some(labels);
    }
    given.next().is_none().then_some(labels)
}
