//! The service: finds the operation and answers.

use std::fmt;
use std::sync::Arc;

use passo_json::Json;
use passo_records::{Parameters, Records};
use passo_runtime::Clock;
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_store::{Space, Store};

use crate::request::Request;
use crate::{describe, history, labels, read, tags, write};

/// The Parameter Store's part of the Systems Manager API.
pub struct ParameterStore {
    /// Account, region and name to a parameter.
    pub(crate) records: Records,
    pub(crate) clock: Arc<dyn Clock>,
}

impl fmt::Debug for ParameterStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParameterStore").finish_non_exhaustive()
    }
}

impl ParameterStore {
    /// The service over `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> ParameterStore {
        ParameterStore {
            records: Records::new(store, Space::new("parameter")),
            clock,
        }
    }

    fn answer(&self, call: &Call) -> Result<Json, Fault> {
        let request = &Request {
            service: self,
            given: Parameters { call },
        };
        match &*call.operation {
            "PutParameter" => write::put(request),
            "DeleteParameter" => write::delete(request),
            "DeleteParameters" => write::delete_many(request),
            "GetParameter" => read::get(request),
            "GetParameters" => read::get_many(request),
            "GetParametersByPath" => read::by_path(request),
            "GetParameterHistory" => history::get(request),
            "DescribeParameters" => describe::describe(request),
            "LabelParameterVersion" => labels::label(request),
            "UnlabelParameterVersion" => labels::unlabel(request),
            "AddTagsToResource" => tags::add(request),
            "RemoveTagsFromResource" => tags::remove(request),
            "ListTagsForResource" => tags::list(request),
            other => Err(Fault::caller(
                "UnknownOperationException",
                format!("The operation {other} is not supported."),
            )),
        }
    }
}

impl Service for ParameterStore {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move { self.answer(&call) })
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;
    use passo_runtime::SystemClock;
    use passo_service::{Caller, RequestId};
    use passo_store::MemoryStore;
    use passo_vocab::{AccountId, Region};

    use super::*;

    fn bench() -> ParameterStore {
        ParameterStore::new(Arc::new(MemoryStore::new()), Arc::new(SystemClock))
    }

    fn call(it: &ParameterStore, operation: &str, parameters: Json) -> Result<Json, String> {
        let call = Call {
            operation: operation.into(),
            parameters,
            caller: Caller {
                account: AccountId::parse("000000000000").unwrap(),
                region: Region::parse("us-east-1").unwrap(),
            },
            request_id: RequestId::new("r"),
        };
        it.answer(&call).map_err(|fault| fault.code.to_string())
    }

    fn put(it: &ParameterStore, name: &str, value: &str) {
        let parameters = json!({"Name": name, "Value": value, "Type": "String", "Overwrite": true});
        call(it, "PutParameter", parameters).unwrap();
    }

    fn value(it: &ParameterStore, name: &str) -> Result<String, String> {
        let answer = call(it, "GetParameter", json!({"Name": name}))?;
        let value = answer.get("Parameter").unwrap().get("Value").unwrap();
        Ok(value.as_str().unwrap().to_owned())
    }

    fn names(answer: &Json) -> Vec<&str> {
        let list = answer.get("Parameters").unwrap().as_array().unwrap();
        list.iter()
            .map(|one| one.get("Name").unwrap().as_str().unwrap())
            .collect()
    }

    #[test]
    fn values_are_read_by_version_label_and_arn() {
        let it = bench();
        put(&it, "/app/url", "one");
        put(&it, "/app/url", "two");
        let label = json!({"Name": "/app/url", "ParameterVersion": 1, "Labels": ["prod", "9x"]});
        let labelled = call(&it, "LabelParameterVersion", label).unwrap();
        assert_eq!(labelled.get("InvalidLabels"), Some(&json!(["9x"])));
        for (name, expect) in [
            ("/app/url", Ok("two")),
            ("/app/url:1", Ok("one")),
            ("/app/url:prod", Ok("one")),
            (
                "arn:aws:ssm:us-east-1:000000000000:parameter/app/url",
                Ok("two"),
            ),
            ("/app/url:7", Err("ParameterVersionNotFound")),
            ("/app", Err("ParameterNotFound")),
        ] {
            let expect = expect.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(value(&it, name), expect, "{name}");
        }
    }

    #[test]
    fn a_secure_string_is_shown_only_where_asked_for() {
        let it = bench();
        let secret = json!({"Name": "s", "Value": "hush", "Type": "SecureString"});
        call(&it, "PutParameter", secret).unwrap();
        assert_ne!(value(&it, "s").unwrap(), "hush");
        let open = json!({"Name": "s", "WithDecryption": true});
        let open = call(&it, "GetParameter", open).unwrap();
        assert_eq!(
            open.get("Parameter").unwrap().get("Value"),
            Some(&json!("hush"))
        );
    }

    #[test]
    fn paths_hold_what_is_below_them() {
        let it = bench();
        for name in ["/a/b", "/a/c", "/a/d/e", "/ab"] {
            put(&it, name, "v");
        }
        let by_path = |parameters: Json| call(&it, "GetParametersByPath", parameters).unwrap();
        assert_eq!(names(&by_path(json!({"Path": "/a"}))), ["/a/b", "/a/c"]);
        let first = by_path(json!({"Path": "/a", "Recursive": true, "MaxResults": 2}));
        let token = first.get("NextToken").unwrap().clone();
        let rest = by_path(json!({"Path": "/a", "Recursive": true, "NextToken": token}));
        assert_eq!(
            (names(&first), names(&rest)),
            (vec!["/a/b", "/a/c"], vec!["/a/d/e"])
        );
        let filter =
            json!({"ParameterFilters": [{"Key": "Name", "Option": "Contains", "Values": ["d"]}]});
        assert_eq!(
            names(&call(&it, "DescribeParameters", filter).unwrap()),
            ["/a/d/e"]
        );
    }

    #[test]
    fn old_versions_go_unless_they_are_labelled() {
        let it = bench();
        for number in 1..=101 {
            put(&it, "p", &number.to_string());
        }
        assert_eq!(
            value(&it, "p:1"),
            Err("ParameterVersionNotFound".to_owned())
        );
        let label = json!({"Name": "p", "ParameterVersion": 2, "Labels": ["keep"]});
        call(&it, "LabelParameterVersion", label).unwrap();
        let full = json!({"Name": "p", "Value": "x", "Overwrite": true});
        assert_eq!(
            call(&it, "PutParameter", full),
            Err("ParameterMaxVersionLimitExceeded".to_owned())
        );
    }

    #[test]
    fn what_cannot_be_done_is_told_in_aws_words() {
        let it = bench();
        put(&it, "p", "v");
        let long = "x".repeat(4097);
        for (operation, parameters, expect) in [
            (
                "PutParameter",
                json!({"Name": "p", "Value": "w", "Type": "String"}),
                "ParameterAlreadyExists",
            ),
            (
                "PutParameter",
                json!({"Name": "q", "Value": "w"}),
                "ValidationException",
            ),
            (
                "PutParameter",
                json!({"Name": "q", "Value": "w", "Type": "Odd"}),
                "UnsupportedParameterType",
            ),
            (
                "PutParameter",
                json!({"Name": "q", "Value": long, "Type": "String"}),
                "ValidationException",
            ),
            ("GetParameters", json!({}), "ValidationException"),
            ("DeleteParameter", json!({"Name": "q"}), "ParameterNotFound"),
            (
                "GetParametersByPath",
                json!({"Path": "a"}),
                "ValidationException",
            ),
            (
                "DescribeParameters",
                json!({"ParameterFilters": [{"Key": "Odd"}]}),
                "InvalidFilterKey",
            ),
            (
                "AddTagsToResource",
                json!({"ResourceType": "Parameter", "ResourceId": "q"}),
                "InvalidResourceId",
            ),
            ("SendCommand", json!({}), "UnknownOperationException"),
        ] {
            assert_eq!(
                call(&it, operation, parameters),
                Err(expect.to_owned()),
                "{operation}"
            );
        }
    }
}
