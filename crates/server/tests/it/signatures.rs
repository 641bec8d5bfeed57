//! A server that verifies signatures: who is let in, and what others are told.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use passo_json::{Json, json};
use passo_server::{AccessKeys, Configuration, Data};
use passo_sigv4::{Credentials, Payload, Request, Secret, Signer};
use passo_vocab::Timestamp;

use crate::archive;
use crate::client::{Answer, exchange};
use crate::world::{ROLE, World};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const LIST: (&str, &str) = ("x-amz-target", "AWSStepFunctions.ListStateMachines");
const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

async fn world() -> World {
    let mut keys = AccessKeys::default();
    keys.add("AKIDALICE", "secret of alice", Some("111122223333"))
        .unwrap();
    keys.add("AKIDBOB", "secret of bob", None).unwrap();
    World::open(Configuration {
        access_keys: Some(keys),
        // No other machine can tell the difference, and it is not a loopback address to us.
        listen: "0.0.0.0".parse().unwrap(),
        ..Configuration::new(Data::Ephemeral)
    })
    .await
}

fn alice() -> Credentials {
    Credentials::new("AKIDALICE", "secret of alice")
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_epoch_millis(i64::try_from(since.as_millis()).unwrap())
}

/// A request as it is signed, and then as it is sent.
struct Signed<'a> {
    credentials: Credentials,
    service: &'a str,
    line: (&'a str, &'a str),
    headers: Vec<(&'a str, &'a str)>,
    body: &'a str,
    minutes: i64,
}

impl<'a> Signed<'a> {
    fn new(credentials: Credentials, service: &'a str, header: (&'a str, &'a str)) -> Signed<'a> {
        Signed {
            credentials,
            service,
            line: ("POST", "/"),
            headers: vec![header],
            body: if service == "sts" { IDENTITY } else { "{}" },
            minutes: 0,
        }
    }

    async fn send(self, world: &World) -> Answer {
        let host = world.address.to_string();
        let mut headers = self.headers.clone();
        headers.push(("host", &host));
        let request = Request {
            method: self.line.0,
            path: self.line.1,
            query: "",
            headers: headers
                .iter()
                .map(|(name, value)| (*name, value.as_bytes()))
                .collect(),
            payload: Payload::Bytes(self.body.as_bytes()),
        };
        let signer = Signer::new(self.credentials, "eu-west-1", self.service);
        let added = signer.sign(&request, now().plus_millis(self.minutes * 60_000));
        headers.extend(added.iter().map(|(name, value)| (*name, value.as_str())));
        send(world.address, self.line, &headers, self.body).await
    }
}

async fn send(
    address: SocketAddr,
    line: (&str, &str),
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut text = format!("{} {} HTTP/1.1\r\nConnection: close\r\n", line.0, line.1);
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    exchange(address, text.as_bytes()).await
}

/// What a refusal is called.
fn code(answer: &Answer) -> String {
    if let Some(kind) = answer.header("x-amzn-errortype") {
        return kind.to_owned();
    }
    match Json::parse(&answer.body) {
        Ok(body) => body
            .get("__type")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned(),
        Err(_) => {
            let after = answer.body.split_once("<Code>").unwrap().1;
            after.split_once("</Code>").unwrap().0.to_owned()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_key_is_let_in_with_its_account() {
    let world = world().await;
    for (credentials, account) in [
        (alice(), "111122223333"),
        (Credentials::new("AKIDBOB", "secret of bob"), "000000000000"),
    ] {
        let answer = Signed::new(credentials, "sts", FORM).send(&world).await;
        let expect = format!("<Account>{account}</Account>");
        assert!(answer.body.contains(&expect), "{}", answer.body);
    }
    let answer = Signed::new(alice(), "states", LIST).send(&world).await;
    assert_eq!(
        (answer.status, &*answer.body),
        (200, r#"{"stateMachines":[]}"#)
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_good_while_it_shows_its_token() {
    let world = world().await;
    let role = Signed {
        body: "Action=AssumeRole&RoleSessionName=session&RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fr",
        ..Signed::new(alice(), "sts", FORM)
    };
    let answer = role.send(&world).await;
    let part = |name: &str| {
        let after = answer.body.split_once(&format!("<{name}>")).unwrap().1;
        after.split_once("</").unwrap().0.to_owned()
    };
    let session = Credentials {
        session_token: Some(Secret::new(part("SessionToken"))),
        ..Credentials::new(part("AccessKeyId"), part("SecretAccessKey"))
    };
    let tokenless = Credentials {
        session_token: None,
        ..session.clone()
    };
    let answer = Signed::new(session, "sts", FORM).send(&world).await;
    assert!(answer.body.contains("<Account>111122223333</Account>"));
    let answer = Signed::new(tokenless, "states", LIST).send(&world).await;
    assert_eq!(code(&answer), "UnrecognizedClientException");
    let foreign = Signed {
        body: "Action=AssumeRole&RoleSessionName=session&RoleArn=arn%3Aaws%3Aiam%3A%3A999999999999%3Arole%2Fr",
        ..Signed::new(alice(), "sts", FORM)
    };
    assert_eq!(code(&foreign.send(&world).await), "AccessDenied");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_have_keys_of_their_own() {
    let world = world().await;
    let code = "import os\ndef handler(event, context):\n    return dict(os.environ)\n";
    let parameters = json!({
        "FunctionName": "f", "Runtime": "python3.12", "Role": ROLE, "Handler": "app.handler", "Timeout": 30,
        "Code": {"ZipFile": archive::of_file("app.py", code)}
    });
    let create = Signed {
        line: ("POST", "/2015-03-31/functions"),
        body: &parameters.to_text(),
        ..Signed::new(alice(), "lambda", ("accept", "*/*"))
    };
    assert_eq!(create.send(&world).await.status, 201);
    let invoke = Signed {
        line: ("POST", "/2015-03-31/functions/f/invocations"),
        ..Signed::new(alice(), "lambda", ("accept", "*/*"))
    };
    let environment = invoke.send(&world).await.ok();
    let variable = |name: &str| environment.get(name).and_then(Json::as_str).unwrap();
    assert_eq!(
        variable("AWS_ENDPOINT_URL"),
        format!("http://127.0.0.1:{}", world.address.port())
    );
    let own = Credentials {
        session_token: Some(Secret::new(variable("AWS_SESSION_TOKEN"))),
        ..Credentials::new(
            variable("AWS_ACCESS_KEY_ID"),
            variable("AWS_SECRET_ACCESS_KEY"),
        )
    };
    let answer = Signed::new(own, "sts", FORM).send(&world).await;
    assert!(answer.body.contains("<Account>111122223333</Account>"));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_protocol_has_its_own_refusals() {
    let world = world().await;
    let lambda = |credentials| Signed {
        line: ("GET", "/2015-03-31/functions"),
        body: "",
        ..Signed::new(credentials, "lambda", ("accept", "*/*"))
    };
    for (credentials, json, query) in [
        (
            Credentials::new("AKIDALICE", "hidden secret"),
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
        ),
        (
            Credentials::new("AKIDNOBODY", "hidden secret"),
            "UnrecognizedClientException",
            "InvalidClientTokenId",
        ),
    ] {
        for (request, status, expect) in [
            (Signed::new(credentials.clone(), "states", LIST), 400, json),
            (lambda(credentials.clone()), 403, json),
            (Signed::new(credentials.clone(), "sts", FORM), 403, query),
        ] {
            let answer = request.send(&world).await;
            assert_eq!((answer.status, &*code(&answer)), (status, expect));
            assert!(!answer.body.contains("hidden"), "{}", answer.body);
        }
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_for_something_else_is_refused() {
    let world = world().await;
    let late = |minutes| Signed {
        minutes,
        ..Signed::new(alice(), "states", LIST)
    };
    for (request, expect) in [
        (late(-17), "Signature expired: "),
        (late(17), "Signature not yet current: "),
        (
            Signed::new(alice(), "logs", LIST),
            "Credential should be scoped to correct service: 'states'. ",
        ),
    ] {
        let answer = request.send(&world).await;
        assert_eq!(code(&answer), "InvalidSignatureException");
        assert!(answer.body.contains(expect), "{}", answer.body);
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_health_is_open() {
    let world = world().await;
    let host = ("host", "x");
    let answer = send(world.address, ("GET", "/health"), &[host], "").await;
    assert_eq!(answer.status, 200);
    let scheme = "AWS4-HMAC-SHA256";
    for (line, headers, expect) in [
        (
            ("POST", "/"),
            vec![host, LIST],
            "MissingAuthenticationTokenException",
        ),
        // What names no service may be meant for objects, which have their own word for it.
        (("POST", "/"), vec![host], "AccessDenied"),
        (("POST", "/health"), vec![host], "AccessDenied"),
        (
            ("POST", "/"),
            vec![host, FORM],
            "MissingAuthenticationToken",
        ),
        (
            ("GET", "/_passo/v1/server"),
            vec![host],
            "MissingAuthenticationTokenException",
        ),
        (
            ("GET", "/2015-03-31/functions"),
            vec![host],
            "MissingAuthenticationTokenException",
        ),
        (
            ("POST", "/"),
            vec![host, LIST, ("authorization", scheme)],
            "IncompleteSignatureException",
        ),
    ] {
        let answer = send(world.address, line, &headers, "{}").await;
        assert_eq!(code(&answer), expect, "{line:?}");
    }
    world.stop().await;
}
