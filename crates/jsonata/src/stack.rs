//! How much of the native stack is used.
//!
//! Counting levels bounds recursion the same way everywhere; this bounds it also where frames are
//! larger than expected, so that no expression can overflow the stack and abort the process.

use crate::error::{Error, LIMIT};

/// Native stack that compiling may use.
pub(crate) const COMPILE_STACK_BYTES: usize = 1 << 20;

/// The error of an expression that nests too deeply to be compiled.
pub(crate) fn nests_too_deeply(position: usize) -> Error {
    Error::new(LIMIT, "the expression nests too deeply").at(position)
}

/// A place on the native stack, and how far from it calls may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stack {
    top: usize,
    bytes: usize,
}

impl Stack {
    /// From here, so many bytes.
    pub(crate) fn here(bytes: usize) -> Stack {
        Stack {
            top: address(),
            bytes,
        }
    }

    /// Whether the calls have gone too far.
    #[inline]
    pub(crate) fn is_exhausted(self) -> bool {
        self.top.abs_diff(address()) > self.bytes
    }
}

/// Roughly where the native stack is now.
#[inline(never)]
fn address() -> usize {
    let marker = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&marker)).addr()
}
