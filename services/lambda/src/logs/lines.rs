//! Bytes of a stream, cut into lines of bounded length.

/// CloudWatch Logs took events of at most 256 KiB for most of its life; readers are built for it.
const LINE_BYTES_MAX: usize = 256 * 1024;

/// Collects bytes until a line is whole.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    partial: Vec<u8>,
}

impl Lines {
    /// Adds bytes and gives each whole line, without its `\n`, to `take`.
    pub(crate) fn push(&mut self, bytes: &[u8], mut take: impl FnMut(&str)) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ends) = match piece.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (piece, false),
            };
            self.extend(text, &mut take);
            if ends {
                self.emit(&mut take);
            }
        }
    }

    /// Gives what has no line end yet, if there is anything.
    pub(crate) fn flush(&mut self, mut take: impl FnMut(&str)) {
        if !self.partial.is_empty() {
            self.emit(&mut take);
        }
    }

    fn extend(&mut self, mut text: &[u8], take: &mut impl FnMut(&str)) {
        loop {
            let room = LINE_BYTES_MAX.saturating_sub(self.partial.len());
            let Some((now, later)) = text.split_at_checked(room) else {
                self.partial.extend_from_slice(text);
                return;
            };
            self.partial.extend_from_slice(now);
            if later.is_empty() {
                return;
            }
            self.emit(take);
            text = later;
        }
    }

    fn emit(&mut self, take: &mut impl FnMut(&str)) {
        take(&String::from_utf8_lossy(&self.partial));
        self.partial.clear();
        // One long line must not keep its memory for the life of the process.
        self.partial.shrink_to(8192);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(chunks: &[&[u8]], expect: &[&str]) {
        let mut lines = Lines::default();
        let mut got = Vec::new();
        for chunk in chunks {
            lines.push(chunk, |line| got.push(line.to_owned()));
        }
        lines.flush(|line| got.push(line.to_owned()));
        assert_eq!(got, expect);
    }

    #[test]
    fn lines_are_whole_whatever_the_chunks() {
        check(&[b"a\nb", b"c\n", b"d"], &["a", "bc", "d"]);
        check(&[b"\n\n"], &["", ""]);
        check(&[b""], &[]);
        check(&[b"\xff\x00x\n"], &["\u{fffd}\0x"]);
    }

    #[test]
    fn an_endless_line_comes_in_pieces() {
        let mut lines = Lines::default();
        let mut sizes = Vec::new();
        let chunk = vec![b'x'; 100 * 1024];
        for _ in 0..6 {
            lines.push(&chunk, |line| sizes.push(line.len()));
            assert!(lines.partial.len() <= LINE_BYTES_MAX);
        }
        lines.flush(|line| sizes.push(line.len()));
        assert_eq!(
            sizes,
            [
                LINE_BYTES_MAX,
                LINE_BYTES_MAX,
                600 * 1024 - 2 * LINE_BYTES_MAX
            ]
        );
    }
}
