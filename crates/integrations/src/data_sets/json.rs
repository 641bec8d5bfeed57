//! A JSON file: the elements of an array, or the members of an object, found without reading the file whole.

use std::sync::Arc;

use passo_engine::map::Item;
use passo_json::Json;
use passo_vocab::Failure;

use super::calls::unreadable;
use super::items::{ITEM_BYTES_MAX, Items, Memory, too_large};
use super::object::Text;

/// The items of one file.
pub(super) struct Elements {
    text: Text,
    is_object: bool,
    is_over: bool,
}

impl Elements {
    /// The items at `pointer`, from the beginning of the file.
    pub(super) fn at(mut text: Text, pointer: Option<&str>) -> Result<Elements, Failure> {
        if text.peek()?.starts_with(b"\xef\xbb\xbf") {
            text.take(3);
        }
        for token in tokens(pointer.unwrap_or_default())? {
            descend(&mut text, &token, pointer.unwrap_or_default())?;
        }
        let is_object = match blank(&mut text)? {
            Some(b'[') => false,
            Some(b'{') => true,
            // Recorded.
            Some(_) => return Err(unreadable("Attempting to map over non-iterable node.")),
            None => return Err(invalid()),
        };
        text.take(1);
        Ok(Elements {
            text,
            is_object,
            is_over: false,
        })
    }

    /// The items from where `text` stands, between two of them.
    pub(super) fn go_on(text: Text, is_object: bool) -> Elements {
        Elements {
            text,
            is_object,
            is_over: false,
        }
    }
}

impl Items for Elements {
    fn next(&mut self) -> Result<Option<(Item, usize)>, Failure> {
        if self.is_over {
            return Ok(None);
        }
        if blank(&mut self.text)? == Some(b',') {
            self.text.take(1);
            blank(&mut self.text)?;
        }
        let end = if self.is_object { b'}' } else { b']' };
        if self.text.peek_byte()? == Some(end) {
            self.is_over = true;
            return Ok(None);
        }
        let key: Option<Arc<str>> = match self.is_object {
            true => Some(Arc::from(key(&mut self.text)?)),
            false => None,
        };
        let mut value = Vec::new();
        scan(&mut self.text, Some(&mut value))?;
        let bytes = value.len();
        let value = parse(&value)?;
        Ok(Some((Item { value, key }, bytes)))
    }

    fn position(&self) -> u64 {
        self.text.position()
    }

    fn memory(&self) -> Memory {
        Memory {
            etag: self.text.etag().map(str::to_owned),
            headers: None,
            is_object: self.is_object,
        }
    }
}

fn invalid() -> Failure {
    unreadable("The JSON file is not valid JSON.")
}

fn parse(text: &[u8]) -> Result<Json, Failure> {
    Json::parse(&String::from_utf8_lossy(text))
        .map_err(|error| unreadable(format!("The JSON file is not valid JSON: {error}")))
}

/// The parts of a JSON pointer (RFC 6901).
fn tokens(pointer: &str) -> Result<Vec<String>, Failure> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let Some(rest) = pointer.strip_prefix('/') else {
        return Err(unreadable(format!(
            "ItemsPointer '{pointer}' is not a JSON Pointer."
        )));
    };
    let plain = |token: &str| token.replace("~1", "/").replace("~0", "~");
    Ok(rest.split('/').map(plain).collect())
}

/// Goes to the value that `token` names inside the one that comes next.
fn descend(text: &mut Text, token: &str, pointer: &str) -> Result<(), Failure> {
    let missing = || {
        unreadable(format!(
            "ItemsPointer '{pointer}' matches nothing in the JSON file."
        ))
    };
    let opened = blank(text)?.ok_or_else(invalid)?;
    if opened != b'{' && opened != b'[' {
        return Err(missing());
    }
    text.take(1);
    let mut index = 0_u64;
    loop {
        match blank(text)?.ok_or_else(invalid)? {
            b'}' | b']' => return Err(missing()),
            b',' => text.take(1),
            _ => {}
        }
        let is_it = if opened == b'{' {
            key(text)? == token
        } else {
            token.parse() == Ok(index)
        };
        index = index.saturating_add(1);
        if is_it {
            return Ok(());
        }
        scan(text, None)?;
    }
}

/// A member's name and its colon.
fn key(text: &mut Text) -> Result<String, Failure> {
    if blank(text)? != Some(b'"') {
        return Err(invalid());
    }
    let mut quoted = Vec::new();
    scan(text, Some(&mut quoted))?;
    let key = parse(&quoted)?
        .as_str()
        .map(str::to_owned)
        .ok_or_else(invalid)?;
    if blank(text)? != Some(b':') {
        return Err(invalid());
    }
    text.take(1);
    Ok(key)
}

/// Goes on to what is no blank, and gives it.
fn blank(text: &mut Text) -> Result<Option<u8>, Failure> {
    loop {
        let ready = text.peek()?;
        let blanks = ready
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        if blanks < ready.len() || ready.is_empty() {
            text.take(blanks);
            return text.peek_byte();
        }
        text.take(blanks);
    }
}

/// Goes past one value, and keeps its text where it is wanted. It only looks for the end: what is kept is parsed later.
fn scan(text: &mut Text, mut kept: Option<&mut Vec<u8>>) -> Result<(), Failure> {
    blank(text)?;
    let mut scan = Scan::default();
    loop {
        let ready = text.peek()?;
        if ready.is_empty() {
            // Only a number, true, false or null ends with the file.
            return if scan.is_scalar {
                Ok(())
            } else {
                Err(invalid())
            };
        }
        let mut taken = 0_usize;
        let mut is_over = false;
        for byte in ready {
            match scan.push(*byte) {
                Step::Inside => taken = taken.saturating_add(1),
                Step::Last => {
                    taken = taken.saturating_add(1);
                    is_over = true;
                    break;
                }
                Step::After => {
                    is_over = true;
                    break;
                }
            }
        }
        if let (Some(kept), Some(part)) = (kept.as_deref_mut(), ready.get(..taken)) {
            kept.extend_from_slice(part);
            if kept.len() > ITEM_BYTES_MAX {
                return Err(too_large());
            }
        }
        text.take(taken);
        if is_over {
            return Ok(());
        }
    }
}

/// Where in a value a byte stands.
#[derive(Default)]
struct Scan {
    depth: u64,
    is_string: bool,
    is_escaped: bool,
    is_scalar: bool,
}

enum Step {
    Inside,
    /// The value ends with this byte.
    Last,
    /// The value ended with the byte before.
    After,
}

impl Scan {
    fn push(&mut self, byte: u8) -> Step {
        if self.is_string {
            match byte {
                _ if std::mem::take(&mut self.is_escaped) => {}
                b'\\' => self.is_escaped = true,
                b'"' => {
                    self.is_string = false;
                    return self.close(0);
                }
                _ => {}
            }
            return Step::Inside;
        }
        match byte {
            b'"' if !self.is_scalar => self.is_string = true,
            b'{' | b'[' if !self.is_scalar => self.depth = self.depth.saturating_add(1),
            b'}' | b']' if self.depth > 0 => return self.close(1),
            b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' if self.depth == 0 => {
                return Step::After;
            }
            _ => self.is_scalar = self.depth == 0,
        }
        Step::Inside
    }

    fn close(&mut self, by: u64) -> Step {
        self.depth = self.depth.saturating_sub(by);
        match self.depth {
            0 => Step::Last,
            _ => Step::Inside,
        }
    }
}
