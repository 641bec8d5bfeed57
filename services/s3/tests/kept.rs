//! What is acknowledged is kept, what is not leaves nothing.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use passo_json::{Json, json};
use passo_runtime::{Clock, Entropy, InFlight};
use passo_s3::{Ports, S3};
use passo_service::{Call, Caller, Fault, Peers, RequestId, Service as _};
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
    let ports = Ports {
        store: Arc::clone(store) as Arc<dyn Store>,
        clock: Arc::new(Noon),
        entropy: Arc::new(Seeds::default()),
        in_flight: InFlight::default(),
        peers: Peers::new(),
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
