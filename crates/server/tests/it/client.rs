//! An HTTP client that is no more than a socket.

use std::net::SocketAddr;

use passo_json::Json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What the server answered.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The body of a success.
    pub fn ok(self) -> Json {
        assert!(self.status < 300, "{} {}", self.status, self.body);
        Json::parse(&self.body).unwrap()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Calls an operation of a service that speaks AWS JSON.
pub async fn post_json(address: SocketAddr, target: &str, parameters: &Json) -> Answer {
    let headers = format!("X-Amz-Target: {target}\r\nContent-Type: application/x-amz-json-1.0");
    send(
        address,
        "POST / HTTP/1.1",
        &headers,
        "states",
        &parameters.to_text(),
    )
    .await
}

/// Sends one request in the name of `service`.
pub async fn send(
    address: SocketAddr,
    line: &str,
    headers: &str,
    service: &str,
    body: &str,
) -> Answer {
    let separator = if headers.is_empty() { "" } else { "\r\n" };
    let request = format!(
        "{line}\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0\r\n\
         Content-Length: {}\r\n{headers}{separator}\r\n{body}",
        body.len()
    );
    exchange(address, request.as_bytes()).await
}

/// Sends one request, which must ask for the connection's end.
pub async fn exchange(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}
