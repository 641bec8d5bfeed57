//! Keys of the three tables.

use passo_runtime::Key;
use passo_store::{KeyRange, Space};

use crate::Place;

/// `account/region/name` to a group.
pub(crate) const GROUPS: Space = Space::new("log-group");
/// The key of a group, and the name of a stream, to the stream.
pub(crate) const STREAMS: Space = Space::new("log-stream");
/// The key of a stream, time and sequence, to an event.
pub(crate) const EVENTS: Space = Space::new("log-event");

pub(crate) fn group(place: &Place) -> Vec<u8> {
    format!("{}/{}/{}", place.account, place.region, place.group).into_bytes()
}

pub(crate) fn groups(account: &str, region: &str, prefix: &str) -> KeyRange {
    KeyRange::prefix(format!("{account}/{region}/{prefix}").as_bytes())
}

fn group_key(place: &Place) -> Key {
    Key::of(&place.arn())
}

pub(crate) fn stream(place: &Place, stream: &str) -> Vec<u8> {
    let mut key = group_key(place).as_bytes().to_vec();
    key.extend_from_slice(stream.as_bytes());
    key
}

pub(crate) fn streams(place: &Place, prefix: &str) -> KeyRange {
    KeyRange::prefix(&stream(place, prefix))
}

/// The name of a stream, from its key.
pub(crate) fn stream_name(key: &[u8]) -> Option<&str> {
    std::str::from_utf8(key.get(Key::BYTES..)?).ok()
}

fn stream_key(place: &Place, stream: &str) -> Key {
    Key::of(&format!("{}:log-stream:{stream}", place.arn()))
}

pub(crate) fn event(place: &Place, stream: &str, at: i64, sequence: u64) -> Vec<u8> {
    let mut key = stream_key(place, stream).as_bytes().to_vec();
    key.extend(time_bytes(at));
    key.extend(sequence.to_be_bytes());
    key
}

/// Every event of a stream.
pub(crate) fn events(place: &Place, stream: &str) -> KeyRange {
    KeyRange::prefix(stream_key(place, stream).as_bytes())
}

/// Times before 1970 sort first.
fn time_bytes(at: i64) -> [u8; 8] {
    (at.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// The time of such bytes.
pub(crate) fn time(bytes: &[u8]) -> Option<i64> {
    let bits = u64::from_be_bytes(bytes.try_into().ok()?);
    Some((bits ^ (1 << 63)).cast_signed())
}
