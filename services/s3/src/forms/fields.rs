//! The fields of a form, and its file as a stream.
//!
//! Source: RFC 7578 and RFC 2046, section 5.1.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame};
use s3s::{S3Error, S3Result, StdError, s3_error};

use crate::chunked::Unfitting;

/// Bytes of a form before its file: what AWS allows fields, and room for what stands around them.
const FIELDS_BYTES_MAX: usize = 32 << 10;

/// A form as far as its file.
pub(crate) struct Form<B> {
    pub(crate) fields: Fields,
    pub(crate) file: File<B>,
}

/// What stands before the file. Names are small letters.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) values: Vec<(String, String)>,
    /// As the browser calls the file, without folders.
    pub(crate) file_name: String,
}

impl Fields {
    /// The value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.values.iter();
        let found = values.find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The bytes of the file.
pub(crate) struct File<B> {
    inner: B,
    read: Bytes,
    /// What stands between the parts of the form.
    delimiter: Vec<u8>,
    is_over: bool,
    passed: u64,
    /// Bytes that the file must have at least, and may have at most.
    pub(crate) bounds: (u64, u64),
}

impl<B> File<B>
where
    B: Body<Data = Bytes> + Unpin,
    StdError: From<B::Error>,
{
    /// Reads on; whether there was more.
    async fn more(&mut self) -> S3Result<bool> {
        let Some(frame) = self.inner.frame().await else {
            return Ok(false);
        };
        let frame = frame.map_err(|_| malformed())?;
        if let Ok(data) = frame.into_data() {
            self.append(&data);
        }
        Ok(true)
    }

    fn append(&mut self, data: &Bytes) {
        self.read = match self.read.is_empty() {
            true => data.clone(),
            false => [&*self.read, &**data].concat().into(),
        };
    }

    /// What comes before the next `mark`, which is passed over. `left` bytes may be read until then.
    async fn before(&mut self, mark: &[u8], left: &mut usize) -> S3Result<Bytes> {
        loop {
            if let Some(at) = find(&self.read, mark) {
                let before = self.read.split_to(at);
                self.read.advance(mark.len());
                *left = left
                    .checked_sub(at + mark.len())
                    .ok_or_else(too_many_fields)?;
                return Ok(before);
            }
            if self.read.len() > *left {
                return Err(too_many_fields());
            }
            if !self.more().await? {
                return Err(malformed());
            }
        }
    }
}

/// Reads a form of that content type as far as its file.
///
/// # Errors
/// `MalformedPOSTRequest`, `MaxPostPreDataLengthExceededError`, `InvalidArgument` where it has no file.
pub(crate) async fn read<B>(content_type: &str, body: B) -> S3Result<Form<B>>
where
    B: Body<Data = Bytes> + Unpin,
    StdError: From<B::Error>,
{
    let boundary = parameter(content_type, "boundary").filter(|it| !it.is_empty());
    let delimiter = format!("\r\n--{}", boundary.ok_or_else(malformed)?).into_bytes();
    let mut file = File {
        inner: body,
        // The first delimiter may stand at the very beginning.
        read: Bytes::from_static(b"\r\n"),
        delimiter: delimiter.clone(),
        is_over: false,
        passed: 0,
        bounds: (0, u64::MAX),
    };
    let (mut fields, mut left) = (Fields::default(), FIELDS_BYTES_MAX);
    file.before(&delimiter, &mut left).await?;
    loop {
        let rest = file.before(b"\r\n", &mut left).await?;
        if rest.starts_with(b"--") {
            return Err(s3_error!(
                InvalidArgument,
                "POST requires exactly one file upload per request."
            ));
        }
        let (name, file_name) = head(&mut file, &mut left).await?;
        if name == "file" {
            let file_name = file_name.unwrap_or_default();
            let last = file_name.rsplit(['/', '\\']).next();
            last.unwrap_or_default().clone_into(&mut fields.file_name);
            return Ok(Form { fields, file });
        }
        let value = file.before(&delimiter, &mut left).await?;
        let value = String::from_utf8(value.to_vec()).map_err(|_| malformed())?;
        fields.values.push((name, value));
    }
}

/// The name of a part, and that of its file.
async fn head<B>(file: &mut File<B>, left: &mut usize) -> S3Result<(String, Option<String>)>
where
    B: Body<Data = Bytes> + Unpin,
    StdError: From<B::Error>,
{
    let mut found = None;
    loop {
        let line = file.before(b"\r\n", left).await?;
        if line.is_empty() {
            return found.ok_or_else(malformed);
        }
        let line = String::from_utf8(line.to_vec()).map_err(|_| malformed())?;
        let (name, value) = line.split_once(':').ok_or_else(malformed)?;
        if name.trim().eq_ignore_ascii_case("content-disposition") {
            let name = parameter(value, "name").ok_or_else(malformed)?;
            found = Some((name.to_ascii_lowercase(), parameter(value, "filename")));
        }
    }
}

/// A parameter of a header, with quotes or without.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (key, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let (value, behind) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => value.split_once(';').unwrap_or((value, "")),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value.trim().to_owned());
        }
        rest = behind.trim_start().trim_start_matches(';');
    }
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    let first = mark.first()?;
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|byte| byte == first)?;
        if bytes.get(at..)?.starts_with(mark) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn malformed() -> S3Error {
    s3_error!(
        MalformedPOSTRequest,
        "The body of your POST request is not well-formed multipart/form-data."
    )
}

fn too_many_fields() -> S3Error {
    s3_error!(
        MaxPostPreDataLengthExceededError,
        "Your POST request fields preceding the upload file were too large."
    )
}

impl<B> File<B> {
    /// The next bytes of the file, if they are here.
    fn step(&mut self) -> Option<Bytes> {
        let safe = match find(&self.read, &self.delimiter) {
            Some(at) => {
                self.is_over = true;
                at
            }
            // What may be the beginning of a delimiter waits for the rest.
            None => self.read.len().saturating_sub(self.delimiter.len() - 1),
        };
        let data = self.read.split_to(safe);
        self.passed = self
            .passed
            .saturating_add(u64::try_from(safe).unwrap_or(u64::MAX));
        (!data.is_empty()).then_some(data)
    }
}

impl<B> Body for File<B>
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
            if self.is_over {
                let is_short = self.passed < self.bounds.0;
                return Poll::Ready(is_short.then(|| Err(Unfitting::TooShort.into())));
            }
            let data = self.step();
            if self.passed > self.bounds.1 {
                return Poll::Ready(Some(Err(Unfitting::TooLong.into())));
            }
            if let Some(data) = data {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
            if self.is_over {
                continue;
            }
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.append(&data);
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                None => return Poll::Ready(Some(Err(Unfitting::Pieces.into()))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::convert::Infallible;

    use super::*;

    struct Frames(VecDeque<Bytes>);

    impl Body for Frames {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(self.0.pop_front().map(|data| Ok(Frame::data(data))))
        }
    }

    const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"Key\"\r\n\r\nu/${filename}\r\n--b\r\n\
        content-disposition: form-data; name=\"file\"; filename=\"C:\\x\\a;b.txt\"\r\nContent-Type: text/plain\r\n\r\n\
        one\r\n--bu\rt two\r\n--b--\r\n";

    async fn check(text: &str, bounds: (u64, u64), expect: Result<&str, &str>) {
        // However it comes.
        for size in [1, 2, 7, 64, 4096] {
            let frames = text.as_bytes().chunks(size).map(Bytes::copy_from_slice);
            let read = read("multipart/form-data; boundary=b", Frames(frames.collect())).await;
            let found = match read {
                Ok(mut form) => {
                    assert_eq!(form.fields.get("key"), Some("u/${filename}"));
                    assert_eq!(form.fields.file_name, "a;b.txt");
                    form.file.bounds = bounds;
                    let body = form.file.collect().await.map(|body| body.to_bytes());
                    body.map_err(|error| error.to_string())
                }
                Err(error) => Err(error.code().as_str().to_owned()),
            };
            let found = found.as_ref().map(|body| &**body).map_err(|error| &**error);
            assert_eq!(found, expect.map(str::as_bytes), "{size}");
        }
    }

    #[tokio::test]
    async fn forms_are_read() {
        let all = (0, u64::MAX);
        // A delimiter has to be whole: `--bu` begins as one.
        let file = FORM.replace("--bu", "-bu");
        check(&file, all, Ok("one\r\n-bu\rt two")).await;
        check(&file, (1, 14), Ok("one\r\n-bu\rt two")).await;
        check(&file, (17, 20), Err("the body is shorter than it may be")).await;
        check(&file, (0, 13), Err("the body is longer than it may be")).await;
        check("--b\r\n", all, Err("MalformedPOSTRequest")).await;
        check("--b--\r\n", all, Err("InvalidArgument")).await;
        let long = file.replace("u/", &"u".repeat(FIELDS_BYTES_MAX));
        check(&long, all, Err("MaxPostPreDataLengthExceededError")).await;
        let broken = file.trim_end_matches("\r\n--b--\r\n");
        check(broken, all, Err("the body is broken")).await;
    }
}
