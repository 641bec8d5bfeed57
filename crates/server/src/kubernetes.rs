//! Requests to the clusters of EKS, as calls of a service of its own.
//!
//! A cluster knows its callers by a request to STS that they have signed and it sends; its certificate is believed where the
//! authority that the caller names has signed it. Source: EKS User Guide, "Grant IAM users and roles access to
//! Kubernetes APIs"; the form of tokens is that of `aws eks get-token`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use passo_json::{Json, Object, ObjectBuilder};
use passo_net::RemoteSettings;
use passo_net::client::{Client, ClientSettings, Trust};
use passo_runtime::{Clock as _, SystemClock};
use passo_service::{BoxFuture, Call, Caller, Fault, Service};
use passo_sigv4::{Credentials, Payload, Request, Secret, Signer};

use crate::http_out::{request, shown, unsent};

/// Its name in the directory.
pub(crate) const NAME: &str = "passo-kubernetes";
/// How long a cluster may take. Source: Step Functions quotas, "HTTP Task".
const TIMEOUT: Duration = Duration::from_secs(60);
/// Seconds in which a cluster may send on the request that a token holds.
const TOKEN_SECONDS: u32 = 60;
/// Authorities whose clients are kept; a further one drops them all.
const CLIENTS_MAX: usize = 64;

/// Sends requests to clusters.
///
/// `Send` takes `ClusterName`, `CertificateAuthority` (base64 of PEM), `Endpoint`, `Method`, `Path` (with a query) and `Body`. Its
/// answers and faults are those of `Send` of `passo-http`.
pub(crate) struct Kubernetes {
    /// Where EKS is, and who asks: whom tokens speak for.
    settings: Option<RemoteSettings>,
    /// By certificate authority; none where nothing is encrypted.
    clients: Mutex<BTreeMap<Option<String>, Client>>,
}

impl Kubernetes {
    /// As whoever EKS is asked; as the caller's account where EKS is nowhere.
    pub(crate) fn new(settings: Option<RemoteSettings>) -> Kubernetes {
        Kubernetes {
            settings,
            clients: Mutex::default(),
        }
    }

    async fn send(&self, call: &Call) -> Result<Json, Fault> {
        let text = |member: &str| call.parameters.get(member).and_then(Json::as_str);
        let endpoint = text("Endpoint").unwrap_or_default().trim_end_matches('/');
        let token = self.token(text("ClusterName").unwrap_or_default(), &call.caller);
        let headers = Object::default()
            .with("accept", "application/json")
            .with("authorization", format!("Bearer {token}"))
            .with("content-type", content_type(text("Method")));
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert(
                "Url",
                format!("{endpoint}{}", text("Path").unwrap_or_default()),
            )
            .insert("Headers", headers)
            .insert_some("Body", call.parameters.get("Body").cloned());
        let method = text("Method").unwrap_or("GET");
        let request = request(method, &Json::from(parameters.build()))?;
        let authority = text("CertificateAuthority").unwrap_or_default();
        let client = self.client(authority, endpoint.starts_with("https:"))?;
        let answer = client.send(request, TIMEOUT).await;
        Ok(shown(&answer.map_err(|error| unsent(&error))?))
    }

    fn client(&self, authority: &str, is_encrypted: bool) -> Result<Client, Fault> {
        let key = is_encrypted.then(|| authority.to_owned());
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let wrong = || {
            let message = "The CertificateAuthority is not the Base64 of a certificate.";
            Fault::caller("InvalidRequest", message)
        };
        let only = is_encrypted.then(|| STANDARD.decode(authority)).transpose();
        let settings = ClientSettings {
            trust: Trust {
                only: only.map_err(|_| wrong())?,
                ..Trust::default()
            },
            ..ClientSettings::default()
        };
        let client = Client::new(&settings).map_err(|_| wrong())?;
        if clients.len() >= CLIENTS_MAX {
            clients.clear();
        }
        clients.insert(key, client.clone());
        Ok(client)
    }

    /// What tells the cluster who asks.
    fn token(&self, cluster: &str, caller: &Caller) -> String {
        let settings = self.settings.as_ref();
        let region = settings.and_then(|it| it.region.as_ref());
        let region = region.unwrap_or(&caller.region).as_str();
        let credentials = match settings.and_then(|it| it.credentials.as_ref()) {
            Some(given) => {
                let mut made = Credentials::new(&*given.access_key_id, &*given.secret_access_key);
                made.session_token = given.session_token.as_deref().map(Secret::new);
                made
            }
            None => Credentials::new(caller.account.as_str(), "test"),
        };
        let host = format!("sts.{region}.amazonaws.com");
        let asked = Request {
            method: "GET",
            path: "/",
            query: "Action=GetCallerIdentity&Version=2011-06-15",
            headers: vec![
                ("host", host.as_bytes()),
                ("x-k8s-aws-id", cluster.as_bytes()),
            ],
            payload: Payload::Bytes(b""),
        };
        let signer = Signer::new(credentials, region, "sts");
        let query = signer.presign(&asked, SystemClock.now(), TOKEN_SECONDS);
        let url = format!("https://{host}/?{query}");
        format!("k8s-aws-v1.{}", URL_SAFE_NO_PAD.encode(url))
    }
}

/// Kubernetes takes patches in forms of their own; of these, the one in which a body is what it looks like.
fn content_type(method: Option<&str>) -> &'static str {
    match method {
        Some("PATCH") => "application/merge-patch+json",
        _ => "application/json",
    }
}

impl Service for Kubernetes {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            match &*call.operation {
                "Send" => self.send(&call).await,
                other => Err(Fault::service(format!("There is no {other}."))),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use passo_vocab::{AccountId, Region};

    use super::*;

    #[test]
    fn tokens_are_signed_requests_for_the_cluster() {
        let caller = Caller {
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
        };
        let token = Kubernetes::new(None).token("c", &caller);
        let url = token.strip_prefix("k8s-aws-v1.").unwrap();
        let url = String::from_utf8(URL_SAFE_NO_PAD.decode(url).unwrap()).unwrap();
        for part in [
            "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&",
            "X-Amz-Credential=123456789012%2F",
            "X-Amz-Expires=60",
            "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id",
            "&X-Amz-Signature=",
        ] {
            assert!(url.contains(part), "{part} in {url}");
        }
    }

    #[test]
    fn authorities_are_certificates() {
        let kubernetes = Kubernetes::new(None);
        assert!(kubernetes.client("", false).is_ok());
        for authority in ["", "%", "bm90IGEgY2VydGlmaWNhdGU="] {
            assert!(kubernetes.client(authority, true).is_err(), "{authority}");
        }
    }
}
