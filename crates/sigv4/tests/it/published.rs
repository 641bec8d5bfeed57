//! AWS's published examples: the SigV4 test suite, the IAM user guide, and the S3 API reference.

use passo_sigv4::{Claim, Credentials, Payload, Request, Rules, Signer};
use passo_vocab::Timestamp;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SECRET_S3: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// 20150830T123600Z.
const AT: Timestamp = Timestamp::from_epoch_millis(1_440_938_160_000);
/// 20130524T000000Z.
const AT_S3: Timestamp = Timestamp::from_epoch_millis(1_369_353_600_000);

fn check(signer: &Signer, request: &Request<'_>, at: Timestamp, signature: &str) {
    let added = signer.sign(request, at);
    let (_, authorization) = added.last().unwrap();
    assert!(
        authorization.ends_with(&format!("Signature={signature}")),
        "{request:?}: {authorization}"
    );
    let mut complete = request.clone();
    for (name, value) in &added {
        complete.headers.push((name, value.as_bytes()));
    }
    let claim = Claim::read(&complete).unwrap();
    claim.check_time(at).unwrap();
    let secret = &signer.credentials.secret_access_key;
    claim
        .check_signature(&complete, secret, signer.rules)
        .unwrap();
}

fn request<'a>(
    method: &'a str,
    path: &'a str,
    query: &'a str,
    headers: &[(&'a str, &'a str)],
    body: &'a str,
) -> Request<'a> {
    let headers = headers
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()));
    Request {
        method,
        path,
        query,
        headers: headers.collect(),
        payload: Payload::Bytes(body.as_bytes()),
    }
}

#[test]
fn the_test_suite() {
    let signer = Signer::new(
        Credentials::new("AKIDEXAMPLE", SECRET),
        "us-east-1",
        "service",
    );
    let host = [("Host", "example.amazonaws.com")];
    for (request, signature) in [
        (
            request("GET", "/", "", &host, ""),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            request("GET", "/", "Param2=value2&Param1=value1", &host, ""),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            request("POST", "/", "", &host, ""),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
        (
            request(
                "POST",
                "/",
                "",
                &[
                    host[0],
                    ("Content-Type", "application/x-www-form-urlencoded"),
                ],
                "Param1=value1",
            ),
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ] {
        check(&signer, &request, AT, signature);
    }
}

#[test]
fn the_user_guide() {
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", SECRET), "us-east-1", "iam");
    let headers = [
        ("Host", "iam.amazonaws.com"),
        (
            "Content-Type",
            "application/x-www-form-urlencoded; charset=utf-8",
        ),
    ];
    let request = request(
        "GET",
        "/",
        "Action=ListUsers&Version=2010-05-08",
        &headers,
        "",
    );
    let signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
    check(&signer, &request, AT, signature);
}

#[test]
fn s3() {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", SECRET_S3);
    let signer = Signer::new(credentials, "us-east-1", "s3");
    assert_eq!(signer.rules, Rules::S3);
    let host = ("Host", "examplebucket.s3.amazonaws.com");
    for (request, signature) in [
        (
            request("GET", "/test.txt", "", &[host, ("Range", "bytes=0-9")], ""),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            request(
                "PUT",
                "/test$file.text",
                "",
                &[
                    host,
                    ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                    ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ],
                "Welcome to Amazon S3.",
            ),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            request("GET", "/", "lifecycle", &[host], ""),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            request("GET", "/", "max-keys=2&prefix=J", &[host], ""),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ] {
        check(&signer, &request, AT_S3, signature);
    }
    let unsigned = Request {
        payload: Payload::UNSIGNED,
        ..request("GET", "/test.txt", "", &[host], "")
    };
    let query = signer.presign(&unsigned, AT_S3, 86_400);
    let signature = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    assert!(query.ends_with(signature), "{query}");
}
