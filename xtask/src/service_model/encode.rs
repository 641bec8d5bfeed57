//! The bytes of the file, as `crates/model/src/reader.rs` reads them.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::tables::{Bounds, Member, Operation, Service, Shape, Structure};

const MAGIC: &[u8] = b"passo services 1\n";
/// Slow, which does not matter, and the best that deflate has.
const COMPRESSION: u8 = 10;

/// The whole file: a first line, the index, the services.
pub fn file(services: &[Service]) -> Result<Vec<u8>> {
    let mut index = Vec::new();
    let mut bodies = Vec::new();
    number(services.len(), &mut index);
    for service in services {
        let body = body(service);
        let packed = miniz_oxide::deflate::compress_to_vec(&body, COMPRESSION);
        if miniz_oxide::inflate::decompress_to_vec(&packed).ok() != Some(body.clone()) {
            bail!("`{}` does not come out as it went in", service.id);
        }
        for part in [
            &service.id,
            &service.name,
            &service.service_id,
            &service.endpoint_prefix,
            &service.signing_name,
            &service.api_version,
            &service.target_prefix,
            &service.xml_namespace,
            &service.global_endpoint,
        ] {
            text(part, &mut index);
        }
        index.push(
            u8::from(service.json_1_1)
                | u8::from(service.query_compatible) << 1
                | u8::from(is_plain(service)) << 2,
        );
        number(service.protocols.len(), &mut index);
        index.extend(&service.protocols);
        number(body.len(), &mut index);
        number(packed.len(), &mut index);
        bodies.extend(packed);
    }
    let mut bytes = MAGIC.to_vec();
    number(index.len(), &mut bytes);
    bytes.extend(index);
    bytes.extend(bodies);
    Ok(bytes)
}

/// Whether JSON bodies are spelled as members are, with times as numbers.
fn is_plain(service: &Service) -> bool {
    service.shapes.iter().all(|shape| match shape {
        Shape::Structure(structure) => structure.members.iter().all(|member| {
            let is_renamed = !member.wire_name.is_empty() && member.wire_name != member.name;
            !is_renamed && matches!(member.timestamp, 0 | 2)
        }),
        Shape::Timestamp(format) => matches!(format, 0 | 2),
        _ => true,
    })
}

/// Numbers of texts, in the order in which they come.
#[derive(Default)]
struct Texts<'a> {
    numbers: BTreeMap<&'a str, usize>,
    all: Vec<&'a str>,
}

impl<'a> Texts<'a> {
    fn number(&mut self, text: &'a str) -> usize {
        let next = self.all.len();
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.all.push(text);
        }
        number
    }
}

fn body(service: &Service) -> Vec<u8> {
    let mut texts = Texts::default();
    // The empty text is number 0.
    texts.number("");
    let mut records = Vec::new();
    number(service.shapes.len(), &mut records);
    for it in &service.shapes {
        shape(it, &mut texts, &mut records);
    }
    number(service.operations.len(), &mut records);
    for it in &service.operations {
        operation(it, &mut texts, &mut records);
    }
    places(&service.errors, &mut records);
    let mut body = Vec::new();
    number(texts.all.len(), &mut body);
    for it in &texts.all {
        text(it, &mut body);
    }
    body.extend(records);
    body
}

fn shape<'a>(shape: &'a Shape, texts: &mut Texts<'a>, out: &mut Vec<u8>) {
    match shape {
        Shape::Structure(it) => {
            out.push(0);
            structure(it, texts, out);
        }
        Shape::List {
            item,
            flattened,
            name,
            bounds: limits,
        } => {
            out.push(1);
            number(item * 2 + usize::from(*flattened), out);
            number(texts.number(name), out);
            bounds(limits, out);
        }
        Shape::Map {
            key,
            value,
            flattened,
            key_name,
            value_name,
            bounds: limits,
        } => {
            out.push(2);
            number(*key, out);
            number(value * 2 + usize::from(*flattened), out);
            number(texts.number(key_name), out);
            number(texts.number(value_name), out);
            bounds(limits, out);
        }
        Shape::Text {
            words,
            bounds: limits,
        } => {
            out.push(3);
            number(words.len(), out);
            for word in words {
                number(texts.number(word), out);
            }
            bounds(limits, out);
        }
        Shape::Number {
            tag,
            bounds: limits,
        } => {
            out.push(4);
            out.push(*tag);
            bounds(limits, out);
        }
        Shape::Timestamp(format) => out.extend([5, *format]),
        Shape::Boolean => out.push(6),
        Shape::Blob { streaming } => out.extend([7, u8::from(*streaming)]),
        Shape::Document => out.push(8),
    }
}

fn structure<'a>(structure: &'a Structure, texts: &mut Texts<'a>, out: &mut Vec<u8>) {
    number(texts.number(&structure.name), out);
    let error = structure.error.as_ref();
    out.push(
        u8::from(structure.union)
            | u8::from(structure.event_stream) << 1
            | u8::from(error.is_some()) << 2
            | u8::from(error.is_some_and(|error| error.sender_fault)) << 3
            | u8::from(error.is_some_and(|error| error.fault)) << 4,
    );
    if let Some(error) = error {
        number(usize::try_from(error.status).unwrap_or_default(), out);
        number(texts.number(&error.code), out);
    }
    number(texts.number(&structure.payload), out);
    number(structure.members.len(), out);
    for it in &structure.members {
        member(it, texts, out);
    }
}

fn member<'a>(member: &'a Member, texts: &mut Texts<'a>, out: &mut Vec<u8>) {
    let has_names = [&member.wire_name, &member.query_name, &member.namespace]
        .iter()
        .any(|text| !text.is_empty());
    let flags = usize::from(member.required)
        | usize::from(has_names) << 1
        | usize::from(member.location) << 2
        | usize::from(member.timestamp) << 5
        | usize::from(member.flattened) << 7
        | usize::from(member.token) << 8
        | usize::from(member.attribute) << 9
        | usize::from(member.host_label) << 10
        | usize::from(member.json_value) << 11;
    number(texts.number(&member.name), out);
    number(member.shape, out);
    number(flags, out);
    if has_names {
        number(texts.number(&member.wire_name), out);
        number(texts.number(&member.query_name), out);
        number(texts.number(&member.namespace), out);
        number(texts.number(&member.prefix), out);
    }
}

fn operation<'a>(operation: &'a Operation, texts: &mut Texts<'a>, out: &mut Vec<u8>) {
    for part in [
        &operation.name,
        &operation.method,
        &operation.uri,
        &operation.host_prefix,
        &operation.input_name,
        &operation.input_namespace,
        &operation.result_wrapper,
    ] {
        number(texts.number(part), out);
    }
    number(usize::try_from(operation.status).unwrap_or_default(), out);
    number(operation.input.map_or(0, |place| place + 1), out);
    number(operation.output.map_or(0, |place| place + 1), out);
    out.push(u8::from(operation.is_unsigned) | u8::from(operation.needs_checksum) << 1);
    places(&operation.errors, out);
}

fn places(all: &[usize], out: &mut Vec<u8>) {
    number(all.len(), out);
    for place in all {
        number(*place, out);
    }
}

/// Each bound is 0 where there is none, else 1 + the bound with its sign in the lowest bit.
fn bounds(bounds: &Bounds, out: &mut Vec<u8>) {
    for bound in [bounds.0, bounds.1] {
        let Some(bound) = bound else {
            number(0, out);
            continue;
        };
        let size = usize::try_from(bound.unsigned_abs()).unwrap_or(usize::MAX);
        let size = size.min(usize::MAX / 4);
        number(1 + size * 2 + usize::from(bound < 0), out);
    }
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
fn number(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len(), out);
    out.extend(text.as_bytes());
}
