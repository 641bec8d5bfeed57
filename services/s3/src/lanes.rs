//! What is done with a body as it passes, side by side on other threads: it is written, and each sum is taken.
//!
//! A lane gets pieces in their order and waits for them without a thread, so slow clients hold none. It is as far behind as
//! its queue is long; then who reads the body waits for it.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes of a body that travel together, as they came.
pub(crate) type Piece = Arc<Vec<Bytes>>;

/// Pieces that wait in a lane.
const WAITING_MAX: usize = 4;

/// Bytes after which the disk is told to take what was written, while more is written. With one sync at the end of a large
/// body the disk would have nothing to do until then.
const SYNC_BYTES: usize = 32 << 20;

/// A lane, and what comes out of it.
pub(crate) struct Lane<T> {
    pieces: mpsc::Sender<Piece>,
    end: JoinHandle<io::Result<T>>,
}

impl<T: Send + 'static> Lane<T> {
    fn begin<F>(work: impl FnOnce(mpsc::Receiver<Piece>) -> F) -> Lane<T>
    where
        F: Future<Output = io::Result<T>> + Send + 'static,
    {
        let (give, pieces) = mpsc::channel(WAITING_MAX);
        Lane {
            pieces: give,
            end: tokio::spawn(work(pieces)),
        }
    }

    /// A sum of all bytes.
    pub(crate) fn sum(sum: T, update: fn(&mut T, &[u8])) -> Lane<T> {
        Lane::begin(async move |mut pieces: mpsc::Receiver<Piece>| {
            let mut sum = sum;
            while let Some(piece) = pieces.recv().await {
                let updated = spawn_blocking(move || {
                    piece.iter().for_each(|bytes| update(&mut sum, bytes));
                    sum
                });
                sum = updated.await?;
            }
            Ok(sum)
        })
    }

    /// Whether the lane takes the piece. One that has failed does not; its end says why.
    pub(crate) async fn pass(&self, piece: &Piece) -> bool {
        self.pieces.send(Arc::clone(piece)).await.is_ok()
    }

    /// What came of all pieces.
    ///
    /// # Errors
    /// Where the lane has failed.
    pub(crate) async fn end(self) -> io::Result<T> {
        drop(self.pieces);
        self.end.await?
    }
}

impl Lane<Arc<File>> {
    /// A file that gets all bytes. Before each piece is written, `check` is asked. What was written last is not yet
    /// synced at the end.
    pub(crate) fn file<C>(file: File, check: C) -> Lane<Arc<File>>
    where
        C: Fn() -> io::Result<()> + Clone + Send + 'static,
    {
        Lane::begin(async move |mut pieces: mpsc::Receiver<Piece>| {
            let file = Arc::new(file);
            let (mut unsynced, mut syncing) = (0, None::<JoinHandle<io::Result<()>>>);
            while let Some(piece) = pieces.recv().await {
                unsynced += piece.iter().map(Bytes::len).sum::<usize>();
                let (to, check) = (Arc::clone(&file), check.clone());
                spawn_blocking(move || check().and_then(|()| write(&to, &piece))).await??;
                let is_idle = syncing.as_ref().is_none_or(JoinHandle::is_finished);
                if unsynced >= SYNC_BYTES && is_idle {
                    let (synced, file) = (syncing.take(), Arc::clone(&file));
                    syncing = Some(spawn_blocking(move || file.sync_data()));
                    unsynced = 0;
                    succeeded(synced).await?;
                }
            }
            succeeded(syncing).await?;
            Ok(file)
        })
    }
}

/// Writes a piece behind what is there.
pub(crate) fn write(mut file: &File, piece: &[Bytes]) -> io::Result<()> {
    piece.iter().try_for_each(|bytes| file.write_all(bytes))
}

/// What a sync came to, if there was one: the system tells each failure only once.
async fn succeeded(sync: Option<JoinHandle<io::Result<()>>>) -> io::Result<()> {
    match sync {
        Some(sync) => sync.await?,
        None => Ok(()),
    }
}
