//! One connection: HTTP/1.1 by hand, because a client that shares two cores with the server must cost little.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use passo_json::Json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Where the credentials of a signing client begin; the service follows.
const CREDENTIAL: &str = "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/";
/// The rest of what a signing client sends.
const AUTHORIZATION: &str = "/aws4_request, \
    SignedHeaders=content-type;host;x-amz-date;x-amz-target, \
    Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A service that speaks AWS JSON 1.0.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    signing_name: &'static str,
    target: &'static str,
}

impl Api {
    /// Step Functions.
    pub const STATES: Api = Api {
        signing_name: "states",
        target: "AWSStepFunctions",
    };
    /// SQS.
    pub const SQS: Api = Api {
        signing_name: "sqs",
        target: "AmazonSQS",
    };
}

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Where nobody listens.
    pub async fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream,
            request: Vec::with_capacity(2048),
            answer: Vec::with_capacity(4096),
        })
    }

    /// Calls an operation of Step Functions; the body of its answer.
    ///
    /// # Errors
    /// Where the answer is not a success.
    pub async fn call(&mut self, operation: &str, parameters: &str) -> Result<&[u8]> {
        self.call_of(Api::STATES, operation, parameters).await
    }

    /// Calls an operation of `api`; the body of its answer.
    ///
    /// # Errors
    /// Where the answer is not a success.
    pub async fn call_of(&mut self, api: Api, operation: &str, parameters: &str) -> Result<&[u8]> {
        let target = api.target;
        let head = format!("POST / HTTP/1.1\r\nx-amz-target: {target}.{operation}\r\n");
        let content_type = "application/x-amz-json-1.0";
        self.send(&head, api.signing_name, content_type, parameters)
            .await
            .with_context(|| format!("{operation} failed"))
    }

    /// As [`Connection::call`], with the answer parsed.
    ///
    /// # Errors
    /// Where the answer is not a success, or no JSON.
    pub async fn ask(&mut self, operation: &str, parameters: &Json) -> Result<Json> {
        let answer = self.call(operation, &parameters.to_text()).await?;
        Ok(Json::parse(std::str::from_utf8(answer)?)?)
    }

    /// Calls an operation of Lambda, whose name is a method and a path.
    ///
    /// # Errors
    /// Where the answer is not a success.
    pub async fn rest(&mut self, method_and_path: &str, body: &str) -> Result<&[u8]> {
        let head = format!("{method_and_path} HTTP/1.1\r\n");
        self.send(&head, "lambda", "application/json", body)
            .await
            .with_context(|| format!("{method_and_path} failed"))
    }

    /// Calls an operation of S3, whose name is a method and a path.
    ///
    /// # Errors
    /// Where the answer is not a success.
    pub async fn s3(&mut self, method_and_path: &str, body: &str) -> Result<&[u8]> {
        let head =
            format!("{method_and_path} HTTP/1.1\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\n");
        self.send(&head, "s3", "application/octet-stream", body)
            .await
            .with_context(|| format!("{method_and_path} failed"))
    }

    async fn send(
        &mut self,
        head: &str,
        service: &str,
        content_type: &str,
        body: &str,
    ) -> Result<&[u8]> {
        let length = body.len();
        self.request.clear();
        for part in [
            head,
            "host: localhost\r\nx-amz-date: 20260101T000000Z\r\nauthorization: ",
            CREDENTIAL,
            service,
            AUTHORIZATION,
            "\r\ncontent-type: ",
            content_type,
            &format!("\r\ncontent-length: {length}\r\n\r\n"),
            body,
        ] {
            self.request.extend_from_slice(part.as_bytes());
        }
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.answer).await?;
            ensure!(read > 0, "the server closed the connection");
            if let Some((status, body, end)) = parts(&self.answer)?
                && self.answer.len() >= end
            {
                let body = self.answer.get(body..end).unwrap_or_default();
                if !(200..300).contains(&status) {
                    bail!("status {status}: {}", String::from_utf8_lossy(body));
                }
                return Ok(body);
            }
        }
    }
}

/// The status of an answer, where its body begins and where it ends; nothing while the head is not complete.
fn parts(answer: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let Some(head_end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(answer.get(..head_end).unwrap_or_default())?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.context("an answer has no status")?.parse()?;
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse().ok()).flatten()
    });
    let length: usize = length.context("an answer has no length")?;
    let body = head_end + 4;
    Ok(Some((status, body, body + length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_apart() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx: y\r\n\r\n{}";
        assert_eq!(parts(answer).unwrap(), Some((200, 44, 46)));
        assert_eq!(parts(&answer[..40]).unwrap(), None);
        assert!(parts(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
