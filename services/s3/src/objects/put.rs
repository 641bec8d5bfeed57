//! A body takes its place.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Result};

use crate::backend::{Address, Core};
use crate::changes::Placed;
use crate::conditions::Conditions;
use crate::configurations::acl;
use crate::forms::ByForm;
use crate::notification::Happening;
use crate::objects::upload::{Upload, attributes, checked, given_sum};
use crate::objects::{encryption, etag, set_sums};
use crate::rows::{Attributes, ObjectRow};

pub(crate) async fn put(
    core: &Arc<Core>,
    mut request: S3Request<dto::PutObjectInput>,
) -> S3Result<dto::PutObjectOutput> {
    let sum = given_sum!(request.input);
    let md5 = request.input.content_md5.take();
    let algorithm = request.input.checksum_algorithm.take();
    let mut upload = Upload::of(&mut request, (md5, sum), algorithm.as_ref());
    let happening = match request.extensions.get::<ByForm>() {
        Some(ByForm) => Happening::Posted,
        None => Happening::Put,
    };
    let address = Address::of(&request, &request.input.bucket, &request.input.key)?;
    let mut input = request.input;
    let attributes = checked(attributes!(input))?;
    let conditions = Conditions::of_write(input.if_match, input.if_none_match)?;
    let looked_for = address.clone();
    // Nobody sends a long body for nothing.
    let acl = input.acl.map(|acl| acl.as_str().to_owned());
    core.run(move |core| {
        let bucket = core.bucket(&looked_for.caller, &looked_for.bucket)?;
        match acl.filter(|acl| acl != acl::BY_OWNER) {
            Some(_) => acl::check_taken(&bucket),
            None => Ok(()),
        }
    })
    .await?;
    upload.body = input.body;
    let placed = store(core, (happening, upload), (address, conditions), attributes).await?;
    let mut output = dto::PutObjectOutput {
        e_tag: etag(&placed.row.etag),
        server_side_encryption: encryption(),
        version_id: placed.version,
        expiration: placed.expiration,
        ..Default::default()
    };
    output.checksum_type = set_sums!(output, placed.row.sum.as_ref());
    Ok(output)
}

/// Writes a body and puts it into its place.
pub(crate) async fn store(
    core: &Arc<Core>,
    (happening, upload): (Happening, Upload),
    (address, conditions): (Address, Conditions),
    attributes: Attributes,
) -> S3Result<Placed> {
    let written = upload.write(core).await?;
    let row = ObjectRow {
        segments: written.draft.segment(),
        size: written.computed.size,
        etag: written.computed.etag(),
        modified: 0,
        sum: written.computed.sum,
        part_sums: Vec::new(),
        attributes,
        version: None,
        sequence: 0,
        is_marker: false,
    };
    let draft = written.draft;
    core.run(move |core| core.place(&address, &conditions, (happening, draft, row)))
        .await
}
