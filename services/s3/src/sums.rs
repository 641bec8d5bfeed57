//! Checksums: what a body comes to, and whether that is what its sender says.
//!
//! Source: "Checking object integrity" of the S3 user guide.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm;
use md5::{Digest as _, Md5};
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Sha1, Sha256};
use s3s::dto::Checksum;
use s3s::{S3Error, S3Result, s3_error};
use serde::{Deserialize, Serialize};
use sha2::Sha256 as Sha256Hash;

use crate::chunked::Unfitting;
use crate::lanes::{Lane, Piece};

/// A checksum that S3 keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub(crate) const ALL: [Algorithm; 5] = [
        Algorithm::Crc32,
        Algorithm::Crc32c,
        Algorithm::Crc64Nvme,
        Algorithm::Sha1,
        Algorithm::Sha256,
    ];

    /// As AWS spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Algorithm::Crc32 => "CRC32",
            Algorithm::Crc32c => "CRC32C",
            Algorithm::Crc64Nvme => "CRC64NVME",
            Algorithm::Sha1 => "SHA1",
            Algorithm::Sha256 => "SHA256",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Algorithm> {
        let mut all = Algorithm::ALL.into_iter();
        all.find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// `x-amz-checksum-crc32`
    pub(crate) fn of_header(header: &str) -> Option<Algorithm> {
        Algorithm::named(header.trim().strip_prefix("x-amz-checksum-")?)
    }

    /// Where the algorithm can tell the sum of a whole from those of its parts, its kind.
    fn joining(self) -> Option<CrcAlgorithm> {
        match self {
            Algorithm::Crc32 => Some(CrcAlgorithm::Crc32IsoHdlc),
            Algorithm::Crc32c => Some(CrcAlgorithm::Crc32Iscsi),
            Algorithm::Crc64Nvme => Some(CrcAlgorithm::Crc64Nvme),
            Algorithm::Sha1 | Algorithm::Sha256 => None,
        }
    }

    /// Whether an upload in parts may have a sum of that kind.
    ///
    /// # Errors
    /// `InvalidRequest`.
    pub(crate) fn check_kind(self, kind: SumKind) -> S3Result<()> {
        let fits = match kind {
            SumKind::OfAll => self.joining().is_some(),
            SumKind::OfParts => self != Algorithm::Crc64Nvme,
        };
        match fits {
            true => Ok(()),
            false => Err(s3_error!(
                InvalidRequest,
                "The {} checksum type cannot be used with the {} checksum algorithm.",
                kind.name(),
                self.name().to_ascii_lowercase()
            )),
        }
    }

    fn hasher(self) -> ChecksumHasher {
        let mut hasher = ChecksumHasher::default();
        self.put_into(&mut hasher);
        hasher
    }

    fn put_into(self, hasher: &mut ChecksumHasher) {
        match self {
            Algorithm::Crc32 => hasher.crc32 = Some(Crc32::new()),
            Algorithm::Crc32c => hasher.crc32c = Some(Crc32c::new()),
            Algorithm::Crc64Nvme => hasher.crc64nvme = Some(Crc64Nvme::new()),
            Algorithm::Sha1 => hasher.sha1 = Some(Sha1::new()),
            Algorithm::Sha256 => hasher.sha256 = Some(Sha256::new()),
        }
    }
}

/// What the sum of an upload in parts is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SumKind {
    /// All bytes.
    OfAll,
    /// The sums of the parts.
    OfParts,
}

impl SumKind {
    /// As AWS spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SumKind::OfAll => "FULL_OBJECT",
            SumKind::OfParts => "COMPOSITE",
        }
    }
}

/// The sum of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sum {
    pub(crate) algorithm: Algorithm,
    /// In base64; of a sum of sums, with `-` and their number.
    pub(crate) value: String,
}

impl Sum {
    /// The first that is given.
    pub(crate) fn given(members: &Checksum) -> Option<Sum> {
        Algorithm::ALL.into_iter().find_map(|algorithm| {
            let value = member(members, algorithm)?.clone();
            Some(Sum { algorithm, value })
        })
    }

    /// Whether it can be a sum.
    ///
    /// # Errors
    /// `InvalidRequest`.
    pub(crate) fn check_form(&self) -> S3Result<()> {
        let bytes = match self.algorithm {
            Algorithm::Crc32 | Algorithm::Crc32c => 4,
            Algorithm::Crc64Nvme => 8,
            Algorithm::Sha1 => 20,
            Algorithm::Sha256 => 32,
        };
        match STANDARD.decode(&self.value).map(|it| it.len()) == Ok(bytes) {
            true => Ok(()),
            false => Err(s3_error!(
                InvalidRequest,
                "Value for x-amz-checksum-{} header is invalid.",
                self.algorithm.name().to_ascii_lowercase()
            )),
        }
    }

    /// It was said, and is not what was found out.
    pub(crate) fn bad_digest(&self) -> S3Error {
        s3_error!(
            BadDigest,
            "The {} you specified did not match the calculated checksum.",
            self.algorithm.name()
        )
    }

    /// As the members of an answer.
    pub(crate) fn members(&self) -> Checksum {
        let mut members = Checksum::default();
        let place = match self.algorithm {
            Algorithm::Crc32 => &mut members.checksum_crc32,
            Algorithm::Crc32c => &mut members.checksum_crc32c,
            Algorithm::Crc64Nvme => &mut members.checksum_crc64nvme,
            Algorithm::Sha1 => &mut members.checksum_sha1,
            Algorithm::Sha256 => &mut members.checksum_sha256,
        };
        *place = Some(self.value.clone());
        members.checksum_type = Some(self.kind().name().to_owned().into());
        members
    }

    /// Of which kind it is.
    pub(crate) fn kind(&self) -> SumKind {
        match self.value.contains('-') {
            true => SumKind::OfParts,
            false => SumKind::OfAll,
        }
    }

    /// The sum of all bytes of parts, of which each has a sum and a size. None where the algorithm cannot tell.
    pub(crate) fn of_all(algorithm: Algorithm, parts: &[(&Sum, u64)]) -> Option<Sum> {
        let joining = algorithm.joining()?;
        let number = |sum: &Sum| {
            let bytes = STANDARD.decode(&sum.value).ok()?;
            Some(
                { bytes }
                    .into_iter()
                    .fold(0, |sum, byte| (sum << 8) | u64::from(byte)),
            )
        };
        let mut whole = None;
        for (sum, size) in parts {
            let part = number(sum).filter(|_| sum.algorithm == algorithm)?;
            whole = Some(match whole {
                Some(before) => crc_fast::checksum_combine(joining, before, part, *size),
                None => part,
            });
        }
        let bytes = whole?.to_be_bytes();
        let width = if algorithm == Algorithm::Crc64Nvme {
            8
        } else {
            4
        };
        Some(Sum {
            algorithm,
            value: STANDARD.encode(bytes.get(bytes.len() - width..)?),
        })
    }

    /// The sum of the sums of parts.
    pub(crate) fn of_parts(algorithm: Algorithm, parts: &[&Sum]) -> Option<Sum> {
        let mut hasher = algorithm.hasher();
        for part in parts {
            hasher.update(&STANDARD.decode(&part.value).ok()?);
        }
        let value = member(&hasher.finalize(), algorithm)?.clone();
        Some(Sum {
            algorithm,
            value: format!("{value}-{}", parts.len()),
        })
    }
}

fn member(members: &Checksum, algorithm: Algorithm) -> Option<&String> {
    match algorithm {
        Algorithm::Crc32 => members.checksum_crc32.as_ref(),
        Algorithm::Crc32c => members.checksum_crc32c.as_ref(),
        Algorithm::Crc64Nvme => members.checksum_crc64nvme.as_ref(),
        Algorithm::Sha1 => members.checksum_sha1.as_ref(),
        Algorithm::Sha256 => members.checksum_sha256.as_ref(),
    }
}

/// Sums of a body that is on its way.
pub(crate) struct Sums {
    algorithm: Algorithm,
    also: Option<Algorithm>,
    md5: Md5,
    hasher: ChecksumHasher,
    payload: Option<Sha256Hash>,
}

/// The same, in lanes.
pub(crate) struct SumLanes {
    algorithm: Algorithm,
    also: Option<Algorithm>,
    md5: Lane<Md5>,
    hasher: Lane<ChecksumHasher>,
    payload: Option<Lane<Sha256Hash>>,
}

/// What a body came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Computed {
    pub(crate) size: u64,
    pub(crate) md5: [u8; 16],
    pub(crate) sum: Option<Sum>,
    /// The sum that its sender says, where that is another one than is kept.
    pub(crate) also: Option<Sum>,
    /// Its SHA-256, where that is asked for.
    payload: Option<[u8; 32]>,
}

impl Sums {
    /// Those that every object has.
    pub(crate) fn new(algorithm: Algorithm) -> Sums {
        Sums {
            algorithm,
            also: None,
            md5: Md5::new(),
            hasher: algorithm.hasher(),
            payload: None,
        }
    }

    /// And one more.
    pub(crate) fn also(mut self, algorithm: Algorithm) -> Sums {
        if algorithm != self.algorithm {
            self.also = Some(algorithm);
            algorithm.put_into(&mut self.hasher);
        }
        self
    }

    /// And the one that the head of a signed request says.
    pub(crate) fn with_payload(self) -> Sums {
        Sums {
            payload: Some(Sha256Hash::new()),
            ..self
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.hasher.update(bytes);
        if let Some(payload) = &mut self.payload {
            payload.update(bytes);
        }
    }

    pub(crate) fn finish(self, size: u64) -> Computed {
        let members = self.hasher.finalize();
        let sum = |algorithm: Algorithm| {
            let value = member(&members, algorithm)?.clone();
            Some(Sum { algorithm, value })
        };
        Computed {
            size,
            md5: self.md5.finalize().into(),
            sum: sum(self.algorithm),
            also: self.also.and_then(sum),
            payload: self.payload.map(|payload| payload.finalize().into()),
        }
    }

    /// Takes them side by side.
    pub(crate) fn lanes(self) -> SumLanes {
        SumLanes {
            algorithm: self.algorithm,
            also: self.also,
            md5: Lane::sum(self.md5, |md5, bytes| md5.update(bytes)),
            hasher: Lane::sum(self.hasher, ChecksumHasher::update),
            payload: { self.payload }.map(|sum| Lane::sum(sum, |sum, bytes| sum.update(bytes))),
        }
    }
}

impl SumLanes {
    /// Whether all of them take a piece.
    pub(crate) async fn pass(&self, piece: &Piece) -> bool {
        let taken = self.md5.pass(piece).await && self.hasher.pass(piece).await;
        match &self.payload {
            Some(payload) => taken && payload.pass(piece).await,
            None => taken,
        }
    }

    /// What `size` bytes came to.
    ///
    /// # Errors
    /// Where a lane has failed.
    pub(crate) async fn end(self, size: u64) -> io::Result<Computed> {
        let sums = Sums {
            algorithm: self.algorithm,
            also: self.also,
            md5: self.md5.end().await?,
            hasher: self.hasher.end().await?,
            payload: match self.payload {
                Some(payload) => Some(payload.end().await?),
                None => None,
            },
        };
        Ok(sums.finish(size))
    }
}

impl Computed {
    /// The entity tag of a body that came in one piece.
    pub(crate) fn etag(&self) -> String {
        hex(&self.md5)
    }

    /// The sum by that algorithm, if it was taken.
    pub(crate) fn sum_by(&self, algorithm: Algorithm) -> Option<&Sum> {
        let mut taken = self.sum.iter().chain(&self.also);
        taken.find(|sum| sum.algorithm == algorithm)
    }

    /// Whether it is what its signature was made of, `payload`: a SHA-256 in hexadecimal digits.
    ///
    /// # Errors
    /// `XAmzContentSHA256Mismatch`.
    pub(crate) fn check_payload(&self, payload: &str) -> S3Result<()> {
        let computed = self.payload.map(|computed| hex(&computed));
        match computed.is_some_and(|computed| computed.eq_ignore_ascii_case(payload)) {
            true => Ok(()),
            false => Err(Unfitting::Hash.fault()),
        }
    }

    /// Whether it is what its sender said.
    ///
    /// # Errors
    /// `BadDigest` where it is another one, `InvalidDigest` where what was said cannot be read.
    pub(crate) fn check(&self, md5: Option<&str>, sum: Option<&Sum>) -> S3Result<()> {
        if let Some(md5) = md5 {
            let given = STANDARD.decode(md5).ok().filter(|md5| md5.len() == 16);
            let Some(given) = given else {
                return Err(s3_error!(
                    InvalidDigest,
                    "The Content-MD5 you specified was invalid."
                ));
            };
            if given != self.md5 {
                return Err(s3_error!(
                    BadDigest,
                    "The Content-MD5 you specified did not match what we received."
                ));
            }
        }
        match sum.filter(|given| self.sum_by(given.algorithm) != Some(given)) {
            Some(given) => Err(given.bad_digest()),
            None => Ok(()),
        }
    }
}

/// Small letters and digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The entity tag of an object that was uploaded in parts with these tags.
pub(crate) fn etag_of_parts(etags: &[&str]) -> Option<String> {
    let mut md5 = Md5::new();
    for etag in etags {
        for at in (0..etag.len()).step_by(2) {
            let byte = etag.get(at..at.saturating_add(2))?;
            md5.update([u8::from_str_radix(byte, 16).ok()?]);
        }
    }
    Some(format!("{}-{}", hex(&md5.finalize()), etags.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_that_sdks_send() {
        for (algorithm, expect) in [
            (Algorithm::Crc32, "y/Q5Jg=="),
            (Algorithm::Crc32c, "4waSgw=="),
            (Algorithm::Crc64Nvme, "rosUhgp5mIg="),
            (Algorithm::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
        ] {
            let mut sums = Sums::new(algorithm);
            sums.update(b"12345");
            sums.update(b"6789");
            let computed = sums.finish(9);
            assert_eq!(computed.sum.as_ref().unwrap().value, expect);
            assert_eq!(computed.etag(), "25f9e794323b453885f5181f1b624d0b");
            assert!(
                computed
                    .check(Some("JfnnlDI7RTiF9RgfG2JNCw=="), None)
                    .is_ok()
            );
            assert!(
                computed
                    .check(Some("AAAAlDI7RTiF9RgfG2JNCw=="), None)
                    .is_err()
            );
            let other = Sum {
                algorithm,
                value: "AAAA".to_owned(),
            };
            assert!(computed.check(None, Some(&other)).is_err());
        }
    }

    #[test]
    fn sums_of_parts_join_to_that_of_all() {
        let sum = |algorithm, bytes: &[u8]| {
            let mut sums = Sums::new(algorithm);
            sums.update(bytes);
            sums.finish(0).sum.unwrap()
        };
        for algorithm in Algorithm::ALL {
            let (one, two, none) = (
                sum(algorithm, b"12345"),
                sum(algorithm, b"6789"),
                sum(algorithm, b""),
            );
            let joined = Sum::of_all(algorithm, &[(&one, 5), (&two, 4), (&none, 0)]);
            let is_joining = algorithm.check_kind(SumKind::OfAll).is_ok();
            assert_eq!(joined, is_joining.then(|| sum(algorithm, b"123456789")));
        }
    }

    #[test]
    fn parts_have_a_tag_of_tags() {
        let etag = etag_of_parts(&["d41d8cd98f00b204e9800998ecf8427e"]);
        assert_eq!(etag.as_deref(), Some("59adb24ef3cdbe0297f05b395827453f-1"));
        assert_eq!(etag_of_parts(&["x"]), None);
    }
}
