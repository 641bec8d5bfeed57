//! A process's standard output and error, read without ever waiting for an end that may not come.

use std::io::{self, PipeWriter};
use std::os::fd::AsFd;

use rustix::io::Errno;
use tokio::net::unix::pipe::Receiver;

use crate::logs::journal::{Journal, OutputStream};

/// What is read at once: the size of a pipe on Linux.
const READ_BYTES: usize = 64 * 1024;
/// Reads in one [`Output::drain`]: a writer that never stops must not keep the invocation from ending.
const DRAIN_READS_MAX: usize = 16;

/// The reading ends of both streams.
#[derive(Debug)]
pub(crate) struct Output {
    stdout: Option<Receiver>,
    stderr: Option<Receiver>,
    buffer: Vec<u8>,
}

impl Output {
    /// Two pipes: their reading ends, and the writing ends for the process (stdout, stderr).
    pub(crate) fn open() -> io::Result<(Output, PipeWriter, PipeWriter)> {
        let (stdout, stdout_writer) = pipe()?;
        let (stderr, stderr_writer) = pipe()?;
        let output = Output {
            stdout: Some(stdout),
            stderr: Some(stderr),
            buffer: vec![0; READ_BYTES],
        };
        Ok((output, stdout_writer, stderr_writer))
    }

    /// Waits until a stream has bytes and moves them to the journal. Never returns when both have ended.
    /// Cancel-safe.
    pub(crate) async fn pump(&mut self, journal: &mut Journal) {
        let stream = tokio::select! {
            () = readable(self.stdout.as_ref()) => OutputStream::Stdout,
            () = readable(self.stderr.as_ref()) => OutputStream::Stderr,
        };
        // Clears the readiness that the runtime keeps when the pipe turns out to be empty.
        self.read(stream, journal, |pipe, buffer| {
            match pipe.try_read(buffer) {
                Ok(count) => Ok(Some(count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
                Err(error) => Err(error),
            }
        });
    }

    /// Moves everything that the process has written so far to the journal.
    ///
    /// Asks the pipes themselves: readiness that the runtime has not seen yet must not cost a line.
    pub(crate) fn drain(&mut self, journal: &mut Journal) {
        for stream in [OutputStream::Stdout, OutputStream::Stderr] {
            for _ in 0..DRAIN_READS_MAX {
                let more = self.read(stream, journal, |pipe, buffer| {
                    match rustix::io::read(pipe.as_fd(), buffer) {
                        Ok(count) => Ok(Some(count)),
                        Err(Errno::AGAIN) => Ok(None),
                        Err(error) => Err(error.into()),
                    }
                });
                if !more {
                    break;
                }
            }
        }
    }

    /// Reads once; whether there may be more.
    fn read(
        &mut self,
        stream: OutputStream,
        journal: &mut Journal,
        read: impl FnOnce(&Receiver, &mut [u8]) -> io::Result<Option<usize>>,
    ) -> bool {
        let end = match stream {
            OutputStream::Stdout => &mut self.stdout,
            OutputStream::Stderr => &mut self.stderr,
        };
        let Some(pipe) = end else {
            return false;
        };
        match read(pipe, &mut self.buffer) {
            Ok(Some(count @ 1..)) => {
                journal.output(stream, self.buffer.get(..count).unwrap_or_default());
                true
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => true,
            Ok(None) => false,
            Ok(Some(0)) | Err(_) => {
                *end = None;
                false
            }
        }
    }
}

fn pipe() -> io::Result<(Receiver, PipeWriter)> {
    let (reader, writer) = io::pipe()?;
    Ok((Receiver::from_owned_fd(reader.into())?, writer))
}

async fn readable(pipe: Option<&Receiver>) {
    let ready = match pipe {
        Some(pipe) => pipe.readable().await.is_ok(),
        None => false,
    };
    if !ready {
        std::future::pending::<()>().await;
    }
}
