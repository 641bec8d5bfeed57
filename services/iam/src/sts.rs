//! STS: who somebody is, and credentials for a role. Credentials are not verified anywhere.

use passo_json::{Json, ObjectBuilder};
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_vocab::{Arn, Timestamp};

use crate::faults;
use crate::request::{Request, now};

/// The STS API.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sts;

impl Sts {
    fn answer(request: &Request<'_>) -> Result<Json, Fault> {
        match &*request.call.operation {
            "GetCallerIdentity" => Ok(identity(request)),
            "AssumeRole" => assume_role(request),
            "GetSessionToken" => {
                let mut answer = ObjectBuilder::new();
                answer.insert("Credentials", credentials(request, request.account()));
                Ok(Json::from(answer.build()))
            }
            other => {
                let message = format!("The operation {other} is not supported.");
                Err(Fault::caller("InvalidAction", message))
            }
        }
    }
}

impl Service for Sts {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { Sts::answer(&Request { call: &call }) })
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

fn assume_role(request: &Request<'_>) -> Result<Json, Fault> {
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
        .insert("Credentials", credentials(request, account))
        .insert("AssumedRoleUser", user.build())
        .insert("PackedPolicySize", 0);
    Ok(Json::from(answer.build()))
}

/// An access key of twelve digits is the account, so calls with these credentials reach the role's account.
fn credentials(request: &Request<'_>, account: &str) -> Json {
    let expires = Timestamp::from_epoch_millis(now().epoch_millis().saturating_add(3_600_000));
    let mut credentials = ObjectBuilder::new();
    credentials
        .insert("AccessKeyId", account)
        .insert("SecretAccessKey", "secret")
        .insert("SessionToken", request.unique_id("token"))
        .insert("Expiration", expires.to_string());
    Json::from(credentials.build())
}
