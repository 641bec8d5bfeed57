//! What is refused, and how it is said.

use passo_sigv4::{Claim, Credentials, Payload, Refusal, Request, Rules, Secret, Signer};
use passo_vocab::Timestamp;
use proptest::prelude::*;

/// 20150830T123600Z.
const AT: Timestamp = Timestamp::from_epoch_millis(1_440_938_160_000);
const MINUTE: i64 = 60_000;

fn request<'a>(query: &'a str, headers: &[(&'a str, &'a str)]) -> Request<'a> {
    let headers = headers
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()));
    Request {
        method: "POST",
        path: "/",
        query,
        headers: headers.collect(),
        payload: Payload::Bytes(b"{}"),
    }
}

fn check(query: &str, headers: &[(&str, &str)], expect: &str) {
    let refusal = Claim::read(&request(query, headers)).unwrap_err();
    assert!(
        refusal.to_string().starts_with(expect),
        "{headers:?}: {refusal:?}"
    );
}

#[test]
fn what_cannot_be_read() {
    let date = ("X-Amz-Date", "20150830T123600Z");
    check("", &[], "Missing Authentication Token");
    check(
        "",
        &[("authorization", "Bearer x"), date],
        "Missing Authentication Token",
    );
    check(
        "",
        &[("authorization", ""), date],
        "Missing Authentication Token",
    );
    check(
        "",
        &[("authorization", "AWS4-HMAC-SHA256 SignedHeaders=host")],
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. \
         Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 \
         and encoded with Base64) Authorization=",
    );
    check(
        "",
        &[("authorization", "AWS4-HMAC-SHA256 nonsense"), date],
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with \
         Base64): '",
    );
    let given = |credential: &str| {
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=00")
    };
    for (credential, time, expect) in [
        (
            "AKID",
            "20150830T123600Z",
            "Credential must have exactly 5 slash-delimited elements",
        ),
        (
            "A/20150830/r/s/aws4_request",
            "2015-08-30",
            "Date must be in ISO-8601 'basic format'.",
        ),
        (
            "A/20150830/r/s/aws5",
            "20150830T123600Z",
            "Credential should be scoped with a valid terminator",
        ),
        (
            "A/20150829/r/s/aws4_request",
            "20150830T123600Z",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' \
             != '20150830', from '20150830T123600Z'.",
        ),
    ] {
        check(
            "",
            &[("authorization", &given(credential)), ("x-amz-date", time)],
            expect,
        );
    }
    check(
        "X-Amz-Algorithm=AWS4-HMAC-SHA512",
        &[],
        "X-Amz-Algorithm only supports",
    );
    check(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        &[],
        "AWS query-string parameters must include 'X-Amz-Expires'.",
    );
}

fn signer() -> Signer {
    Signer::new(Credentials::new("AKID", "secret"), "us-east-1", "states")
}

#[test]
fn what_is_too_old_or_too_early() {
    let request = request("", &[("host", "h")]);
    let added = signer().sign(&request, AT);
    let mut sent = request.clone();
    sent.headers
        .extend(added.iter().map(|(name, value)| (*name, value.as_bytes())));
    let claim = Claim::read(&sent).unwrap();
    for (minutes, expect) in [
        (0, None),
        (15, None),
        (-15, None),
        (
            16,
            Some(
                "Signature expired: 20150830T123600Z is now earlier than 20150830T123700Z (20150830T125200Z - 15 min.)",
            ),
        ),
        (
            -16,
            Some(
                "Signature not yet current: 20150830T123600Z is still later than 20150830T123500Z (20150830T122000Z + 15 min.)",
            ),
        ),
    ] {
        let refusal = claim.check_time(AT.plus_millis(minutes * MINUTE)).err();
        assert_eq!(
            refusal.map(|refusal| refusal.to_string()).as_deref(),
            expect
        );
    }
}

#[test]
fn a_presigned_query_is_good_for_its_time() {
    let request = request("", &[("host", "h")]);
    for (expires, minutes, taken) in [
        (60, 1, true),
        (60, 2, false),
        (604_800, 10_080, true),
        (604_801, 0, false),
        (u32::MAX, 0, false),
    ] {
        let query = signer().presign(&request, AT, expires);
        let sent = Request {
            query: &query,
            ..request.clone()
        };
        let claim = Claim::read(&sent).unwrap();
        let in_time = claim.check_time(AT.plus_millis(minutes * MINUTE));
        assert_eq!(in_time.is_ok(), taken, "{expires} {minutes}");
    }
}

#[test]
fn what_gives_a_request_its_meaning_must_be_signed() {
    let check = |signed: Vec<(&str, &[u8])>, sent: Vec<(&str, &[u8])>, expect: &str| {
        let before = Request {
            headers: signed,
            ..request("", &[])
        };
        let added = signer().sign(&before, AT);
        let mut after = before.clone();
        after.headers.extend(sent);
        after
            .headers
            .extend(added.iter().map(|(name, value)| (*name, value.as_bytes())));
        let claim = Claim::read(&after).unwrap();
        let refusal = claim.check_signature(&after, &Secret::new("secret"), Rules::Most);
        assert_eq!(refusal, Err(Refusal::Unfitting(expect.to_owned())));
    };
    check(
        vec![],
        vec![("host", b"h")],
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
    check(
        vec![("host", b"h")],
        vec![("X-Amz-Target", b"A.B")],
        "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.",
    );
}

#[test]
fn only_s3_takes_payloads_that_are_not_signed() {
    let before = Request {
        payload: Payload::UNSIGNED,
        ..request("", &[("host", "h")])
    };
    let added = signer().sign(&before, AT);
    let mut sent = request("", &[("host", "h")]);
    sent.headers
        .extend(added.iter().map(|(name, value)| (*name, value.as_bytes())));
    let claim = Claim::read(&sent).unwrap();
    let secret = Secret::new("secret");
    let outcome = |rules| claim.check_signature(&sent, &secret, rules);
    assert_eq!(outcome(Rules::Most), Err(Refusal::Mismatch));
    assert_eq!(outcome(Rules::S3), Ok(()));
}

#[test]
fn the_service_must_fit() {
    let query = signer().presign(&request("", &[("host", "h")]), AT, 60);
    let claim = Claim::read(&request(&query, &[])).unwrap();
    assert_eq!(claim.check_service("states"), Ok(()));
    let refusal = claim.check_service("sts").unwrap_err().to_string();
    assert_eq!(
        refusal,
        "Credential should be scoped to correct service: 'sts'. "
    );
}

proptest! {
    /// Whatever a client sends is read or refused.
    #[test]
    fn nothing_panics(header in "(AWS4-HMAC-SHA256 )?[ -~é,;=/]{0,60}", query in "(X-Amz-[A-Za-z-]{4,12}=[%a-z0-9é&]{0,9}&?){0,6}", time in "[0-9TZé]{0,17}") {
        let with_header = request(&query, &[("authorization", &header), ("x-amz-date", &time)]);
        for request in [with_header, request(&query, &[])] {
            if let Ok(claim) = Claim::read(&request) {
                let _ = claim.check_time(AT);
                prop_assert!(claim.check_signature(&request, &Secret::new("s"), Rules::S3).is_err());
            }
        }
        let _ = Claim::credential(Some(&header), &query);
    }

    /// What is signed is taken, whatever it is.
    #[test]
    fn what_is_signed_is_taken(path in "/[ -~é]{0,20}", query in "[ -~é]{0,20}", value in "[ -~\t]{0,20}", body in ".{0,20}", service in "s3|states") {
        let signer = Signer::new(Credentials::new("AKID", "secret"), "us-east-1", &service);
        let before = Request {
            method: "PUT",
            path: &path,
            query: &query,
            headers: vec![("host", b"h"), ("x-other", value.as_bytes())],
            payload: Payload::Bytes(body.as_bytes()),
        };
        let secret = &signer.credentials.secret_access_key;
        let added = signer.sign(&before, AT);
        let mut sent = before.clone();
        sent.headers.extend(added.iter().map(|(name, value)| (*name, value.as_bytes())));
        let claim = Claim::read(&sent).unwrap();
        prop_assert_eq!(claim.check_signature(&sent, secret, signer.rules), Ok(()));
    }
}
