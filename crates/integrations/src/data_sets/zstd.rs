//! Zstandard: the frames of a file, one after another.

use std::io::{self, Read};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Decompresses what a reader gives.
pub(super) struct Frames<R: Read> {
    reader: R,
    /// The first byte of what comes next, where somebody had to look whether there is more.
    first: Option<u8>,
    decoder: FrameDecoder,
    is_open: bool,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(reader: R) -> Frames<R> {
        Frames {
            reader,
            first: None,
            decoder: FrameDecoder::new(),
            is_open: false,
        }
    }

    pub(super) fn get_ref(&self) -> &R {
        &self.reader
    }

    /// Opens the next frame. Whether there is one.
    fn open(&mut self) -> io::Result<bool> {
        let mut byte = [0_u8];
        if self.reader.read(&mut byte)? == 0 {
            return Ok(false);
        }
        let [first] = byte;
        self.first = Some(first);
        let source = Source {
            first: &mut self.first,
            reader: &mut self.reader,
        };
        self.decoder.reset(source).map_err(io::Error::other)?;
        self.is_open = true;
        Ok(true)
    }
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.is_open && !self.open()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let source = Source {
                    first: &mut self.first,
                    reader: &mut self.reader,
                };
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder
                    .decode_blocks(source, one)
                    .map_err(io::Error::other)?;
            }
            let length = self.decoder.read(into)?;
            if length > 0 || into.is_empty() {
                return Ok(length);
            }
            self.is_open = false;
        }
    }
}

/// A reader with a byte that was read before.
struct Source<'a, R> {
    first: &'a mut Option<u8>,
    reader: &'a mut R,
}

impl<R: Read> Read for Source<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match (into.first_mut(), self.first.take()) {
            (Some(place), Some(first)) => {
                *place = first;
                Ok(1)
            }
            (_, first) => {
                *self.first = first;
                self.reader.read(into)
            }
        }
    }
}
