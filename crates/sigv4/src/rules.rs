//! In what services differ.

/// How a service wants paths and payloads to enter a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Paths are normalised, and encoded once more than they travel; the payload is always hashed.
    Most,
    /// Paths are signed as they travel; the payload may be declared instead: `UNSIGNED-PAYLOAD`, `STREAMING-…`.
    S3,
}

impl Rules {
    /// The rules of the service with this signing name.
    pub fn of(service: &str) -> Rules {
        match service {
            "s3" | "s3express" | "s3-object-lambda" | "s3-outposts" => Rules::S3,
            _ => Rules::Most,
        }
    }
}
