//! The tables: rows by key, in the order of the keys, and locks so that what was read is still so when it is written.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::{Bound, ControlFlow};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use passo_store::{Batch, Direction, Durability, KeyRange, Snapshot, Space, Store, StoreError};
use s3s::S3Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::faults;
use crate::rows::{BucketRow, ObjectRow, PartRow, UploadRow};

const BUCKETS: Space = Space::new("s3-buckets");
const OBJECTS: Space = Space::new("s3-objects");
const VERSIONS: Space = Space::new("s3-versions");
const UPLOADS: Space = Space::new("s3-uploads");
const PARTS: Space = Space::new("s3-parts");

/// Objects that are changed at once, at most.
const STRIPES: usize = 64;

/// Every table.
pub(crate) struct Tables {
    store: Arc<dyn Store>,
    /// Held by those who need a bucket to stay; alone by those who make and remove buckets.
    buckets: RwLock<()>,
    objects: Vec<Mutex<()>>,
}

/// Proof that no bucket comes or goes, and nobody else changes an object.
pub(crate) struct Changing<'a> {
    _buckets: RwLockReadGuard<'a, ()>,
    _object: MutexGuard<'a, ()>,
}

pub(crate) fn put_object(
    batch: &mut Batch,
    (bucket, object): (&str, &str),
    row: &ObjectRow,
) -> S3Result<()> {
    batch.put(OBJECTS, key(&[bucket, object]), encoded(row)?);
    Ok(())
}

pub(crate) fn remove_object(batch: &mut Batch, (bucket, object): (&str, &str)) {
    batch.delete(OBJECTS, key(&[bucket, object]));
}

/// Puts a version that is not current, or a delete marker.
pub(crate) fn put_version(batch: &mut Batch, place: (&str, &str), row: &ObjectRow) -> S3Result<()> {
    batch.put(VERSIONS, version_key(place, row.sequence), encoded(row)?);
    Ok(())
}

pub(crate) fn remove_version(batch: &mut Batch, place: (&str, &str), sequence: u64) {
    batch.delete(VERSIONS, version_key(place, sequence));
}

/// Newer versions come first.
fn version_key((bucket, object): (&str, &str), sequence: u64) -> Vec<u8> {
    key(&[bucket, object, &format!("{:016x}", u64::MAX - sequence)])
}

/// Removes an upload and what is said of its parts.
pub(crate) fn end_upload(batch: &mut Batch, upload: &str) {
    batch.delete(UPLOADS, key(&[upload]));
    batch.delete_range(PARTS, KeyRange::prefix(&key(&[upload, ""])));
}

fn key(parts: &[&str]) -> Vec<u8> {
    parts.join("\0").into_bytes()
}

fn encoded(row: &impl Serialize) -> S3Result<Vec<u8>> {
    serde_json::to_vec(row).map_err(|_| faults::broken())
}

fn decoded<R: DeserializeOwned>(row: &[u8]) -> Result<R, StoreError> {
    let row = serde_json::from_slice(row);
    row.map_err(|_| StoreError::Corrupt("a row of S3 cannot be read".to_owned()))
}

impl Tables {
    pub(crate) fn new(store: Arc<dyn Store>) -> Tables {
        Tables {
            store,
            buckets: RwLock::default(),
            objects: (0..STRIPES).map(|_| Mutex::default()).collect(),
        }
    }

    /// Waits until nobody makes, removes or configures a bucket, nor changes an object.
    pub(crate) fn change_buckets(&self) -> RwLockWriteGuard<'_, ()> {
        self.buckets.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else changes that object, its uploads included.
    pub(crate) fn change_object(&self, bucket: &str, object: &str) -> Option<Changing<'_>> {
        let mut hasher = DefaultHasher::new();
        (bucket, object).hash(&mut hasher);
        let stripe = usize::try_from(hasher.finish() % 64).unwrap_or(0);
        let buckets = self.buckets.read().unwrap_or_else(PoisonError::into_inner);
        let object = self.objects.get(stripe)?.lock();
        Some(Changing {
            _buckets: buckets,
            _object: object.unwrap_or_else(PoisonError::into_inner),
        })
    }

    fn find<R: DeserializeOwned>(&self, space: Space, parts: &[&str]) -> S3Result<Option<R>> {
        let found = || -> Result<Option<R>, StoreError> {
            let row = self.store.snapshot()?.get(space, &key(parts))?;
            row.map(|row| decoded(&row)).transpose()
        };
        found().map_err(|error| faults::store(&error))
    }

    /// Visits rows whose keys begin with `prefix`, those after `after` where there is one, until `visit` breaks.
    fn scan<R: DeserializeOwned>(
        &self,
        space: Space,
        (prefix, after): (&[u8], Option<Vec<u8>>),
        mut visit: impl FnMut(&str, R) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        scan_in(&*self.store.snapshot()?, space, (prefix, after), &mut visit)
    }

    fn all<R: DeserializeOwned>(&self, space: Space, prefix: &[u8]) -> S3Result<Vec<(String, R)>> {
        let mut rows = Vec::new();
        let scanned = self.scan(space, (prefix, None), |key, row| {
            rows.push((key.to_owned(), row));
            ControlFlow::Continue(())
        });
        scanned.map_err(|error| faults::store(&error))?;
        Ok(rows)
    }

    /// Makes everything in `batch` durable, or nothing.
    pub(crate) fn commit(&self, batch: &Batch) -> S3Result<()> {
        let done = self.store.commit(batch, Durability::Synced);
        done.map_err(|error| faults::store(&error))
    }

    pub(crate) fn bucket(&self, name: &str) -> S3Result<Option<BucketRow>> {
        self.find(BUCKETS, &[name])
    }

    pub(crate) fn buckets(&self) -> S3Result<Vec<(String, BucketRow)>> {
        self.all(BUCKETS, b"")
    }

    pub(crate) fn put_bucket(&self, name: &str, row: &BucketRow) -> S3Result<()> {
        let mut batch = Batch::new();
        batch.put(BUCKETS, key(&[name]), encoded(row)?);
        self.commit(&batch)
    }

    pub(crate) fn remove_bucket(&self, name: &str) -> S3Result<()> {
        let mut batch = Batch::new();
        batch.delete(BUCKETS, key(&[name]));
        self.commit(&batch)
    }

    pub(crate) fn object(&self, bucket: &str, object: &str) -> S3Result<Option<ObjectRow>> {
        self.find(OBJECTS, &[bucket, object])
    }

    /// Visits the objects of a bucket whose keys begin with `prefix` and follow `after`, in order.
    pub(crate) fn scan_objects(
        &self,
        bucket: &str,
        prefix: &str,
        after: Option<&[u8]>,
        mut visit: impl FnMut(&str, ObjectRow) -> ControlFlow<()>,
    ) -> S3Result<()> {
        let begin = key(&[bucket, prefix]);
        let after = after.map(|after| [bucket.as_bytes(), b"\0", after].concat());
        let scanned = self.scan(OBJECTS, (&begin, after), |found, row| {
            let object = found.split_once('\0').map_or("", |(_, object)| object);
            visit(object, row)
        });
        scanned.map_err(|error| faults::store(&error))
    }

    pub(crate) fn upload(&self, id: &str) -> S3Result<Option<UploadRow>> {
        self.find(UPLOADS, &[id])
    }

    pub(crate) fn uploads(&self) -> S3Result<Vec<(String, UploadRow)>> {
        self.all(UPLOADS, b"")
    }

    pub(crate) fn put_upload(&self, id: &str, row: &UploadRow) -> S3Result<()> {
        let mut batch = Batch::new();
        batch.put(UPLOADS, key(&[id]), encoded(row)?);
        self.commit(&batch)
    }

    pub(crate) fn part(&self, upload: &str, number: i32) -> S3Result<Option<PartRow>> {
        self.find(PARTS, &[upload, &format!("{number:05}")])
    }

    pub(crate) fn parts(&self, upload: &str) -> S3Result<Vec<PartRow>> {
        let rows = self.all(PARTS, &key(&[upload, ""]))?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    pub(crate) fn put_part(&self, upload: &str, row: &PartRow) -> S3Result<()> {
        let mut batch = Batch::new();
        let number = format!("{:05}", row.number);
        batch.put(PARTS, key(&[upload, &number]), encoded(row)?);
        self.commit(&batch)
    }

    /// The version of an object with this place in the order.
    pub(crate) fn version(
        &self,
        place: (&str, &str),
        sequence: u64,
    ) -> S3Result<Option<ObjectRow>> {
        let found = || -> Result<Option<ObjectRow>, StoreError> {
            let row = self.store.snapshot()?;
            let row = row.get(VERSIONS, &version_key(place, sequence))?;
            row.map(|row| decoded(&row)).transpose()
        };
        found().map_err(|error| faults::store(&error))
    }

    /// The first version that is not among the objects, newest first, which `fits`.
    fn first_version(
        &self,
        place: (&str, &str),
        after: Option<u64>,
        fits: impl Fn(&ObjectRow) -> bool,
    ) -> S3Result<Option<ObjectRow>> {
        let after = after.map(|sequence| version_key(place, sequence));
        let mut found = None;
        let all = key(&[place.0, place.1, ""]);
        let scanned = self.scan(VERSIONS, (&all, after), |_, row: ObjectRow| {
            if fits(&row) {
                found = Some(row);
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        scanned.map_err(|error| faults::store(&error))?;
        Ok(found)
    }

    pub(crate) fn newest_version(&self, place: (&str, &str)) -> S3Result<Option<ObjectRow>> {
        self.first_version(place, None, |_| true)
    }

    pub(crate) fn version_before(
        &self,
        place: (&str, &str),
        sequence: u64,
    ) -> S3Result<Option<ObjectRow>> {
        self.first_version(place, Some(sequence), |_| true)
    }

    /// The version that has no name, if it is not among the objects.
    pub(crate) fn null_version(&self, place: (&str, &str)) -> S3Result<Option<ObjectRow>> {
        self.first_version(place, None, |row| row.version.is_none())
    }

    /// Whether a bucket has versions that are not among the objects.
    pub(crate) fn has_versions(&self, bucket: &str) -> S3Result<bool> {
        let mut found = false;
        let all = key(&[bucket, ""]);
        let scanned = self.scan(VERSIONS, (&all, None), |_, _: ObjectRow| {
            found = true;
            ControlFlow::Break(())
        });
        scanned.map_err(|error| faults::store(&error))?;
        Ok(found)
    }

    /// The files that rows name, and the greatest place in the order of versions.
    pub(crate) fn named(&self) -> Result<(BTreeSet<String>, u64), StoreError> {
        let mut files = BTreeSet::new();
        let mut last = 0;
        for space in [OBJECTS, VERSIONS] {
            self.scan(space, (b"", None), |_, row: ObjectRow| {
                last = last.max(row.sequence);
                files.extend(row.segments.into_iter().map(|segment| segment.file));
                ControlFlow::Continue(())
            })?;
        }
        self.scan(PARTS, (b"", None), |_, row: PartRow| {
            files.extend(row.segments.into_iter().map(|segment| segment.file));
            ControlFlow::Continue(())
        })?;
        Ok((files, last))
    }

    /// The objects and the older versions of a bucket whose keys begin with `prefix`, in order, those after `after`: at
    /// most so many of each, of one moment.
    pub(crate) fn all_versions(
        &self,
        (bucket, prefix): (&str, &str),
        after: &After,
        limit: usize,
    ) -> S3Result<(Vec<Listed>, Vec<Listed>)> {
        let begin = key(&[bucket, prefix]);
        let taken = || -> Result<_, StoreError> {
            let snapshot = self.store.snapshot()?;
            let take = |space: Space, after: &Option<Vec<u8>>| -> Result<_, StoreError> {
                let after = after
                    .as_ref()
                    .map(|it| [bucket.as_bytes(), b"\0", it].concat());
                let mut rows: Vec<Listed> = Vec::new();
                scan_in(
                    &*snapshot,
                    space,
                    (&begin, after),
                    |found, row: ObjectRow| {
                        let object = found.split('\0').nth(1).unwrap_or_default();
                        rows.push((object.to_owned(), row));
                        match rows.len() < limit {
                            true => ControlFlow::Continue(()),
                            false => ControlFlow::Break(()),
                        }
                    },
                )?;
                Ok(rows)
            };
            Ok((
                take(OBJECTS, &after.objects)?,
                take(VERSIONS, &after.versions)?,
            ))
        };
        taken().map_err(|error| faults::store(&error))
    }
}

/// A version as lists have it, with its object's key.
pub(crate) type Listed = (String, ObjectRow);

/// Where a list of versions goes on: behind these keys, or at the beginning.
#[derive(Clone, Debug, Default)]
pub(crate) struct After {
    pub(crate) objects: Option<Vec<u8>>,
    pub(crate) versions: Option<Vec<u8>>,
}

impl After {
    /// Behind every version of `key`, or behind the one with this place in the order.
    pub(crate) fn of(key: &str, sequence: Option<u64>) -> After {
        let mut versions = key.as_bytes().to_vec();
        versions.push(0);
        match sequence {
            Some(sequence) => {
                versions.extend_from_slice(format!("{:016x}", u64::MAX - sequence).as_bytes());
            }
            // No digit of a version's place is above.
            None => versions.push(u8::MAX),
        }
        After {
            objects: Some(key.as_bytes().to_vec()),
            versions: Some(versions),
        }
    }

    /// Behind every key that is below `key`.
    pub(crate) fn behind(key: &[u8]) -> After {
        After {
            objects: Some(key.to_vec()),
            versions: Some(key.to_vec()),
        }
    }
}

/// Visits rows whose keys begin with `prefix`, those after `after` where there is one, until `visit` breaks.
fn scan_in<R: DeserializeOwned>(
    snapshot: &dyn Snapshot,
    space: Space,
    (prefix, after): (&[u8], Option<Vec<u8>>),
    mut visit: impl FnMut(&str, R) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let mut range = KeyRange::prefix(prefix);
    if let Some(after) = after.filter(|after| after.as_slice() >= prefix) {
        range.start = Bound::Excluded(after);
    }
    let mut damaged = None;
    snapshot.scan(space, &range, Direction::Forward, &mut |key, row| {
        let Ok(key) = std::str::from_utf8(key) else {
            return ControlFlow::Continue(());
        };
        match decoded(row) {
            Ok(row) => visit(key, row),
            Err(error) => {
                damaged = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    damaged.map_or(Ok(()), Err)
}
