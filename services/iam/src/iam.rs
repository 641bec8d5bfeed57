//! IAM: finds the operation and answers.

use std::sync::Arc;

use passo_json::{Json, Object};
use passo_records::Parameters;
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_store::Store;

use crate::request::Request;
use crate::table::Table;
use crate::{policies, role_policies, roles};

/// The IAM API.
pub struct Iam {
    pub(crate) table: Table,
}

impl Iam {
    /// The service over `store`.
    pub fn new(store: Arc<dyn Store>) -> Iam {
        Iam {
            table: Table::new(store),
        }
    }

    fn answer(&self, request: &Request<'_>) -> Result<Json, Fault> {
        match &*request.given.call.operation {
            "CreateRole" => roles::create(self, request),
            "GetRole" => roles::get(self, request),
            "ListRoles" => roles::list(self, request),
            "UpdateRole" => roles::update(self, request),
            "UpdateAssumeRolePolicy" => roles::update_trust(self, request),
            "DeleteRole" => roles::delete(self, request),
            "TagRole" => roles::tag(self, request),
            "UntagRole" => roles::untag(self, request),
            "ListRoleTags" => roles::list_tags(self, request),
            "ListInstanceProfilesForRole" => roles::list_instance_profiles(self, request),
            "PutRolePolicy" => role_policies::put(self, request),
            "GetRolePolicy" => role_policies::get(self, request),
            "DeleteRolePolicy" => role_policies::delete(self, request),
            "ListRolePolicies" => role_policies::list(self, request),
            "AttachRolePolicy" => role_policies::attach(self, request),
            "DetachRolePolicy" => role_policies::detach(self, request),
            "ListAttachedRolePolicies" => role_policies::list_attached(self, request),
            "CreatePolicy" => policies::create(self, request),
            "GetPolicy" => policies::get(self, request),
            "GetPolicyVersion" => policies::get_version(self, request),
            "ListPolicyVersions" => policies::list_versions(self, request),
            "ListPolicies" => policies::list(self, request),
            "DeletePolicy" => policies::delete(self, request),
            other => {
                let message = format!("The operation {other} is not supported.");
                Err(Fault::caller("InvalidAction", message))
            }
        }
    }
}

impl Service for Iam {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            self.answer(&Request {
                given: Parameters { call: &call },
            })
        })
    }
}

/// The answer of operations that have none.
pub(crate) fn nothing() -> Json {
    Json::from(Object::default())
}
