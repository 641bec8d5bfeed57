//! Whose account it is.

use super::{Api, CallError};

/// The account that requests belong to (`sts:GetCallerIdentity`).
///
/// # Errors
/// When the server does not tell.
pub async fn account(api: &Api) -> Result<String, CallError> {
    let form = "Action=GetCallerIdentity&Version=2011-06-15".to_owned();
    let answer = api.query("sts", "GetCallerIdentity", form).await?;
    let account = answer
        .split_once("<Account>")
        .and_then(|(_, rest)| rest.split_once("</Account>"))
        .map(|(account, _)| account.trim().to_owned());
    account.ok_or_else(|| CallError::Answer {
        operation: "GetCallerIdentity".to_owned(),
        why: "it names no account".to_owned(),
    })
}
