//! The listener: accepts connections, bounds them, and answers requests until it is told to stop.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use passo_service::{Directory, Fault, RequestId};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::aws_json;
use crate::protocol::Protocol;
use crate::request_id::RequestIds;

/// What a server allows its clients.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Connections at once; further ones wait to be accepted.
    pub connections_max: usize,
    /// Bytes of a request's body. AWS takes 1 MiB for a definition; the JSON around it needs room too.
    pub body_bytes_max: usize,
    /// Bytes of a request's body where it may carry a function's code: AWS takes 50 MB zipped, a third more in base64.
    pub code_body_bytes_max: usize,
    /// How long a client may take to send a request's head, and again its body.
    pub read_timeout: Duration,
    /// How long open requests may go on after the server was told to stop.
    pub drain_timeout: Duration,
}

impl Default for Settings {
    /// 10,240 connections, 4 MiB, with code 70 MiB, 30 seconds to read, 10 seconds to drain.
    fn default() -> Settings {
        Settings {
            connections_max: 10_240,
            body_bytes_max: 4 << 20,
            code_body_bytes_max: 70 << 20,
            read_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(10),
        }
    }
}

/// Why a server could not listen.
#[derive(Debug)]
pub struct BindError {
    address: SocketAddr,
    source: io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to listen on `{}`", self.address)
    }
}

impl BindError {
    /// Whether somebody else listens there.
    pub fn is_in_use(&self) -> bool {
        self.source.kind() == io::ErrorKind::AddrInUse
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// An HTTP/1.1 server for the services of a [`Directory`].
pub struct Server {
    listener: TcpListener,
    settings: Settings,
}

struct Gateway {
    directory: Directory,
    settings: Settings,
    request_ids: RequestIds,
}

impl Server {
    /// Listens on `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// Where the address is not to be had.
    pub async fn bind(address: SocketAddr, settings: Settings) -> Result<Server, BindError> {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| BindError { address, source })?;
        Ok(Server { listener, settings })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// Where the operating system does not tell.
    pub fn local_address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests with the services of `directory` until `stop` completes, then lets open ones finish for
    /// [`Settings::drain_timeout`].
    pub async fn serve(self, directory: Directory, stop: impl Future<Output = ()>) {
        let Server { listener, settings } = self;
        let gateway = Arc::new(Gateway {
            directory,
            settings,
            request_ids: RequestIds::new(),
        });
        let places = Arc::new(Semaphore::new(settings.connections_max));
        let (stopping, stopped) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = accept(&listener, &places) => accepted,
                Some(_) = connections.join_next(), if !connections.is_empty() => None,
            };
            if let Some((place, stream)) = accepted {
                let (gateway, stopped) = (gateway.clone(), stopped.clone());
                connections.spawn(async move {
                    connection(stream, gateway, stopped).await;
                    drop(place);
                });
            }
        }
        drop(listener);
        let _ = stopping.send(true);
        let drained = async { while connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(settings.drain_timeout, drained).await;
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(OwnedSemaphorePermit, TcpStream)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((place, stream)),
        Err(_) => {
            // Out of file descriptors, most likely: one that closes soon is worth a short wait.
            tokio::time::sleep(Duration::from_millis(20)).await;
            None
        }
    }
}

async fn connection(stream: TcpStream, gateway: Arc<Gateway>, mut stopped: watch::Receiver<bool>) {
    // Answers are single writes; waiting to fill a segment only adds latency.
    let _ = stream.set_nodelay(true);
    let read_timeout = gateway.settings.read_timeout;
    let service = service_fn(move |request| {
        let gateway = gateway.clone();
        async move { Ok::<_, Infallible>(gateway.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(read_timeout)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let stopping = tokio::select! {
        // A client that breaks its connection off is its own affair.
        _ = connection.as_mut() => false,
        _ = stopped.changed() => true,
    };
    if stopping {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

impl Gateway {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if request.method() == Method::GET && request.uri().path() == "/health" {
            return Response::new(Full::new(Bytes::from_static(b"{\"status\":\"ok\"}")));
        }
        let request_id = self.request_ids.next();
        let (head, body) = request.into_parts();
        let protocol = Protocol::of(&head);
        let limit = if protocol.carries_code() {
            self.settings.code_body_bytes_max
        } else {
            self.settings.body_bytes_max
        };
        let body = match self.body(body, limit).await {
            Ok(body) => body,
            Err(refusal) => return refused(refusal, &request_id),
        };
        let read = protocol.read(&self.directory, &head, &body, request_id.clone());
        // The parameters hold what is needed of it.
        drop(body);
        match read {
            Ok((service, call)) => {
                let action = call.operation.clone();
                let outcome = service.call(call).await;
                protocol.answer(&outcome, &request_id, &head, Some(&action))
            }
            Err(fault) => protocol.answer(&Err(fault), &request_id, &head, None),
        }
    }

    async fn body(&self, body: Incoming, bytes_max: usize) -> Result<Bytes, StatusCode> {
        let limited = Limited::new(body, bytes_max);
        match tokio::time::timeout(self.settings.read_timeout, limited.collect()).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

fn refused(status: StatusCode, request_id: &RequestId) -> Response<Full<Bytes>> {
    let fault = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Fault::caller("RequestEntityTooLargeException", "Request entity too large")
        }
        _ => Fault::caller(
            "RequestTimeoutException",
            "The request took too long to arrive",
        ),
    };
    let mut response = aws_json::answer(&Err(fault), request_id, &hyper::HeaderMap::new());
    *response.status_mut() = status;
    response
}
