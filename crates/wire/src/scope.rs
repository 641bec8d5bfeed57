//! Who calls, and for which service: the credential scope of a SigV4 signature, read without verifying it.

use http::HeaderMap;
use passo_service::Caller;
use passo_vocab::{AccountId, Region};

use crate::percent;

/// What a request without a usable credential scope counts as.
const DEFAULT_ACCOUNT: &str = "000000000000";
const DEFAULT_REGION: &str = "us-east-1";

/// The scope that a request is signed for, `KEY/20260101/eu-west-1/states/aws4_request`, in its `Authorization` header or
/// its query string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(String);

/// Who signs an address of S3 by version 2, which SDKs still do where nobody says otherwise: an access key id and no more.
const OLD_KEY: &str = "AWSAccessKeyId";

impl Scope {
    /// The scope of the request with this head; empty where it has none.
    pub fn of(headers: &HeaderMap, query: &str) -> Scope {
        let header = headers.get(http::header::AUTHORIZATION);
        let header = header.and_then(|value| value.to_str().ok());
        if let Some(scope) = header.and_then(of_authorization) {
            return Scope(scope.to_owned());
        }
        if !query.contains("X-Amz-Credential=") && !query.contains(OLD_KEY) {
            return Scope::default();
        }
        let pairs = percent::pairs(query).unwrap_or_default();
        let mut pairs = pairs.into_iter();
        let given = pairs.find(|(name, _)| name == "X-Amz-Credential" || name == OLD_KEY);
        Scope(given.map(|(_, scope)| scope).unwrap_or_default())
    }

    /// The name of the service.
    pub fn service(&self) -> Option<&str> {
        self.0.split('/').nth(3)
    }

    /// The caller. An access key id of twelve digits is the account id.
    pub fn caller(&self) -> Option<Caller> {
        let mut parts = self.0.split('/');
        let access_key = parts.next().unwrap_or_default();
        let region = parts.nth(1).unwrap_or_default();
        let default_account = || AccountId::parse(DEFAULT_ACCOUNT);
        let default_region = || Region::parse(DEFAULT_REGION);
        Some(Caller {
            account: AccountId::parse(access_key)
                .or_else(|_| default_account())
                .ok()?,
            region: Region::parse(region).or_else(|_| default_region()).ok()?,
        })
    }
}

fn of_authorization(authorization: &str) -> Option<&str> {
    let fields = authorization.strip_prefix("AWS4-HMAC-SHA256")?;
    fields
        .split(',')
        .find_map(|field| field.trim().strip_prefix("Credential="))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(authorization: &str, query: &str, account: &str, region: &str, service: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(
            "authorization",
            HeaderValue::from_str(authorization).unwrap(),
        );
        let scope = Scope::of(&headers, query);
        let caller = scope.caller().unwrap();
        assert_eq!(
            (caller.account.as_str(), caller.region.as_str()),
            (account, region),
            "{authorization}"
        );
        assert_eq!(scope.service(), service, "{authorization}");
    }

    #[test]
    fn the_scope_names_account_region_and_service() {
        check(
            "AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/states/aws4_request, SignedHeaders=host, Signature=0",
            "",
            "123456789012",
            "eu-west-1",
            Some("states"),
        );
        check(
            "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=AKIDEXAMPLE/20260101/us-west-2/sqs/aws4_request",
            "",
            "000000000000",
            "us-west-2",
            Some("sqs"),
        );
        for broken in ["AWS4-HMAC-SHA256 Credential=test", "Bearer x", ""] {
            check(broken, "", "000000000000", "us-east-1", None);
        }
        check(
            "",
            "X-Amz-Credential=123456789012%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=x",
            "123456789012",
            "eu-west-1",
            Some("s3"),
        );
        let old = "AWSAccessKeyId=123456789012&Signature=x&Expires=1";
        check("", old, "123456789012", "us-east-1", None);
    }
}
