//! Where callers belong who do not say: their account and region.

use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use passo_service::Caller;
use passo_vocab::{AccountId, Region};

/// The account that stands for none.
const NO_ACCOUNT: &str = "000000000000";

/// The header in which the console, whose requests are not signed, names a region.
const REGION: &str = "x-passo-region";

/// The account and the region of callers who do not say theirs.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// The account, instead of 000000000000, of callers whose access key id is none.
    pub account: Option<AccountId>,
    /// The region, instead of us-east-1, of requests that are signed for none.
    pub region: Option<Region>,
}

impl Home {
    /// Puts in what the request with this head does not say.
    pub(crate) fn fill(&self, head: &Parts, caller: &mut Caller) {
        if let Some(account) = &self.account
            && caller.account.as_str() == NO_ACCOUNT
        {
            caller.account = account.clone();
        }
        if is_signed_for_a_region(head) {
            return;
        }
        let asked = head
            .headers
            .get(REGION)
            .and_then(|value| value.to_str().ok());
        let asked = asked.and_then(|region| Region::parse(region).ok());
        if let Some(region) = asked.as_ref().or(self.region.as_ref()) {
            caller.region = region.clone();
        }
    }
}

/// Whether there is a credential scope, which always names a region.
fn is_signed_for_a_region(head: &Parts) -> bool {
    let authorization = head.headers.get(AUTHORIZATION);
    let authorization = authorization.and_then(|value| value.to_str().ok());
    let is_presigned = head
        .uri
        .query()
        .is_some_and(|query| query.contains("X-Amz-Credential="));
    is_presigned || authorization.is_some_and(|value| value.contains("/aws4_request"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_put_in() {
        let account = |text| AccountId::parse(text).unwrap();
        let region = |text| Region::parse(text).unwrap();
        let home = Home {
            account: Some(account("111111111111")),
            region: Some(region("eu-west-1")),
        };
        let signed = "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/states/aws4_request";
        for (authorization, given, expect) in [
            (signed, "000000000000", ("111111111111", "us-east-1")),
            (signed, "222222222222", ("222222222222", "us-east-1")),
            ("Bearer x", "000000000000", ("111111111111", "eu-west-1")),
        ] {
            let request = hyper::Request::builder().header(AUTHORIZATION, authorization);
            let (head, ()) = request.body(()).unwrap().into_parts();
            let mut caller = Caller {
                account: account(given),
                region: region("us-east-1"),
            };
            home.fill(&head, &mut caller);
            let found = (caller.account.as_str(), caller.region.as_str());
            assert_eq!(found, expect, "{authorization} {given}");
        }
    }
}
