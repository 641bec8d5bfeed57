//! Configurations of buckets that are kept and given back as they came, each under its name.
//!
//! Source: the operations of the S3 API reference, and "Default settings for new S3 buckets" of the user guide.

use std::collections::BTreeMap;
use std::sync::Arc;

use s3s::dto;
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result, s3_error};
use serde::Serialize;

use crate::backend::{Core, caller};
use crate::{cors as cors_rules, faults, tags, versions};

/// A configuration that was never put.
pub(crate) fn missing(code: &'static str, message: &'static str) -> S3Error {
    let code = S3ErrorCode::from_bytes(code.as_bytes()).unwrap_or(S3ErrorCode::InternalError);
    let mut error = S3Error::with_message(code, message);
    error.set_status_code(http::StatusCode::NOT_FOUND);
    error
}

/// A module with the operations of one configuration: what is kept of an input, the answer that shows it, and the answer
/// where there is none.
macro_rules! configuration {
    (
        $module:ident = $name:literal,
        put $put_input:ident -> $put_output:ident: |$input:ident| $value:expr,
        get $get_input:ident -> $get_output:ident: |$kept:ident| $shown:expr, else $missing:expr
        $(, delete $delete_input:ident -> $delete_output:ident)?;
    ) => {
        pub(crate) mod $module {
            use super::*;

            pub(crate) const NAME: &str = $name;

            pub(crate) async fn put(
                core: &Arc<Core>,
                request: S3Request<dto::$put_input>,
            ) -> S3Result<dto::$put_output> {
                let (caller, bucket) = (caller(&request)?, request.input.bucket.clone());
                let $input = request.input;
                let value = $value;
                core.run(move |core| core.configure(&caller, &bucket, (NAME, Some(&value))))
                    .await?;
                Ok(dto::$put_output::default())
            }

            pub(crate) async fn get(
                core: &Arc<Core>,
                request: S3Request<dto::$get_input>,
            ) -> S3Result<dto::$get_output> {
                let (caller, bucket) = (caller(&request)?, request.input.bucket);
                let kept = core.run(move |core| core.configuration(&caller, &bucket, NAME));
                match kept.await? {
                    Some($kept) => Ok($shown),
                    None => $missing,
                }
            }

            $(
                pub(crate) async fn delete(
                    core: &Arc<Core>,
                    request: S3Request<dto::$delete_input>,
                ) -> S3Result<dto::$delete_output> {
                    let (caller, bucket) = (caller(&request)?, request.input.bucket);
                    core.run(move |core| core.configure(&caller, &bucket, (NAME, None::<&String>)))
                        .await?;
                    Ok(dto::$delete_output::default())
                }
            )?
        }
    };
}

configuration! {
    tagging = "bucket_tagging",
    put PutBucketTaggingInput -> PutBucketTaggingOutput: |input| tags::of_bucket(input.tagging.tag_set)?,
    get GetBucketTaggingInput -> GetBucketTaggingOutput: |kept| dto::GetBucketTaggingOutput { tag_set: kept },
    else Err(missing("NoSuchTagSet", "The TagSet does not exist")),
    delete DeleteBucketTaggingInput -> DeleteBucketTaggingOutput;
}

configuration! {
    policy = "bucket_policy",
    put PutBucketPolicyInput -> PutBucketPolicyOutput: |input| checked_policy(input.policy)?,
    get GetBucketPolicyInput -> GetBucketPolicyOutput: |kept| dto::GetBucketPolicyOutput { policy: Some(kept) },
    else Err(missing("NoSuchBucketPolicy", "The bucket policy does not exist")),
    delete DeleteBucketPolicyInput -> DeleteBucketPolicyOutput;
}

configuration! {
    cors = "bucket_cors",
    put PutBucketCorsInput -> PutBucketCorsOutput: |input| cors_rules::checked(input.cors_configuration.cors_rules)?,
    get GetBucketCorsInput -> GetBucketCorsOutput: |kept| dto::GetBucketCorsOutput { cors_rules: Some(kept) },
    else Err(missing("NoSuchCORSConfiguration", "The CORS configuration does not exist")),
    delete DeleteBucketCorsInput -> DeleteBucketCorsOutput;
}

configuration! {
    encryption = "bucket_encryption",
    put PutBucketEncryptionInput -> PutBucketEncryptionOutput: |input| checked_encryption(input.server_side_encryption_configuration)?,
    get GetBucketEncryptionInput -> GetBucketEncryptionOutput: |kept| dto::GetBucketEncryptionOutput {
        server_side_encryption_configuration: Some(kept),
    },
    else Ok(default_encryption()),
    delete DeleteBucketEncryptionInput -> DeleteBucketEncryptionOutput;
}

configuration! {
    public_access = "public_access_block",
    put PutPublicAccessBlockInput -> PutPublicAccessBlockOutput: |input| input.public_access_block_configuration,
    get GetPublicAccessBlockInput -> GetPublicAccessBlockOutput: |kept| dto::GetPublicAccessBlockOutput {
        public_access_block_configuration: Some(kept),
    },
    else Err(missing(
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
    )),
    delete DeletePublicAccessBlockInput -> DeletePublicAccessBlockOutput;
}

configuration! {
    ownership = "ownership_controls",
    put PutBucketOwnershipControlsInput -> PutBucketOwnershipControlsOutput: |input| {
        let rule = input.ownership_controls.rules.into_iter().next();
        let rule = rule.map(|rule| rule.object_ownership.as_str().to_owned());
        Some(rule.filter(|rule| OWNERSHIPS.contains(&rule.as_str())).ok_or_else(faults::malformed)?)
    },
    get GetBucketOwnershipControlsInput -> GetBucketOwnershipControlsOutput: |kept| dto::GetBucketOwnershipControlsOutput {
        ownership_controls: Some(shown_ownership(kept)),
    },
    else Err(missing(
        "OwnershipControlsNotFoundError",
        "The bucket ownership controls were not found",
    )),
    delete DeleteBucketOwnershipControlsInput -> DeleteBucketOwnershipControlsOutput;
}

configuration! {
    website = "bucket_website",
    put PutBucketWebsiteInput -> PutBucketWebsiteOutput: |input| input.website_configuration,
    get GetBucketWebsiteInput -> GetBucketWebsiteOutput: |kept| shown_website(kept),
    else Err(missing(
        "NoSuchWebsiteConfiguration",
        "The specified bucket does not have a website configuration",
    )),
    delete DeleteBucketWebsiteInput -> DeleteBucketWebsiteOutput;
}

configuration! {
    logging = "bucket_logging",
    put PutBucketLoggingInput -> PutBucketLoggingOutput: |input| kept_logging(input.bucket_logging_status),
    get GetBucketLoggingInput -> GetBucketLoggingOutput: |kept| shown_logging(kept),
    else Ok(dto::GetBucketLoggingOutput::default());
}

configuration! {
    object_lock = "object_lock",
    put PutObjectLockConfigurationInput -> PutObjectLockConfigurationOutput: |input| input.object_lock_configuration,
    get GetObjectLockConfigurationInput -> GetObjectLockConfigurationOutput: |kept| dto::GetObjectLockConfigurationOutput {
        object_lock_configuration: kept,
    },
    else Err(missing(
        "ObjectLockConfigurationNotFoundError",
        "Object Lock configuration does not exist for this bucket",
    ));
}

configuration! {
    replication = "bucket_replication",
    put PutBucketReplicationInput -> PutBucketReplicationOutput: |input| input.replication_configuration,
    get GetBucketReplicationInput -> GetBucketReplicationOutput: |kept| dto::GetBucketReplicationOutput {
        replication_configuration: Some(kept),
    },
    else Err(missing(
        "ReplicationConfigurationNotFoundError",
        "The replication configuration was not found",
    )),
    delete DeleteBucketReplicationInput -> DeleteBucketReplicationOutput;
}

configuration! {
    accelerate = "accelerate",
    put PutBucketAccelerateConfigurationInput -> PutBucketAccelerateConfigurationOutput:
        |input| input.accelerate_configuration,
    get GetBucketAccelerateConfigurationInput -> GetBucketAccelerateConfigurationOutput: |kept| {
        let kept: dto::AccelerateConfiguration = kept;
        dto::GetBucketAccelerateConfigurationOutput { status: kept.status, ..Default::default() }
    },
    else Ok(dto::GetBucketAccelerateConfigurationOutput::default());
}

configuration! {
    payment = "request_payment",
    put PutBucketRequestPaymentInput -> PutBucketRequestPaymentOutput: |input| input.request_payment_configuration.payer,
    get GetBucketRequestPaymentInput -> GetBucketRequestPaymentOutput: |kept| dto::GetBucketRequestPaymentOutput {
        payer: Some(kept),
    },
    else Ok(dto::GetBucketRequestPaymentOutput {
        payer: Some(dto::Payer::from_static(dto::Payer::BUCKET_OWNER)),
    });
}

/// Who may own the objects of a bucket.
const OWNERSHIPS: [&str; 3] = [
    "BucketOwnerEnforced",
    "BucketOwnerPreferred",
    "ObjectWriter",
];

/// Algorithms that objects may be encrypted with.
const ENCRYPTIONS: [&str; 3] = ["AES256", "aws:kms", "aws:kms:dsse"];

/// A policy that can be read; nobody is kept from anything by it.
fn checked_policy(policy: String) -> S3Result<String> {
    let read: Option<serde_json::Value> = serde_json::from_str(&policy).ok();
    let message = match read.as_ref().and_then(serde_json::Value::as_object) {
        None => "Policies must be valid JSON and the first byte must be '{'",
        Some(policy) if !policy.contains_key("Statement") => "Missing required field Statement",
        Some(_) => return Ok(policy),
    };
    Err(s3_error!(MalformedPolicy, "{message}"))
}

fn checked_encryption(
    encryption: dto::ServerSideEncryptionConfiguration,
) -> S3Result<dto::ServerSideEncryptionConfiguration> {
    let defaults = encryption.rules.iter();
    let mut named = defaults.filter_map(|rule| {
        let by_default = rule.apply_server_side_encryption_by_default.as_ref()?;
        Some(by_default.sse_algorithm.as_str())
    });
    match named.all(|algorithm| ENCRYPTIONS.contains(&algorithm)) {
        true => Ok(encryption),
        false => Err(faults::malformed()),
    }
}

fn default_encryption() -> dto::GetBucketEncryptionOutput {
    let by_default = dto::ServerSideEncryptionByDefault {
        kms_master_key_id: None,
        sse_algorithm: dto::ServerSideEncryption::from_static(dto::ServerSideEncryption::AES256),
    };
    let rule = dto::ServerSideEncryptionRule {
        apply_server_side_encryption_by_default: Some(by_default),
        bucket_key_enabled: Some(false),
    };
    dto::GetBucketEncryptionOutput {
        server_side_encryption_configuration: Some(dto::ServerSideEncryptionConfiguration {
            rules: vec![rule],
        }),
    }
}

fn shown_ownership(kept: Option<String>) -> dto::OwnershipControls {
    let rules = kept
        .into_iter()
        .map(|ownership| dto::OwnershipControlsRule {
            object_ownership: ownership.into(),
        });
    dto::OwnershipControls {
        rules: rules.collect(),
    }
}

/// Bucket and prefix of a log.
fn kept_logging(status: dto::BucketLoggingStatus) -> Option<(String, String)> {
    let enabled = status.logging_enabled?;
    Some((enabled.target_bucket, enabled.target_prefix))
}

fn shown_logging(kept: Option<(String, String)>) -> dto::GetBucketLoggingOutput {
    dto::GetBucketLoggingOutput {
        logging_enabled: kept.map(|(target_bucket, target_prefix)| dto::LoggingEnabled {
            target_bucket,
            target_prefix,
            target_grants: None,
            target_object_key_format: None,
        }),
    }
}

fn shown_website(kept: dto::WebsiteConfiguration) -> dto::GetBucketWebsiteOutput {
    dto::GetBucketWebsiteOutput {
        error_document: kept.error_document,
        index_document: kept.index_document,
        redirect_all_requests_to: kept.redirect_all_requests_to,
        routing_rules: kept.routing_rules,
    }
}

/// The configurations that a new bucket has.
pub(crate) fn at_first(input: &dto::CreateBucketInput) -> BTreeMap<String, serde_json::Value> {
    let mut configurations = BTreeMap::new();
    let mut put = |name: &str, value: serde_json::Result<serde_json::Value>| {
        if let Ok(value) = value {
            configurations.insert(name.to_owned(), value);
        }
    };
    put(
        public_access::NAME,
        json(&dto::PublicAccessBlockConfiguration {
            block_public_acls: Some(true),
            block_public_policy: Some(true),
            ignore_public_acls: Some(true),
            restrict_public_buckets: Some(true),
        }),
    );
    let enforced =
        || dto::ObjectOwnership::from_static(dto::ObjectOwnership::BUCKET_OWNER_ENFORCED);
    let object_ownership = input.object_ownership.clone().unwrap_or_else(enforced);
    put(ownership::NAME, json(&Some(object_ownership.as_str())));
    if let Some(canned) = &input.acl {
        put(acl::NAME, json(&canned.as_str()));
    }
    if input.object_lock_enabled_for_bucket == Some(true) {
        let enabled = dto::ObjectLockEnabled::from_static(dto::ObjectLockEnabled::ENABLED);
        let lock = dto::ObjectLockConfiguration {
            object_lock_enabled: Some(enabled),
            rule: None,
        };
        put(object_lock::NAME, json(&Some(lock)));
        let status = dto::BucketVersioningStatus::from_static(dto::BucketVersioningStatus::ENABLED);
        put(
            versions::NAME,
            json(&dto::VersioningConfiguration {
                status: Some(status),
                ..Default::default()
            }),
        );
    }
    configurations
}

fn json(value: &impl Serialize) -> serde_json::Result<serde_json::Value> {
    serde_json::to_value(value)
}

/// Access control lists: the last one is shown, nobody is kept from anything by it.
pub(crate) mod acl {
    use super::*;
    use crate::objects::owner;
    use crate::rows::BucketRow;

    pub(crate) const NAME: &str = "acl";

    const EVERYBODY: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
    const AUTHENTICATED: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
    const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

    /// The list that says nothing but who owns the bucket.
    pub(crate) const BY_OWNER: &str = "bucket-owner-full-control";

    /// Whether a bucket takes access control lists: new ones do not.
    ///
    /// # Errors
    /// `AccessControlListNotSupported`.
    pub(crate) fn check_taken(bucket: &BucketRow) -> S3Result<()> {
        let kept = bucket.configurations.get(ownership::NAME);
        match kept.and_then(serde_json::Value::as_str) {
            Some("BucketOwnerEnforced") => Err(s3_error!(
                AccessControlListNotSupported,
                "The bucket does not allow ACLs"
            )),
            _ => Ok(()),
        }
    }

    /// Kind, id and address of who is given something, and what.
    type Kept = (
        Option<String>,
        Option<String>,
        Option<String>,
        Option<String>,
    );

    fn kept(grant: &dto::Grant) -> Kept {
        let grantee = grant.grantee.as_ref();
        (
            grantee.map(|it| it.type_.as_str().to_owned()),
            grantee.and_then(|it| it.id.clone()),
            grantee.and_then(|it| it.uri.clone()),
            grant.permission.as_ref().map(|it| it.as_str().to_owned()),
        )
    }

    fn shown((kind, id, uri, permission): Kept) -> dto::Grant {
        dto::Grant {
            grantee: kind.map(|kind| dto::Grantee {
                display_name: None,
                email_address: None,
                id,
                type_: kind.into(),
                uri,
            }),
            permission: permission.map(Into::into),
        }
    }

    /// What an owner has, and what a canned list gives to groups.
    pub(crate) fn grants(owner: &dto::Owner, canned: &str) -> Vec<dto::Grant> {
        let group = |uri: &str, permission: &'static str| dto::Grant {
            grantee: Some(dto::Grantee {
                display_name: None,
                email_address: None,
                id: None,
                type_: dto::Type::from_static(dto::Type::GROUP),
                uri: Some(uri.to_owned()),
            }),
            permission: Some(dto::Permission::from_static(permission)),
        };
        let own = dto::Grant {
            grantee: Some(dto::Grantee {
                display_name: None,
                email_address: None,
                id: owner.id.clone(),
                type_: dto::Type::from_static(dto::Type::CANONICAL_USER),
                uri: None,
            }),
            permission: Some(dto::Permission::from_static(dto::Permission::FULL_CONTROL)),
        };
        let mut grants = vec![own];
        grants.extend(match canned {
            "public-read" => vec![group(EVERYBODY, "READ")],
            "public-read-write" => vec![group(EVERYBODY, "READ"), group(EVERYBODY, "WRITE")],
            "authenticated-read" => vec![group(AUTHENTICATED, "READ")],
            "log-delivery-write" => {
                vec![
                    group(LOG_DELIVERY, "WRITE"),
                    group(LOG_DELIVERY, "READ_ACP"),
                ]
            }
            _ => Vec::new(),
        });
        grants
    }

    pub(crate) async fn put(
        core: &Arc<Core>,
        request: S3Request<dto::PutBucketAclInput>,
    ) -> S3Result<dto::PutBucketAclOutput> {
        let (caller, input) = (caller(&request)?, request.input);
        let is_own = |acl: &dto::BucketCannedACL| acl.as_str() == BY_OWNER;
        let is_changed = !input.acl.as_ref().is_some_and(is_own);
        let value = match (input.acl, input.access_control_policy) {
            (Some(canned), _) => json(&canned.as_str()),
            (None, Some(policy)) => {
                json(&policy.grants.iter().flatten().map(kept).collect::<Vec<_>>())
            }
            (None, None) => json(&"private"),
        };
        let value = value.map_err(|_| faults::broken())?;
        core.run(move |core| {
            if is_changed {
                check_taken(&core.bucket(&caller, &input.bucket)?)?;
            }
            core.configure(&caller, &input.bucket, (NAME, Some(&value)))
        })
        .await?;
        Ok(dto::PutBucketAclOutput::default())
    }

    pub(crate) async fn get(
        core: &Arc<Core>,
        request: S3Request<dto::GetBucketAclInput>,
    ) -> S3Result<dto::GetBucketAclOutput> {
        let (caller, bucket) = (caller(&request)?, request.input.bucket);
        let owner = owner(&caller);
        let kept = core.run(move |core| core.configuration(&caller, &bucket, NAME));
        let kept: Option<serde_json::Value> = kept.await?;
        let grants = match kept {
            Some(serde_json::Value::String(canned)) => grants(&owner, &canned),
            Some(list) => {
                let kept: Vec<Kept> = serde_json::from_value(list).map_err(|_| faults::broken())?;
                kept.into_iter().map(shown).collect()
            }
            None => grants(&owner, "private"),
        };
        Ok(dto::GetBucketAclOutput {
            grants: Some(grants),
            owner: Some(owner),
        })
    }
}
