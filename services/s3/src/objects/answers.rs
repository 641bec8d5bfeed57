//! What answers have in common.

use s3s::dto::{self, ETag};

/// What every object is encrypted with, as AWS says since 2023.
pub(crate) fn encryption() -> Option<dto::ServerSideEncryption> {
    Some(dto::ServerSideEncryption::from_static(
        dto::ServerSideEncryption::AES256,
    ))
}

pub(crate) fn etag(text: &str) -> Option<ETag> {
    Some(ETag::Strong(text.to_owned()))
}

/// Whose objects they are, where an answer says it.
pub(crate) fn owner(caller: &passo_service::Caller) -> dto::Owner {
    dto::Owner {
        display_name: None,
        id: Some(crate::sums::hex(caller.account.as_str().as_bytes())),
    }
}

/// Sets the sums of an answer, with their kind where it has that; s3s has no name for what these answers share.
macro_rules! set_sums {
    ($output:expr, $sum:expr) => {{
        let sums = $sum.map($crate::sums::Sum::members).unwrap_or_default();
        $output.checksum_crc32 = sums.checksum_crc32;
        $output.checksum_crc32c = sums.checksum_crc32c;
        $output.checksum_crc64nvme = sums.checksum_crc64nvme;
        $output.checksum_sha1 = sums.checksum_sha1;
        $output.checksum_sha256 = sums.checksum_sha256;
        sums.checksum_type
    }};
}
pub(crate) use set_sums;

/// Sets what answers to GET and HEAD say of an object.
macro_rules! set_described {
    ($output:expr, $row:expr) => {{
        $output.accept_ranges = Some("bytes".to_owned());
        $output.content_type = Some($row.attributes.content_type());
        $output.storage_class = $row.attributes.storage_class();
        $output.cache_control = $row.attributes.cache_control;
        $output.content_disposition = $row.attributes.content_disposition;
        $output.content_encoding = $row.attributes.content_encoding;
        $output.content_language = $row.attributes.content_language;
        $output.expires = $row.attributes.expires;
        $output.website_redirect_location = $row.attributes.redirect;
        $output.metadata = Some($row.attributes.metadata.into_iter().collect());
        $output.e_tag = $crate::objects::etag(&$row.etag);
        $output.last_modified = Some($crate::rows::time($row.modified));
        $output.server_side_encryption = $crate::objects::encryption();
    }};
}
pub(crate) use set_described;
