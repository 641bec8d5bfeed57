//! The bytes of one object: read in ranges, decompressed where its name says so.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use passo_json::Json;
use passo_service::body;
use passo_vocab::Failure;

use super::calls::{Address, Calls, refused, unreadable};

/// Bytes asked for at once.
const RANGE_BYTES: u64 = 1 << 20;
/// The largest object. Source: Developer Guide, "ItemReader", quotas: 10 GB.
const OBJECT_BYTES_MAX: u64 = 10 * 1000 * 1000 * 1000;
/// Bytes that are decompressed at once.
const BUFFER_BYTES: usize = 64 << 10;

/// An object that is read from its beginning to its end, in ranges. It fails where it has changed meanwhile.
pub(super) struct ObjectBytes {
    calls: Arc<dyn Calls>,
    address: Address,
    etag: Option<String>,
    size: Option<u64>,
    next: u64,
    range: Vec<u8>,
    used: usize,
    /// Why a read failed: what an `io::Error` cannot carry.
    failure: Option<Failure>,
}

impl ObjectBytes {
    /// The object from byte `start`; `etag` is its entity tag where it was read before.
    pub(super) fn new(
        calls: Arc<dyn Calls>,
        address: Address,
        etag: Option<String>,
        start: u64,
    ) -> ObjectBytes {
        ObjectBytes {
            calls,
            address,
            etag,
            size: None,
            next: start,
            range: Vec::new(),
            used: 0,
            failure: None,
        }
    }

    /// How many bytes it has.
    ///
    /// # Errors
    /// Where S3 refuses.
    #[cfg(feature = "parquet")]
    pub(super) fn size(&mut self) -> Result<u64, Failure> {
        if self.size.is_none() {
            self.range(0, 1)?;
        }
        Ok(self.size.unwrap_or(0))
    }

    /// `length` bytes from `start` on; fewer where the object ends before.
    ///
    /// # Errors
    /// Where S3 refuses, or the object has changed.
    #[cfg(feature = "parquet")]
    pub(super) fn range(&mut self, start: u64, length: u64) -> Result<Vec<u8>, Failure> {
        let end = start.saturating_add(length);
        let mut bytes = Vec::new();
        let mut next = start;
        while next < end {
            let last = end.min(next.saturating_add(RANGE_BYTES)).saturating_sub(1);
            let got = self.get(next, last);
            let (part, etag, size) = got.inspect_err(|failure| {
                self.failure = Some(failure.clone());
            })?;
            self.size = self.size.or(Some(size));
            self.etag = self.etag.take().or(etag);
            if part.is_empty() {
                break;
            }
            next = next.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }

    /// The entity tag, once something was read.
    pub(super) fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }

    /// Why the last read failed.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failure.clone()
    }

    /// The next bytes of the object; none at its end.
    fn fetch(&mut self) -> Result<Vec<u8>, Failure> {
        if self.size.is_some_and(|size| self.next >= size) {
            return Ok(Vec::new());
        }
        let last = self.next.saturating_add(RANGE_BYTES - 1);
        let (bytes, etag, size) = self.get(self.next, last)?;
        if size > OBJECT_BYTES_MAX {
            return Err(unreadable(format!(
                "The object '{}' is larger than 10 GB.",
                self.address.key
            )));
        }
        self.size = Some(size);
        self.etag = self.etag.take().or(etag);
        self.next = self
            .next
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(bytes)
    }

    /// The bytes from `first` to `last`, the entity tag, and how many bytes there are in all.
    fn get(&self, first: u64, last: u64) -> Result<(Vec<u8>, Option<String>, u64), Failure> {
        let mut parameters = self.address.parameters();
        parameters
            .insert("Range", format!("bytes={first}-{last}"))
            .insert_some("IfMatch", self.etag.as_deref());
        let answer = self.calls.call("GetObject", Json::from(parameters.build()));
        let answer = match answer {
            Ok(answer) => answer,
            // There is nothing where the range begins.
            Err(fault) if fault.code == "InvalidRange" => return Ok((Vec::new(), None, first)),
            Err(fault) if fault.code == "PreconditionFailed" => {
                let cause = format!(
                    "The object '{}' changed while it was read.",
                    self.address.key
                );
                return Err(unreadable(cause));
            }
            Err(fault) => return Err(refused(&fault, &*self.calls)),
        };
        let bytes = answer.get("Body").and_then(body::bytes).unwrap_or_default();
        let etag = answer.get("ETag").and_then(Json::as_str).map(str::to_owned);
        let range = answer.get("ContentRange").and_then(Json::as_str);
        let size = range.and_then(|range| range.rsplit_once('/')?.1.parse().ok());
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        // Without a range in the answer it is the whole object.
        Ok((bytes.into_owned(), etag, size.unwrap_or(length)))
    }
}

impl Read for ObjectBytes {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.used >= self.range.len() {
            self.used = 0;
            self.range = match self.fetch() {
                Ok(range) => range,
                Err(failure) => {
                    self.failure = Some(failure);
                    return Err(io::Error::other("the object cannot be read"));
                }
            };
        }
        let rest = self.range.get(self.used..).unwrap_or_default();
        let length = rest.len().min(into.len());
        if let (Some(into), Some(rest)) = (into.get_mut(..length), rest.get(..length)) {
            into.copy_from_slice(rest);
        }
        self.used = self.used.saturating_add(length);
        Ok(length)
    }
}

/// The text of an object, counted.
pub(super) struct Text {
    source: Source,
    at: u64,
}

/// Where text comes from. The readers are boxed for their size.
enum Source {
    Plain(Box<BufReader<ObjectBytes>>),
    Gzip(Box<BufReader<flate2::read::MultiGzDecoder<ObjectBytes>>>),
    Zstd(Box<BufReader<super::zstd::Frames<ObjectBytes>>>),
}

impl Text {
    /// The text of the object at `address` from position `at`, which counts decompressed bytes. What is compressed has to be
    /// decompressed from its beginning.
    pub(super) fn open(
        calls: &Arc<dyn Calls>,
        address: &Address,
        etag: Option<String>,
        at: u64,
    ) -> Result<Text, Failure> {
        let compression = Compression::of(&address.key);
        let start = match compression {
            Compression::None => at,
            Compression::Gzip | Compression::Zstd => 0,
        };
        let bytes = ObjectBytes::new(Arc::clone(calls), address.clone(), etag, start);
        let source = match compression {
            Compression::None => Source::Plain(buffered(bytes)),
            Compression::Gzip => Source::Gzip(buffered(flate2::read::MultiGzDecoder::new(bytes))),
            Compression::Zstd => Source::Zstd(buffered(super::zstd::Frames::new(bytes))),
        };
        let mut text = Text { source, at: start };
        while text.at < at {
            let ready = u64::try_from(text.peek()?.len()).unwrap_or(u64::MAX);
            if ready == 0 {
                break;
            }
            let skipped = ready.min(at.saturating_sub(text.at));
            text.take(usize::try_from(skipped).unwrap_or(usize::MAX));
        }
        Ok(text)
    }

    /// What comes next; nothing at the end.
    pub(super) fn peek(&mut self) -> Result<&[u8], Failure> {
        let ready = match &mut self.source {
            Source::Plain(reader) => reader.fill_buf().map(drop),
            Source::Gzip(reader) => reader.fill_buf().map(drop),
            Source::Zstd(reader) => reader.fill_buf().map(drop),
        };
        match ready {
            Ok(()) => {}
            Err(error) => return Err(self.failure(&error)),
        }
        Ok(match &mut self.source {
            Source::Plain(reader) => reader.buffer(),
            Source::Gzip(reader) => reader.buffer(),
            Source::Zstd(reader) => reader.buffer(),
        })
    }

    /// What an error means for the Map run.
    fn failure(&self, error: &io::Error) -> Failure {
        let refused = self.bytes().failure();
        refused.unwrap_or_else(|| unreadable(format!("The object could not be read: {error}")))
    }

    fn bytes(&self) -> &ObjectBytes {
        match &self.source {
            Source::Plain(reader) => reader.get_ref(),
            Source::Gzip(reader) => reader.get_ref().get_ref(),
            Source::Zstd(reader) => reader.get_ref().get_ref(),
        }
    }

    /// The next byte; none at the end.
    pub(super) fn peek_byte(&mut self) -> Result<Option<u8>, Failure> {
        Ok(self.peek()?.first().copied())
    }

    /// Goes on by so many bytes of what was peeked at.
    pub(super) fn take(&mut self, bytes: usize) {
        match &mut self.source {
            Source::Plain(reader) => reader.consume(bytes),
            Source::Gzip(reader) => reader.consume(bytes),
            Source::Zstd(reader) => reader.consume(bytes),
        }
        self.at = self
            .at
            .saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// How many bytes were taken since the beginning of the object.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    /// The entity tag of the object, once something of it was read.
    pub(super) fn etag(&self) -> Option<&str> {
        self.bytes().etag()
    }

    /// All the rest, at most `most` bytes.
    pub(super) fn rest(&mut self, most: usize) -> Result<Vec<u8>, Failure> {
        let mut all = Vec::new();
        loop {
            let ready = self.peek()?;
            if ready.is_empty() {
                return Ok(all);
            }
            all.extend_from_slice(ready);
            let length = ready.len();
            self.take(length);
            if all.len() > most {
                return Err(unreadable("The manifest is too large."));
            }
        }
    }
}

fn buffered<R: Read>(reader: R) -> Box<BufReader<R>> {
    Box::new(BufReader::with_capacity(BUFFER_BYTES, reader))
}

/// How an object is compressed, by the end of its key.
///
/// Source: Developer Guide, "ItemReader": `.gz` and `.zstd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    fn of(key: &str) -> Compression {
        match key.rsplit_once('.') {
            Some((_, "gz")) => Compression::Gzip,
            Some((_, "zstd" | "zst")) => Compression::Zstd,
            Some(_) | None => Compression::None,
        }
    }
}
