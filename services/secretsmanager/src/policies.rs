//! Resource policies, as records: nobody is kept from anything by them.

use passo_json::{Json, Limits};
use passo_service::Fault;

use crate::faults;
use crate::reference::{Request, head, only_head};

type Answer = Result<Json, Fault>;

/// `PutResourcePolicy`
pub(crate) fn put(request: &Request<'_>) -> Answer {
    let policy = request.parameters.required("ResourcePolicy");
    let policy = policy.map_err(|missing| faults::missing(&missing))?;
    if passo_json::validate(policy, Limits::default()).is_err() {
        return Err(Fault::caller(
            "MalformedPolicyDocumentException",
            "This resource policy contains invalid Json.",
        ));
    }
    let secret = request.changed(|secret| {
        secret.policy = Some(policy.to_owned());
        Ok(())
    })?;
    Ok(only_head(&secret))
}

/// `GetResourcePolicy`
pub(crate) fn get(request: &Request<'_>) -> Answer {
    let secret = request.living()?;
    let mut answer = head(&secret);
    answer.insert_some("ResourcePolicy", secret.policy.as_deref());
    Ok(Json::from(answer.build()))
}

/// `DeleteResourcePolicy`
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let secret = request.changed(|secret| {
        secret.policy = None;
        Ok(())
    })?;
    Ok(only_head(&secret))
}
