//! Requests as botocore signs them: made by `tests/data/make.py`.

use passo_json::Json;
use passo_sigv4::{Claim, Credentials, Payload, Refusal, Request, Rules, Secret, Signer};
use passo_vocab::Timestamp;

struct Case {
    json: Json,
}

impl Case {
    fn all() -> Vec<Case> {
        let all = Json::parse(include_str!("../data/botocore.json")).unwrap();
        let all = all.as_array().unwrap().iter();
        all.map(|json| Case { json: json.clone() }).collect()
    }

    fn text(&self, name: &str) -> &str {
        self.json.get(name).and_then(Json::as_str).unwrap()
    }

    fn at(&self) -> Timestamp {
        Timestamp::from_epoch_millis(self.json.get("millis").and_then(Json::as_i64).unwrap())
    }

    fn is_query(&self) -> bool {
        self.text("how").ends_with("query")
    }

    fn credentials(&self) -> Credentials {
        let key = self.json.get("key").unwrap();
        let part = |index| key.at(index).and_then(Json::as_str);
        Credentials {
            session_token: part(2).map(Secret::new),
            ..Credentials::new(part(0).unwrap(), part(1).unwrap())
        }
    }

    fn signer(&self) -> Signer {
        Signer::new(
            self.credentials(),
            self.text("region"),
            self.text("service"),
        )
    }

    fn request(&self) -> Request<'_> {
        Request {
            method: self.text("method"),
            path: self.text("path"),
            query: self.text("query"),
            headers: headers(self.json.get("headers").unwrap()),
            payload: match self.text("how") {
                "s3 declared" => Payload::Declared("STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
                "s3 query" => Payload::UNSIGNED,
                _ => Payload::Bytes(self.text("body").as_bytes()),
            },
        }
    }

    /// As botocore sent it.
    fn sent(&self) -> Request<'_> {
        let signed = self.json.get("signed").unwrap();
        let mut request = self.request();
        if let Some(query) = signed.get("query").and_then(Json::as_str) {
            request.query = query;
        }
        if let Some(added) = signed.get("headers") {
            request.headers.extend(headers(added));
        }
        request.payload = Payload::Bytes(self.text("body").as_bytes());
        request
    }
}

fn headers(json: &Json) -> Vec<(&str, &[u8])> {
    let headers = json.as_object().unwrap().iter();
    headers
        .map(|(name, value)| (&**name, value.as_str().unwrap().as_bytes()))
        .collect()
}

fn verified(request: &Request<'_>, case: &Case) -> Result<(), Refusal> {
    let claim = Claim::read(request)?;
    claim.check_time(case.at())?;
    claim.check_service(case.text("service"))?;
    let rules = Rules::of(case.text("service"));
    claim.check_signature(request, &case.credentials().secret_access_key, rules)
}

#[test]
fn signs_as_botocore_does() {
    for case in Case::all() {
        let signature = |text: &str| text.rsplit_once("Signature=").unwrap().1.to_owned();
        let sent = case.sent();
        let (ours, theirs) = if case.is_query() {
            let ours = case.signer().presign(&case.request(), case.at(), 900);
            (ours, sent.query.to_owned())
        } else {
            let added = case.signer().sign(&case.request(), case.at());
            let authorization = added.last().unwrap().1.clone();
            (
                authorization,
                sent.header("authorization").unwrap().to_owned(),
            )
        };
        assert_eq!(
            signature(&ours),
            signature(&theirs),
            "{}",
            case.text("name")
        );
    }
}

#[test]
fn takes_what_botocore_signed() {
    for case in Case::all() {
        assert_eq!(
            verified(&case.sent(), &case),
            Ok(()),
            "{}",
            case.text("name")
        );
    }
}

#[test]
fn takes_nothing_that_was_changed() {
    for case in Case::all() {
        let (name, sent) = (case.text("name"), case.sent());
        let secret = Secret::new("another");
        let claim = Claim::read(&sent).unwrap();
        let rules = Rules::of(case.text("service"));
        assert_eq!(
            claim.check_signature(&sent, &secret, rules),
            Err(Refusal::Mismatch),
            "{name}"
        );
        let path = format!("{}x", sent.path);
        let query = format!("{}&x=y", sent.query);
        let changed = [
            Request {
                method: "DELETE",
                ..sent.clone()
            },
            Request {
                path: &path,
                ..sent.clone()
            },
            Request {
                query: &query,
                ..sent.clone()
            },
            Request {
                payload: Payload::Bytes(b"other"),
                ..sent.clone()
            },
        ];
        for (index, changed) in changed.iter().enumerate() {
            // S3 takes bodies that were not signed where the client says so.
            if index == 3 && matches!(case.text("how"), "s3 declared" | "s3 query") {
                continue;
            }
            let refusal = verified(changed, &case).unwrap_err();
            let expected = match (index, rules) {
                (3, Rules::S3) => Refusal::PayloadMismatch,
                _ => Refusal::Mismatch,
            };
            assert_eq!(refusal, expected, "{name} {index}");
        }
    }
}
