//! What is known of a request besides what it says: whose API it is for, when it came, what it is called.

use passo_json::{Json, Object, ObjectBuilder, json};
use passo_service::{Caller, RequestId};
use passo_vocab::{AccountId, Region, Timestamp};

use super::call::Taken;
use super::text;
use crate::gateway::Shared;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A request's surroundings.
pub(crate) struct Context<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) api: String,
    pub(crate) stage: String,
    pub(crate) variables: Object,
    pub(crate) request_id: String,
    /// The id that `x-amz-apigw-id` tells.
    pub(crate) extended_id: String,
    pub(crate) trace_id: String,
    pub(crate) begun: Timestamp,
}

impl<'a> Context<'a> {
    /// Those of a request to a stage of the API in `row`.
    pub(crate) fn new(
        shared: &'a Shared,
        row: &Object,
        (api, stage): (&str, &str),
        variables: Object,
        request_id: &str,
    ) -> Context<'a> {
        let entropy = passo_vocab::Entropy::from_seed(shared.entropy.seed());
        let begun = shared.clock.now();
        let seconds = u64::try_from(begun.epoch_millis() / 1000).unwrap_or(0);
        let random = format!("{:016x}{:016x}", entropy.next_u64(), entropy.next_u64());
        Context {
            shared,
            account: text(row, "account").to_owned(),
            region: text(row, "region").to_owned(),
            api: api.to_owned(),
            stage: stage.to_owned(),
            variables,
            request_id: match request_id.is_empty() {
                true => entropy.uuid_v4(),
                false => request_id.to_owned(),
            },
            extended_id: format!("{}=", shared.new_id(15)),
            trace_id: format!(
                "Root=1-{seconds:08x}-{}",
                random.get(..24).unwrap_or_default()
            ),
            begun,
        }
    }

    /// On whose behalf integrations call; none where the row is damaged.
    pub(crate) fn caller(&self, region: Option<&str>) -> Option<Caller> {
        Some(Caller {
            account: AccountId::parse(&self.account).ok()?,
            region: Region::parse(region.unwrap_or(&self.region)).ok()?,
        })
    }

    pub(crate) fn request_id(&self) -> RequestId {
        RequestId::new(self.request_id.as_str())
    }

    /// `20/Nov/2026:17:41:40 +0000`
    pub(crate) fn request_time(&self) -> String {
        let whole = self.begun.to_string();
        let (date, time) = whole.split_once('T').unwrap_or((&whole, ""));
        let mut parts = date.split('-');
        let year = parts.next().unwrap_or_default();
        let month = parts.next().and_then(|it| it.parse::<usize>().ok());
        let month = month.and_then(|it| MONTHS.get(it.checked_sub(1)?));
        let day = parts.next().unwrap_or_default();
        let time = time.get(..8).unwrap_or_default();
        format!(
            "{day}/{}/{year}:{time} +0000",
            month.copied().unwrap_or_default()
        )
    }

    /// The ARN of a method of a stage: what a policy names.
    pub(crate) fn method_arn(&self, method: &str, path: &str) -> String {
        format!(
            "arn:aws:execute-api:{}:{}:{}/{}/{method}{}",
            self.region,
            self.account,
            self.api,
            self.stage,
            if path.is_empty() { "/" } else { path }
        )
    }

    /// What events and templates of REST APIs see.
    pub(crate) fn rest(
        &self,
        taken: &Taken,
        (resource, path): (&str, &str),
        deployment: &str,
        authorizer: Option<&Object>,
        api_key: Option<&str>,
    ) -> Object {
        let request = &taken.request;
        let identity = json!({
            "cognitoIdentityPoolId": null,
            "accountId": null,
            "cognitoIdentityId": null,
            "caller": null,
            "sourceIp": (request.source_ip.as_str()),
            "principalOrgId": null,
            "accessKey": null,
            "cognitoAuthenticationType": null,
            "cognitoAuthenticationProvider": null,
            "userArn": null,
            "userAgent": (request.header("user-agent").map_or(Json::Null, Json::from)),
            "user": null
        });
        let identity = identity.as_object().cloned().unwrap_or_default();
        let identity = match api_key {
            Some(key) => identity.with("apiKey", key),
            None => identity,
        };
        let host = request.host.split(':').next().unwrap_or_default();
        let mut context = ObjectBuilder::new();
        context
            .insert("resourceId", resource)
            .insert_some("authorizer", authorizer.cloned())
            .insert("resourcePath", path)
            .insert("httpMethod", request.method.as_str())
            .insert("extendedRequestId", self.extended_id.as_str())
            .insert("requestTime", self.request_time())
            .insert("path", format!("/{}{}", self.stage, taken.path))
            .insert("accountId", self.account.as_str())
            .insert("protocol", "HTTP/1.1")
            .insert("stage", self.stage.as_str())
            .insert("domainPrefix", host.split('.').next().unwrap_or_default())
            .insert("requestTimeEpoch", self.begun.epoch_millis())
            .insert("requestId", self.request_id.as_str())
            .insert("identity", identity)
            .insert("domainName", host)
            .insert("deploymentId", deployment)
            .insert("apiId", self.api.as_str());
        context.build()
    }
}
