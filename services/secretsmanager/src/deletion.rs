//! Deleting a secret after its recovery window, and changing one's mind.

use passo_json::Json;
use passo_service::Fault;

use crate::faults;
use crate::reference::{Request, head, only_head};
use crate::secret::seconds;

type Answer = Result<Json, Fault>;

const MILLIS_PER_DAY: i64 = 86_400_000;
/// Days until a deleted secret goes for good, unless given.
const WINDOW_DAYS: i64 = 30;

/// `DeleteSecret`
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let parameters = request.parameters;
    let days = parameters.number("RecoveryWindowInDays");
    let at_once = parameters.flag("ForceDeleteWithoutRecovery");
    if at_once && days.is_some() {
        return Err(faults::invalid_parameter(
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        ));
    }
    if days.is_some_and(|days| !(7..=30).contains(&days)) {
        return Err(faults::invalid_parameter(
            "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
        ));
    }
    let change = request.service.records.change();
    let mut secret = if at_once {
        request.any()?
    } else {
        request.living()?
    };
    let now = request.now();
    let deleted_at = if at_once {
        change
            .remove(&request.key(&secret.name))
            .map_err(|error| faults::store(&error))?;
        now
    } else {
        let window = days.unwrap_or(WINDOW_DAYS).saturating_mul(MILLIS_PER_DAY);
        let gone_at = now.saturating_add(window);
        secret.deleted_at = Some(now);
        secret.gone_at = Some(gone_at);
        request.keep(&change, &secret)?;
        gone_at
    };
    let mut answer = head(&secret);
    answer.insert("DeletionDate", seconds(deleted_at));
    Ok(Json::from(answer.build()))
}

/// `RestoreSecret`
pub(crate) fn restore(request: &Request<'_>) -> Answer {
    let change = request.service.records.change();
    let mut secret = request.any()?;
    secret.deleted_at = None;
    secret.gone_at = None;
    request.keep(&change, &secret)?;
    Ok(only_head(&secret))
}
