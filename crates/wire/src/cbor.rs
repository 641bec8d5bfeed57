//! Smithy RPC v2 CBOR: bodies in CBOR (RFC 8949) to canonical values and back.
//!
//! Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol".

use passo_json::{Json, Number, ObjectBuilder};
use passo_model::{Model, Number as Kind, Shape, ShapeId};

use crate::problem::{DEPTH_MAX, Problem};
use crate::{scalar, time};

fn malformed() -> Problem {
    Problem::new("The body is not well-formed CBOR.")
}

/// A value in CBOR, read without a model. Byte strings are kept apart from texts.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Json(Json),
    Bytes(Vec<u8>),
    Array(Vec<Item>),
    Map(Vec<(String, Item)>),
}

/// The canonical form of a body of that shape.
pub(crate) fn read(model: &Model, shape: Option<ShapeId>, body: &[u8]) -> Result<Json, Problem> {
    if body.is_empty() {
        return Ok(Json::from(ObjectBuilder::new().build()));
    }
    let mut reader = Reader { rest: body };
    let item = reader.item(0)?;
    if !matches!(item, Item::Map(_)) {
        return Err(Problem::new("A map is expected."));
    }
    canonical(model, shape, item)
}

/// As deep as what [`Reader::item`] takes.
fn canonical(model: &Model, shape: Option<ShapeId>, item: Item) -> Result<Json, Problem> {
    let known = shape.map(|shape| model.shape(shape));
    Ok(match (known, item) {
        (Some(Shape::Structure(structure)), Item::Map(entries)) => {
            let mut out = ObjectBuilder::new();
            for (name, entry) in entries {
                let member = structure.member(&name);
                if let Some(member) = member.filter(|_| entry != Item::Json(Json::Null)) {
                    out.insert(member.name, canonical(model, Some(member.shape), entry)?);
                }
            }
            Json::from(out.build())
        }
        (Some(Shape::Timestamp(_)), Item::Json(Json::Number(number))) => {
            Number::integral(number.as_f64()).map_or(Json::Null, Json::Number)
        }
        (Some(Shape::Timestamp(_)), Item::Json(Json::String(text))) => {
            time::read(&text).ok_or_else(|| Problem::new("A timestamp is expected."))?
        }
        (known, Item::Array(items)) => {
            let of = match known {
                Some(Shape::List(list)) => Some(list.item),
                _ => None,
            };
            let items = items.into_iter().map(|item| canonical(model, of, item));
            Json::from(items.collect::<Result<Vec<Json>, _>>()?)
        }
        (known, Item::Map(entries)) => {
            let of = match known {
                Some(Shape::Map(map)) => Some(map.value),
                _ => None,
            };
            let mut out = ObjectBuilder::new();
            for (name, entry) in entries {
                out.insert(name, canonical(model, of, entry)?);
            }
            Json::from(out.build())
        }
        (_, Item::Bytes(bytes)) => scalar::blob(&bytes),
        (_, Item::Json(value)) => value,
    })
}

struct Reader<'a> {
    rest: &'a [u8],
}

/// The head of an item: its major type, what it counts, and whether its length is open.
struct Head {
    major: u8,
    low: u8,
    count: u64,
}

const OPEN: u8 = 31;

impl Reader<'_> {
    fn take(&mut self, count: u64) -> Result<&[u8], Problem> {
        let count = usize::try_from(count).map_err(|_| malformed())?;
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    fn head(&mut self) -> Result<Head, Problem> {
        let first = self.take(1)?.first().copied().ok_or_else(malformed)?;
        let (major, low) = (first >> 5, first & 31);
        let count = match low {
            0..=23 => u64::from(low),
            24..=27 => {
                let bytes = self.take(1 << (low - 24))?.iter();
                bytes.fold(0_u64, |all, byte| all << 8 | u64::from(*byte))
            }
            OPEN => 0,
            _ => return Err(malformed()),
        };
        Ok(Head { major, low, count })
    }

    /// Whether the end of an item of open length is next; it is taken.
    fn ends(&mut self) -> bool {
        match self.rest.split_first() {
            Some((0xff, rest)) => {
                self.rest = rest;
                true
            }
            Some(_) | None => false,
        }
    }

    /// As deep as [`DEPTH_MAX`].
    fn item(&mut self, depth: usize) -> Result<Item, Problem> {
        if depth > DEPTH_MAX {
            return Err(Problem::too_deep());
        }
        let head = self.head()?;
        let is_open = head.low == OPEN;
        if is_open && !matches!(head.major, 2..=5) {
            return Err(malformed());
        }
        Ok(match head.major {
            0 => Item::Json(integer(head.count, false)),
            1 => Item::Json(integer(head.count, true)),
            2 => Item::Bytes(self.string(&head)?),
            3 => {
                let bytes = self.string(&head)?;
                let text = String::from_utf8(bytes).map_err(|_| malformed())?;
                Item::Json(Json::from(text))
            }
            4 => {
                let mut items = Vec::new();
                while self.goes_on(is_open, items.len(), head.count) {
                    items.push(self.item(depth + 1)?);
                }
                Item::Array(items)
            }
            5 => {
                let mut entries = Vec::new();
                while self.goes_on(is_open, entries.len(), head.count) {
                    let Item::Json(Json::String(name)) = self.item(depth + 1)? else {
                        return Err(Problem::new("The key of a map is a string."));
                    };
                    entries.push((name.to_string(), self.item(depth + 1)?));
                }
                Item::Map(entries)
            }
            // Times are tagged; what a number means is in the model.
            6 => self.item(depth + 1)?,
            _ => Item::Json(simple(&head)?),
        })
    }

    fn goes_on(&mut self, is_open: bool, had: usize, count: u64) -> bool {
        if is_open {
            return !self.ends();
        }
        u64::try_from(had).is_ok_and(|had| had < count)
    }

    fn string(&mut self, head: &Head) -> Result<Vec<u8>, Problem> {
        if head.low != OPEN {
            return self.take(head.count).map(<[u8]>::to_vec);
        }
        let mut all = Vec::new();
        while !self.ends() {
            let piece = self.head()?;
            if piece.major != head.major || piece.low == OPEN {
                return Err(malformed());
            }
            all.extend_from_slice(self.take(piece.count)?);
        }
        Ok(all)
    }
}

fn integer(count: u64, is_negative: bool) -> Json {
    match (i64::try_from(count), is_negative) {
        (Ok(count), false) => Json::from(count),
        (Ok(count), true) => Json::from(-1 - count),
        (Err(_), _) => {
            #[expect(
                clippy::cast_precision_loss,
                reason = "beyond 64 bits only the size counts"
            )]
            let size = count as f64;
            let value = if is_negative { -1.0 - size } else { size };
            Number::from_f64(value).map_or(Json::Null, Json::Number)
        }
    }
}

fn simple(head: &Head) -> Result<Json, Problem> {
    let low_bits = |count: u64| u32::try_from(count & 0xffff_ffff).unwrap_or_default();
    let value = match (head.low, head.count) {
        (20, _) => return Ok(Json::from(false)),
        (21, _) => return Ok(Json::from(true)),
        (22 | 23, _) => return Ok(Json::Null),
        (25, bits) => half(low_bits(bits)),
        (26, bits) => f64::from(f32::from_bits(low_bits(bits))),
        (27, bits) => f64::from_bits(bits),
        _ => return Err(malformed()),
    };
    Ok(match Number::from_f64(value) {
        Some(number) => Json::Number(number),
        None if value.is_nan() => Json::from("NaN"),
        None if value > 0.0 => Json::from("Infinity"),
        None => Json::from("-Infinity"),
    })
}

/// IEEE 754 binary16 (RFC 8949, appendix D).
fn half(bits: u32) -> f64 {
    let exponent = bits >> 10 & 31;
    let fraction = f64::from(bits & 0x3ff);
    let size = match exponent {
        0 => fraction * 2.0_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => {
            let power = i32::try_from(exponent).unwrap_or_default() - 25;
            (fraction + 1024.0) * 2.0_f64.powi(power)
        }
    };
    if bits & 0x8000 == 0 { size } else { -size }
}

/// A body of that shape from its canonical form.
pub(crate) fn write(
    model: &Model,
    shape: Option<ShapeId>,
    value: &Json,
) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::new();
    below(model, shape, value, 0, &mut out)?;
    Ok(out)
}

/// As deep as [`DEPTH_MAX`].
fn below(
    model: &Model,
    id: Option<ShapeId>,
    value: &Json,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Problem> {
    if depth > DEPTH_MAX {
        return Err(Problem::too_deep());
    }
    let shape = id.map(|id| model.shape(id));
    match (shape, value) {
        (Some(Shape::Structure(structure)), Json::Object(_)) => {
            let members = structure.members.iter();
            let given: Vec<_> = members
                .filter_map(|member| Some((member, value.get(member.name)?)))
                .filter(|(_, given)| !given.is_null())
                .collect();
            head(5, given.len(), out);
            for (member, given) in given {
                text(member.name, out);
                below(model, Some(member.shape), given, depth + 1, out)?;
            }
        }
        (Some(Shape::Timestamp(_)), Json::Number(_) | Json::String(_)) => {
            let read = value.as_str().and_then(time::read);
            // Tag 1: seconds since 1970.
            out.push(0xc1);
            number(read.as_ref().unwrap_or(value), false, out);
        }
        (Some(Shape::Blob { .. }), Json::String(_)) => {
            let bytes = scalar::bytes_of(value);
            head(2, bytes.len(), out);
            out.extend(bytes);
        }
        (Some(Shape::Number { number: kind, .. }), _) => {
            let is_float = matches!(kind, Kind::Float | Kind::Double);
            number(value, is_float, out);
        }
        (_, Json::Null) => out.push(0xf6),
        (_, Json::Bool(is)) => out.push(if *is { 0xf5 } else { 0xf4 }),
        (_, Json::Number(_)) => number(value, false, out),
        (_, Json::String(it)) => text(it, out),
        (shape, Json::Array(items)) => {
            let of = match shape {
                Some(Shape::List(list)) => Some(list.item),
                _ => None,
            };
            head(4, items.len(), out);
            for item in items.iter() {
                below(model, of, item, depth + 1, out)?;
            }
        }
        (shape, Json::Object(entries)) => {
            let of = match shape {
                Some(Shape::Map(map)) => Some(map.value),
                _ => None,
            };
            head(5, entries.len(), out);
            for (name, entry) in entries.iter() {
                text(name, out);
                below(model, of, entry, depth + 1, out)?;
            }
        }
    }
    Ok(())
}

fn number(value: &Json, as_float: bool, out: &mut Vec<u8>) {
    let special = match value.as_str() {
        Some("NaN") => Some(f64::NAN),
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        Some(other) => return text(other, out),
        None => None,
    };
    let whole = value
        .as_i64()
        .filter(|_| !as_float && matches!(value, Json::Number(Number::Int(_))));
    match (whole, special.or_else(|| value.as_f64())) {
        (Some(whole), _) => {
            let size = whole.unsigned_abs();
            if whole < 0 {
                head_u64(1, size.saturating_sub(1), out);
            } else {
                head_u64(0, size, out);
            }
        }
        (None, Some(float)) => {
            out.push(0xfb);
            out.extend(float.to_be_bytes());
        }
        // It is no number at all: whoever reads it says so.
        (None, None) => text(&value.to_text(), out),
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    head(3, text.len(), out);
    out.extend(text.as_bytes());
}

fn head(major: u8, count: usize, out: &mut Vec<u8>) {
    head_u64(major, u64::try_from(count).unwrap_or(u64::MAX), out);
}

fn head_u64(major: u8, count: u64, out: &mut Vec<u8>) {
    let top = major << 5;
    if let Ok(short) = u8::try_from(count) {
        if short < 24 {
            out.push(top | short);
        } else {
            out.extend([top | 24, short]);
        }
    } else if let Ok(count) = u16::try_from(count) {
        out.push(top | 25);
        out.extend(count.to_be_bytes());
    } else if let Ok(count) = u32::try_from(count) {
        out.push(top | 26);
        out.extend(count.to_be_bytes());
    } else {
        out.push(top | 27);
        out.extend(count.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expect: Option<&str>) {
        let model = passo_model::find("cloudwatch").unwrap().model();
        let read = read(model, None, bytes).ok().map(|value| value.to_text());
        assert_eq!(read.as_deref(), expect, "{bytes:x?}");
    }

    #[test]
    fn every_kind_of_item_is_read() {
        for (bytes, expect) in [
            (&b"\xa1\x61a\x18\x64"[..], r#"{"a":100}"#),
            (b"\xa1\x61a\x38\x63", r#"{"a":-100}"#),
            (
                b"\xbf\x61a\x9f\x01\xf5\xf6\xff\xff",
                r#"{"a":[1,true,null]}"#,
            ),
            (b"\xa1\x61a\xf9\x3e\x00", r#"{"a":1.5}"#),
            (b"\xa1\x61a\xfa\x3f\xc0\x00\x00", r#"{"a":1.5}"#),
            (
                b"\xa1\x61a\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00",
                r#"{"a":"Infinity"}"#,
            ),
            (b"\xa1\x61a\xc1\x1a\x00\x00\x00\x05", r#"{"a":5}"#),
            (b"\xa1\x61a\x42\xff\x00", r#"{"a":"/wA="}"#),
            (b"\xa1\x61a\x7f\x61b\x61c\xff", r#"{"a":"bc"}"#),
            (b"", "{}"),
        ] {
            check(bytes, Some(expect));
        }
    }

    #[test]
    fn what_is_broken_is_refused() {
        for bytes in [
            &b"\x01"[..],
            b"\xa1",
            b"\xa1\x61a",
            b"\xa1\x01\x01",
            b"\xbf\x61a\x01",
            b"\xa1\x61a\x1c",
            b"\xa1\x61a\x62\xff\xff",
            b"\xff",
            b"\xa1\x61a\x7f\x42ab\xff",
            b"\xa1\x61a\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
        ] {
            check(bytes, None);
        }
        check(&[b"\xa1\x61a".to_vec(), vec![0x81; 100_000]].concat(), None);
    }
}
