//! The operations, as s3s asks for them. What is not here is answered with `NotImplemented`.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result};

use crate::backend::{Core, caller};
use crate::notification::configuration;
use crate::{lists, objects, uploads};

pub(crate) struct Face(pub(crate) Arc<Core>);

type Answer<T> = S3Result<S3Response<T>>;

/// A configuration that was never put.
fn missing(code: &'static str, message: &'static str) -> S3Error {
    let code = S3ErrorCode::from_bytes(code.as_bytes()).unwrap_or(S3ErrorCode::InternalError);
    let mut error = S3Error::with_message(code, message);
    error.set_status_code(http::StatusCode::NOT_FOUND);
    error
}

impl Face {
    async fn kept<T: serde::de::DeserializeOwned + Send + 'static, R>(
        &self,
        request: &S3Request<R>,
        bucket: &str,
        (name, missing): (&'static str, fn() -> S3Error),
    ) -> S3Result<T> {
        let (caller, bucket) = (caller(request)?, bucket.to_owned());
        let core = &self.0;
        core.run(move |core| core.configuration(&caller, &bucket, (name, missing)))
            .await
    }

    async fn keep<T: serde::Serialize + Send + 'static, R>(
        &self,
        request: &S3Request<R>,
        bucket: &str,
        (name, value): (&'static str, Option<T>),
    ) -> S3Result<()> {
        let (caller, bucket) = (caller(request)?, bucket.to_owned());
        let core = &self.0;
        core.run(move |core| core.configure(&caller, &bucket, (name, value.as_ref())))
            .await
    }
}

#[async_trait::async_trait]
impl S3 for Face {
    async fn create_bucket(
        &self,
        req: S3Request<dto::CreateBucketInput>,
    ) -> Answer<dto::CreateBucketOutput> {
        let (caller, input) = (caller(&req)?, req.input);
        let location = Some(format!("/{}", input.bucket));
        let asked = input.create_bucket_configuration;
        let constraint = asked.and_then(|asked| asked.location_constraint);
        let made = self.0.run(move |core| {
            let constraint = constraint.as_ref().map(|it| it.as_str());
            core.create_bucket(&caller, &input.bucket, constraint)
        });
        made.await?;
        Ok(S3Response::new(dto::CreateBucketOutput { location }))
    }

    async fn delete_bucket(
        &self,
        req: S3Request<dto::DeleteBucketInput>,
    ) -> Answer<dto::DeleteBucketOutput> {
        let (caller, bucket) = (caller(&req)?, req.input.bucket);
        let removed = self.0.run(move |core| core.delete_bucket(&caller, &bucket));
        removed.await?;
        Ok(S3Response::with_status(
            dto::DeleteBucketOutput::default(),
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn head_bucket(
        &self,
        req: S3Request<dto::HeadBucketInput>,
    ) -> Answer<dto::HeadBucketOutput> {
        let (caller, bucket) = (caller(&req)?, req.input.bucket);
        let row = self
            .0
            .run(move |core| core.bucket(&caller, &bucket))
            .await?;
        Ok(S3Response::new(dto::HeadBucketOutput {
            bucket_region: Some(row.region),
            ..Default::default()
        }))
    }

    async fn get_bucket_location(
        &self,
        req: S3Request<dto::GetBucketLocationInput>,
    ) -> Answer<dto::GetBucketLocationOutput> {
        let (caller, bucket) = (caller(&req)?, req.input.bucket);
        let row = self
            .0
            .run(move |core| core.bucket(&caller, &bucket))
            .await?;
        // The oldest region has no name here.
        let region = Some(row.region).filter(|region| region != "us-east-1");
        Ok(S3Response::new(dto::GetBucketLocationOutput {
            location_constraint: region.map(Into::into),
        }))
    }

    async fn get_bucket_versioning(
        &self,
        req: S3Request<dto::GetBucketVersioningInput>,
    ) -> Answer<dto::GetBucketVersioningOutput> {
        let (caller, bucket) = (caller(&req)?, req.input.bucket);
        let found = self.0.run(move |core| core.bucket(&caller, &bucket));
        found.await?;
        Ok(S3Response::new(dto::GetBucketVersioningOutput::default()))
    }

    async fn list_multipart_uploads(
        &self,
        req: S3Request<dto::ListMultipartUploadsInput>,
    ) -> Answer<dto::ListMultipartUploadsOutput> {
        let caller = caller(&req)?;
        let listed = uploads::list(&self.0, caller, req.input).await?;
        Ok(S3Response::new(listed))
    }

    async fn put_object(
        &self,
        req: S3Request<dto::PutObjectInput>,
    ) -> Answer<dto::PutObjectOutput> {
        Ok(S3Response::new(objects::put(&self.0, req).await?))
    }

    async fn copy_object(
        &self,
        req: S3Request<dto::CopyObjectInput>,
    ) -> Answer<dto::CopyObjectOutput> {
        Ok(S3Response::new(objects::copy(&self.0, req).await?))
    }

    async fn delete_objects(
        &self,
        req: S3Request<dto::DeleteObjectsInput>,
    ) -> Answer<dto::DeleteObjectsOutput> {
        Ok(S3Response::new(objects::delete_many(&self.0, req).await?))
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<dto::CreateMultipartUploadInput>,
    ) -> Answer<dto::CreateMultipartUploadOutput> {
        Ok(S3Response::new(uploads::create(&self.0, req).await?))
    }

    async fn upload_part(
        &self,
        req: S3Request<dto::UploadPartInput>,
    ) -> Answer<dto::UploadPartOutput> {
        Ok(S3Response::new(uploads::put_part(&self.0, req).await?))
    }

    async fn upload_part_copy(
        &self,
        req: S3Request<dto::UploadPartCopyInput>,
    ) -> Answer<dto::UploadPartCopyOutput> {
        Ok(S3Response::new(uploads::copy_part(&self.0, req).await?))
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<dto::CompleteMultipartUploadInput>,
    ) -> Answer<dto::CompleteMultipartUploadOutput> {
        Ok(S3Response::new(uploads::complete(&self.0, req).await?))
    }

    async fn abort_multipart_upload(
        &self,
        req: S3Request<dto::AbortMultipartUploadInput>,
    ) -> Answer<dto::AbortMultipartUploadOutput> {
        Ok(S3Response::with_status(
            uploads::abort(&self.0, req).await?,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn list_parts(
        &self,
        req: S3Request<dto::ListPartsInput>,
    ) -> Answer<dto::ListPartsOutput> {
        Ok(S3Response::new(uploads::parts(&self.0, req).await?))
    }

    async fn list_objects(
        &self,
        req: S3Request<dto::ListObjectsInput>,
    ) -> Answer<dto::ListObjectsOutput> {
        Ok(S3Response::new(lists::first(&self.0, req).await?))
    }

    async fn list_objects_v2(
        &self,
        req: S3Request<dto::ListObjectsV2Input>,
    ) -> Answer<dto::ListObjectsV2Output> {
        Ok(S3Response::new(lists::second(&self.0, req).await?))
    }

    async fn list_buckets(
        &self,
        req: S3Request<dto::ListBucketsInput>,
    ) -> Answer<dto::ListBucketsOutput> {
        Ok(S3Response::new(lists::buckets(&self.0, req).await?))
    }

    async fn get_object(
        &self,
        req: S3Request<dto::GetObjectInput>,
    ) -> Answer<dto::GetObjectOutput> {
        objects::refuse_version(req.input.version_id.as_ref())?;
        Ok(S3Response::new(objects::get(&self.0, req).await?))
    }

    async fn head_object(
        &self,
        req: S3Request<dto::HeadObjectInput>,
    ) -> Answer<dto::HeadObjectOutput> {
        objects::refuse_version(req.input.version_id.as_ref())?;
        Ok(S3Response::new(objects::head(&self.0, req).await?))
    }

    async fn delete_object(
        &self,
        req: S3Request<dto::DeleteObjectInput>,
    ) -> Answer<dto::DeleteObjectOutput> {
        objects::refuse_version(req.input.version_id.as_ref())?;
        Ok(S3Response::with_status(
            objects::delete(&self.0, req).await?,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn get_object_attributes(
        &self,
        req: S3Request<dto::GetObjectAttributesInput>,
    ) -> Answer<dto::GetObjectAttributesOutput> {
        objects::refuse_version(req.input.version_id.as_ref())?;
        Ok(S3Response::new(objects::attributes_of(&self.0, req).await?))
    }

    async fn put_object_tagging(
        &self,
        req: S3Request<dto::PutObjectTaggingInput>,
    ) -> Answer<dto::PutObjectTaggingOutput> {
        objects::refuse_version(req.input.version_id.as_ref())?;
        Ok(S3Response::new(objects::put_tags(&self.0, req).await?))
    }

    async fn get_object_tagging(
        &self,
        req: S3Request<dto::GetObjectTaggingInput>,
    ) -> Answer<dto::GetObjectTaggingOutput> {
        objects::refuse_version(req.input.version_id.as_ref())?;
        Ok(S3Response::new(objects::get_tags(&self.0, req).await?))
    }

    async fn delete_object_tagging(
        &self,
        req: S3Request<dto::DeleteObjectTaggingInput>,
    ) -> Answer<dto::DeleteObjectTaggingOutput> {
        objects::refuse_version(req.input.version_id.as_ref())?;
        Ok(S3Response::with_status(
            objects::delete_tags(&self.0, req).await?,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn put_bucket_notification_configuration(
        &self,
        req: S3Request<dto::PutBucketNotificationConfigurationInput>,
    ) -> Answer<dto::PutBucketNotificationConfigurationOutput> {
        configuration::put(&self.0, req).await?;
        let output = dto::PutBucketNotificationConfigurationOutput::default();
        Ok(S3Response::new(output))
    }

    async fn get_bucket_notification_configuration(
        &self,
        req: S3Request<dto::GetBucketNotificationConfigurationInput>,
    ) -> Answer<dto::GetBucketNotificationConfigurationOutput> {
        Ok(S3Response::new(configuration::get(&self.0, req).await?))
    }

    async fn get_bucket_tagging(
        &self,
        req: S3Request<dto::GetBucketTaggingInput>,
    ) -> Answer<dto::GetBucketTaggingOutput> {
        let missing = || missing("NoSuchTagSet", "The TagSet does not exist");
        let kept = self.kept(&req, &req.input.bucket, ("bucket_tagging", missing));
        let kept = kept.await?;
        Ok(S3Response::new(dto::GetBucketTaggingOutput {
            tag_set: kept,
        }))
    }

    async fn put_bucket_tagging(
        &self,
        req: S3Request<dto::PutBucketTaggingInput>,
    ) -> Answer<dto::PutBucketTaggingOutput> {
        let value = Some(req.input.tagging.tag_set.clone());
        let kept = self.keep(&req, &req.input.bucket, ("bucket_tagging", value));
        kept.await?;
        let output = dto::PutBucketTaggingOutput::default();
        Ok(S3Response::with_status(
            output,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn delete_bucket_tagging(
        &self,
        req: S3Request<dto::DeleteBucketTaggingInput>,
    ) -> Answer<dto::DeleteBucketTaggingOutput> {
        let nothing = None::<String>;
        let kept = self.keep(&req, &req.input.bucket, ("bucket_tagging", nothing));
        kept.await?;
        let output = dto::DeleteBucketTaggingOutput::default();
        Ok(S3Response::with_status(
            output,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn get_bucket_policy(
        &self,
        req: S3Request<dto::GetBucketPolicyInput>,
    ) -> Answer<dto::GetBucketPolicyOutput> {
        let missing = || missing("NoSuchBucketPolicy", "The bucket policy does not exist");
        let kept = self.kept(&req, &req.input.bucket, ("bucket_policy", missing));
        let kept = kept.await?;
        Ok(S3Response::new(dto::GetBucketPolicyOutput {
            policy: Some(kept),
        }))
    }

    async fn put_bucket_policy(
        &self,
        req: S3Request<dto::PutBucketPolicyInput>,
    ) -> Answer<dto::PutBucketPolicyOutput> {
        let value = Some(req.input.policy.clone());
        let kept = self.keep(&req, &req.input.bucket, ("bucket_policy", value));
        kept.await?;
        let output = dto::PutBucketPolicyOutput::default();
        Ok(S3Response::with_status(
            output,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn delete_bucket_policy(
        &self,
        req: S3Request<dto::DeleteBucketPolicyInput>,
    ) -> Answer<dto::DeleteBucketPolicyOutput> {
        let nothing = None::<String>;
        let kept = self.keep(&req, &req.input.bucket, ("bucket_policy", nothing));
        kept.await?;
        let output = dto::DeleteBucketPolicyOutput::default();
        Ok(S3Response::with_status(
            output,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn get_bucket_cors(
        &self,
        req: S3Request<dto::GetBucketCorsInput>,
    ) -> Answer<dto::GetBucketCorsOutput> {
        let missing = || {
            missing(
                "NoSuchCORSConfiguration",
                "The CORS configuration does not exist",
            )
        };
        let kept = self.kept(&req, &req.input.bucket, ("bucket_cors", missing));
        let kept = kept.await?;
        Ok(S3Response::new(dto::GetBucketCorsOutput {
            cors_rules: Some(kept),
        }))
    }

    async fn put_bucket_cors(
        &self,
        req: S3Request<dto::PutBucketCorsInput>,
    ) -> Answer<dto::PutBucketCorsOutput> {
        let value = Some(req.input.cors_configuration.cors_rules.clone());
        let kept = self.keep(&req, &req.input.bucket, ("bucket_cors", value));
        kept.await?;
        let output = dto::PutBucketCorsOutput::default();
        Ok(S3Response::new(output))
    }

    async fn delete_bucket_cors(
        &self,
        req: S3Request<dto::DeleteBucketCorsInput>,
    ) -> Answer<dto::DeleteBucketCorsOutput> {
        let nothing = None::<String>;
        let kept = self.keep(&req, &req.input.bucket, ("bucket_cors", nothing));
        kept.await?;
        let output = dto::DeleteBucketCorsOutput::default();
        Ok(S3Response::with_status(
            output,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn get_bucket_encryption(
        &self,
        req: S3Request<dto::GetBucketEncryptionInput>,
    ) -> Answer<dto::GetBucketEncryptionOutput> {
        let missing = || {
            missing(
                "ServerSideEncryptionConfigurationNotFoundError",
                "The server side encryption configuration was not found",
            )
        };
        let kept = self.kept(&req, &req.input.bucket, ("bucket_encryption", missing));
        let kept = kept.await?;
        Ok(S3Response::new(dto::GetBucketEncryptionOutput {
            server_side_encryption_configuration: Some(kept),
        }))
    }

    async fn put_bucket_encryption(
        &self,
        req: S3Request<dto::PutBucketEncryptionInput>,
    ) -> Answer<dto::PutBucketEncryptionOutput> {
        let value = Some(req.input.server_side_encryption_configuration.clone());
        let kept = self.keep(&req, &req.input.bucket, ("bucket_encryption", value));
        kept.await?;
        let output = dto::PutBucketEncryptionOutput::default();
        Ok(S3Response::new(output))
    }

    async fn delete_bucket_encryption(
        &self,
        req: S3Request<dto::DeleteBucketEncryptionInput>,
    ) -> Answer<dto::DeleteBucketEncryptionOutput> {
        let nothing = None::<String>;
        let kept = self.keep(&req, &req.input.bucket, ("bucket_encryption", nothing));
        kept.await?;
        let output = dto::DeleteBucketEncryptionOutput::default();
        Ok(S3Response::with_status(
            output,
            http::StatusCode::NO_CONTENT,
        ))
    }

    async fn get_public_access_block(
        &self,
        req: S3Request<dto::GetPublicAccessBlockInput>,
    ) -> Answer<dto::GetPublicAccessBlockOutput> {
        let missing = || {
            missing(
                "NoSuchPublicAccessBlockConfiguration",
                "The public access block configuration was not found",
            )
        };
        let kept = self.kept(&req, &req.input.bucket, ("public_access_block", missing));
        let kept = kept.await?;
        Ok(S3Response::new(dto::GetPublicAccessBlockOutput {
            public_access_block_configuration: Some(kept),
        }))
    }

    async fn put_public_access_block(
        &self,
        req: S3Request<dto::PutPublicAccessBlockInput>,
    ) -> Answer<dto::PutPublicAccessBlockOutput> {
        let value = Some(req.input.public_access_block_configuration.clone());
        let kept = self.keep(&req, &req.input.bucket, ("public_access_block", value));
        kept.await?;
        let output = dto::PutPublicAccessBlockOutput::default();
        Ok(S3Response::new(output))
    }

    async fn delete_public_access_block(
        &self,
        req: S3Request<dto::DeletePublicAccessBlockInput>,
    ) -> Answer<dto::DeletePublicAccessBlockOutput> {
        let nothing = None::<String>;
        let kept = self.keep(&req, &req.input.bucket, ("public_access_block", nothing));
        kept.await?;
        let output = dto::DeletePublicAccessBlockOutput::default();
        Ok(S3Response::with_status(
            output,
            http::StatusCode::NO_CONTENT,
        ))
    }
}
