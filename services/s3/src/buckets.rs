//! Buckets, and where their configurations are kept.

use std::ops::ControlFlow;
use std::sync::Arc;

use passo_service::Caller;
use s3s::dto;
use s3s::{S3Request, S3Result, s3_error};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::backend::{Core, caller};
use crate::configurations::at_first;
use crate::faults;
use crate::rows::BucketRow;

/// Where a bucket may be made again by who has it.
const OLDEST_REGION: &str = "us-east-1";

impl Core {
    fn create_bucket(&self, caller: &Caller, input: &dto::CreateBucketInput) -> S3Result<()> {
        let name = &*input.bucket;
        check_name(name)?;
        let asked = input.create_bucket_configuration.as_ref();
        let constraint = asked.and_then(|asked| asked.location_constraint.as_ref());
        let constraint = constraint.map(|it| it.as_str());
        let here = caller.region.as_str();
        let region = match constraint {
            Some("EU") => "eu-west-1",
            Some(constraint) if !constraint.is_empty() => constraint,
            _ => OLDEST_REGION,
        };
        if here != OLDEST_REGION && region != here {
            let named = match constraint {
                Some(constraint) if !constraint.is_empty() => constraint,
                _ => "unspecified",
            };
            return Err(s3_error!(
                IllegalLocationConstraintException,
                "The {named} location constraint is incompatible for the region specific endpoint this request was sent to."
            ));
        }
        let _changing = self.tables.change_buckets();
        if let Some(old) = self.tables.bucket(name)? {
            if old.account != caller.account.as_str() {
                return Err(s3_error!(
                    BucketAlreadyExists,
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again."
                ));
            }
            if old.region == OLDEST_REGION && region == OLDEST_REGION {
                return Ok(());
            }
            return Err(s3_error!(
                BucketAlreadyOwnedByYou,
                "Your previous request to create the named bucket succeeded and you already own it."
            ));
        }
        let row = BucketRow {
            account: caller.account.as_str().to_owned(),
            region: region.to_owned(),
            created: self.now(),
            configurations: at_first(input),
        };
        self.tables.put_bucket(name, &row)
    }

    fn delete_bucket(&self, caller: &Caller, name: &str) -> S3Result<()> {
        let _changing = self.tables.change_buckets();
        self.bucket(caller, name)?;
        let mut is_empty = true;
        self.tables.scan_objects(name, "", None, |_, _| {
            is_empty = false;
            ControlFlow::Break(())
        })?;
        if !is_empty {
            return Err(s3_error!(
                BucketNotEmpty,
                "The bucket you tried to delete is not empty"
            ));
        }
        if self.tables.has_versions(name)? {
            return Err(s3_error!(
                BucketNotEmpty,
                "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
            ));
        }
        let uploads = self.tables.uploads()?;
        for (id, _) in uploads.iter().filter(|(_, upload)| upload.bucket == name) {
            self.drop_upload(id)?;
        }
        self.tables.remove_bucket(name)
    }

    /// A configuration as it was put, if one was.
    pub(crate) fn configuration<T: DeserializeOwned>(
        &self,
        caller: &Caller,
        bucket: &str,
        name: &str,
    ) -> S3Result<Option<T>> {
        let mut row = self.bucket(caller, bucket)?;
        let kept = row.configurations.remove(name).map(serde_json::from_value);
        kept.transpose().map_err(|_| faults::broken())
    }

    /// Puts a configuration, or removes it.
    pub(crate) fn configure<T: Serialize>(
        &self,
        caller: &Caller,
        bucket: &str,
        (name, value): (&str, Option<&T>),
    ) -> S3Result<()> {
        let _changing = self.tables.change_buckets();
        let mut row = self.bucket(caller, bucket)?;
        match value {
            Some(value) => {
                let value = serde_json::to_value(value).map_err(|_| faults::broken())?;
                row.configurations.insert(name.to_owned(), value);
            }
            None => {
                row.configurations.remove(name);
            }
        }
        self.tables.put_bucket(bucket, &row)
    }
}

/// Beginnings and ends of names that S3 keeps for itself. Source: "General purpose bucket naming rules" of the S3 user
/// guide.
const BEGINNINGS: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const ENDS: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/// Whether a new bucket may have that name.
fn check_name(name: &str) -> S3Result<()> {
    let is_kept = BEGINNINGS.iter().any(|begin| name.starts_with(begin))
        || ENDS.iter().any(|end| name.ends_with(end));
    match is_kept {
        true => Err(s3_error!(
            InvalidBucketName,
            "The specified bucket is not valid."
        )),
        false => Ok(()),
    }
}

pub(crate) async fn create(
    core: &Arc<Core>,
    request: S3Request<dto::CreateBucketInput>,
) -> S3Result<dto::CreateBucketOutput> {
    let (caller, input) = (caller(&request)?, request.input);
    let location = Some(format!("/{}", input.bucket));
    core.run(move |core| core.create_bucket(&caller, &input))
        .await?;
    Ok(dto::CreateBucketOutput { location })
}

pub(crate) async fn delete(
    core: &Arc<Core>,
    request: S3Request<dto::DeleteBucketInput>,
) -> S3Result<dto::DeleteBucketOutput> {
    let (caller, bucket) = (caller(&request)?, request.input.bucket);
    core.run(move |core| core.delete_bucket(&caller, &bucket))
        .await?;
    Ok(dto::DeleteBucketOutput::default())
}

pub(crate) async fn head(
    core: &Arc<Core>,
    request: S3Request<dto::HeadBucketInput>,
) -> S3Result<dto::HeadBucketOutput> {
    let (caller, bucket) = (caller(&request)?, request.input.bucket);
    let row = core.run(move |core| core.bucket(&caller, &bucket)).await?;
    Ok(dto::HeadBucketOutput {
        bucket_region: Some(row.region),
        ..Default::default()
    })
}

pub(crate) async fn location(
    core: &Arc<Core>,
    request: S3Request<dto::GetBucketLocationInput>,
) -> S3Result<dto::GetBucketLocationOutput> {
    let (caller, bucket) = (caller(&request)?, request.input.bucket);
    let row = core.run(move |core| core.bucket(&caller, &bucket)).await?;
    // The oldest region has no name here.
    let region = Some(row.region).filter(|region| region != OLDEST_REGION);
    Ok(dto::GetBucketLocationOutput {
        location_constraint: region.map(Into::into),
    })
}
