//! STS: who somebody is, and credentials for a role.

use std::fmt;
use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};
use passo_records::Parameters;
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_sigv4::Credentials;
use passo_vocab::{AccountId, Arn, Timestamp};

use crate::faults;
use crate::request::{Request, now};

/// How long credentials are good unless the caller says otherwise: an hour, as at AWS.
const LIFETIME_SECONDS: i64 = 3600;
/// 15 minutes to 36 hours: what one operation or the other takes.
const LIFETIMES_SECONDS: std::ops::RangeInclusive<i64> = 900..=129_600;

/// Makes credentials of an account that are good until a time.
type Issue = dyn Fn(&AccountId, Timestamp) -> Credentials + Send + Sync;

/// The STS API.
#[derive(Clone, Default)]
pub struct Sts {
    issue: Option<Arc<Issue>>,
}

impl Sts {
    /// For servers that verify nothing: its credentials name an account, and that is all.
    pub fn unverified() -> Sts {
        Sts::default()
    }

    /// For servers that verify: `issue` makes credentials of an account that are good until a time. Roles of other
    /// accounts than the caller's cannot be assumed.
    pub fn issuing(
        issue: impl Fn(&AccountId, Timestamp) -> Credentials + Send + Sync + 'static,
    ) -> Sts {
        Sts {
            issue: Some(Arc::new(issue)),
        }
    }

    fn answer(&self, request: &Request<'_>) -> Result<Json, Fault> {
        match &*request.given.call.operation {
            "GetCallerIdentity" => Ok(identity(request)),
            "AssumeRole" => self.assume_role(request),
            "GetSessionToken" => {
                let mut answer = ObjectBuilder::new();
                answer.insert("Credentials", self.credentials(request, request.account())?);
                Ok(Json::from(answer.build()))
            }
            other => {
                let message = format!("The operation {other} is not supported.");
                Err(Fault::caller("InvalidAction", message))
            }
        }
    }

    fn assume_role(&self, request: &Request<'_>) -> Result<Json, Fault> {
        let given = request.required("RoleArn")?;
        let session = request.required("RoleSessionName")?;
        let role = Arn::parse(given).ok().filter(|arn| arn.service() == "iam");
        let role = role.ok_or_else(|| faults::invalid(format!("{given} is invalid")))?;
        let name = role
            .resource()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let account = role.account();
        if self.issue.is_some() && account != request.account() {
            return Err(faults::denied(format!(
                "User: arn:aws:iam::{}:root is not authorized to perform: sts:AssumeRole on resource: {role}",
                request.account()
            )));
        }
        let mut user = ObjectBuilder::new();
        user.insert(
            "AssumedRoleId",
            format!("{}:{session}", request.unique_id("AROA")),
        )
        .insert(
            "Arn",
            format!("arn:aws:sts::{account}:assumed-role/{name}/{session}"),
        );
        let mut answer = ObjectBuilder::new();
        answer
            .insert("Credentials", self.credentials(request, account)?)
            .insert("AssumedRoleUser", user.build())
            .insert("PackedPolicySize", 0);
        Ok(Json::from(answer.build()))
    }

    /// Without verification an access key of twelve digits is the account, so calls with these credentials reach it.
    fn credentials(&self, request: &Request<'_>, account: &str) -> Result<Json, Fault> {
        let seconds = request
            .number("DurationSeconds")
            .unwrap_or(LIFETIME_SECONDS);
        if !LIFETIMES_SECONDS.contains(&seconds) {
            return Err(faults::invalid(format!(
                "The requested DurationSeconds {seconds} is not between {} and {}.",
                LIFETIMES_SECONDS.start(),
                LIFETIMES_SECONDS.end()
            )));
        }
        let end = now().plus_millis(seconds * 1000);
        let owner = AccountId::parse(account).ok();
        let (key, secret, token) = match self.issue.as_ref().zip(owner) {
            Some((issue, owner)) => {
                let issued = issue(&owner, end);
                let token = issued.session_token.as_ref();
                (
                    issued.access_key_id.to_string(),
                    issued.secret_access_key.expose().to_owned(),
                    token
                        .map(|token| token.expose().to_owned())
                        .unwrap_or_default(),
                )
            }
            None => (
                account.to_owned(),
                "secret".to_owned(),
                request.unique_id("token"),
            ),
        };
        let mut credentials = ObjectBuilder::new();
        credentials
            .insert("AccessKeyId", key)
            .insert("SecretAccessKey", secret)
            .insert("SessionToken", token)
            .insert("Expiration", end.to_string());
        Ok(Json::from(credentials.build()))
    }
}

impl fmt::Debug for Sts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sts")
    }
}

impl Service for Sts {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            self.answer(&Request {
                given: Parameters { call: &call },
            })
        })
    }
}

fn identity(request: &Request<'_>) -> Json {
    let account = request.account();
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Arn", format!("arn:aws:iam::{account}:root"))
        .insert("UserId", account)
        .insert("Account", account);
    Json::from(answer.build())
}
