//! Chance that nobody can guess: task tokens are made of it.

use std::fs::File;
use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use crate::OpenError;

const SOURCE: &str = "/dev/urandom";
/// Bytes that are fetched at a time.
const FETCHED_BYTES: usize = 4096;

/// Seeds from the operating system.
pub(crate) struct SystemEntropy {
    pool: Mutex<Pool>,
}

struct Pool {
    source: File,
    bytes: Vec<u8>,
}

impl SystemEntropy {
    /// The operating system's source.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn open() -> Result<SystemEntropy, OpenError> {
        let opened = File::open(SOURCE).and_then(|source| {
            let mut pool = Pool {
                source,
                bytes: Vec::new(),
            };
            pool.refill()?;
            Ok(pool)
        });
        let pool = opened.map_err(|source| OpenError::Io {
            what: SOURCE,
            source,
        })?;
        Ok(SystemEntropy {
            pool: Mutex::new(pool),
        })
    }
}

impl passo_runtime::Entropy for SystemEntropy {
    fn seed(&self) -> u64 {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(seed) = pool.take() {
                return seed;
            }
            // The kernel's source was there at the start and never runs dry; a seed that can be guessed is worse
            // than one that is late.
            if pool.refill().is_err() {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        }
    }
}

impl Pool {
    fn refill(&mut self) -> io::Result<()> {
        let mut bytes = vec![0; FETCHED_BYTES];
        self.source.read_exact(&mut bytes)?;
        self.bytes = bytes;
        Ok(())
    }

    fn take(&mut self) -> Option<u64> {
        let rest = self.bytes.len().checked_sub(8)?;
        let seed = self
            .bytes
            .get(rest..)?
            .try_into()
            .ok()
            .map(u64::from_le_bytes);
        self.bytes.truncate(rest);
        seed
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use passo_runtime::Entropy as _;

    use super::*;

    #[test]
    fn seeds_differ_beyond_one_pool() {
        let entropy = SystemEntropy::open().unwrap();
        let seeds: BTreeSet<u64> = (0..2000).map(|_| entropy.seed()).collect();
        assert_eq!(seeds.len(), 2000);
    }
}
