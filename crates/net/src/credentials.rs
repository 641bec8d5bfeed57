//! Who calls: the access key and the region of a SigV4 `Authorization` header, read without verifying it.

use passo_service::Caller;
use passo_vocab::{AccountId, Region};

/// What a request without a usable credential scope counts as.
const DEFAULT_ACCOUNT: &str = "000000000000";
const DEFAULT_REGION: &str = "us-east-1";

/// The caller that `authorization` names. An access key id of twelve digits is the account id.
pub(crate) fn caller(authorization: Option<&str>) -> Option<Caller> {
    let scope = authorization.and_then(credential_scope).unwrap_or_default();
    let mut parts = scope.split('/');
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

/// The name of the service that a request is signed for.
pub(crate) fn service(authorization: Option<&str>) -> Option<&str> {
    authorization.and_then(credential_scope)?.split('/').nth(3)
}

fn credential_scope(authorization: &str) -> Option<&str> {
    let fields = authorization.strip_prefix("AWS4-HMAC-SHA256")?;
    fields
        .split(',')
        .find_map(|field| field.trim().strip_prefix("Credential="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_names_account_and_region() {
        for (header, account, region) in [
            (
                "AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/states/aws4_request, SignedHeaders=host, Signature=0",
                "123456789012",
                "eu-west-1",
            ),
            (
                "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=AKIDEXAMPLE/20260101/us-west-2/states/aws4_request",
                "000000000000",
                "us-west-2",
            ),
            (
                "AWS4-HMAC-SHA256 Credential=test",
                "000000000000",
                "us-east-1",
            ),
            ("Bearer x", "000000000000", "us-east-1"),
            ("", "000000000000", "us-east-1"),
        ] {
            let caller = caller(Some(header)).unwrap();
            assert_eq!(
                (caller.account.as_str(), caller.region.as_str()),
                (account, region),
                "{header}"
            );
        }
    }
}
