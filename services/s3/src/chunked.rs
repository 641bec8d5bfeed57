//! Bodies as SDKs wrap them: in pieces with lengths and signatures (`aws-chunked`), and with a hash that was declared.
//!
//! Where the server asks who its callers are, the signatures of pieces are checked; bytes pass before, so whoever takes
//! them must wait for the end. Source: "Signature calculations: transferring payload in multiple chunks" of the S3 API
//! reference.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use hyper::StatusCode;
use hyper::body::{Body, Frame};
use s3s::{S3Error, S3ErrorCode, StdError, s3_error};
use sha2::{Digest as _, Sha256};

use crate::signed_pieces::SignedPieces;
use crate::sums::{Algorithm, Sum, hex};

/// Bytes of a line between pieces.
const LINE_BYTES_MAX: usize = 4096;

/// What a body's wrapping says is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfitting {
    /// It has another hash than its head says.
    Hash,
    /// A piece of it is not signed by who signed its head.
    Signature,
    /// It is not wrapped as it should be, or shorter or longer than its head says.
    Pieces,
    /// It is shorter than a form's policy allows.
    TooShort,
    /// It is longer than a form's policy allows.
    TooLong,
}

impl fmt::Display for Unfitting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unfitting::Hash => "the body has another hash",
            Unfitting::Signature => "a piece of the body is signed otherwise",
            Unfitting::Pieces => "the body is broken",
            Unfitting::TooShort => "the body is shorter than it may be",
            Unfitting::TooLong => "the body is longer than it may be",
        })
    }
}

impl std::error::Error for Unfitting {}

impl Unfitting {
    pub(crate) fn fault(self) -> S3Error {
        match self {
            Unfitting::Hash => {
                let mut error = S3Error::with_message(
                    S3ErrorCode::Custom("XAmzContentSHA256Mismatch".into()),
                    "The provided 'x-amz-content-sha256' header does not match what was computed.",
                );
                error.set_status_code(StatusCode::BAD_REQUEST);
                error
            }
            Unfitting::Signature => s3_error!(
                SignatureDoesNotMatch,
                "The request signature we calculated does not match the signature you provided. Check your key and signing method."
            ),
            Unfitting::Pieces => {
                s3_error!(IncompleteBody, "The request body terminated unexpectedly")
            }
            Unfitting::TooShort => s3_error!(
                EntityTooSmall,
                "Your proposed upload is smaller than the minimum allowed size"
            ),
            Unfitting::TooLong => s3_error!(
                EntityTooLarge,
                "Your proposed upload exceeds the maximum allowed size"
            ),
        }
    }
}

/// The sum that follows a body, once it is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trailer(Arc<Mutex<Option<Sum>>>);

impl Trailer {
    pub(crate) fn sum(&self) -> Option<Sum> {
        let sum = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sum.clone()
    }

    fn set(&self, sum: Sum) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(sum);
    }
}

enum State {
    Length,
    Data(u64),
    DataEnd,
    Trailers,
    Done,
}

/// What is inside of pieces.
pub(crate) struct Chunked<B> {
    inner: B,
    read: Bytes,
    is_over: bool,
    state: State,
    left: u64,
    trailer: Trailer,
    signed: Option<SignedPieces>,
}

impl<B> Chunked<B> {
    /// What is inside of `inner`, `length` bytes; the sum behind them goes to `trailer`. Its pieces are `signed` where that
    /// matters.
    pub(crate) fn new(
        inner: B,
        length: u64,
        (trailer, signed): (Trailer, Option<SignedPieces>),
    ) -> Chunked<B> {
        Chunked {
            inner,
            read: Bytes::new(),
            is_over: false,
            state: State::Length,
            left: length,
            trailer,
            signed,
        }
    }

    /// Adds what has come. Bytes are copied only behind a broken line.
    fn append(&mut self, data: Bytes) {
        self.read = match self.read.is_empty() {
            true => data,
            false => [&*self.read, &*data].concat().into(),
        };
    }

    /// A line without its end, if all of it is there.
    fn line(&mut self) -> Result<Option<String>, Unfitting> {
        let Some(end) = self.read.windows(2).position(|at| at == b"\r\n") else {
            return match self.read.len() > LINE_BYTES_MAX {
                true => Err(Unfitting::Pieces),
                false => Ok(None),
            };
        };
        let line = self.read.split_to(end);
        self.read.advance(2);
        let line = std::str::from_utf8(&line).map_err(|_| Unfitting::Pieces)?;
        Ok(Some(line.to_owned()))
    }

    fn end_piece(&mut self) -> Result<(), Unfitting> {
        let signed = self.signed.as_mut();
        signed.map_or(Ok(()), SignedPieces::end)
    }

    /// The next bytes, if there are some; none where more has to be read first.
    fn step(&mut self) -> Result<Option<Bytes>, Unfitting> {
        loop {
            match self.state {
                State::Length => {
                    let Some(line) = self.line()? else {
                        return Ok(None);
                    };
                    let (length, more) = line.split_once(';').unwrap_or((&line, ""));
                    if let Some(signed) = &mut self.signed {
                        signed.begin(more);
                    }
                    let length = length.trim();
                    let length = u64::from_str_radix(length, 16).map_err(|_| Unfitting::Pieces)?;
                    self.left = self.left.checked_sub(length).ok_or(Unfitting::Pieces)?;
                    self.state = match length {
                        0 => {
                            self.end_piece()?;
                            State::Trailers
                        }
                        length => State::Data(length),
                    };
                }
                State::Data(length) => {
                    if self.read.is_empty() {
                        return Ok(None);
                    }
                    let here = usize::try_from(length).unwrap_or(usize::MAX);
                    let data = self.read.split_to(here.min(self.read.len()));
                    let taken = u64::try_from(data.len()).unwrap_or(length);
                    if let Some(signed) = &mut self.signed {
                        signed.update(&data);
                    }
                    self.state = match length.saturating_sub(taken) {
                        0 => {
                            self.end_piece()?;
                            State::DataEnd
                        }
                        rest => State::Data(rest),
                    };
                    return Ok(Some(data));
                }
                State::DataEnd => {
                    let Some(line) = self.line()? else {
                        return Ok(None);
                    };
                    if !line.is_empty() {
                        return Err(Unfitting::Pieces);
                    }
                    self.state = State::Length;
                }
                State::Trailers => {
                    let Some(line) = self.line()? else {
                        return Ok(None);
                    };
                    let Some((name, value)) = line.split_once(':') else {
                        self.state = State::Done;
                        continue;
                    };
                    if let Some(signed) = &mut self.signed {
                        signed.trailer(name, value)?;
                    }
                    if let Some(algorithm) = Algorithm::of_header(name) {
                        let value = value.trim().to_owned();
                        self.trailer.set(Sum { algorithm, value });
                    }
                }
                State::Done => return Ok(None),
            }
        }
    }
}

impl<B> Body for Chunked<B>
where
    B: Body<Data = Bytes> + Unpin,
    StdError: From<B::Error>,
{
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        loop {
            match self.step() {
                Ok(Some(data)) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Ok(None) => {}
                Err(unfitting) => return Poll::Ready(Some(Err(unfitting.into()))),
            }
            if self.is_over {
                // Some clients leave the last empty line out.
                let whole = matches!(self.state, State::Trailers | State::Done) && self.left == 0;
                let is_signed = self.signed.as_ref().is_none_or(SignedPieces::is_over);
                return Poll::Ready(match (whole, is_signed) {
                    (false, _) => Some(Err(Unfitting::Pieces.into())),
                    (true, false) => Some(Err(Unfitting::Signature.into())),
                    (true, true) => None,
                });
            }
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.append(data);
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                None => self.is_over = true,
            }
        }
    }
}

/// The SHA-256 that a head says. Who takes it checks it: who writes the body, beside the writing, else who reads it first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payload(Arc<Mutex<Option<String>>>);

impl Payload {
    pub(crate) fn declare(&self, hash: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hash);
    }

    pub(crate) fn take(&self) -> Option<String> {
        let mut hash = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hash.take()
    }
}

/// A body whose hash was declared.
pub(crate) struct Hashed<B> {
    inner: B,
    declared: Payload,
    checked: Option<(String, Sha256)>,
}

impl<B> Hashed<B> {
    /// `inner`, which is checked here unless somebody takes what was `declared` before it is read.
    pub(crate) fn new(inner: B, declared: Payload) -> Hashed<B> {
        Hashed {
            inner,
            declared,
            checked: None,
        }
    }
}

impl<B> Body for Hashed<B>
where
    B: Body<Data = Bytes> + Unpin,
    StdError: From<B::Error>,
{
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        if let Some(declared) = self.declared.take() {
            self.checked = Some((declared, Sha256::new()));
        }
        match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
            Some(Ok(frame)) => {
                if let (Some(data), Some((_, hash))) = (frame.data_ref(), &mut self.checked) {
                    hash.update(data);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(error)) => Poll::Ready(Some(Err(error.into()))),
            None => {
                let is_other = { self.checked.take() }.is_some_and(|(declared, hash)| {
                    !hex(&hash.finalize()).eq_ignore_ascii_case(&declared)
                });
                Poll::Ready(is_other.then(|| Err(Unfitting::Hash.into())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt as _, Full};

    use super::*;

    fn check(wrapped: &str, length: u64, expect: Result<(&str, Option<&str>), Unfitting>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let trailer = Trailer::default();
        let body = Full::new(Bytes::from(wrapped.to_owned()));
        let body = Chunked::new(body, length, (trailer.clone(), None));
        let found = runtime.block_on(body.collect()).map(|body| body.to_bytes());
        match (found, expect) {
            (Ok(found), Ok((body, sum))) => {
                assert_eq!(found, body.as_bytes());
                assert_eq!(trailer.sum().map(|sum| sum.value).as_deref(), sum);
            }
            (Err(error), Err(expect)) => {
                assert_eq!(error.downcast_ref::<Unfitting>(), Some(&expect));
            }
            (found, expect) => panic!("{wrapped}: {found:?}, not {expect:?}"),
        }
    }

    #[test]
    fn pieces_are_joined_and_the_sum_behind_them_is_read() {
        let signed = "5;chunk-signature=aa\r\nhello\r\n1;chunk-signature=bb\r\n!\r\n0;chunk-signature=cc\r\n\r\n";
        check(signed, 6, Ok(("hello!", None)));
        let trailing = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
        check(trailing, 5, Ok(("hello", Some("NhCmhg=="))));
        check("0\r\n\r\n", 0, Ok(("", None)));
        for (broken, length) in [
            ("5\r\nhel", 5),
            ("5\r\nhello\r\n0\r\n\r\n", 6),
            ("5\r\nhello\r\n0\r\n\r\n", 4),
            ("x\r\n", 0),
            ("5\r\nhelloo\r\n", 5),
        ] {
            check(broken, length, Err(Unfitting::Pieces));
        }
    }

    #[test]
    fn a_body_with_another_hash_breaks() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let right = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        for (declared, expect) in [(right, true), ("00", false)] {
            for is_taken in [false, true] {
                let payload = Payload::default();
                payload.declare(declared.to_owned());
                let body = Hashed::new(Full::new(Bytes::from("hello")), payload.clone());
                let taken = is_taken.then(|| payload.take()).flatten();
                assert_eq!(taken.is_some(), is_taken);
                let is_right = runtime.block_on(body.collect()).is_ok();
                assert_eq!(is_right, expect || is_taken, "who takes it checks it");
            }
        }
    }
}
