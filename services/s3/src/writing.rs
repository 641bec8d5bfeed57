//! A body becomes a file: in one go where it is small, else in lanes beside each other.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Body;
use s3s::{S3Result, StdError, s3_error};
use tokio::task::spawn_blocking;

use crate::bodies::{Bodies, Draft, Segment};
use crate::chunked::Unfitting;
use crate::faults;
use crate::lanes::{self, Lane, Piece};
use crate::sums::{Computed, SumLanes, Sums};

/// Bytes of a piece, but for what its last frame has more. Enough that handing it to other threads costs nothing.
const PIECE_BYTES: usize = 256 << 10;

/// Bytes of a body that is written in one request: 5 GiB.
const BODY_BYTES_MAX: u64 = 5 << 30;

/// A body that was written, and what it came to.
pub(crate) struct Written {
    pub(crate) draft: Draft,
    pub(crate) computed: Computed,
}

/// Pieces of a body that comes.
struct Coming<'b, B> {
    body: Pin<&'b mut B>,
    size: u64,
    is_over: bool,
}

/// A file that is removed where it does not find its place.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl<B> Coming<'_, B>
where
    B: Body<Data = Bytes>,
    StdError: From<B::Error>,
{
    /// The next piece; an empty one where the body is empty or its size is just that of all before.
    async fn next(&mut self) -> S3Result<Piece> {
        let (mut frames, mut length) = (Vec::new(), 0);
        while length < PIECE_BYTES {
            let Some(frame) = self.body.frame().await else {
                self.is_over = true;
                break;
            };
            let frame = frame.map_err(|error| broken(StdError::from(error)))?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            length = length.saturating_add(data.len());
            frames.push(data);
        }
        self.size = self
            .size
            .saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        if self.size > BODY_BYTES_MAX {
            return Err(s3_error!(
                EntityTooLarge,
                "Your proposed upload exceeds the maximum allowed size"
            ));
        }
        Ok(Arc::new(frames))
    }
}

impl Bodies {
    /// Writes all of `body`; it is on the disk when this returns.
    ///
    /// # Errors
    /// `IncompleteBody` where it breaks off, what its wrapping says is wrong with it, and our fault where the disk fails.
    pub(crate) async fn write<B>(self: &Arc<Self>, body: B, sums: Sums) -> S3Result<Written>
    where
        B: Body<Data = Bytes>,
        StdError: From<B::Error>,
    {
        let mut coming = Coming {
            body: std::pin::pin!(body),
            size: 0,
            is_over: false,
        };
        let first = coming.next().await?;
        let written = match coming.is_over {
            true => self.write_small(first, sums).await,
            false => self.write_large(first, coming, sums).await?,
        };
        written.map_err(|error| faults::disk(&error))
    }

    async fn write_small(self: &Arc<Self>, piece: Piece, mut sums: Sums) -> io::Result<Written> {
        let bodies = Arc::clone(self);
        let written = spawn_blocking(move || {
            let (name, temporary, file) = bodies.begin()?;
            bodies.check_room()?;
            lanes::write(&file, &piece)?;
            piece.iter().for_each(|bytes| sums.update(bytes));
            let size = piece.iter().map(Bytes::len).sum::<usize>();
            let size = u64::try_from(size).unwrap_or(u64::MAX);
            Ok(Written {
                draft: bodies.synced(Segment { file: name, size }, (temporary, &file))?,
                computed: sums.finish(size),
            })
        });
        written.await?
    }

    async fn write_large<B>(
        self: &Arc<Self>,
        first: Piece,
        mut coming: Coming<'_, B>,
        sums: Sums,
    ) -> S3Result<io::Result<Written>>
    where
        B: Body<Data = Bytes>,
        StdError: From<B::Error>,
    {
        let bodies = Arc::clone(self);
        let begun = spawn_blocking(move || bodies.begin()).await;
        let (name, temporary, file) = match begun.map_err(io::Error::from).flatten() {
            Ok(begun) => begun,
            Err(error) => return Ok(Err(error)),
        };
        let bodies = Arc::clone(self);
        let file = Lane::file(file, move || bodies.check_room());
        let sums = sums.lanes();
        let mut piece = first;
        // A lane that has failed says why at its end.
        while file.pass(&piece).await && sums.pass(&piece).await && !coming.is_over {
            piece = coming.next().await?;
        }
        let size = coming.size;
        Ok(self
            .end(Segment { file: name, size }, temporary, (file, sums))
            .await)
    }

    async fn end(
        self: &Arc<Self>,
        segment: Segment,
        temporary: Temporary,
        (file, sums): (Lane<Arc<File>>, SumLanes),
    ) -> io::Result<Written> {
        let file = file.end().await?;
        let computed = sums.end(segment.size).await?;
        let bodies = Arc::clone(self);
        let placed = spawn_blocking(move || bodies.synced(segment, (temporary, &file)));
        Ok(Written {
            draft: placed.await??,
            computed,
        })
    }

    /// Syncs a file and puts it into its place.
    fn synced(
        self: &Arc<Self>,
        segment: Segment,
        (temporary, file): (Temporary, &File),
    ) -> io::Result<Draft> {
        file.sync_all()?;
        self.place(&temporary.0, segment)
    }

    /// A file that is not in its place yet, and the name that it will have.
    fn begin(&self) -> io::Result<(String, Temporary, File)> {
        let name = self.new_name();
        let temporary = Temporary(self.temporary().join(&name));
        let file = File::create_new(&temporary.0)?;
        Ok((name, temporary, file))
    }
}

fn broken(error: StdError) -> s3s::S3Error {
    match error.downcast::<Unfitting>() {
        Ok(unfitting) => unfitting.fault(),
        Err(_) => s3_error!(
            IncompleteBody,
            "You did not provide the number of bytes specified by the Content-Length HTTP header"
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, VecDeque};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::task::{Context, Poll};

    use hyper::body::Frame;
    use passo_runtime::Entropy;

    use super::*;
    use crate::sums::Algorithm;

    #[derive(Default)]
    struct Seeds(AtomicU64);

    impl Entropy for Seeds {
        fn seed(&self) -> u64 {
            self.0.fetch_add(1, Ordering::Relaxed)
        }
    }

    fn bodies(folder: PathBuf) -> Bodies {
        Bodies::open(folder, Arc::new(Seeds::default()), &BTreeSet::new()).unwrap()
    }

    struct Frames(VecDeque<Result<Bytes, StdError>>);

    impl Body for Frames {
        type Data = Bytes;
        type Error = StdError;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
            let next = self.0.pop_front();
            Poll::Ready(next.map(|frame| frame.map(Frame::data)))
        }
    }

    /// Frames of that many bytes each; where the body breaks off, an error follows.
    fn body(frames: &[usize], breaks: bool) -> Frames {
        let frames = frames.iter().enumerate().map(|(at, length)| {
            let byte = u8::try_from(at % 251).unwrap();
            Ok(Bytes::from(vec![byte; *length]))
        });
        let broken = breaks.then(|| Err(StdError::from("broken")));
        Frames(frames.chain(broken).collect())
    }

    const SMALL: &[usize] = &[1, 70_000, 0, 3];
    const EXACT: &[usize] = &[PIECE_BYTES, PIECE_BYTES];
    const LARGE: &[usize] = &[PIECE_BYTES - 1, 7, PIECE_BYTES, 1, 64 << 10];

    #[tokio::test]
    async fn all_bytes_are_written_and_summed_however_they_come() {
        let directory = tempfile::tempdir().unwrap();
        let bodies = Arc::new(bodies(directory.path().to_owned()));
        for frames in [&[][..], SMALL, EXACT, LARGE, &[4096; 300]] {
            let whole = body(frames, false).collect().await.unwrap().to_bytes();
            for algorithm in [Algorithm::Crc64Nvme, Algorithm::Sha1] {
                let mut expect = Sums::new(algorithm).with_payload();
                expect.update(&whole);
                let expect = expect.finish(u64::try_from(whole.len()).unwrap());
                let sums = Sums::new(algorithm).with_payload();
                let written = bodies.write(body(frames, false), sums).await.ok().unwrap();
                assert_eq!(written.computed, expect);
                let segment = written.draft.segment().remove(0);
                assert_eq!(segment.size, expect.size);
                assert_eq!(fs::read(bodies.path(&segment.file)).unwrap(), whole);
            }
        }
    }

    #[tokio::test]
    async fn what_is_refused_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let folder = directory.path().to_owned();
        let (well, mut full) = (bodies(folder.join("well")), bodies(folder.join("full")));
        full.free_bytes_min = u64::MAX;
        let (well, full) = (Arc::new(well), Arc::new(full));
        for frames in [SMALL, LARGE] {
            for (bodies, breaks, expect) in [
                (&well, true, "IncompleteBody"),
                (&full, false, "ServiceUnavailable"),
            ] {
                let written = bodies.write(body(frames, breaks), Sums::new(Algorithm::Crc32));
                let refused = written.await.err().unwrap();
                assert_eq!(refused.code().as_str(), expect);
                let left = fs::read_dir(bodies.temporary()).unwrap().count();
                assert_eq!(left, 0, "{expect}");
            }
        }
    }
}
