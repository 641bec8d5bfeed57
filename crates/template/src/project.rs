//! What a template deploys, as far as workflows are concerned.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use passo_asl::WorkflowType;
use passo_asl::source::Span;

/// The resources of a template, in its order.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// `AWS::Serverless::Function` and `AWS::Lambda::Function`.
    pub functions: Vec<Function>,
    /// `AWS::Serverless::StateMachine` and `AWS::StepFunctions::StateMachine`.
    pub state_machines: Vec<StateMachine>,
    /// Every other resource, and the event sources and layers of these.
    pub unsupported: Vec<UnsupportedResource>,
}

/// A Lambda function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name in the template.
    pub logical_id: Arc<str>,
    /// `FunctionName`, else the logical id.
    pub name: Arc<str>,
    /// Its ARN, without a version.
    pub arn: Arc<str>,
    /// `Runtime`, such as `python3.12`.
    pub runtime: Arc<str>,
    /// `Handler`, such as `app.handler`.
    pub handler: Arc<str>,
    /// Where its code is.
    pub code: Code,
    /// `Environment.Variables`.
    pub environment: BTreeMap<Arc<str>, Arc<str>>,
    /// `Timeout`, 3 seconds where not given.
    pub timeout_seconds: u32,
    /// `MemorySize`, 128 MB where not given.
    pub memory_megabytes: u32,
    /// Where the resource stands.
    pub span: Span,
}

/// The code of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// A directory or file, relative to the template.
    Path(PathBuf),
    /// The text of its only file.
    Inline(Arc<str>),
}

/// A state machine.
#[derive(Clone, Debug)]
pub struct StateMachine {
    /// Its name in the template.
    pub logical_id: Arc<str>,
    /// `Name` or `StateMachineName`, else the logical id.
    pub name: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    /// The role it runs with; one is made up where the template leaves it to SAM.
    pub role_arn: Arc<str>,
    /// Its type.
    pub workflow_type: WorkflowType,
    /// Its definition, before substitution.
    pub definition: DefinitionSource,
    /// `DefinitionSubstitutions`, resolved; apply them with [`crate::substitute`].
    pub substitutions: BTreeMap<Arc<str>, Arc<str>>,
    /// Where the resource stands.
    pub span: Span,
}

/// The definition of a state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefinitionSource {
    /// A file, relative to the template; its name tells JSON from YAML.
    File(PathBuf),
    /// JSON text: `DefinitionString`, or `Definition` printed.
    Text(Arc<str>),
}

/// A resource that Passo does not create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsupportedResource {
    /// Its name in the template.
    pub logical_id: Arc<str>,
    /// Its `Type`.
    pub resource_type: Arc<str>,
    /// Where the resource stands.
    pub span: Span,
    /// Whether a workflow that is started by hand behaves the same without it: permissions, logs, event sources.
    pub harmless: bool,
}
