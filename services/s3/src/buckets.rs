//! Buckets and their configurations, which are kept and given back as they came.

use std::collections::BTreeMap;

use passo_service::Caller;
use s3s::{S3Error, S3Result, s3_error};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::ControlFlow;

use crate::backend::Core;
use crate::faults;
use crate::rows::BucketRow;

/// Where a bucket may be made again by who has it.
const OLDEST_REGION: &str = "us-east-1";

impl Core {
    pub(crate) fn create_bucket(
        &self,
        caller: &Caller,
        name: &str,
        constraint: Option<&str>,
    ) -> S3Result<()> {
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
            configurations: BTreeMap::new(),
        };
        self.tables.put_bucket(name, &row)
    }

    pub(crate) fn delete_bucket(&self, caller: &Caller, name: &str) -> S3Result<()> {
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
        let uploads = self.tables.uploads()?;
        for (id, _) in uploads.iter().filter(|(_, upload)| upload.bucket == name) {
            self.drop_upload(id)?;
        }
        self.tables.remove_bucket(name)
    }

    /// A configuration as it was put; `missing` where none was.
    pub(crate) fn configuration<T: DeserializeOwned>(
        &self,
        caller: &Caller,
        bucket: &str,
        (name, missing): (&str, fn() -> S3Error),
    ) -> S3Result<T> {
        let mut row = self.bucket(caller, bucket)?;
        let kept = row.configurations.remove(name).ok_or_else(missing)?;
        serde_json::from_value(kept).map_err(|_| faults::broken())
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
