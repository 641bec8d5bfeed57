//! The files of a data set, one after another.

use std::collections::VecDeque;
use std::sync::Arc;

use passo_vocab::Failure;

use super::calls::{Address, Calls};
use super::cursor::FilePlace;
use super::listing::{self, ListPage};
use super::manifest::Manifest;
use super::plan::{Files, Listed};

/// A list of files, read as far as it is needed.
pub(super) struct FileList {
    calls: Arc<dyn Calls>,
    kind: Kind,
}

enum Kind {
    One(Option<Address>),
    Listed {
        listed: Listed,
        /// The last key that was looked at.
        after: Option<String>,
        ready: VecDeque<String>,
        is_last: bool,
    },
    Named {
        manifest: Manifest,
        next: usize,
    },
}

impl FileList {
    /// The files from `place` on, which is given again.
    ///
    /// # Errors
    /// Where the list cannot be read.
    pub(super) fn open(
        calls: &Arc<dyn Calls>,
        files: Files,
        place: &FilePlace,
    ) -> Result<FileList, Failure> {
        let kind = match files {
            Files::One(address) => Kind::One((place.number == 0).then_some(address)),
            Files::Listed(listed) => Kind::Listed {
                listed,
                after: place.key.clone(),
                ready: VecDeque::new(),
                is_last: false,
            },
            Files::Manifest(address, kind) => Kind::Named {
                manifest: Manifest::read(calls, &address, kind)?,
                next: usize::try_from(place.number).unwrap_or(usize::MAX),
            },
        };
        Ok(FileList {
            calls: Arc::clone(calls),
            kind,
        })
    }

    /// The address of a file that was begun before, so that the next is the one after it. None where it is not in the list.
    pub(super) fn again(&mut self, place: &FilePlace) -> Option<Address> {
        match &mut self.kind {
            Kind::One(address) => address.take(),
            Kind::Listed { listed, .. } => Some(member(listed, place.key.clone()?)),
            Kind::Named { manifest, next } => {
                let address = manifest.files.get(*next).cloned();
                *next = next.saturating_add(1);
                address
            }
        }
    }

    /// The next file, and its place; none at the end of the list.
    ///
    /// # Errors
    /// Where S3 refuses to list more.
    pub(super) fn next(&mut self) -> Result<Option<(Address, FilePlace)>, Failure> {
        if !self.has_next()? {
            return Ok(None);
        }
        Ok(match &mut self.kind {
            Kind::One(address) => address
                .take()
                .map(|address| (address, FilePlace::default())),
            Kind::Listed { listed, ready, .. } => ready.pop_front().map(|key| {
                let place = FilePlace {
                    key: Some(key.clone()),
                    number: 0,
                };
                (member(listed, key), place)
            }),
            Kind::Named { manifest, next } => {
                let place = FilePlace {
                    key: None,
                    number: u64::try_from(*next).unwrap_or(u64::MAX),
                };
                let address = manifest.files.get(*next).cloned();
                *next = next.saturating_add(1);
                address.map(|address| (address, place))
            }
        })
    }

    /// Whether there is another file.
    ///
    /// # Errors
    /// Where S3 refuses to list more.
    pub(super) fn has_next(&mut self) -> Result<bool, Failure> {
        let (listed, after, ready, is_last) = match &mut self.kind {
            Kind::One(address) => return Ok(address.is_some()),
            Kind::Named { manifest, next } => return Ok(*next < manifest.files.len()),
            Kind::Listed {
                listed,
                after,
                ready,
                is_last,
            } => (listed, after, ready, is_last),
        };
        while ready.is_empty() && !*is_last {
            let page = ListPage::read(&*self.calls, listed, after.as_deref())?;
            *is_last = page.is_last || page.objects.is_empty();
            for key in page.objects.iter().filter_map(listing::key) {
                *after = Some(key.to_owned());
                // What the console makes for a folder has nothing in it.
                if !key.ends_with('/') {
                    ready.push_back(key.to_owned());
                }
            }
        }
        Ok(!ready.is_empty())
    }

    /// The columns of all files, where the list says them.
    pub(super) fn columns(&self) -> Option<Vec<String>> {
        match &self.kind {
            Kind::One(_) | Kind::Listed { .. } => None,
            Kind::Named { manifest, .. } => manifest.columns.clone(),
        }
    }
}

fn member(listed: &Listed, key: String) -> Address {
    Address {
        bucket: listed.bucket.clone(),
        key,
        version: None,
        owner: listed.owner.clone(),
    }
}
