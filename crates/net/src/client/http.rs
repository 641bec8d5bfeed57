//! Sending one request and reading its answer, within bounds of time and size.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes};
use hyper::{Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use thiserror::Error;

use super::tls::{Trust, TrustError};

/// What a client allows itself.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// How long to wait for a TCP connection.
    pub connect_timeout: Duration,
    /// How long an unused connection is kept.
    pub idle_timeout: Duration,
    /// Unused connections that are kept for each host.
    pub idle_per_host_max: usize,
    /// Bytes of an answer's body; longer answers are [`SendError::TooLarge`].
    pub response_bytes_max: usize,
    /// Whose certificates are believed.
    pub trust: Trust,
}

impl Default for ClientSettings {
    /// 5 seconds to connect, 32 unused connections a host for 50 seconds (AWS closes its own after 60), 16 MiB of answer.
    fn default() -> ClientSettings {
        ClientSettings {
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(50),
            idle_per_host_max: 32,
            response_bytes_max: 16 << 20,
            trust: Trust::default(),
        }
    }
}

/// Why a request has no answer. The text names the host, never a path, a query, a header or a body.
#[derive(Debug, Error)]
pub enum SendError {
    /// Not `http://host…` or `https://host…`.
    #[error("not an absolute HTTP URL")]
    Url,
    /// Nobody answers there, its name is unknown, or its certificate is not believed. The request was not sent.
    #[error("failed to connect to `{host}`: {reason}")]
    Connect {
        /// Host and port.
        host: String,
        /// What the operating system or TLS said.
        reason: String,
    },
    /// No whole answer within the time that was allowed. The request may have been carried out.
    #[error("`{host}` did not answer within {} ms", .after.as_millis())]
    Timeout {
        /// Host and port.
        host: String,
        /// The time that was allowed.
        after: Duration,
    },
    /// The answer is longer than [`ClientSettings::response_bytes_max`].
    #[error("the answer of `{host}` is longer than {bytes_max} bytes")]
    TooLarge {
        /// Host and port.
        host: String,
        /// The bound.
        bytes_max: usize,
    },
    /// The connection broke, or what came is not HTTP. The request may have been carried out.
    #[error("the connection to `{host}` broke: {reason}")]
    Broken {
        /// Host and port.
        host: String,
        /// What is known about it.
        reason: String,
    },
}

impl SendError {
    /// Whether the request never reached its server, so that sending it again cannot do anything twice.
    pub fn is_unsent(&self) -> bool {
        match self {
            SendError::Url | SendError::Connect { .. } => true,
            SendError::Timeout { .. } | SendError::TooLarge { .. } | SendError::Broken { .. } => {
                false
            }
        }
    }
}

/// An HTTP/1.1 client that keeps connections. Cloning is cheap, clones share the connections.
///
/// It follows no redirects, keeps no cookies, and does not repeat a request; only one whose connection was closed by
/// the server before a byte was written takes another connection.
#[derive(Clone, Debug)]
pub struct Client {
    inner: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    response_bytes_max: usize,
}

impl Client {
    /// A client. It opens connections when it has to.
    ///
    /// # Errors
    /// When [`ClientSettings::trust`] names certificates that cannot be read.
    pub fn new(settings: &ClientSettings) -> Result<Client, TrustError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(settings.connect_timeout));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(settings.trust.tls()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let inner = legacy::Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(settings.idle_timeout)
            .pool_max_idle_per_host(settings.idle_per_host_max)
            .build(connector);
        Ok(Client {
            inner,
            response_bytes_max: settings.response_bytes_max,
        })
    }

    /// Sends a request and reads the whole answer, whatever its status, within `timeout` all told. The URI must be
    /// absolute; `Host` and `Content-Length` are set where they are missing.
    ///
    /// # Errors
    /// When there is no whole answer. An answer with a status of failure is an answer.
    pub async fn send(
        &self,
        request: Request<Bytes>,
        timeout: Duration,
    ) -> Result<Response<Bytes>, SendError> {
        let host = host(request.uri()).ok_or(SendError::Url)?;
        match tokio::time::timeout(timeout, self.exchange(request, &host)).await {
            Ok(answer) => answer,
            Err(_) => Err(SendError::Timeout {
                host,
                after: timeout,
            }),
        }
    }

    async fn exchange(
        &self,
        request: Request<Bytes>,
        host: &str,
    ) -> Result<Response<Bytes>, SendError> {
        let answer = self.inner.request(request.map(Full::new)).await;
        let answer = answer.map_err(|error| {
            let (host, reason) = (host.to_owned(), reason(&error));
            match error.is_connect() {
                true => SendError::Connect { host, reason },
                false => SendError::Broken { host, reason },
            }
        })?;
        let (head, body) = answer.into_parts();
        let bytes_max = self.response_bytes_max;
        let too_large = || SendError::TooLarge {
            host: host.to_owned(),
            bytes_max,
        };
        // An announced length needs no reading.
        if u64::try_from(bytes_max).is_ok_and(|max| body.size_hint().lower() > max) {
            return Err(too_large());
        }
        let body = Limited::new(body, bytes_max).collect().await;
        let body = body.map_err(|error| match error.is::<LengthLimitError>() {
            true => too_large(),
            false => SendError::Broken {
                host: host.to_owned(),
                reason: "it ended before the answer did".to_owned(),
            },
        })?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

/// Host and port of an absolute HTTP URL, without user information.
fn host(uri: &Uri) -> Option<String> {
    let scheme = uri.scheme_str()?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    let host = uri.host()?;
    Some(match uri.port_u16() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// The innermost cause: what the operating system or TLS said.
fn reason(error: &legacy::Error) -> String {
    let mut source = error.source();
    let mut text = "no reason is known".to_owned();
    // Causes are few; the bound is against one that names itself.
    for _ in 0..8 {
        let Some(error) = source else { break };
        text = error
            .downcast_ref::<io::Error>()
            .map_or_else(|| error.to_string(), io::Error::to_string);
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    /// A server that answers every request on every connection with the next of `answers`, and counts connections.
    async fn serve(answers: Vec<&'static [u8]>) -> (String, tokio::task::JoinHandle<usize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            let (mut connections, mut answers) = (0, answers.into_iter());
            loop {
                let Ok((mut stream, _)) = listener.accept().await else {
                    return connections;
                };
                connections += 1;
                let mut buffer = vec![0; 4096];
                while let Ok(read) = stream.read(&mut buffer).await {
                    if read == 0 {
                        break;
                    }
                    let Some(answer) = answers.next() else {
                        return connections;
                    };
                    stream.write_all(answer).await.unwrap();
                    if answers.len() == 0 {
                        return connections;
                    }
                }
            }
        });
        (format!("http://{address}"), task)
    }

    fn client() -> Client {
        Client::new(&ClientSettings {
            response_bytes_max: 100,
            ..ClientSettings::default()
        })
        .unwrap()
    }

    fn get(url: &str) -> Request<Bytes> {
        Request::get(url).body(Bytes::new()).unwrap()
    }

    const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    #[tokio::test]
    async fn connections_are_kept() {
        let (url, server) = serve(vec![OK, OK, OK]).await;
        let client = client();
        for _ in 0..3 {
            let answer = client.send(get(&url), LONG).await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), &answer.body()[..]),
                (200, &b"ok"[..])
            );
        }
        assert_eq!(server.await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_failure_status_is_an_answer() {
        let answer = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
        let (url, _server) = serve(vec![answer]).await;
        let answer = client().send(get(&url), LONG).await.unwrap();
        assert_eq!(answer.status().as_u16(), 503);
    }

    #[tokio::test]
    async fn failures_say_what_happened() {
        let (url, _server) = serve(vec![b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n"]).await;
        assert!(matches!(
            client().send(get(&url), LONG).await,
            Err(SendError::TooLarge { bytes_max: 100, .. })
        ));
        let (url, _server) = serve(vec![b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok"]).await;
        assert!(matches!(
            client().send(get(&url), LONG).await,
            Err(SendError::Broken { .. })
        ));
        let (url, _server) = serve(vec![b"", b"", b""]).await;
        let error = client().send(get(&url), Duration::from_millis(20)).await;
        assert!(matches!(error, Err(SendError::Timeout { .. })), "{error:?}");
        let error = client().send(get("ftp://example.com/"), LONG).await;
        assert!(matches!(error, Err(SendError::Url)), "{error:?}");
    }

    #[tokio::test]
    async fn nobody_there() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let error = client()
            .send(get(&format!("http://{address}/secret?token=x")), LONG)
            .await
            .unwrap_err();
        assert!(error.is_unsent());
        let text = error.to_string();
        assert!(text.starts_with(&format!("failed to connect to `{address}`: ")));
        assert!(!text.contains("secret") && !text.contains("token"));
    }
}
