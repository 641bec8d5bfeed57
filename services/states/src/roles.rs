//! Roles: only their ARNs are looked at.

use std::sync::Arc;

use passo_service::Fault;
use passo_vocab::Arn;

use crate::faults;

/// A role's ARN.
///
/// # Errors
/// `InvalidArn` where it is none.
pub(crate) fn check(text: &str) -> Result<Arc<str>, Fault> {
    match Arn::parse(text) {
        Ok(_) => Ok(Arc::from(text)),
        Err(_) => Err(faults::invalid_arn(&format!("Invalid ARN prefix: {text}"))),
    }
}
