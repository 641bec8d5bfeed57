//! A large object through S3, against what the disk does by itself in the same run.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::bed::Bed;
use super::figure::{Cost, line, mebibytes};
use super::process::Server;

/// Bytes that are written at once, here and on the disk.
const BLOCK: usize = 1 << 20;
/// Blocks of the object: 1 GiB.
const BLOCKS: u64 = 1024;
/// Blocks between two looks at the server's memory.
const LOOK: u64 = 8;

const HEAD: &str = "host: localhost\r\nx-amz-date: 20260101T000000Z\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\n\
    authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/s3/aws4_request, \
    SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
    Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n";

/// Measures a put and a get of 1 GiB: speed, and the most memory that was resident above the idle server's.
pub async fn measure(bed: &Bed) -> Result<usize> {
    const NAME: &str = "s3: put and get of 1 GiB";
    if !bed.wants(NAME) {
        return Ok(0);
    }
    line(NAME, "", "", "");
    let blocks = bed.amount(BLOCKS);
    let block = block();
    let directory = bed.directory()?;
    let own = on_the_disk(&directory, &block, blocks)?;
    let half = format!("{:.0} MiB/s", speed(blocks, own) / 2.0);
    line("s3: the disk, with a sync", &shown(blocks, own), "", "");
    let server = bed.server(&directory)?;
    let mut stream = TcpStream::connect(server.address()).await?;
    request(&mut stream, "PUT /bench-bucket", 0).await?;
    answered(&mut stream).await?;
    let idle = server.resident_bytes()?;

    let cost = Cost::begin(&server)?;
    let (elapsed, most) = put(&mut stream, &server, (&block, blocks)).await?;
    cost.print(&server, "s3: put", &shown(blocks, elapsed), &half)?;
    memory("s3: put, memory above idle", most, idle);

    let cost = Cost::begin(&server)?;
    let (elapsed, most) = get(&mut stream, &server, blocks).await?;
    cost.print(&server, "s3: get", &shown(blocks, elapsed), &half)?;
    memory("s3: get, memory above idle", most, idle);
    Ok(1)
}

fn memory(what: &str, most: u64, idle: u64) {
    line(what, &mebibytes(most.saturating_sub(idle)), "64 MiB", "");
}

fn speed(blocks: u64, elapsed: Duration) -> f64 {
    let blocks = f64::from(u32::try_from(blocks).unwrap_or(u32::MAX));
    blocks / elapsed.as_secs_f64()
}

fn shown(blocks: u64, elapsed: Duration) -> String {
    format!("{:.0} MiB/s", speed(blocks, elapsed))
}

/// Bytes that no disk makes smaller.
fn block() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let words = (0..BLOCK / 8).flat_map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.collect()
}

/// How long a file of so many blocks takes until it is on the disk.
fn on_the_disk(directory: &TempDir, block: &[u8], blocks: u64) -> Result<Duration> {
    let path = directory.path().join("by-itself");
    let begun = Instant::now();
    let mut file = File::create(&path)?;
    for _ in 0..blocks {
        file.write_all(block)?;
    }
    file.sync_all()?;
    let elapsed = begun.elapsed();
    let mut first = [0];
    File::open(&path)?.read_exact(&mut first)?;
    std::fs::remove_file(&path)?;
    Ok(elapsed)
}

async fn request(stream: &mut TcpStream, what: &str, length: usize) -> Result<()> {
    let head = format!("{what} HTTP/1.1\r\n{HEAD}content-length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    Ok(())
}

/// Reads the head of an answer; how many bytes of its body came with it, and how many there are.
async fn head(stream: &mut TcpStream) -> Result<(usize, usize)> {
    let mut answer = Vec::with_capacity(BLOCK);
    loop {
        ensure!(stream.read_buf(&mut answer).await? > 0, "no answer");
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(answer.get(..end).unwrap_or_default())?;
        ensure!(text.starts_with("HTTP/1.1 2"), "{text}");
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_length = name.eq_ignore_ascii_case("content-length");
            is_length.then(|| value.trim().parse().ok()).flatten()
        });
        let length = length.context("an answer has no length")?;
        return Ok((answer.len() - end - 4, length));
    }
}

async fn answered(stream: &mut TcpStream) -> Result<()> {
    let (here, length) = head(stream).await?;
    ensure!(here == length, "an answer with a long body");
    Ok(())
}

async fn put(
    stream: &mut TcpStream,
    server: &Server,
    (block, blocks): (&[u8], u64),
) -> Result<(Duration, u64)> {
    let begun = Instant::now();
    let length = BLOCK * usize::try_from(blocks)?;
    request(stream, "PUT /bench-bucket/large", length).await?;
    let mut most = 0;
    for number in 0..blocks {
        stream.write_all(block).await?;
        if number % LOOK == 0 {
            most = server.resident_bytes()?.max(most);
        }
    }
    answered(stream).await?;
    Ok((begun.elapsed(), most.max(server.resident_bytes()?)))
}

async fn get(stream: &mut TcpStream, server: &Server, blocks: u64) -> Result<(Duration, u64)> {
    let begun = Instant::now();
    request(stream, "GET /bench-bucket/large", 0).await?;
    let (mut here, length) = head(stream).await?;
    ensure!(
        length == BLOCK * usize::try_from(blocks)?,
        "another object came"
    );
    let mut piece = vec![0; BLOCK];
    let (mut most, mut look) = (0, 0);
    while here < length {
        let read = stream.read(&mut piece).await?;
        ensure!(read > 0, "the object broke off");
        here += read;
        if here >= look {
            most = server.resident_bytes()?.max(most);
            look = here + BLOCK * usize::try_from(LOOK)?;
        }
    }
    Ok((begun.elapsed(), most))
}
