//! The listener: accepts connections, bounds them, and answers requests until it is told to stop.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::gateway::{Answering, Gateway};
use crate::site::Peer;
use crate::spelling::{Heard, Overheard};
use crate::stalling::Stalling;

/// What hyper wants at least.
const HEAD_BYTES_MIN: usize = 8192;

/// What a server allows its clients.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Connections at once; further ones wait to be accepted.
    pub connections_max: usize,
    /// Bytes of a request's body. AWS takes 1 MiB for a definition; the JSON around it needs room too.
    pub body_bytes_max: usize,
    /// Bytes of a request's body where it may carry a function's code: AWS takes 50 MB zipped, a third more in base64.
    pub code_body_bytes_max: usize,
    /// Bytes of all bodies that are being read or understood. A request that finds no room for
    /// [`Settings::read_timeout`] is refused.
    pub bodies_bytes_max: usize,
    /// Bytes of a request's head, and of what is read ahead of a connection.
    pub head_bytes_max: usize,
    /// How long a client may take to send a request's head, and again its body; a large body has a second more for
    /// each 256 KiB. A connection without a request is closed as late.
    pub read_timeout: Duration,
    /// How long a client may not take anything of its answer.
    pub write_timeout: Duration,
    /// How long open requests may go on after the server was told to stop.
    pub drain_timeout: Duration,
}

impl Default for Settings {
    /// 10,240 connections; bodies of 4 MiB, with code of 70 MiB, together of 384 MiB; heads of 64 KiB; 30 seconds to read, 30
    /// to write, 10 to drain.
    fn default() -> Settings {
        Settings {
            connections_max: 10_240,
            body_bytes_max: 4 << 20,
            code_body_bytes_max: 70 << 20,
            bodies_bytes_max: 384 << 20,
            head_bytes_max: 64 << 10,
            read_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
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

/// An HTTP/1.1 server.
pub struct Server {
    listener: TcpListener,
    /// A second door to the same house.
    also: Option<TcpListener>,
    settings: Settings,
}

impl Server {
    /// Listens on `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// Where the address is not to be had.
    pub async fn bind(address: SocketAddr, settings: Settings) -> Result<Server, BindError> {
        Ok(Server {
            listener: bind(address).await?,
            also: None,
            settings,
        })
    }

    /// Listens on `address` as well.
    ///
    /// # Errors
    /// Where the address is not to be had.
    pub async fn and_on(mut self, address: SocketAddr) -> Result<Server, BindError> {
        self.also = Some(bind(address).await?);
        Ok(self)
    }

    /// Where it listens.
    ///
    /// # Errors
    /// Where the operating system does not tell.
    pub fn local_address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests through `gateway` until `stop` completes, then lets open ones finish for
    /// [`Settings::drain_timeout`].
    pub async fn serve(self, gateway: Gateway, stop: impl Future<Output = ()>) {
        let Server {
            listener,
            also,
            settings,
        } = self;
        let gateway = Arc::new(Answering::new(gateway, settings));
        let places = Arc::new(Semaphore::new(settings.connections_max));
        let (stopping, stopped) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = accept(&listener, also.as_ref(), &places) => accepted,
                Some(_) = connections.join_next(), if !connections.is_empty() => None,
            };
            if let Some((place, stream, from)) = accepted {
                let (gateway, stopped) = (gateway.clone(), stopped.clone());
                connections.spawn(async move {
                    connection(stream, from, gateway, stopped).await;
                    drop(place);
                });
            }
        }
        drop((listener, also));
        let _ = stopping.send(true);
        let drained = async { while connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(settings.drain_timeout, drained).await;
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| BindError { address, source })
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    also: Option<&TcpListener>,
    places: &Arc<Semaphore>,
) -> Option<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let place = places.clone().acquire_owned().await.ok()?;
    let accepted = match also {
        None => listener.accept().await,
        Some(also) => tokio::select! {
            accepted = listener.accept() => accepted,
            accepted = also.accept() => accepted,
        },
    };
    match accepted {
        Ok((stream, from)) => Some((place, stream, from)),
        Err(_) => {
            // Out of file descriptors, most likely: one that closes soon is worth a short wait.
            tokio::time::sleep(Duration::from_millis(20)).await;
            None
        }
    }
}

async fn connection(
    stream: TcpStream,
    from: SocketAddr,
    gateway: Arc<Answering>,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are single writes; waiting to fill a segment only adds latency.
    let _ = stream.set_nodelay(true);
    let settings = gateway.settings;
    let heard = Heard::default();
    let stream = Stalling::new(stream, settings.write_timeout);
    let stream = Overheard::new(stream, heard.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        let gateway = gateway.clone();
        request.extensions_mut().insert(Peer {
            ip: from.ip(),
            spelling: heard.take(),
        });
        async move { Ok::<_, Infallible>(gateway.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.read_timeout)
        .max_buf_size(settings.head_bytes_max.max(HEAD_BYTES_MIN))
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
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
