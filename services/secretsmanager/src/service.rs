//! The service: finds the operation and answers.

use std::fmt;
use std::sync::Arc;

use passo_json::Json;
use passo_records::{Parameters, Records};
use passo_runtime::{Clock, Entropy};
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_store::{Space, Store};

use crate::reference::Request;
use crate::{deletion, describe, policies, random_password, stages, values};

/// The Secrets Manager API.
pub struct SecretsManager {
    /// Account, region and name to a secret.
    pub(crate) records: Records,
    pub(crate) clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for SecretsManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretsManager").finish_non_exhaustive()
    }
}

impl SecretsManager {
    /// The service over `store`.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> SecretsManager {
        SecretsManager {
            records: Records::new(store, Space::new("secret")),
            clock,
            entropy,
        }
    }

    pub(crate) fn entropy(&self) -> passo_vocab::Entropy {
        passo_vocab::Entropy::from_seed(self.entropy.seed())
    }

    pub(crate) fn uuid(&self) -> String {
        self.entropy().uuid_v4()
    }

    fn answer(&self, call: &Call) -> Result<Json, Fault> {
        let request = &Request {
            service: self,
            parameters: Parameters { call },
        };
        match &*call.operation {
            "CreateSecret" => values::create(request),
            "PutSecretValue" => values::put(request),
            "UpdateSecret" => values::update(request),
            "GetSecretValue" => values::get(request),
            "BatchGetSecretValue" => values::get_batch(request),
            "UpdateSecretVersionStage" => stages::update(request),
            "DescribeSecret" => describe::describe(request),
            "ListSecrets" => describe::list(request),
            "ListSecretVersionIds" => describe::list_versions(request),
            "TagResource" => describe::tag(request),
            "UntagResource" => describe::untag(request),
            "DeleteSecret" => deletion::delete(request),
            "RestoreSecret" => deletion::restore(request),
            "PutResourcePolicy" => policies::put(request),
            "GetResourcePolicy" => policies::get(request),
            "DeleteResourcePolicy" => policies::delete(request),
            "GetRandomPassword" => random_password::get(request),
            other => Err(Fault::caller(
                "UnknownOperationException",
                format!("The operation {other} is not supported."),
            )),
        }
    }
}

impl Service for SecretsManager {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.answer(&call) })
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;
    use passo_runtime::VirtualClock;
    use passo_service::{Caller, RequestId};
    use passo_store::MemoryStore;
    use passo_vocab::{AccountId, Region, Timestamp};

    use super::*;

    struct Seeds(std::sync::atomic::AtomicU64);

    impl Entropy for Seeds {
        fn seed(&self) -> u64 {
            self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
        }
    }

    struct Bench {
        service: SecretsManager,
        clock: Arc<VirtualClock>,
    }

    fn bench() -> Bench {
        let clock = Arc::new(VirtualClock::new(Timestamp::from_epoch_millis(1_000)));
        let entropy = Arc::new(Seeds(1.into()));
        let service = SecretsManager::new(Arc::new(MemoryStore::new()), clock.clone(), entropy);
        Bench { service, clock }
    }

    impl Bench {
        fn call(&self, operation: &str, parameters: Json) -> Result<Json, (String, String)> {
            let call = Call {
                operation: operation.into(),
                parameters,
                caller: Caller {
                    account: AccountId::parse("000000000000").unwrap(),
                    region: Region::parse("us-east-1").unwrap(),
                },
                request_id: RequestId::new("r"),
            };
            let answer = self.service.answer(&call);
            answer.map_err(|fault| (fault.code.to_string(), fault.message))
        }

        fn read(&self, parameters: Json) -> String {
            let value = self.call("GetSecretValue", parameters).unwrap();
            value
                .get("SecretString")
                .unwrap()
                .as_str()
                .unwrap()
                .to_owned()
        }
    }

    fn code<T: fmt::Debug>(answer: Result<T, (String, String)>) -> String {
        answer.unwrap_err().0
    }

    #[test]
    fn values_are_read_by_name_arn_and_stage() {
        let it = bench();
        let made = it
            .call(
                "CreateSecret",
                json!({"Name": "app/db-x", "SecretString": "one"}),
            )
            .unwrap();
        let arn = made.get("ARN").unwrap().as_str().unwrap();
        let short = arn.rsplit_once('-').unwrap().0;
        it.call(
            "PutSecretValue",
            json!({"SecretId": "app/db-x", "SecretString": "two"}),
        )
        .unwrap();
        for id in ["app/db-x", arn, short] {
            assert_eq!(it.read(json!({"SecretId": id})), "two", "{id}");
            assert_eq!(
                it.read(json!({"SecretId": id, "VersionStage": "AWSPREVIOUS"})),
                "one"
            );
        }
        assert_eq!(
            code(it.call("GetSecretValue", json!({"SecretId": "app/db"}))),
            "ResourceNotFoundException"
        );
    }

    #[test]
    fn a_token_makes_a_call_happen_once() {
        let it = bench();
        let create = json!({"Name": "s", "SecretString": "v", "ClientRequestToken": "t"});
        let first = it.call("CreateSecret", create.clone()).unwrap();
        assert_eq!(it.call("CreateSecret", create), Ok(first));
        let other = json!({"SecretId": "s", "SecretString": "w", "ClientRequestToken": "t"});
        assert_eq!(
            code(it.call("PutSecretValue", other)),
            "ResourceExistsException"
        );
        let again = json!({"Name": "s", "SecretString": "w"});
        assert_eq!(
            code(it.call("CreateSecret", again)),
            "ResourceExistsException"
        );
    }

    #[test]
    fn a_deleted_secret_can_be_restored_until_its_window_ends() {
        let it = bench();
        it.call("CreateSecret", json!({"Name": "s", "SecretString": "v"}))
            .unwrap();
        let delete = json!({"SecretId": "s", "RecoveryWindowInDays": 7});
        it.call("DeleteSecret", delete.clone()).unwrap();
        assert_eq!(
            code(it.call("GetSecretValue", json!({"SecretId": "s"}))),
            "InvalidRequestException"
        );
        it.call("RestoreSecret", json!({"SecretId": "s"})).unwrap();
        assert_eq!(it.read(json!({"SecretId": "s"})), "v");
        it.call("DeleteSecret", delete).unwrap();
        it.clock
            .advance_to(Timestamp::from_epoch_millis(8 * 86_400_000));
        assert_eq!(
            code(it.call("RestoreSecret", json!({"SecretId": "s"}))),
            "ResourceNotFoundException"
        );
        it.call("CreateSecret", json!({"Name": "s"})).unwrap();
    }

    #[test]
    fn what_cannot_be_done_is_told_in_aws_words() {
        let it = bench();
        it.call("CreateSecret", json!({"Name": "s"})).unwrap();
        for (operation, parameters, expect) in [
            ("CreateSecret", json!({}), "ValidationException"),
            (
                "CreateSecret",
                json!({"Name": "a b"}),
                "ValidationException",
            ),
            (
                "CreateSecret",
                json!({"Name": "x", "SecretString": "a", "SecretBinary": "YQ=="}),
                "InvalidParameterException",
            ),
            (
                "GetSecretValue",
                json!({"SecretId": "s"}),
                "ResourceNotFoundException",
            ),
            (
                "PutSecretValue",
                json!({"SecretId": "s"}),
                "InvalidRequestException",
            ),
            (
                "DeleteSecret",
                json!({"SecretId": "s", "RecoveryWindowInDays": 3}),
                "InvalidParameterException",
            ),
            (
                "GetRandomPassword",
                json!({"PasswordLength": 0}),
                "InvalidParameterException",
            ),
            (
                "PutResourcePolicy",
                json!({"SecretId": "s", "ResourcePolicy": "{"}),
                "MalformedPolicyDocumentException",
            ),
            (
                "RotateSecret",
                json!({"SecretId": "s"}),
                "UnknownOperationException",
            ),
        ] {
            assert_eq!(code(it.call(operation, parameters)), expect, "{operation}");
        }
    }

    #[test]
    fn listings_are_filtered_and_paged() {
        let it = bench();
        for name in ["a/1", "a/2", "b/1"] {
            it.call("CreateSecret", json!({"Name": name})).unwrap();
        }
        let names = |parameters: Json| {
            let answer = it.call("ListSecrets", parameters).unwrap();
            let list = answer.get("SecretList").unwrap().as_array().unwrap();
            let names = list
                .iter()
                .map(|one| one.get("Name").unwrap().as_str().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        let filter = json!({"Filters": [{"Key": "name", "Values": ["a/"]}]});
        assert_eq!(names(filter), ["a/1", "a/2"]);
        assert_eq!(
            names(json!({"MaxResults": 2, "NextToken": "a/1"})),
            ["a/2", "b/1"]
        );
    }
}
