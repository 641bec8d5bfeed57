//! `AWS::S3::Bucket` and `AWS::S3::BucketPolicy`.

use passo_json::{Json, Object, json};
use passo_template::Made;

use super::bucket_settings::{SETTINGS, Setting};
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};

/// Buckets.
pub(super) struct Bucket;

/// See [`Bucket`].
pub(super) const BUCKET: Bucket = Bucket;

/// Regions whose buckets need no `LocationConstraint`.
const FIRST_REGION: &str = "us-east-1";
/// Characters of a bucket's name. Source: S3 User Guide, "Bucket naming rules".
const NAME_MAX: usize = 63;

impl Kind for Bucket {
    fn resource_type(&self) -> &'static str {
        "AWS::S3::Bucket"
    }

    fn label(&self) -> &'static str {
        "bucket"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("BucketName")
    }

    /// Names of buckets are lower case, and everybody's: stack and account are part of them.
    fn default_name(&self, want: &Want<'_>) -> String {
        let (stack, account) = (&want.place.stack_name, &want.place.account);
        let end = format!("-{account}");
        let room = NAME_MAX.saturating_sub(end.len());
        let start = format!("{stack}-{}", want.logical_id).to_lowercase();
        let start = start.replace(['_', '.'], "-");
        let start: String = start.chars().take(room).collect();
        format!("{start}{end}")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        property == "BucketName"
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let name = want.name();
        let (partition, region) = (&want.place.partition, &want.place.region);
        Made::new(name)
            .with("Arn", format!("arn:{partition}:s3:::{name}"))
            .with("DomainName", format!("{name}.s3.amazonaws.com"))
            .with(
                "RegionalDomainName",
                format!("{name}.s3.{region}.amazonaws.com"),
            )
            .with(
                "WebsiteURL",
                format!("http://{name}.s3-website-{region}.amazonaws.com"),
            )
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let mut parameters = Object::default().with("Bucket", want.name());
            let region = &*want.place.region;
            if region != FIRST_REGION {
                let place = json!({"LocationConstraint": region});
                parameters = parameters.with("CreateBucketConfiguration", place);
            }
            if want.scalar("ObjectLockEnabled").as_deref() == Some("true") {
                parameters = parameters.with("ObjectLockEnabledForBucket", true);
            }
            let create = "CreateBucket";
            match api.call("s3", create, &Json::from(parameters)).await {
                Err(error) if error.code() == Some("BucketAlreadyOwnedByYou") => {}
                other => drop(other?),
            }
            settings(api, want, None).await?;
            Ok(noted(self.expected(want), want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            settings(api, want, Some(was)).await?;
            Ok(noted(self.expected(want), want))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"Bucket": &*was.reference});
            gone(api.call("s3", "DeleteBucket", &parameters).await)
        })
    }
}

/// With the settings that it was given, so that they can be taken back.
fn noted(made: Made, want: &Want<'_>) -> Made {
    let given = SETTINGS.iter().map(|setting| setting.property);
    let given = given.filter(|property| want.get(property).is_some());
    let given: Vec<Json> = given.map(Json::from).collect();
    made.with("passo:settings", Json::from(given))
}

async fn settings(api: &Api, want: &Want<'_>, was: Option<&Made>) -> Result<(), CallError> {
    let had = was.and_then(|was| was.attributes.get("passo:settings"));
    let had = had.and_then(Json::as_array);
    let had = |property: &str| {
        let mut had = had.into_iter().flat_map(|had| had.iter());
        had.any(|name| name.as_str() == Some(property))
    };
    for setting in SETTINGS {
        let Setting {
            property,
            put,
            parameter,
            read,
            take_back,
        } = setting;
        let bucket = || Object::default().with("Bucket", want.name());
        match want.get(property) {
            Some(given) => {
                let parameters = bucket().with(*parameter, read(given));
                api.call("s3", put, &Json::from(parameters)).await?;
            }
            None if had(property) => {
                let (operation, value) = take_back;
                let parameters = match value {
                    Some(value) => bucket().with(*parameter, value()),
                    None => bucket(),
                };
                gone(api.call("s3", operation, &Json::from(parameters)).await)?;
            }
            None => {}
        }
    }
    Ok(())
}

/// Policies of buckets.
pub(super) struct BucketPolicy;

/// See [`BucketPolicy`].
pub(super) const BUCKET_POLICY: BucketPolicy = BucketPolicy;

impl Kind for BucketPolicy {
    fn resource_type(&self) -> &'static str {
        "AWS::S3::BucketPolicy"
    }

    fn label(&self) -> &'static str {
        "bucket policy"
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        property == "Bucket"
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(want.text("Bucket"))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let policy = want.scalar("PolicyDocument").unwrap_or_default();
            let parameters = json!({"Bucket": want.text("Bucket"), "Policy": policy});
            api.call("s3", "PutBucketPolicy", &parameters).await?;
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        self.create(api, want)
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"Bucket": &*was.reference});
            gone(api.call("s3", "DeleteBucketPolicy", &parameters).await)
        })
    }
}
