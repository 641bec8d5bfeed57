//! How a client spelled the names of its headers. HTTP libraries show all names in small letters; what stands behind a user's API
//! is to see them as they were sent.
//!
//! [`Overheard`] keeps what is read of a connection until a request's head is understood; [`Spelling`] reads the names
//! from it. It is a record beside the parser and never its input: where it does not fit the request (one that was sent before the
//! last one was answered, say), names stay in small letters.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use hyper::http::request::Parts;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes of a head that are kept: more than API Gateway takes. Source: API Gateway quotas, "Total combined size of request line and
/// header values" (10,240 bytes).
const BYTES_MAX: usize = 16 << 10;

/// A stream whose heads are kept.
pub(crate) struct Overheard<S> {
    stream: S,
    heard: Heard,
}

/// What was read since the last answer, until it is taken.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    /// A head has been understood: what is read now is a body.
    is_taken: bool,
}

impl Heard {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, bytes: &[u8]) {
        let mut kept = self.kept();
        let room = BYTES_MAX.saturating_sub(kept.bytes.len());
        if !kept.is_taken {
            let more = bytes.get(..room).unwrap_or(bytes);
            kept.bytes.extend_from_slice(more);
        }
    }

    /// What follows an answer is another head.
    fn answered(&self) {
        let mut kept = self.kept();
        kept.bytes.clear();
        kept.is_taken = false;
    }

    /// The head that was just understood.
    pub(crate) fn take(&self) -> Spelling {
        let mut kept = self.kept();
        kept.is_taken = true;
        Spelling(std::mem::take(&mut kept.bytes))
    }
}

impl<S> Overheard<S> {
    pub(crate) fn new(stream: S, heard: Heard) -> Overheard<S> {
        Overheard { stream, heard }
    }
}

/// A request's head as it was sent.
#[derive(Clone)]
pub(crate) struct Spelling(Vec<u8>);

impl Spelling {
    /// The names of the headers of the request with this head, as they were sent; empty where what was heard is not its head.
    pub(crate) fn names(&self, head: &Parts) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.0);
        let mut lines = text.trim_start_matches(['\r', '\n']).split("\r\n");
        let first = format!("{} {} ", head.method, head.uri);
        let is_it = lines.next().is_some_and(|line| line.starts_with(&first));
        let names = lines.take_while(|line| is_it && !line.is_empty());
        let names = names.filter_map(|line| Some(line.split_once(':')?.0.to_owned()));
        names.collect()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Overheard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.heard
            .read(buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Overheard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.heard.answered();
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.heard.answered();
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    fn check(heard: &Heard, target: &str, expect: &[&str]) {
        let request = Request::builder().uri(target).body(()).unwrap();
        let (head, ()) = request.into_parts();
        assert_eq!(heard.take().names(&head), expect, "{target}");
    }

    #[test]
    fn names_are_those_of_the_request_that_was_heard() {
        let heard = Heard::default();
        heard.read(b"\r\nGET /a?b HTTP/1.1\r\nX-One: 1\r\nx");
        heard.read(b"-TWO: a:b\r\n\r\nBody: none\r\n");
        check(&heard, "/a?b", &["X-One", "x-TWO"]);
        // A body, then another request after the answer.
        heard.read(b"GET /c HTTP/1.1\r\nNot: me\r\n\r\n");
        check(&heard, "/c", &[]);
        heard.answered();
        heard.read(b"GET /c HTTP/1.1\r\nME: 1\r\n\r\n");
        check(&heard, "/c", &["ME"]);
        // Another request's head.
        heard.answered();
        heard.read(b"GET /d HTTP/1.1\r\nME: 1\r\n\r\n");
        check(&heard, "/c", &[]);
        heard.answered();
        heard.read(&[b'a'; 2 * BYTES_MAX]);
        assert_eq!(heard.take().0.len(), BYTES_MAX);
    }
}
