//! Operations, one module for each thing that Lambda names.

pub(super) mod account;
pub(super) mod alias;
pub(super) mod concurrency;
pub(super) mod event_invoke_config;
pub(super) mod event_source_mapping;
pub(super) mod function;
pub(super) mod function_url;
pub(super) mod invoke;
pub(super) mod layer;
pub(super) mod layer_permission;
pub(super) mod permission;
pub(super) mod provisioned;
pub(super) mod tag;
pub(super) mod version;
