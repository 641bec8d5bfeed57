//! Clients that send nonsense, or send and read slowly: they are answered or cut off, and keep nobody else from being
//! answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use passo_net::{Gateway, Server, Settings};
use passo_service::Directory;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::{Echo, post};

struct World {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl World {
    /// A server whose patience is short.
    async fn open(settings: Settings) -> World {
        let settings = Settings {
            read_timeout: Duration::from_millis(400),
            write_timeout: Duration::from_millis(400),
            ..settings
        };
        let server = Server::bind(([127, 0, 0, 1], 0).into(), settings)
            .await
            .unwrap();
        let address = server.local_address().unwrap();
        let directory = Directory::new().with_target("Test_1", Arc::new(Echo));
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(server.serve(Gateway::of(directory), async {
            let _ = stopped.await;
        }));
        World {
            address,
            stop,
            serving,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Whether somebody else is answered.
    async fn is_up(&self) {
        let answer = self.ask(&post("Test_1.Echo", "{}")).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// What one connection says until its end.
    async fn ask(&self, request: &[u8]) -> String {
        let mut stream = self.connect().await;
        // The server may close before it has read all of it.
        let _ = stream.write_all(request).await;
        rest(&mut stream).await
    }

    /// Stops, which takes no longer for clients who do not go.
    async fn stop(self) {
        self.is_up().await;
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection may end with a reset.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(line: &str, headers: &str) -> Vec<u8> {
    let target = "Host: x\r\nX-Amz-Target: Test_1.Echo";
    format!("{line}\r\n{target}\r\n{headers}\r\n").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_is_refused() {
    let world = World::open(Settings::default()).await;
    let long = "x".repeat(300_000);
    let many: String = (0..2000).map(|index| format!("x-{index}: y\r\n")).collect();
    let close = "Connection: close\r\n";
    for (request, expect) in [
        (b"\0\0\0\0\r\n\r\n".to_vec(), "HTTP/1.1 400"),
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc".to_vec(),
            "HTTP/1.1 400",
        ),
        (b"GET\r\n\r\n".to_vec(), "HTTP/1.1 400"),
        (b"POST / HTTP/9.9\r\n\r\n".to_vec(), "HTTP/1.1 400"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), ""),
        (head("POST / HTTP/1.1", "bad header\r\n"), "HTTP/1.1 400"),
        (head("POST / HTTP/1.1", "x: \x01\r\n"), "HTTP/1.1 400"),
        (
            head("POST / HTTP/1.1", "Content-Length: -1\r\n"),
            "HTTP/1.1 400",
        ),
        (
            head(
                "POST / HTTP/1.1",
                "Content-Length: 99999999999999999999\r\n",
            ),
            "HTTP/1.1 400",
        ),
        (
            head(
                "POST / HTTP/1.1",
                "Content-Length: 1\r\nContent-Length: 2\r\n",
            ),
            "HTTP/1.1 400",
        ),
        (
            head("POST / HTTP/1.1", "Transfer-Encoding: nonsense\r\n"),
            "HTTP/1.1 400",
        ),
        (
            head(
                "POST / HTTP/1.1",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            ),
            "HTTP/1.1 400",
        ),
        (head(&format!("GET /{long} HTTP/1.1"), close), "HTTP/1.1 4"),
        (
            head("GET / HTTP/1.1", &format!("x: {long}\r\n")),
            "HTTP/1.1 431",
        ),
        (head("GET / HTTP/1.1", &many), "HTTP/1.1 431"),
        (head("GET /%ff%00%zz HTTP/1.1", close), "HTTP/1.1 "),
        (head("GET /?%ff=%ff&&&=% HTTP/1.1", close), "HTTP/1.1 "),
    ] {
        let answer = world.ask(&request).await;
        let shown = String::from_utf8_lossy(&request)
            .chars()
            .take(60)
            .collect::<String>();
        assert!(answer.starts_with(expect), "{shown:?}: {answer}");
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_refused() {
    let world = World::open(Settings::default()).await;
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    for body in [
        deep("[", "]"),
        deep("[", ""),
        deep("{\"a\":", ""),
        format!("{{\"a\":{}}}", deep("[", "]")),
        format!(
            "{{\"a\":{}1{}}}",
            "{\"b\":".repeat(100_000),
            "}".repeat(100_000)
        ),
        "{\"a\":\"\\ud800\"".to_owned(),
        "{\"a\":1e".to_owned(),
        "\u{feff}".to_owned(),
        "\0".repeat(1000),
    ] {
        let answer = world.ask(&post("Test_1.Echo", &body)).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(answer.contains("SerializationException"), "{answer}");
    }
    let mut invalid = head(
        "POST / HTTP/1.1",
        "Connection: close\r\nContent-Length: 9\r\n",
    );
    invalid.extend_from_slice(b"{\"a\":\"\xff\"}");
    let answer = world.ask(&invalid).await;
    assert!(answer.contains("SerializationException"), "{answer}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_are_cut_off() {
    let world = World::open(Settings::default()).await;
    let mut idle = world.connect().await;
    let mut slow_head = world.connect().await;
    slow_head.write_all(b"POST / HTT").await.unwrap();
    let mut slow_body = world.connect().await;
    let request = head("POST / HTTP/1.1", "Content-Length: 100\r\n");
    slow_body.write_all(&request).await.unwrap();
    let mut gone = world.connect().await;
    gone.write_all(&request).await.unwrap();
    drop(gone);
    world.is_up().await;
    let (idle, slow_head, slow_body) =
        tokio::join!(rest(&mut idle), rest(&mut slow_head), rest(&mut slow_body));
    assert_eq!((idle.as_str(), slow_head.as_str()), ("", ""));
    assert!(slow_body.starts_with("HTTP/1.1 408"), "{slow_body}");
    assert!(slow_body.contains("connection: close"), "{slow_body}");
    world.stop().await;
}

/// A byte now and then does not help: it is all of it that must have come.
#[tokio::test(flavor = "multi_thread")]
async fn drops_are_not_a_stream() {
    let world = World::open(Settings::default()).await;
    let (mut reading, mut writing) = world.connect().await.into_split();
    let request = head("POST / HTTP/1.1", "Content-Length: 100000\r\n");
    writing.write_all(&request).await.unwrap();
    let dropping = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        while writing.write_all(b"x").await.is_ok() {
            ticks.tick().await;
        }
    });
    let mut answer = Vec::new();
    let _ = reading.read_to_end(&mut answer).await;
    assert!(answer.starts_with(b"HTTP/1.1 408"));
    dropping.abort();
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_who_do_not_read_are_cut_off() {
    let world = World::open(Settings::default()).await;
    let mut stream = world.connect().await;
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20));
    let request = head(
        "POST / HTTP/1.1",
        &format!("Content-Length: {}\r\n", body.len()),
    );
    // Until its answers and our requests fill every buffer, and it has given up.
    loop {
        let sent = async {
            stream.write_all(&request).await?;
            stream.write_all(body.as_bytes()).await
        };
        if sent.await.is_err() {
            break;
        }
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_may_come_together() {
    let world = World::open(Settings::default()).await;
    let one = |number: usize| {
        let body = format!("{{\"a\":{number}}}");
        let mut request = head(
            "POST / HTTP/1.1",
            &format!("Content-Length: {}\r\n", body.len()),
        );
        request.extend_from_slice(body.as_bytes());
        request
    };
    let mut all: Vec<u8> = (0..100).flat_map(one).collect();
    all.extend(post("Test_1.Echo", "{\"a\":100}"));
    let answer = world.ask(&all).await;
    let numbers: Vec<&str> = answer
        .split("\"given\":{\"a\":")
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect();
    let expect: Vec<String> = (0..=100).map(|number: usize| number.to_string()).collect();
    assert_eq!(numbers, expect);
    world.stop().await;
}

/// A client that closes its side has gone: nothing is owed to it, and nothing breaks.
#[tokio::test(flavor = "multi_thread")]
async fn half_a_connection_is_none() {
    let world = World::open(Settings::default()).await;
    for request in [
        Vec::new(),
        b"POST".to_vec(),
        head("POST / HTTP/1.1", ""),
        post("Test_1.Echo", "{}"),
    ] {
        let mut stream = world.connect().await;
        stream.write_all(&request).await.unwrap();
        stream.shutdown().await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 "),
            "{answer}"
        );
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_too_large_are_not_read() {
    let world = World::open(Settings {
        body_bytes_max: 1000,
        ..Settings::default()
    })
    .await;
    let answer = world
        .ask(&head("POST / HTTP/1.1", "Content-Length: 4000000000\r\n"))
        .await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let mut chunked = head("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n");
    for _ in 0..100 {
        chunked.extend_from_slice(b"40\r\n");
        chunked.extend_from_slice(&[b'x'; 64]);
        chunked.extend_from_slice(b"\r\n");
    }
    let answer = world.ask(&chunked).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    world.stop().await;
}

/// However many declare how much: those that find no room are told so, and small requests have room of their own.
#[tokio::test(flavor = "multi_thread")]
async fn all_bodies_together_have_a_bound() {
    let world = World::open(Settings {
        bodies_bytes_max: 8 << 20,
        ..Settings::default()
    })
    .await;
    let request = head("POST / HTTP/1.1", "Content-Length: 2000000\r\n");
    let mut streams = Vec::new();
    for _ in 0..50 {
        let mut stream = world.connect().await;
        stream.write_all(&request).await.unwrap();
        streams.push(stream);
    }
    world.is_up().await;
    let mut seen = (0, 0);
    for stream in &mut streams {
        let answer = rest(stream).await;
        if answer.starts_with("HTTP/1.1 503") {
            assert!(answer.contains("ServiceUnavailable"), "{answer}");
            seen.0 += 1;
        } else {
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
            seen.1 += 1;
        }
    }
    assert!(seen.0 > 0 && seen.1 > 0, "{seen:?}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_keep_nobody_out() {
    let world = World::open(Settings {
        connections_max: 200,
        ..Settings::default()
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..300 {
        idle.push(world.connect().await);
    }
    // More than there are places for: the next one is served when the first ones have been cut off.
    world.is_up().await;
    drop(idle);
    world.stop().await;
}
