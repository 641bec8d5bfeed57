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
use hyper::body::{Body, Frame, SizeHint};
use passo_runtime::Entropy;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio::sync::mpsc;

/// Bytes that are read at once, and how many such pieces wait for a slow client.
const PIECE: usize = 64 << 10;
const PIECES: usize = 4;

/// Bytes of the disk that no body may take. The store, whose rows say what bodies are, stops at less.
const FREE_BYTES_MIN: u64 = 96 << 20;

/// A file of a body. An object that was uploaded in parts has one for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub(crate) file: String,
    pub(crate) size: u64,
}

/// Every file.
pub(crate) struct Bodies {
    folder: PathBuf,
    /// Bytes of the disk that stay free.
    pub(crate) free_bytes_min: u64,
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
        let shelves = bodies.shelves();
        fs::create_dir_all(&shelves)?;
        for shelf in fs::read_dir(&shelves)? {
            for file in fs::read_dir(shelf?.path())? {
                let file = file?;
                let name = file.file_name();
                if name.to_str().is_none_or(|name| !named.contains(name)) {
                    fs::remove_file(file.path())?;
                }
            }
        }
        sync(&bodies.folder)?;
        Ok(bodies)
    }

    pub(crate) fn temporary(&self) -> PathBuf {
        self.folder.join("temporary")
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        let shelf = file.get(..2).unwrap_or("00");
        self.shelves().join(shelf).join(file)
    }

    fn shelves(&self) -> PathBuf {
        self.folder.join("bodies")
    }

    /// Puts a file that is on the disk into its place; it stays there.
    pub(crate) fn place(self: &Arc<Self>, from: &Path, segment: Segment) -> io::Result<Draft> {
        let target = self.path(&segment.file);
        let shelf = target.parent().ok_or(io::ErrorKind::NotFound)?;
        // A shelf is made for its first file: a start need not make all of them.
        if let Err(error) = fs::rename(from, &target) {
            if error.kind() != io::ErrorKind::NotFound {
                return Err(error);
            }
            fs::create_dir_all(shelf)?;
            sync(&self.shelves())?;
            fs::rename(from, &target)?;
        }
        let draft = Draft {
            bodies: Arc::clone(self),
            segment: Some(segment),
        };
        sync(shelf)?;
        Ok(draft)
    }

    fn in_use(&self) -> MutexGuard<'_, BTreeMap<String, InUse>> {
        self.in_use.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a body may take more of the disk.
    pub(crate) fn check_room(&self) -> io::Result<()> {
        let disk = rustix::fs::statvfs(&self.folder)?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        match free < self.free_bytes_min {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }

    /// A name that no file has.
    pub(crate) fn new_name(&self) -> String {
        loop {
            let (high, low) = (self.entropy.seed(), self.entropy.seed());
            let name = format!("{high:016x}{low:016x}");
            if !self.path(&name).exists() {
                return name;
            }
        }
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

/// Makes what was renamed into a folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}
