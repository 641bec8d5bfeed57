//! The files that hold what objects are: written whole or not at all, read as streams.
//!
//! A body is written to a temporary file, synced and renamed before the row that names it is committed. It is removed
//! after the row that named it is gone. A crash between the two leaves files that no row names: they go at the next start.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, SizeHint};
use passo_runtime::Entropy;
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;

use crate::chunked::Unfitting;
use crate::faults;
use crate::sums::{Computed, Sums};

/// Bytes that are read at once, and how many such pieces wait for a slow client.
const PIECE: usize = 64 << 10;
const PIECES: usize = 4;

/// Bytes of a body that is written in one request: 5 GiB.
const BODY_BYTES_MAX: u64 = 5 << 30;

/// Bytes of the disk that no body may take. The store, whose rows say what bodies are, stops at less.
const FREE_BYTES_MIN: u64 = 96 << 20;

/// Bytes of a body that are written between two looks at the disk.
const LOOK_BYTES: u64 = 4 << 20;

/// A file of a body. An object that was uploaded in parts has one for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub(crate) file: String,
    pub(crate) size: u64,
}

/// Every file.
pub(crate) struct Bodies {
    folder: PathBuf,
    free_bytes_min: u64,
    entropy: Arc<dyn Entropy>,
    in_use: Mutex<BTreeMap<String, InUse>>,
}

#[derive(Default)]
struct InUse {
    readers: usize,
    /// No row names it any more: the last reader removes it.
    is_doomed: bool,
}

/// Files that stay while this does.
pub(crate) struct Pinned {
    bodies: Arc<Bodies>,
    segments: Vec<Segment>,
}

/// A body that no row names yet; dropping it removes it.
pub(crate) struct Draft {
    bodies: Arc<Bodies>,
    segment: Option<Segment>,
}

/// A body that was written, and what it came to.
pub(crate) struct Written {
    pub(crate) draft: Draft,
    pub(crate) computed: Computed,
}

impl Draft {
    /// The row that names it is committed.
    pub(crate) fn keep(mut self) {
        self.segment = None;
    }

    /// What a row has to say.
    pub(crate) fn segment(&self) -> Vec<Segment> {
        self.segment.iter().cloned().collect()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(segment) = &self.segment {
            let _ = fs::remove_file(self.bodies.path(&segment.file));
        }
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let mut in_use = self.bodies.in_use();
        for segment in &self.segments {
            let Some(of_file) = in_use.get_mut(&segment.file) else {
                continue;
            };
            of_file.readers = of_file.readers.saturating_sub(1);
            if of_file.readers == 0 {
                if of_file.is_doomed {
                    let _ = fs::remove_file(self.bodies.path(&segment.file));
                }
                in_use.remove(&segment.file);
            }
        }
    }
}

impl Bodies {
    /// The files below `folder`, of which `named` stay.
    ///
    /// # Errors
    /// Where the folder cannot be made or read.
    pub(crate) fn open(
        folder: PathBuf,
        entropy: Arc<dyn Entropy>,
        named: &BTreeSet<String>,
    ) -> io::Result<Bodies> {
        let bodies = Bodies {
            folder,
            free_bytes_min: FREE_BYTES_MIN,
            entropy,
            in_use: Mutex::default(),
        };
        let temporary = bodies.temporary();
        match fs::remove_dir_all(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&temporary)?,
        }
        let shelves = bodies.folder.join("bodies");
        for shelf in 0..=u8::MAX {
            let shelf = shelves.join(format!("{shelf:02x}"));
            fs::create_dir_all(&shelf)?;
            for file in fs::read_dir(&shelf)? {
                let file = file?;
                let name = file.file_name();
                if name.to_str().is_none_or(|name| !named.contains(name)) {
                    fs::remove_file(file.path())?;
                }
            }
        }
        sync(&shelves)?;
        sync(&bodies.folder)?;
        Ok(bodies)
    }

    fn temporary(&self) -> PathBuf {
        self.folder.join("temporary")
    }

    fn path(&self, file: &str) -> PathBuf {
        let shelf = file.get(..2).unwrap_or("00");
        self.folder.join("bodies").join(shelf).join(file)
    }

    fn in_use(&self) -> MutexGuard<'_, BTreeMap<String, InUse>> {
        self.in_use.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a body may take more of the disk.
    fn check_room(&self) -> S3Result<()> {
        let disk = rustix::fs::statvfs(&self.folder);
        let disk = disk.map_err(|error| faults::disk(&error.into()))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        match free < self.free_bytes_min {
            true => Err(faults::disk(&io::ErrorKind::StorageFull.into())),
            false => Ok(()),
        }
    }

    /// A name that no file has.
    fn new_name(&self) -> String {
        loop {
            let (high, low) = (self.entropy.seed(), self.entropy.seed());
            let name = format!("{high:016x}{low:016x}");
            if !self.path(&name).exists() {
                return name;
            }
        }
    }

    /// Writes all of `body`; it is on the disk when this returns.
    ///
    /// # Errors
    /// `IncompleteBody` where it breaks off, what its wrapping says is wrong with it, and our fault where the disk fails.
    pub(crate) async fn write<B>(self: &Arc<Self>, body: B, mut sums: Sums) -> S3Result<Written>
    where
        B: Body<Data = Bytes>,
        s3s::StdError: From<B::Error>,
    {
        let name = self.new_name();
        let temporary = Temporary(self.temporary().join(&name));
        let mut file = tokio::fs::File::create_new(&temporary.0)
            .await
            .map_err(|error| faults::disk(&error))?;
        let mut body = std::pin::pin!(body);
        let (mut size, mut look): (u64, u64) = (0, 0);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| broken(s3s::StdError::from(error)))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            size = size.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
            if size > BODY_BYTES_MAX {
                return Err(s3_error!(
                    EntityTooLarge,
                    "Your proposed upload exceeds the maximum allowed size"
                ));
            }
            if size > look {
                self.check_room()?;
                look = size.saturating_add(LOOK_BYTES);
            }
            sums.update(&data);
            let written = file.write_all(&data).await;
            written.map_err(|error| faults::disk(&error))?;
        }
        let computed = sums.finish(size);
        let synced = async {
            file.flush().await?;
            file.sync_all().await
        };
        synced.await.map_err(|error| faults::disk(&error))?;
        drop(file);
        let (bodies, target) = (Arc::clone(self), self.path(&name));
        let placed = tokio::task::spawn_blocking(move || {
            fs::rename(&temporary.0, &target)?;
            let draft = Draft {
                bodies,
                segment: Some(Segment { file: name, size }),
            };
            target.parent().map_or(Ok(()), sync)?;
            Ok(draft)
        });
        let draft = placed.await.map_err(|_| faults::broken())?;
        let draft = draft.map_err(|error: io::Error| faults::disk(&error))?;
        Ok(Written { draft, computed })
    }

    /// Keeps the files until they are read.
    pub(crate) fn pin(self: &Arc<Self>, segments: &[Segment]) -> Pinned {
        let mut in_use = self.in_use();
        for segment in segments {
            in_use.entry(segment.file.clone()).or_default().readers += 1;
        }
        Pinned {
            bodies: Arc::clone(self),
            segments: segments.to_vec(),
        }
    }

    /// Removes files that no row names any more, once nobody reads them.
    pub(crate) fn remove(&self, segments: &[Segment]) {
        let mut in_use = self.in_use();
        for segment in segments {
            match in_use.get_mut(&segment.file) {
                Some(of_file) => of_file.is_doomed = true,
                // What stays is found at the next start.
                None => drop(fs::remove_file(self.path(&segment.file))),
            }
        }
    }
}

impl Pinned {
    /// The bytes from `start`, `length` of them. They must be there.
    pub(crate) fn read(self, start: u64, length: u64) -> Reading {
        let (give, pieces) = mpsc::channel(PIECES);
        tokio::spawn(async move {
            if let Err(error) = self.pass(start, length, &give).await {
                let _ = give.send(Err(error)).await;
            }
        });
        Reading {
            pieces,
            left: length,
        }
    }

    async fn pass(
        &self,
        start: u64,
        length: u64,
        give: &mpsc::Sender<io::Result<Bytes>>,
    ) -> io::Result<()> {
        let (mut skip, mut left) = (start, length);
        for segment in &self.segments {
            if left == 0 {
                break;
            }
            if skip >= segment.size {
                skip -= segment.size;
                continue;
            }
            let mut file = tokio::fs::File::open(self.bodies.path(&segment.file)).await?;
            file.seek(SeekFrom::Start(skip)).await?;
            let wanted = left.min(segment.size - skip);
            let mut file = file.take(wanted);
            let mut passed: u64 = 0;
            while passed < wanted {
                let mut piece = BytesMut::with_capacity(PIECE);
                if file.read_buf(&mut piece).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                passed += u64::try_from(piece.len()).unwrap_or(0);
                if give.send(Ok(piece.freeze())).await.is_err() {
                    // Nobody wants the rest.
                    return Ok(());
                }
            }
            (skip, left) = (0, left - wanted);
        }
        Ok(())
    }
}

/// Bytes of a body on their way.
pub(crate) struct Reading {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    left: u64,
}

impl Body for Reading {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.pieces.poll_recv(context).map(|piece| match piece {
            Some(Ok(piece)) => {
                let bytes = u64::try_from(piece.len()).unwrap_or(u64::MAX);
                self.left = self.left.saturating_sub(bytes);
                Some(Ok(Frame::data(piece)))
            }
            Some(Err(error)) => Some(Err(error)),
            None => Some(Err(io::ErrorKind::UnexpectedEof.into())),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// A file that is removed where it does not find its place.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn broken(error: s3s::StdError) -> s3s::S3Error {
    match error.downcast::<Unfitting>() {
        Ok(unfitting) => unfitting.fault(),
        Err(_) => s3_error!(
            IncompleteBody,
            "You did not provide the number of bytes specified by the Content-Length HTTP header"
        ),
    }
}

/// Makes what was renamed into a folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;
    use crate::sums::Algorithm;

    struct Zero;

    impl Entropy for Zero {
        fn seed(&self) -> u64 {
            0
        }
    }

    #[tokio::test]
    async fn a_full_disk_takes_no_body_and_keeps_nothing_of_it() {
        let directory = tempfile::tempdir().unwrap();
        let folder = directory.path().to_owned();
        let mut bodies = Bodies::open(folder, Arc::new(Zero), &BTreeSet::new()).unwrap();
        let write = |bodies: &Arc<Bodies>| {
            let bodies = Arc::clone(bodies);
            async move {
                let body = Full::new(Bytes::from_static(b"bytes"));
                bodies.write(body, Sums::new(Algorithm::Crc32)).await
            }
        };
        bodies.free_bytes_min = u64::MAX;
        let full = Arc::new(bodies);
        let refused = write(&full).await.err().unwrap();
        assert_eq!(refused.code().as_str(), "ServiceUnavailable");
        let left = fs::read_dir(full.temporary()).unwrap().count();
        assert_eq!(left, 0, "what was refused leaves nothing");
    }
}
