//! Parameter Store's errors, in AWS's words. Source: Systems Manager API Reference, "Errors" of each action.

use passo_records::Missing;
use passo_service::Fault;
use passo_store::StoreError;

/// AWS gives no text.
pub(crate) fn not_found() -> Fault {
    Fault::caller("ParameterNotFound", "")
}

pub(crate) fn no_version(name: &str, version: &str) -> Fault {
    Fault::caller(
        "ParameterVersionNotFound",
        format!(
            "Systems Manager could not find version {version} of {name}. Verify the version and try again."
        ),
    )
}

pub(crate) fn exists() -> Fault {
    Fault::caller(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    )
}

pub(crate) fn unsupported_type() -> Fault {
    Fault::caller(
        "UnsupportedParameterType",
        "The parameter type is not supported.",
    )
}

pub(crate) fn hierarchy_type(from: &str, to: &str) -> Fault {
    Fault::caller(
        "HierarchyTypeMismatchException",
        format!("Parameter type {from} can't be changed to {to}."),
    )
}

pub(crate) fn too_deep() -> Fault {
    Fault::caller(
        "HierarchyLevelLimitExceededException",
        "A hierarchy can have a maximum of 15 levels.",
    )
}

pub(crate) fn versions_labelled(name: &str) -> Fault {
    Fault::caller(
        "ParameterMaxVersionLimitExceeded",
        format!(
            "You attempted to create a new version of {name} by calling the PutParameter API with the overwrite flag. The oldest version can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again."
        ),
    )
}

pub(crate) fn too_many_labels() -> Fault {
    Fault::caller(
        "ParameterVersionLabelLimitExceeded",
        "A parameter version can have a maximum of ten labels.",
    )
}

pub(crate) fn no_resource(id: &str) -> Fault {
    Fault::caller(
        "InvalidResourceId",
        format!(
            "The resource ID {id} is not valid. Verify that you entered the correct ID and try again."
        ),
    )
}

pub(crate) fn filter_key(key: &str) -> Fault {
    Fault::caller(
        "InvalidFilterKey",
        format!(
            "The following filter key is not valid: {key}. Valid filter keys include: [Path, Name, Type, KeyId, Tier, DataType, Label, tag:*]."
        ),
    )
}

pub(crate) fn validation(message: impl Into<String>) -> Fault {
    Fault::caller("ValidationException", message)
}

pub(crate) fn missing(missing: &Missing) -> Fault {
    validation(missing.to_string())
}

pub(crate) fn store(error: &StoreError) -> Fault {
    Fault::service(error.to_string())
}
