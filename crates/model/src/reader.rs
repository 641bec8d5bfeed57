//! The reader of `data/services.bin`.
//!
//! Numbers are written seven bits a byte, the lowest first; a text is its length and its bytes. After a first line come
//! the length of the list and the list: how many services, then for each its texts, a byte of flags, its protocols, and
//! how long it is, unpacked and packed. The services follow, each packed (raw deflate): its texts, its shapes, its
//! operations and the numbers of its errors. Texts and shapes are referred to by number; where a thing may be missing,
//! 0 says so. `xtask/src/service_model/encode.rs` is the other side.
//!
//! The file is a part of the program: a number that fits nothing stands for the empty text or for nothing, so that
//! reading never fails; the tests see that it does not come to that.

use std::sync::OnceLock;

use crate::list::{Listed, Protocol};
use crate::operation::{Model, Operation};
use crate::shape::{
    Bounds, ErrorTraits, List, Location, Map, Member, Number, Shape, ShapeId, Structure,
    TimestampFormat,
};

static FILE: &[u8] = include_bytes!("../data/services.bin");

const MAGIC: &[u8] = b"passo services 1\n";

/// The list of services, each with its place in the file.
pub(crate) fn list() -> Vec<Listed> {
    let mut file = Reader {
        bytes: FILE.strip_prefix(MAGIC).unwrap_or_default(),
    };
    let length = file.number();
    let mut list = Reader {
        bytes: file.take(length),
    };
    (0..list.number())
        .map(|_| {
            let mut listed = list.listed();
            let packed_bytes = list.number();
            listed.packed = file.take(packed_bytes);
            listed
        })
        .collect()
}

/// The bytes of one service.
pub(crate) fn unpack(packed: &[u8], bytes: usize) -> Vec<u8> {
    miniz_oxide::inflate::decompress_to_vec_with_limit(packed, bytes).unwrap_or_default()
}

/// One service.
pub(crate) fn model(bytes: &'static [u8]) -> Model {
    let mut reader = Reader { bytes };
    let texts: Vec<&'static str> = (0..reader.number()).map(|_| reader.text()).collect();
    let mut records = Records {
        reader,
        texts: &texts,
    };
    let shapes = (0..records.reader.number())
        .map(|_| records.shape())
        .collect();
    let mut operations: Vec<Operation> = (0..records.reader.number())
        .map(|_| records.operation())
        .collect();
    operations.sort_by_key(|operation| operation.name);
    Model {
        shapes,
        operations,
        errors: records.places(),
    }
}

struct Reader {
    bytes: &'static [u8],
}

impl Reader {
    fn take(&mut self, length: usize) -> &'static [u8] {
        let (taken, rest) = self.bytes.split_at_checked(length).unwrap_or_default();
        self.bytes = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    fn number(&mut self) -> usize {
        let mut number = 0_usize;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte();
            number |= usize::from(byte & 0x7f)
                .checked_shl(shift)
                .unwrap_or_default();
            if byte & 0x80 == 0 {
                return number;
            }
            shift = shift.saturating_add(7);
        }
    }

    fn text(&mut self) -> &'static str {
        let length = self.number();
        std::str::from_utf8(self.take(length)).unwrap_or_default()
    }

    fn listed(&mut self) -> Listed {
        let [
            id,
            name,
            service_id,
            endpoint_prefix,
            signing_name,
            api_version,
            target_prefix,
            xml_namespace,
            global_endpoint,
        ] = std::array::from_fn(|_| self.text());
        let flags = self.byte();
        let protocols = (0..self.number()).map(|_| protocol(self.byte())).collect();
        Listed {
            id,
            name,
            service_id,
            endpoint_prefix,
            signing_name,
            api_version,
            target_prefix,
            xml_namespace,
            global_endpoint,
            is_json_1_1: flags & 1 != 0,
            is_query_compatible: flags & 2 != 0,
            is_plain_json: flags & 4 != 0,
            protocols,
            unpacked_bytes: self.number(),
            packed: &[],
            unpacked: OnceLock::new(),
            model: OnceLock::new(),
        }
    }
}

fn protocol(byte: u8) -> Protocol {
    match byte {
        0 => Protocol::AwsJson,
        1 => Protocol::RestJson,
        2 => Protocol::RestXml,
        3 => Protocol::Query,
        4 => Protocol::Ec2,
        _ => Protocol::Cbor,
    }
}

fn timestamp(byte: u8) -> Option<TimestampFormat> {
    match byte {
        1 => Some(TimestampFormat::Iso8601),
        2 => Some(TimestampFormat::EpochSeconds),
        3 => Some(TimestampFormat::HttpDate),
        _ => None,
    }
}

struct Records<'a> {
    reader: Reader,
    texts: &'a [&'static str],
}

impl Records<'_> {
    fn text(&mut self) -> &'static str {
        let number = self.reader.number();
        self.texts.get(number).copied().unwrap_or_default()
    }

    fn some_shape(&mut self) -> Option<ShapeId> {
        self.reader.number().checked_sub(1).map(ShapeId)
    }

    fn bounds(&mut self) -> Bounds {
        let mut bound = || {
            let given = self.reader.number().checked_sub(1)?;
            let size = i64::try_from(given >> 1).ok()?;
            Some(if given & 1 == 1 { -size } else { size })
        };
        Bounds {
            min: bound(),
            max: bound(),
        }
    }

    fn places(&mut self) -> Vec<ShapeId> {
        let count = self.reader.number();
        (0..count).map(|_| ShapeId(self.reader.number())).collect()
    }

    fn shape(&mut self) -> Shape {
        match self.reader.byte() {
            0 => Shape::Structure(self.structure()),
            1 => {
                let item = self.reader.number();
                Shape::List(List {
                    item: ShapeId(item >> 1),
                    is_flattened: item & 1 == 1,
                    item_name: self.text(),
                    bounds: self.bounds(),
                })
            }
            2 => {
                let key = ShapeId(self.reader.number());
                let value = self.reader.number();
                Shape::Map(Map {
                    key,
                    value: ShapeId(value >> 1),
                    is_flattened: value & 1 == 1,
                    key_name: self.text(),
                    value_name: self.text(),
                    bounds: self.bounds(),
                })
            }
            3 => {
                let count = self.reader.number();
                Shape::Text {
                    words: (0..count).map(|_| self.text()).collect(),
                    bounds: self.bounds(),
                }
            }
            4 => Shape::Number {
                number: match self.reader.byte() {
                    0 => Number::Integer,
                    1 => Number::Long,
                    2 => Number::Float,
                    _ => Number::Double,
                },
                bounds: self.bounds(),
            },
            5 => Shape::Timestamp(timestamp(self.reader.byte())),
            6 => Shape::Boolean,
            7 => Shape::Blob {
                streaming: self.reader.byte() != 0,
            },
            _ => Shape::Document,
        }
    }

    fn structure(&mut self) -> Structure {
        let name = self.text();
        let flags = self.reader.byte();
        let error = (flags & 4 != 0).then(|| ErrorTraits {
            status: u16::try_from(self.reader.number())
                .ok()
                .filter(|it| *it > 0),
            code: self.text(),
            sender_fault: flags & 8 != 0,
            fault: flags & 16 != 0,
        });
        let payload = Some(self.text()).filter(|name| !name.is_empty());
        let count = self.reader.number();
        let mut members: Vec<Member> = (0..count).map(|_| self.member()).collect();
        members.sort_by_key(|member| member.name);
        Structure {
            name,
            is_union: flags & 1 != 0,
            is_event_stream: flags & 2 != 0,
            error,
            payload,
            members,
        }
    }

    fn member(&mut self) -> Member {
        let name = self.text();
        let shape = ShapeId(self.reader.number());
        let flags = self.reader.number();
        let is = |bit: u32| flags >> bit & 1 == 1;
        let mut some_text = || if is(1) { self.text() } else { "" };
        Member {
            name,
            shape,
            location_name: some_text(),
            query_name: some_text(),
            xml_namespace: some_text(),
            xml_prefix: some_text(),
            is_required: is(0),
            location: match flags >> 2 & 7 {
                1 => Location::Label,
                2 => Location::Query,
                3 => Location::Header,
                4 => Location::PrefixHeaders,
                5 => Location::StatusCode,
                _ => Location::Body,
            },
            timestamp: timestamp((flags >> 5 & 3).to_le_bytes()[0]),
            is_flattened: is(7),
            is_idempotency_token: is(8),
            is_xml_attribute: is(9),
            is_host_label: is(10),
            is_json_value: is(11),
        }
    }

    fn operation(&mut self) -> Operation {
        let [
            name,
            method,
            uri,
            host_prefix,
            input_name,
            input_namespace,
            result_wrapper,
        ] = std::array::from_fn(|_| self.text());
        let status = u16::try_from(self.reader.number()).unwrap_or(200);
        let (input, output) = (self.some_shape(), self.some_shape());
        let flags = self.reader.byte();
        Operation {
            name,
            method,
            uri,
            host_prefix,
            input_name,
            input_namespace,
            result_wrapper,
            status,
            input,
            output,
            is_unsigned: flags & 1 != 0,
            needs_checksum: flags & 2 != 0,
            errors: self.places(),
        }
    }
}
