//! What is acknowledged is kept, what is not leaves nothing.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use passo_json::{Json, json};
use passo_runtime::{Clock, Entropy, InFlight};
use passo_s3::{Ports, S3};
use passo_service::{BoxFuture, Call, Caller, Directory, Fault, Peers, RequestId, Service};
use passo_store::{MemoryStore, Store};
use passo_vocab::{AccountId, Region, Timestamp};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_millis(1_700_000_000_000)
    }
}

#[derive(Default)]
struct Seeds(AtomicU64);

impl Entropy for Seeds {
    fn seed(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

fn open(store: &Arc<MemoryStore>, directory: &Path) -> S3 {
    open_with(store, directory, Peers::new())
}

fn open_with(store: &Arc<MemoryStore>, directory: &Path, peers: Peers) -> S3 {
    let ports = Ports {
        store: Arc::clone(store) as Arc<dyn Store>,
        clock: Arc::new(Noon),
        entropy: Arc::new(Seeds::default()),
        in_flight: InFlight::default(),
        peers,
        directory: directory.to_owned(),
    };
    S3::open(ports).unwrap()
}

async fn call(s3: &S3, operation: &str, parameters: Json) -> Result<Json, Fault> {
    let call = Call {
        operation: operation.into(),
        parameters,
        caller: Caller {
            account: AccountId::parse("000000000000").unwrap(),
            region: Region::parse("us-east-1").unwrap(),
        },
        request_id: RequestId::new("id"),
    };
    s3.call(call).await
}

/// The files below a directory.
fn files(directory: &Path) -> usize {
    let entries = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}

#[tokio::test]
async fn objects_survive_and_orphans_do_not() {
    let (store, directory) = (Arc::new(MemoryStore::new()), tempfile::tempdir().unwrap());
    let s3 = open(&store, directory.path());
    let of = |key: &str| json!({"Bucket": "a-bucket", "Key": key});
    call(&s3, "CreateBucket", json!({"Bucket": "a-bucket"}))
        .await
        .unwrap();
    for body in ["old", "new"] {
        let put =
            json!({"Bucket": "a-bucket", "Key": "a b/c", "Body": body, "Metadata": {"m": "n"}});
        call(&s3, "PutObject", put).await.unwrap();
    }
    assert_eq!(files(directory.path()), 1, "the old body is gone");
    drop(s3);

    fs::write(directory.path().join("temporary/torn"), "x").unwrap();
    fs::create_dir_all(directory.path().join("bodies/ab")).unwrap();
    fs::write(directory.path().join("bodies/ab/abcd"), "x").unwrap();
    let s3 = open(&store, directory.path());
    assert_eq!(files(directory.path()), 1, "orphans are gone");
    let got = call(&s3, "GetObject", of("a b/c")).await.unwrap();
    assert_eq!(got.get("Body").unwrap(), &Json::from("new"));
    assert_eq!(got.get("Metadata").unwrap(), &json!({"m": "n"}));
    let listed = call(
        &s3,
        "ListObjectsV2",
        json!({"Bucket": "a-bucket", "Prefix": "a "}),
    )
    .await
    .unwrap();
    assert_eq!(listed.get("KeyCount").unwrap(), &Json::from(1));

    let wrong = json!({"Bucket": "a-bucket", "Key": "k", "Body": "x", "ContentMD5": "AAAAAAAAAAAAAAAAAAAAAA=="});
    assert_eq!(
        call(&s3, "PutObject", wrong).await.unwrap_err().code,
        "BadDigest"
    );
    assert_eq!(files(directory.path()), 1, "what is refused leaves nothing");
    let missing = call(&s3, "GetObject", of("k")).await.unwrap_err();
    assert_eq!((&*missing.code, missing.status), ("NoSuchKey", 404));
    assert_eq!(missing.message, "The specified key does not exist.");
    call(&s3, "DeleteObject", of("a b/c")).await.unwrap();
    assert_eq!(files(directory.path()), 0);
    call(&s3, "DeleteBucket", json!({"Bucket": "a-bucket"}))
        .await
        .unwrap();
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let (store, directory) = (Arc::new(MemoryStore::new()), tempfile::tempdir().unwrap());
    let s3 = open(&store, directory.path());
    let bucket = json!({"Bucket": "a-bucket"});
    call(&s3, "CreateBucket", bucket).await.unwrap();
    let put = json!({"Bucket": "a-bucket", "Key": "k", "Body": "x"});
    call(&s3, "PutObject", put).await.unwrap();
    let with = |rest: &str, name: &str, value: &str| {
        let text = format!(r#"{{"Bucket": "a-bucket", {rest}, "{name}": {value:?}}}"#);
        Json::parse(&text).unwrap()
    };
    let copy = |name, value| with(r#""Key": "l", "CopySource": "a-bucket/k""#, name, value);
    let put = |name, value| with(r#""Key": "k""#, name, value);
    for (operation, parameters, expect) in [
        (
            "CreateBucket",
            json!({"Bucket": "sthree-x"}),
            Some("InvalidBucketName"),
        ),
        (
            "CreateBucket",
            json!({"Bucket": "x-s3alias"}),
            Some("InvalidBucketName"),
        ),
        (
            "PutObject",
            put("IfNoneMatch", "*"),
            Some("PreconditionFailed"),
        ),
        (
            "PutObject",
            put("IfNoneMatch", "\"00\""),
            Some("NotImplemented"),
        ),
        (
            "PutObject",
            put("StorageClass", "NOPE"),
            Some("InvalidStorageClass"),
        ),
        ("PutObject", put("StorageClass", "GLACIER_IR"), None),
        (
            "PutObject",
            put("ChecksumCRC32", "zz"),
            Some("InvalidRequest"),
        ),
        (
            "PutObject",
            put("ACL", "private"),
            Some("AccessControlListNotSupported"),
        ),
        ("PutObject", put("ACL", "bucket-owner-full-control"), None),
        (
            "CopyObject",
            copy("MetadataDirective", "WRONG"),
            Some("InvalidArgument"),
        ),
        (
            "CopyObject",
            copy("TaggingDirective", "WRONG"),
            Some("InvalidArgument"),
        ),
        ("CopyObject", copy("MetadataDirective", "COPY"), None),
        (
            "CopyObject",
            copy("IfNoneMatch", "*"),
            Some("PreconditionFailed"),
        ),
        (
            "CopyObject",
            copy("IfMatch", "\"00\""),
            Some("PreconditionFailed"),
        ),
        (
            "ListObjectsV2",
            json!({"Bucket": "a-bucket", "MaxKeys": -1}),
            Some("InvalidArgument"),
        ),
        (
            "ListObjectsV2",
            json!({"Bucket": "a-bucket", "MaxKeys": 5000}),
            None,
        ),
        (
            "GetObjectAttributes",
            json!({"Bucket": "a-bucket", "Key": "k", "ObjectAttributes": ["Nope"]}),
            Some("InvalidArgument"),
        ),
        (
            "PutBucketAcl",
            json!({"Bucket": "a-bucket", "ACL": "private"}),
            Some("AccessControlListNotSupported"),
        ),
    ] {
        let text = format!("{operation} {parameters:?}");
        let found = call(&s3, operation, parameters).await;
        let found = found.err().map(|fault| fault.code.to_string());
        assert_eq!(found.as_deref(), expect, "{text}");
    }
}

/// A queue that hands on the keys of which it is told.
struct Told(tokio::sync::mpsc::UnboundedSender<String>);

impl Service for Told {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        let body = call.parameters.get("MessageBody").and_then(Json::as_str);
        let body = Json::parse(body.unwrap()).unwrap();
        let record = body.get("Records").unwrap().as_array().unwrap();
        let object = record.iter().next().unwrap().get("s3").unwrap();
        let key = object.get("object").unwrap().get("key").unwrap();
        self.0.send(key.as_str().unwrap().to_owned()).unwrap();
        Box::pin(std::future::ready(Ok(json!({}))))
    }
}

#[tokio::test]
async fn news_survives_with_its_object() {
    let (store, directory) = (Arc::new(MemoryStore::new()), tempfile::tempdir().unwrap());
    let s3 = open(&store, directory.path());
    let bucket = json!({"Bucket": "a-bucket"});
    call(&s3, "CreateBucket", bucket).await.unwrap();
    let rule = json!({"QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "Events": ["s3:ObjectCreated:*"]});
    let put = json!({"Bucket": "a-bucket", "SkipDestinationValidation": true,
        "NotificationConfiguration": {"QueueConfigurations": [rule]}});
    call(&s3, "PutBucketNotificationConfiguration", put)
        .await
        .unwrap();
    for key in ["one", "two"] {
        let put = json!({"Bucket": "a-bucket", "Key": key, "Body": "x"});
        call(&s3, "PutObject", put).await.unwrap();
    }
    // Nobody could be reached so far.
    s3.stop();
    drop(s3);

    let peers = Peers::new();
    let s3 = open_with(&store, directory.path(), peers.clone());
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    peers.open(Directory::new().with_name("sqs", Arc::new(Told(tell))));
    let mut keys = [told.recv().await.unwrap(), told.recv().await.unwrap()];
    keys.sort();
    assert_eq!(keys, ["one", "two"]);
    s3.stop();
}

#[tokio::test]
async fn versions_and_their_files_go_together() {
    let (store, directory) = (Arc::new(MemoryStore::new()), tempfile::tempdir().unwrap());
    let s3 = open(&store, directory.path());
    let of = |more: Json| {
        let all = json!({"Bucket": "a-bucket", "Key": "k"});
        let all = all.as_object().unwrap().clone();
        let more = more.as_object().unwrap().clone();
        let both = more.iter().fold(all, |all, (name, value)| {
            all.with(name.clone(), value.clone())
        });
        Json::from(both)
    };
    let versioning =
        |status: &str| json!({"Bucket": "a-bucket", "VersioningConfiguration": {"Status": status}});
    call(&s3, "CreateBucket", json!({"Bucket": "a-bucket"}))
        .await
        .unwrap();
    let mut versions = Vec::new();
    for (status, body, expect) in [
        ("Enabled", "1", 1),
        ("Enabled", "2", 2),
        ("Suspended", "3", 3),
        ("Suspended", "4", 3),
        ("Enabled", "5", 4),
    ] {
        call(&s3, "PutBucketVersioning", versioning(status))
            .await
            .unwrap();
        let put = call(&s3, "PutObject", of(json!({"Body": body})));
        let put = put.await.unwrap();
        versions.push(put.get("VersionId").unwrap().clone());
        assert_eq!(files(directory.path()), expect, "after {body}");
    }
    s3.stop();
    drop(s3);
    let s3 = open(&store, directory.path());
    assert_eq!(files(directory.path()), 4, "older versions are kept");
    for (version, expect) in versions.iter().zip(["1", "2", "4", "4", "5"]) {
        let got = call(&s3, "GetObject", of(json!({"VersionId": version.clone()})));
        assert_eq!(got.await.unwrap().get("Body").unwrap(), &Json::from(expect));
    }
    versions.remove(3);
    for (removed, current) in [(3, Some("4")), (0, Some("4")), (1, Some("2")), (0, None)] {
        let version = versions.remove(removed);
        let delete = of(json!({"VersionId": version}));
        call(&s3, "DeleteObject", delete).await.unwrap();
        assert_eq!(files(directory.path()), versions.len());
        let got = call(&s3, "GetObject", of(json!({}))).await.ok();
        let body = got.as_ref().and_then(|got| got.get("Body")?.as_str());
        assert_eq!(body, current);
    }
    call(&s3, "DeleteBucket", json!({"Bucket": "a-bucket"}))
        .await
        .unwrap();
}
