//! Delimited text, read as Step Functions reads it.
//!
//! Source: Developer Guide, "ItemReader", "How Step Functions parses delimited files"; recorded: rows with fewer and with more
//! fields, rows of blanks, the order of an item's members.

use std::sync::Arc;

use passo_engine::map::Item;
use passo_json::{Json, ObjectBuilder};
use passo_vocab::Failure;

use super::calls::unreadable;
use super::items::{ITEM_BYTES_MAX, Items, Memory, plain, too_large};
use super::object::Text;

/// Bytes of all headers together. Source: Developer Guide, "ItemReader": 10 KiB.
const HEADER_BYTES_MAX: usize = 10 << 10;

/// The rows of one file.
pub(super) struct Rows {
    text: Text,
    delimiter: u8,
    headers: Vec<String>,
    /// The members of an item in the order that they are shown in: the column, and its name.
    shown: Vec<(usize, Arc<str>)>,
}

impl Rows {
    /// The rows from where `text` stands. Without `headers` it stands at the beginning, and the first row has them.
    pub(super) fn new(
        mut text: Text,
        delimiter: u8,
        headers: Option<Vec<String>>,
    ) -> Result<Rows, Failure> {
        if text.position() == 0 && text.peek()?.starts_with(b"\xef\xbb\xbf") {
            text.take(3);
        }
        let headers = match headers {
            Some(headers) => headers,
            None => row(&mut text, delimiter)?
                .map(|(fields, _)| fields)
                .unwrap_or_default(),
        };
        check(&headers)?;
        let shown = java_order(&headers);
        Ok(Rows {
            text,
            delimiter,
            headers,
            shown,
        })
    }
}

impl Items for Rows {
    fn next(&mut self) -> Result<Option<(Item, usize)>, Failure> {
        let Some((mut fields, bytes)) = row(&mut self.text, self.delimiter)? else {
            return Ok(None);
        };
        let mut item = ObjectBuilder::new();
        for (column, name) in &self.shown {
            let field = fields.get_mut(*column).map(std::mem::take);
            item.insert(Arc::clone(name), field.unwrap_or_default());
        }
        Ok(Some((plain(Json::from(item.build())), bytes)))
    }

    fn position(&self) -> u64 {
        self.text.position()
    }

    fn memory(&self) -> Memory {
        Memory {
            etag: self.text.etag().map(str::to_owned),
            headers: Some(self.headers.clone()),
            is_object: false,
        }
    }
}

/// Whether the headers can be headers; the words for those that are there twice are recorded.
fn check(headers: &[String]) -> Result<(), Failure> {
    let bytes: usize = headers.iter().map(String::len).sum();
    if bytes > HEADER_BYTES_MAX {
        return Err(unreadable("CSV headers cannot exceed 10 KB."));
    }
    let mut sorted: Vec<&String> = headers.iter().collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(unreadable("CSV headers cannot contain duplicates."));
    }
    Ok(())
}

/// The columns in the order in which AWS shows an item's members. Step Functions is a Java program that keeps an item in a
/// `HashMap`; this is the order of its buckets. Recorded for a header without a name, which comes before the others, and
/// in the Developer Guide's example of a CSV file.
fn java_order(headers: &[String]) -> Vec<(usize, Arc<str>)> {
    let mut buckets = 16_usize;
    while headers.len().saturating_mul(4) > buckets.saturating_mul(3) {
        buckets = buckets.saturating_mul(2);
    }
    let mask = u32::try_from(buckets.saturating_sub(1)).unwrap_or(u32::MAX);
    let bucket = |name: &str| {
        let units = name.encode_utf16();
        let hash = units.fold(0_u32, |hash, unit| {
            hash.wrapping_mul(31).wrapping_add(u32::from(unit))
        });
        (hash ^ (hash >> 16)) & mask
    };
    let mut shown: Vec<(usize, Arc<str>)> = headers
        .iter()
        .enumerate()
        .map(|(column, name)| (column, Arc::from(&**name)))
        .collect();
    shown.sort_by_key(|(_, name)| bucket(name));
    shown
}

/// Where in a row a byte stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Before the first byte of a field.
    Start,
    /// In a field without quotation marks, or after them.
    Bare,
    /// Between quotation marks.
    Quoted,
    /// After what may be the second mark.
    Mark,
}

/// Takes the next row that is not empty, and how many bytes it has; none at the end.
fn row(text: &mut Text, delimiter: u8) -> Result<Option<(Vec<String>, usize)>, Failure> {
    loop {
        let mut row = Row {
            delimiter,
            fields: Vec::new(),
            field: Vec::new(),
            place: Place::Start,
            is_escaped: false,
            bytes: 0,
        };
        let is_over = row.read(text)?;
        let is_empty = row.fields.is_empty()
            && matches!(
                (row.place, &*row.field),
                (Place::Start, b"") | (Place::Bare, b"\r")
            );
        if !is_empty {
            let bytes = row.bytes;
            return Ok(Some((row.finish(), bytes)));
        }
        if is_over {
            return Ok(None);
        }
    }
}

struct Row {
    delimiter: u8,
    fields: Vec<String>,
    field: Vec<u8>,
    place: Place,
    /// Whether the byte before is a backslash that may be meant for the next.
    is_escaped: bool,
    bytes: usize,
}

impl Row {
    /// Reads until the row ends. Whether the file does.
    fn read(&mut self, text: &mut Text) -> Result<bool, Failure> {
        loop {
            let ready = text.peek()?;
            if ready.is_empty() {
                return Ok(true);
            }
            let mut taken = 0_usize;
            let mut is_over = false;
            for byte in ready {
                taken = taken.saturating_add(1);
                is_over = self.push(*byte);
                if is_over {
                    break;
                }
            }
            text.take(taken);
            self.bytes = self.bytes.saturating_add(taken);
            if self.bytes > ITEM_BYTES_MAX {
                return Err(too_large());
            }
            if is_over {
                return Ok(false);
            }
        }
    }

    /// Takes one byte. Whether the row ends with it.
    fn push(&mut self, byte: u8) -> bool {
        if std::mem::take(&mut self.is_escaped)
            && (byte == b'\\' || byte == b'"' || byte == self.delimiter)
        {
            return self.keep(byte);
        }
        match (self.place, byte) {
            // A backslash before any other byte is dropped.
            (Place::Start | Place::Bare | Place::Quoted, b'\\') => self.is_escaped = true,
            (Place::Start, b'"') => self.place = Place::Quoted,
            (Place::Quoted, b'"') => self.place = Place::Mark,
            (Place::Mark, b'"') => {
                self.field.push(b'"');
                self.place = Place::Quoted;
            }
            (Place::Quoted, _) => self.field.push(byte),
            (_, b'\n') => return true,
            (_, _) if byte == self.delimiter => self.end_field(),
            (Place::Start | Place::Bare | Place::Mark, _) => return self.keep(byte),
        }
        false
    }

    fn keep(&mut self, byte: u8) -> bool {
        self.field.push(byte);
        if self.place != Place::Quoted {
            self.place = Place::Bare;
        }
        false
    }

    fn end_field(&mut self) {
        let field = std::mem::take(&mut self.field);
        let field = match String::from_utf8(field) {
            Ok(field) => field,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        self.fields.push(field);
        self.place = Place::Start;
    }

    fn finish(mut self) -> Vec<String> {
        // The end of a line may be two bytes.
        if self.place != Place::Quoted && self.field.last() == Some(&b'\r') {
            self.field.pop();
        }
        self.end_field();
        self.fields
    }
}
