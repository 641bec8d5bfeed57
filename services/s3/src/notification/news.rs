//! News of an object, in the two forms that AWS has.
//!
//! Source: "Event message structure" and "EventBridge event message structure" of the S3 user guide.

use passo_json::{Json, Object, ObjectBuilder};
use passo_vocab::Timestamp;

use crate::backend::Address;
use crate::notification::Happening;
use crate::rows::{BucketRow, ObjectRow, length};
use crate::sums::hex;

/// From where a request came, as far as it is told.
const SOURCE_ADDRESS: &str = "127.0.0.1";

/// What happened to which object.
#[derive(Clone, Debug)]
pub(crate) struct News {
    pub(crate) happening: Happening,
    pub(crate) address: Address,
    size: Option<u64>,
    etag: Option<String>,
    version: Option<String>,
}

/// When it happened, and where in the order of what happens to the object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) at: Timestamp,
    pub(crate) sequence: u64,
}

impl News {
    /// That it happened to the version `row`.
    pub(crate) fn of(
        happening: Happening,
        (bucket, address): (&BucketRow, &Address),
        row: &ObjectRow,
    ) -> News {
        let etag = (!happening.is_end()).then(|| row.etag.clone());
        News {
            happening,
            address: address.clone(),
            size: happening.is_creation().then_some(row.size),
            etag,
            version: bucket.version_of(row),
        }
    }

    /// The message that queues, topics and functions get, for the configuration `id`.
    pub(crate) fn records(&self, bucket: &BucketRow, moment: Moment, id: &str) -> Json {
        let owner = principal(&bucket.account);
        let requester = match self.happening.is_of_lifecycle() {
            true => "s3.amazonaws.com".to_owned(),
            false => principal(self.address.caller.account.as_str()),
        };
        let name = &*self.address.bucket;
        let request = self.address.request_id.as_str();
        let mut of_bucket = ObjectBuilder::new();
        of_bucket
            .insert("name", name)
            .insert(
                "ownerIdentity",
                Object::default().with("principalId", owner),
            )
            .insert("arn", format!("arn:aws:s3:::{name}"));
        let mut of_object = ObjectBuilder::new();
        of_object
            .insert("key", form_encoded(&self.address.key))
            .insert_some("size", self.size.map(length))
            .insert_some("eTag", self.etag.as_deref())
            .insert_some("versionId", self.version.as_deref());
        if self.happening.is_in_sequence() {
            of_object.insert("sequencer", format!("00{:016X}", moment.sequence));
        }
        let mut s3 = ObjectBuilder::new();
        s3.insert("s3SchemaVersion", "1.0")
            .insert("configurationId", id)
            .insert("bucket", of_bucket.build())
            .insert("object", of_object.build());
        let response = Object::default()
            .with("x-amz-request-id", request)
            .with("x-amz-id-2", hex(request.as_bytes()));
        let mut record = ObjectBuilder::new();
        record
            .insert("eventVersion", self.happening.record_version())
            .insert("eventSource", "aws:s3")
            .insert("awsRegion", &*bucket.region)
            .insert("eventTime", moment.at.to_string())
            .insert("eventName", self.happening.name())
            .insert(
                "userIdentity",
                Object::default().with("principalId", requester),
            )
            .insert(
                "requestParameters",
                Object::default().with("sourceIPAddress", SOURCE_ADDRESS),
            )
            .insert("responseElements", response)
            .insert("s3", s3.build());
        let records = vec![Json::from(record.build())];
        Json::from(Object::default().with("Records", records))
    }

    /// The event that EventBridge gets, called `id`.
    pub(crate) fn event(&self, bucket: &BucketRow, moment: Moment, id: &str) -> Json {
        let name = &*self.address.bucket;
        let resource = Json::from(format!("arn:aws:s3:::{name}"));
        let mut event = ObjectBuilder::new();
        event
            .insert("version", "0")
            .insert("id", id)
            .insert("detail-type", self.happening.detail_type())
            .insert("source", "aws.s3")
            .insert("account", &*bucket.account)
            .insert("time", moment.at.to_string())
            .insert("region", &*bucket.region)
            .insert("resources", vec![resource])
            .insert("detail", self.detail(moment));
        Json::from(event.build())
    }

    fn detail(&self, moment: Moment) -> Object {
        let mut of_object = ObjectBuilder::new();
        of_object
            .insert("key", &*self.address.key)
            .insert_some("size", self.size.map(length))
            .insert_some("etag", self.etag.as_deref())
            .insert_some("version-id", self.version.as_deref());
        if self.happening.is_in_sequence() {
            of_object.insert("sequencer", format!("{:016x}", moment.sequence));
        }
        let is_of_lifecycle = self.happening.is_of_lifecycle();
        let requester = match is_of_lifecycle {
            true => "s3.amazonaws.com",
            false => self.address.caller.account.as_str(),
        };
        let mut detail = ObjectBuilder::new();
        detail
            .insert("version", "0")
            .insert(
                "bucket",
                Object::default().with("name", &*self.address.bucket),
            )
            .insert("object", of_object.build())
            .insert("request-id", self.address.request_id.as_str())
            .insert("requester", requester)
            .insert_some(
                "source-ip-address",
                (!is_of_lifecycle).then_some(SOURCE_ADDRESS),
            )
            .insert_some("reason", self.happening.reason())
            .insert_some("deletion-type", self.happening.deletion_type());
        detail.build()
    }
}

/// What stands for an account in records.
fn principal(account: &str) -> String {
    format!("AWS:{account}")
}

/// A key as records have it: escaped as in forms, but for slashes.
fn form_encoded(key: &str) -> String {
    use std::fmt::Write as _;
    key.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b' ' => encoded.push('+'),
            byte if byte.is_ascii_alphanumeric() || b"-_.*/".contains(&byte) => {
                encoded.push(char::from(byte));
            }
            byte => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use passo_service::{Caller, RequestId};
    use passo_vocab::{AccountId, Region};

    use super::*;

    fn news(happening: Happening) -> (News, BucketRow) {
        let account = "123456789012";
        let address = Address {
            caller: Caller {
                account: AccountId::parse(account).unwrap(),
                region: Region::parse("eu-west-1").unwrap(),
            },
            request_id: RequestId::new("R1"),
            bucket: "a-bucket".to_owned(),
            key: "red flower/ü~.jpg".to_owned(),
            version: None,
        };
        let bucket = BucketRow {
            account: account.to_owned(),
            region: "eu-west-1".to_owned(),
            created: 0,
            configurations: std::collections::BTreeMap::new(),
        };
        let row = ObjectRow {
            segments: Vec::new(),
            size: 1,
            etag: "aa".to_owned(),
            modified: 0,
            sum: None,
            part_sums: Vec::new(),
            attributes: crate::rows::Attributes::default(),
            version: None,
            sequence: 0,
            is_marker: false,
        };
        (News::of(happening, (&bucket, &address), &row), bucket)
    }

    const MOMENT: Moment = Moment {
        at: Timestamp::from_epoch_millis(1500),
        sequence: 0xAB,
    };

    #[test]
    fn records_have_the_form_of_aws() {
        let (news, bucket) = news(Happening::Deleted);
        let text = news.records(&bucket, MOMENT, "c").to_text();
        assert_eq!(
            text,
            concat!(
                r#"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1","#,
                r#""eventTime":"1970-01-01T00:00:01.500Z","eventName":"ObjectRemoved:Delete","#,
                r#""userIdentity":{"principalId":"AWS:123456789012"},"#,
                r#""requestParameters":{"sourceIPAddress":"127.0.0.1"},"#,
                r#""responseElements":{"x-amz-request-id":"R1","x-amz-id-2":"5231"},"#,
                r#""s3":{"s3SchemaVersion":"1.0","configurationId":"c","bucket":{"name":"a-bucket","#,
                r#""ownerIdentity":{"principalId":"AWS:123456789012"},"arn":"arn:aws:s3:::a-bucket"},"#,
                r#""object":{"key":"red+flower/%C3%BC%7E.jpg","sequencer":"0000000000000000AB"}}}]}"#,
            )
        );
    }

    #[test]
    fn events_say_what_was_done_and_by_whom() {
        let check = |happening, expect: &str| {
            let (news, bucket) = news(happening);
            let event = news.event(&bucket, MOMENT, "e");
            let detail = event.get("detail").unwrap();
            let said = |name: &str| detail.get(name).and_then(Json::as_str).unwrap_or("-");
            let said = ["requester", "source-ip-address", "reason", "deletion-type"].map(said);
            let kind = event.get("detail-type").and_then(Json::as_str).unwrap();
            assert_eq!(format!("{kind}: {}", said.join(", ")), expect);
        };
        check(
            Happening::Copied,
            "Object Created: 123456789012, 127.0.0.1, CopyObject, -",
        );
        check(
            Happening::Expired,
            "Object Deleted: s3.amazonaws.com, -, Lifecycle Expiration, Permanently Deleted",
        );
        check(
            Happening::Tagged,
            "Object Tags Added: 123456789012, 127.0.0.1, -, -",
        );
    }
}
