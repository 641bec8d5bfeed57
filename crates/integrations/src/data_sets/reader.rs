//! Reading a data set page by page.

use std::sync::Arc;

use passo_engine::map::{Item, ItemReaderSpec};
use passo_vocab::Failure;

use super::calls::{Address, Calls, unreadable};
use super::csv::Rows;
use super::cursor::{Cursor, FilePlace};
use super::files::FileList;
use super::items::{Items, Memory, plain};
use super::json::Elements;
use super::jsonl::Lines;
use super::listing::{self, ListPage};
use super::object::Text;
use super::plan::{Format, Listed, Plan};

/// Items of one page at most.
const PAGE_ITEMS: usize = 1_000;
/// Bytes of one page, about; the last item may be beyond.
const PAGE_BYTES: usize = 1 << 20;

/// One page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The items, in order.
    pub items: Vec<Item>,
    /// Where they are from, as `Map.Item.Source` shows it.
    pub source: Option<Arc<str>>,
    /// Where the next page begins; none where there is none.
    pub cursor: Option<Arc<str>>,
}

/// Reads one data set. It holds what it has read ahead, so that going on with it is cheaper than opening another at
/// its cursor; the pages are the same.
pub struct Reader {
    calls: Arc<dyn Calls>,
    kind: Kind,
    cursor: Option<Arc<str>>,
}

enum Kind {
    Listing {
        listed: Listed,
        after: Option<String>,
    },
    Contents {
        files: FileList,
        format: Format,
        file: Option<OpenFile>,
    },
}

struct OpenFile {
    place: FilePlace,
    source: Arc<str>,
    items: Box<dyn Items>,
}

impl Reader {
    /// A reader of what `spec` names, from `cursor` on.
    ///
    /// # Errors
    /// `States.ItemReaderFailed` where that cannot be read.
    pub fn open(
        spec: &ItemReaderSpec,
        cursor: Option<&str>,
        calls: Arc<dyn Calls>,
    ) -> Result<Reader, Failure> {
        let begin = match cursor {
            None => None,
            Some(text) => {
                let wrong =
                    || unreadable("Reading cannot go on: where it was is not known any more.");
                Some(Cursor::parse(text).ok_or_else(wrong)?)
            }
        };
        let kind = match Plan::of(spec)? {
            Plan::Listing(listed) => Kind::Listing {
                listed,
                after: begin.and_then(|cursor| cursor.file.key),
            },
            Plan::Contents(files, format) => {
                let place = begin.as_ref().map(|cursor| cursor.file.clone());
                let mut files = FileList::open(&calls, files, &place.unwrap_or_default())?;
                let format = match (format, files.columns()) {
                    (Format::Csv { delimiter, .. }, columns @ Some(_)) => Format::Csv {
                        delimiter,
                        headers: columns,
                    },
                    (format, _) => format,
                };
                let file = begin.and_then(|cursor| Some((files.again(&cursor.file)?, cursor)));
                let file = match file {
                    None => None,
                    Some((address, cursor)) => Some(open_file(&calls, &address, &format, cursor)?),
                };
                Kind::Contents {
                    files,
                    format,
                    file,
                }
            }
        };
        Ok(Reader {
            calls,
            kind,
            cursor: cursor.map(Arc::from),
        })
    }

    /// Where the next page begins.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// Reads the next page.
    ///
    /// # Errors
    /// `States.ItemReaderFailed`, with S3's own words where it has refused.
    pub fn page(&mut self) -> Result<Page, Failure> {
        let page = match &mut self.kind {
            Kind::Listing { listed, after } => list(&*self.calls, listed, after)?,
            Kind::Contents {
                files,
                format,
                file,
            } => contents(&self.calls, files, format, file)?,
        };
        self.cursor.clone_from(&page.cursor);
        Ok(page)
    }
}

fn list(calls: &dyn Calls, listed: &Listed, after: &mut Option<String>) -> Result<Page, Failure> {
    let page = ListPage::read(calls, listed, after.as_deref())?;
    let last = page.objects.last().and_then(listing::key);
    *after = last.map(str::to_owned).or(after.take());
    let cursor = (!page.is_last).then(|| {
        let cursor = Cursor {
            file: FilePlace {
                key: after.clone(),
                number: 0,
            },
            ..Cursor::default()
        };
        cursor.to_text()
    });
    Ok(Page {
        items: page
            .objects
            .iter()
            .map(|object| plain(listing::item(object)))
            .collect(),
        source: Some(format!("S3://{}", listed.bucket).into()),
        cursor,
    })
}

/// The next items of the file that is open, or of the next one that has any.
fn contents(
    calls: &Arc<dyn Calls>,
    files: &mut FileList,
    format: &Format,
    file: &mut Option<OpenFile>,
) -> Result<Page, Failure> {
    loop {
        let open = match file {
            Some(open) => open,
            None => match files.next()? {
                None => {
                    return Ok(Page {
                        items: Vec::new(),
                        source: None,
                        cursor: None,
                    });
                }
                Some((address, place)) => {
                    let begin = Cursor {
                        file: place,
                        ..Cursor::default()
                    };
                    file.insert(open_file(calls, &address, format, begin)?)
                }
            },
        };
        let mut items = Vec::new();
        let mut bytes = 0_usize;
        let mut is_over = false;
        while items.len() < PAGE_ITEMS && bytes < PAGE_BYTES {
            let Some((item, length)) = open.items.next()? else {
                is_over = true;
                break;
            };
            bytes = bytes.saturating_add(length);
            items.push(item);
        }
        let cursor = Cursor {
            file: open.place.clone(),
            at: Some(open.items.position()),
            memory: open.items.memory(),
        };
        let source = Arc::clone(&open.source);
        if is_over {
            *file = None;
        }
        let is_last = is_over && !files.has_next()?;
        if !items.is_empty() || is_last {
            return Ok(Page {
                items,
                source: Some(source),
                cursor: (!is_last).then(|| cursor.to_text()),
            });
        }
    }
}

/// Opens a file at a place in it.
fn open_file(
    calls: &Arc<dyn Calls>,
    address: &Address,
    format: &Format,
    cursor: Cursor,
) -> Result<OpenFile, Failure> {
    let Cursor { file, at, memory } = cursor;
    let Memory {
        etag,
        headers,
        is_object,
    } = memory;
    let text = |etag| Text::open(calls, address, etag, at.unwrap_or(0));
    let items: Box<dyn Items> = match format {
        Format::Csv {
            delimiter,
            headers: given,
        } => Box::new(Rows::new(
            text(etag)?,
            *delimiter,
            headers.or_else(|| given.clone()),
        )?),
        Format::Jsonl => Box::new(Lines::new(text(etag)?)),
        Format::Json { pointer } => Box::new(match at {
            None => Elements::at(text(etag)?, pointer.as_deref())?,
            Some(_) => Elements::go_on(text(etag)?, is_object),
        }),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(super::parquet::Table::open(calls, address, etag, at)?),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => {
            return Err(unreadable(
                "This build cannot read Parquet files: it lacks the feature 'parquet'.",
            ));
        }
    };
    Ok(OpenFile {
        place: file,
        source: address.source().into(),
        items,
    })
}
