//! One process's log: its streams cut into lines, and the tail of the invocation that runs.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::lines::Lines;
use super::queue::LogQueue;
use super::{LogSource, LogStream};
use crate::invocation::LOG_TAIL_BYTES;

/// Lines of one process on their way to the queue.
#[derive(Debug)]
pub(crate) struct Journal {
    queue: Arc<LogQueue>,
    source: Arc<LogSource>,
    stdout: Lines,
    stderr: Lines,
    tail: VecDeque<u8>,
}

/// Which of a process's streams bytes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutputStream {
    Stdout,
    Stderr,
}

impl Journal {
    pub(crate) fn new(queue: Arc<LogQueue>, source: LogSource) -> Journal {
        Journal {
            queue,
            source: Arc::new(source),
            stdout: Lines::default(),
            stderr: Lines::default(),
            tail: VecDeque::new(),
        }
    }

    /// Takes bytes that the process wrote.
    pub(crate) fn output(&mut self, stream: OutputStream, bytes: &[u8]) {
        let Journal {
            queue,
            source,
            stdout,
            stderr,
            tail,
        } = self;
        let (lines, stream) = match stream {
            OutputStream::Stdout => (stdout, LogStream::Stdout),
            OutputStream::Stderr => (stderr, LogStream::Stderr),
        };
        lines.push(bytes, |line| write(queue, source, tail, stream, line));
    }

    /// Writes a line of the platform, after what the process has printed so far.
    pub(crate) fn platform(&mut self, line: &str) {
        let Journal {
            queue,
            source,
            stdout,
            stderr,
            tail,
        } = self;
        stdout.flush(|line| write(queue, source, tail, LogStream::Stdout, line));
        stderr.flush(|line| write(queue, source, tail, LogStream::Stderr, line));
        write(queue, source, tail, LogStream::Platform, line);
    }

    /// Forgets the tail: another invocation begins.
    pub(crate) fn begin(&mut self) {
        self.tail.clear();
    }

    /// The last 4 KB since [`Journal::begin`].
    pub(crate) fn tail(&self) -> Bytes {
        self.tail.iter().copied().collect()
    }
}

fn write(
    queue: &LogQueue,
    source: &Arc<LogSource>,
    tail: &mut VecDeque<u8>,
    stream: LogStream,
    line: &str,
) {
    queue.push(source, stream, line);
    let kept = line.len().min(LOG_TAIL_BYTES);
    tail.extend(line.bytes().skip(line.len() - kept));
    tail.push_back(b'\n');
    tail.drain(..tail.len().saturating_sub(LOG_TAIL_BYTES));
}
