//! Receipt handles: which message, and which of its receives.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const VERSION: u8 = 1;
const BODY_BYTES: usize = 21;
const SEAL_BYTES: usize = 21;

/// One receive of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) store_id: u64,
    pub(crate) sequence: u64,
    /// How often the message had been received, with this time.
    pub(crate) receive: u32,
}

impl Receipt {
    /// The handle that a client holds, which is good for the queue with this ARN only.
    pub(crate) fn handle(self, queue_arn: &str) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.store_id.to_be_bytes());
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.receive.to_be_bytes());
        let seal = seal(&bytes, queue_arn);
        bytes.extend_from_slice(&seal);
        STANDARD.encode(bytes)
    }

    /// What a handle says; `None` where it is none of this queue.
    pub(crate) fn read(handle: &str, queue_arn: &str) -> Option<Receipt> {
        let bytes = STANDARD.decode(handle).ok()?;
        let (body, sealed) = bytes.split_at_checked(BODY_BYTES)?;
        if sealed != seal(body, queue_arn) || body.first() != Some(&VERSION) {
            return None;
        }
        let number = |from: usize| {
            Some(u64::from_be_bytes(
                body.get(from..from + 8)?.try_into().ok()?,
            ))
        };
        Some(Receipt {
            store_id: number(1)?,
            sequence: number(9)?,
            receive: u32::from_be_bytes(body.get(17..)?.try_into().ok()?),
        })
    }
}

/// Tells typing errors and other queues' handles, not forgeries: whoever may call may delete.
fn seal(body: &[u8], queue_arn: &str) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(queue_arn.as_bytes());
    digest.update(body);
    digest.finalize().iter().copied().take(SEAL_BYTES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_read_by_its_queue_only() {
        let receipt = Receipt {
            store_id: 7,
            sequence: u64::MAX,
            receive: 3,
        };
        let handle = receipt.handle("queue");
        assert_eq!(Receipt::read(&handle, "queue"), Some(receipt));
        for (handle, queue) in [
            (&*handle, "other"),
            ("", "queue"),
            ("AQ==", "queue"),
            ("é", "queue"),
        ] {
            assert_eq!(Receipt::read(handle, queue), None, "{handle}");
        }
    }
}
