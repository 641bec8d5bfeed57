//! Parquet files: an item for each row.
//!
//! Source: Developer Guide, "ItemReader": the bounds of a footer and of a row group. How AWS shows values that JSON does not have is
//! not known: dates and times are ISO 8601 texts here, decimals are texts, and bytes are Base64.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, FileReader as _, Length};
use parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use passo_engine::map::Item;
use passo_json::{Json, ObjectBuilder};
use passo_vocab::{Failure, Timestamp};

use super::calls::{Address, Calls, unreadable};
use super::items::{Items, Memory, plain};
use super::object::ObjectBytes;

/// The largest row group. Source: Developer Guide, "ItemReader".
const ROW_GROUP_BYTES_MAX: i64 = 256 << 20;
/// The largest footer. Source: as above.
const FOOTER_BYTES_MAX: u64 = 5 << 20;
/// What stands at the end of a file: the length of the footer, and four letters.
const TAIL_BYTES: u64 = 8;

/// The rows of one file.
pub(super) struct Table {
    rows: RowIter<'static>,
    /// The number of the next row in the file.
    next: u64,
    ranges: Ranges,
}

impl Table {
    /// The rows of the file at `address` from row `start` on.
    ///
    /// # Errors
    /// Where S3 refuses, or it is no Parquet file that can be read.
    pub(super) fn open(
        calls: &Arc<dyn Calls>,
        address: &Address,
        etag: Option<String>,
        start: Option<u64>,
    ) -> Result<Table, Failure> {
        let bytes = ObjectBytes::new(Arc::clone(calls), address.clone(), etag, 0);
        let ranges = Ranges::open(bytes)?;
        let start = start.unwrap_or(0);
        let failure = |error: ParquetError| ranges.failure(&error);
        let whole = SerializedFileReader::new(ranges.clone()).map_err(failure)?;
        let (mut before, mut group) = (0_u64, 0_usize);
        for metadata in whole.metadata().row_groups() {
            if metadata.total_byte_size() > ROW_GROUP_BYTES_MAX {
                return Err(unreadable(
                    "A row group of the Parquet file is larger than 256 MB.",
                ));
            }
            let rows = u64::try_from(metadata.num_rows()).unwrap_or(0);
            if before.saturating_add(rows) <= start {
                before = before.saturating_add(rows);
                group = group.saturating_add(1);
            }
        }
        let wanted = move |_: &RowGroupMetaData, number: usize| number >= group;
        let options = ReadOptionsBuilder::new()
            .with_predicate(Box::new(wanted))
            .build();
        let file = SerializedFileReader::new_with_options(ranges.clone(), options);
        let rows = RowIter::from_file_into(Box::new(file.map_err(failure)?));
        let mut table = Table {
            rows,
            next: before,
            ranges,
        };
        while table.next < start && table.row()?.is_some() {}
        Ok(table)
    }

    fn row(&mut self) -> Result<Option<Row>, Failure> {
        let Some(row) = self.rows.next() else {
            return Ok(None);
        };
        self.next = self.next.saturating_add(1);
        row.map(Some).map_err(|error| self.ranges.failure(&error))
    }
}

impl Items for Table {
    fn next(&mut self) -> Result<Option<(Item, usize)>, Failure> {
        let Some(row) = self.row()? else {
            return Ok(None);
        };
        let item = object(&row);
        let bytes = item.text_bytes();
        Ok(Some((plain(item), bytes)))
    }

    fn position(&self) -> u64 {
        self.next
    }

    fn memory(&self) -> Memory {
        Memory {
            etag: self.ranges.object().etag().map(str::to_owned),
            ..Memory::default()
        }
    }
}

/// An object whose bytes are read from anywhere. Clones read the same object.
#[derive(Clone)]
struct Ranges {
    object: Arc<Mutex<ObjectBytes>>,
    size: u64,
}

impl Ranges {
    fn open(mut object: ObjectBytes) -> Result<Ranges, Failure> {
        let size = object.size()?;
        let tail = size.saturating_sub(TAIL_BYTES);
        let tail = object.range(tail, TAIL_BYTES)?;
        let length = tail.first_chunk().map(|length| u32::from_le_bytes(*length));
        if u64::from(length.unwrap_or(0)) > FOOTER_BYTES_MAX {
            return Err(unreadable(
                "The footer of the Parquet file is larger than 5 MB.",
            ));
        }
        Ok(Ranges {
            object: Arc::new(Mutex::new(object)),
            size,
        })
    }

    fn object(&self) -> std::sync::MutexGuard<'_, ObjectBytes> {
        self.object.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an error means for the Map run: what S3 has refused comes first.
    fn failure(&self, error: &ParquetError) -> Failure {
        let refused = self.object().failure();
        refused.unwrap_or_else(|| unreadable(format!("The Parquet file cannot be read: {error}")))
    }

    fn bytes(&self, start: u64, length: u64) -> Result<Vec<u8>, ParquetError> {
        let bytes = self.object().range(start, length);
        bytes.map_err(|_| ParquetError::General("the object cannot be read".to_owned()))
    }
}

impl Length for Ranges {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for Ranges {
    type T = Chunk;

    fn get_read(&self, start: u64) -> Result<Chunk, ParquetError> {
        Ok(Chunk {
            ranges: self.clone(),
            at: start,
            ready: io::Cursor::new(Vec::new()),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let wanted = u64::try_from(length).unwrap_or(u64::MAX);
        let bytes = self.bytes(start, wanted)?;
        match bytes.len() == length {
            true => Ok(Bytes::from(bytes)),
            false => Err(ParquetError::EOF("the object ends before".to_owned())),
        }
    }
}

/// The bytes of an object from one place on.
struct Chunk {
    ranges: Ranges,
    at: u64,
    ready: io::Cursor<Vec<u8>>,
}

impl Read for Chunk {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.ready.read(into)?;
        if length > 0 || into.is_empty() {
            return Ok(length);
        }
        let left = self.ranges.size.saturating_sub(self.at);
        if left == 0 {
            return Ok(0);
        }
        let bytes = self
            .ranges
            .bytes(self.at, left.min(64 << 10))
            .map_err(io::Error::other)?;
        self.at = self
            .at
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.ready = io::Cursor::new(bytes);
        self.ready.read(into)
    }
}

fn object(row: &Row) -> Json {
    let mut object = ObjectBuilder::new();
    for (name, field) in row.get_column_iter() {
        object.insert(name.as_str(), value(field));
    }
    Json::from(object.build())
}

// tidy: long, because every kind of value has its line.
fn value(field: &Field) -> Json {
    match field {
        Field::Null => Json::Null,
        Field::Bool(value) => Json::from(*value),
        Field::Byte(value) => Json::from(i64::from(*value)),
        Field::Short(value) => Json::from(i64::from(*value)),
        Field::Int(value) => Json::from(i64::from(*value)),
        Field::Long(value) => Json::from(*value),
        Field::UByte(value) => Json::from(i64::from(*value)),
        Field::UShort(value) => Json::from(i64::from(*value)),
        Field::UInt(value) => Json::from(i64::from(*value)),
        Field::ULong(value) => match i64::try_from(*value) {
            Ok(value) => Json::from(value),
            Err(_) => Json::parse(&value.to_string()).unwrap_or(Json::Null),
        },
        Field::Float16(value) => float(f64::from(value.to_f32())),
        // The shortest text of a single float, not all digits of the same number as a double.
        Field::Float(value) => Json::parse(&value.to_string()).unwrap_or(Json::Null),
        Field::Double(value) => float(*value),
        Field::Str(value) => Json::from(value.as_str()),
        Field::Bytes(value) => Json::from(STANDARD.encode(value.data())),
        Field::TimestampMillis(millis) => time(*millis),
        Field::TimestampMicros(micros) => time(micros.div_euclid(1000)),
        Field::Group(row) => object(row),
        Field::ListInternal(list) => {
            Json::from(list.elements().iter().map(value).collect::<Vec<Json>>())
        }
        Field::MapInternal(map) => {
            let mut object = ObjectBuilder::new();
            for (key, member) in map.entries() {
                let key = value(key);
                let name = key.as_str().map(str::to_owned);
                object.insert(name.unwrap_or_else(|| key.to_text()), value(member));
            }
            Json::from(object.build())
        }
        Field::Date(days) => {
            let at = time(i64::from(*days).saturating_mul(86_400_000));
            let date = at.as_str().and_then(|at| Some(at.split_once('T')?.0));
            date.map_or(Json::Null, Json::from)
        }
        Field::Decimal(_) | Field::TimeMillis(_) | Field::TimeMicros(_) => {
            Json::from(field.to_string())
        }
    }
}

fn float(value: f64) -> Json {
    passo_json::Number::from_f64(value).map_or(Json::Null, Json::from)
}

fn time(millis: i64) -> Json {
    Json::from(Timestamp::from_epoch_millis(millis).to_string())
}
