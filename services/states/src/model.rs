//! What the API keeps: state machines with their revisions, versions, aliases, activities and tags.

use std::sync::Arc;

use passo_asl::WorkflowType;
use passo_json::Json;
use passo_runtime::Key;
use passo_service::Caller;
use passo_vocab::Timestamp;

use crate::resource;

/// A state machine or an activity of one account and region, as its key in the store: parts end with a zero byte, which
/// no name can have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Owned(Vec<u8>);

impl Owned {
    /// What is called `name`.
    pub(crate) fn new(caller: &Caller, name: &str) -> Owned {
        let mut bytes = Owned::all_of(caller);
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(0);
        Owned(bytes)
    }

    /// What every key of the caller begins with.
    pub(crate) fn all_of(caller: &Caller) -> Vec<u8> {
        format!("{}\0{}\0", caller.account, caller.region).into_bytes()
    }

    /// The bytes of the key; what belongs to the resource begins with them.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A state machine.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StateMachine {
    pub(crate) arn: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) workflow_type: WorkflowType,
    pub(crate) created_at: Timestamp,
    /// Whether it waits for its last executions to end.
    pub(crate) is_deleting: bool,
    /// The number of the revision that new executions run.
    pub(crate) revision: u64,
    /// The number of the next version; numbers are never used again.
    pub(crate) next_version: u64,
    /// `publish` and `versionDescription` of its creation, for a creation that is repeated.
    pub(crate) creation: Creation,
}

/// What of a creation is compared when it is repeated, beside the first revision.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Creation {
    pub(crate) publish: bool,
    pub(crate) version_description: Option<Arc<str>>,
}

/// What a state machine was from one update to the next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Revision {
    pub(crate) number: u64,
    /// `revisionId`; the first revision of a state machine has none (recorded).
    pub(crate) id: Option<Arc<str>>,
    pub(crate) definition: Arc<str>,
    pub(crate) definition_key: Key,
    pub(crate) role_arn: Arc<str>,
    /// `loggingConfiguration`, complete.
    pub(crate) logging: Json,
    pub(crate) tracing_enabled: bool,
    /// `encryptionConfiguration`, complete.
    pub(crate) encryption: Json,
    pub(crate) updated_at: Timestamp,
}

/// A published revision.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Version {
    pub(crate) number: u64,
    pub(crate) revision: u64,
    pub(crate) description: Option<Arc<str>>,
    pub(crate) created_at: Timestamp,
}

/// A name for one version, or for two with weights.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alias {
    pub(crate) name: Arc<str>,
    pub(crate) description: Option<Arc<str>>,
    pub(crate) routing: Vec<Route>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// The share of an alias's executions that a version gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) version: u64,
    /// In percent.
    pub(crate) weight: u64,
}

/// An activity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Activity {
    pub(crate) arn: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) created_at: Timestamp,
    pub(crate) encryption: Json,
}

/// The tags of a resource, in the order in which they were added.
pub(crate) type Tags = Vec<(Arc<str>, Arc<str>)>;

impl StateMachine {
    /// The ARN of one of its versions.
    pub(crate) fn version_arn(&self, version: u64) -> Arc<str> {
        Arc::from(format!("{}:{version}", self.arn))
    }

    /// The ARN of one of its aliases.
    pub(crate) fn alias_arn(&self, alias: &str) -> Arc<str> {
        Arc::from(format!("{}:{alias}", self.arn))
    }

    /// The ARN of the state machine `name` of the caller.
    pub(crate) fn arn_of(caller: &Caller, name: &str) -> Arc<str> {
        resource::arn(caller, &format!("stateMachine:{name}"))
    }
}

impl Revision {
    /// Whether an update from this revision to `other` would change nothing.
    pub(crate) fn is_same_as(&self, other: &Revision) -> bool {
        self.role_arn == other.role_arn && self.is_same_but_for_role(other)
    }

    /// Whether a creation with `other` repeats this one: a role is not compared.
    pub(crate) fn is_same_but_for_role(&self, other: &Revision) -> bool {
        self.definition == other.definition
            && self.logging == other.logging
            && self.tracing_enabled == other.tracing_enabled
            && self.encryption == other.encryption
    }
}

/// The type as the API spells it.
pub(crate) fn type_name(workflow_type: WorkflowType) -> &'static str {
    match workflow_type {
        WorkflowType::Standard => "STANDARD",
        WorkflowType::Express => "EXPRESS",
    }
}

/// The type that the API spells `name`; Standard where nothing is said.
pub(crate) fn type_from_name(name: Option<&str>) -> WorkflowType {
    match name {
        Some("EXPRESS") => WorkflowType::Express,
        _ => WorkflowType::Standard,
    }
}
