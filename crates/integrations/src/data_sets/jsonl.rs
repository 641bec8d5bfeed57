//! JSON Lines: an item on each line.

use passo_engine::map::Item;
use passo_json::Json;
use passo_vocab::Failure;

use super::calls::unreadable;
use super::items::{ITEM_BYTES_MAX, Items, Memory, plain, too_large};
use super::object::Text;

/// The items of one file.
pub(super) struct Lines {
    text: Text,
}

impl Lines {
    pub(super) fn new(text: Text) -> Lines {
        Lines { text }
    }
}

impl Items for Lines {
    fn next(&mut self) -> Result<Option<(Item, usize)>, Failure> {
        loop {
            let Some(line) = line(&mut self.text)? else {
                return Ok(None);
            };
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_start_matches('\u{feff}').trim();
            if text.is_empty() {
                continue;
            }
            let value = Json::parse(text).map_err(|error| {
                unreadable(format!(
                    "A line of the JSON Lines file is not valid JSON: {error}"
                ))
            })?;
            return Ok(Some((plain(value), line.len())));
        }
    }

    fn position(&self) -> u64 {
        self.text.position()
    }

    fn memory(&self) -> Memory {
        Memory {
            etag: self.text.etag().map(str::to_owned),
            ..Memory::default()
        }
    }
}

/// The next line without its end; none at the end of the file.
pub(super) fn line(text: &mut Text) -> Result<Option<Vec<u8>>, Failure> {
    let mut line = Vec::new();
    let mut is_there = false;
    loop {
        let ready = text.peek()?;
        if ready.is_empty() {
            return Ok(is_there.then_some(line));
        }
        is_there = true;
        let end = ready.iter().position(|byte| *byte == b'\n');
        let part = ready.get(..end.unwrap_or(ready.len())).unwrap_or_default();
        line.extend_from_slice(part);
        let taken = part.len().saturating_add(usize::from(end.is_some()));
        text.take(taken);
        if line.len() > ITEM_BYTES_MAX {
            return Err(too_large());
        }
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}
