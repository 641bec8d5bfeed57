//! How functions take events: set, shown, removed.

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;
use passo_vocab::Arn;

use super::super::asynchronous::EventSetting;
use super::super::faults;
use super::super::request::{Request, Target};
use super::super::service::Lambda;

/// Source: Lambda API Reference, `PutFunctionEventInvokeConfig`.
const RETRIES_MAX: i64 = 2;
/// Source: Lambda API Reference, `PutFunctionEventInvokeConfig`.
const AGE_SECONDS: std::ops::RangeInclusive<i64> = 60..=21_600;

type Answer = Result<Json, Fault>;

/// `PutFunctionEventInvokeConfig`
pub(in super::super) fn put(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let wanted = wanted(request)?;
    if wanted.is_empty() {
        return Err(nothing_to_set());
    }
    change(lambda, request, |_, _| {
        Ok(wanted.over(EventSetting::default()))
    })
}

/// `UpdateFunctionEventInvokeConfig`: what is not given stays.
pub(in super::super) fn update(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let wanted = wanted(request)?;
    if wanted.is_empty() {
        return Err(nothing_to_set());
    }
    change(lambda, request, |target, old| {
        Ok(wanted.over(old.ok_or_else(|| missing(target))?))
    })
}

/// `GetFunctionEventInvokeConfig`
pub(in super::super) fn get(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    let setting = lambda.event_settings.find(&target)?;
    let setting = setting.ok_or_else(|| missing(&target))?;
    Ok(setting.show(&target))
}

/// `DeleteFunctionEventInvokeConfig`
pub(in super::super) fn delete(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    if !lambda.event_settings.remove(&target)? {
        return Err(missing(&target));
    }
    Ok(Json::from(Object::default()))
}

/// `ListFunctionEventInvokeConfigs`
pub(in super::super) fn list(lambda: &Lambda, request: &Request<'_>) -> Answer {
    let target = request.target()?;
    lambda.table.get(&target)?;
    let settings = lambda.event_settings.list(&target)?.into_iter();
    let items = settings.map(|(qualifier, setting)| {
        let target = Target {
            qualifier: Some(qualifier.clone()),
            ..target.clone()
        };
        (qualifier, setting.show(&target))
    });
    let (page, marker) = request.page(items.collect());
    let mut answer = ObjectBuilder::new();
    answer
        .insert("FunctionEventInvokeConfigs", page)
        .insert_some("NextMarker", marker);
    Ok(Json::from(answer.build()))
}

fn change(
    lambda: &Lambda,
    request: &Request<'_>,
    change: impl FnOnce(&Target, Option<EventSetting>) -> Result<EventSetting, Fault>,
) -> Answer {
    let target = request.target()?;
    lambda.table.get(&target)?.version(&target)?;
    let now = lambda.clock.now().epoch_millis();
    let setting = lambda.event_settings.change(&target, |old| {
        let mut setting = change(&target, old)?;
        setting.modified_at_millis = now;
        Ok(setting)
    })?;
    Ok(setting.show(&target))
}

/// What a request gives. A destination that is given and empty is none from now on.
struct Wanted {
    retries: Option<u32>,
    age: Option<i64>,
    on_success: Option<Option<String>>,
    on_failure: Option<Option<String>>,
}

impl Wanted {
    fn is_empty(&self) -> bool {
        self.retries.is_none()
            && self.age.is_none()
            && self.on_success.is_none()
            && self.on_failure.is_none()
    }

    fn over(self, old: EventSetting) -> EventSetting {
        EventSetting {
            retries_max: self.retries.or(old.retries_max),
            age_max_seconds: self.age.or(old.age_max_seconds),
            on_success: self.on_success.unwrap_or(old.on_success),
            on_failure: self.on_failure.unwrap_or(old.on_failure),
            modified_at_millis: old.modified_at_millis,
        }
    }
}

fn wanted(request: &Request<'_>) -> Result<Wanted, Fault> {
    let number = |member: &str, range: std::ops::RangeInclusive<i64>| {
        let Some(given) = request.get(member) else {
            return Ok(None);
        };
        let number = given.as_i64().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            let rule = format!(
                "Member must have value between {} and {}",
                range.start(),
                range.end()
            );
            faults::constraint(&given.to_text(), member, &rule)
        })
    };
    Ok(Wanted {
        retries: number("MaximumRetryAttempts", 0..=RETRIES_MAX)?
            .and_then(|retries| u32::try_from(retries).ok()),
        age: number("MaximumEventAgeInSeconds", AGE_SECONDS)?,
        on_success: destination(request, "OnSuccess")?,
        on_failure: destination(request, "OnFailure")?,
    })
}

fn destination(request: &Request<'_>, name: &str) -> Result<Option<Option<String>>, Fault> {
    let destination = request
        .get("DestinationConfig")
        .and_then(|config| config.get(name));
    let Some(destination) = destination.filter(|destination| !destination.is_null()) else {
        return Ok(None);
    };
    let Some(given) = destination.get("Destination").and_then(Json::as_str) else {
        return Ok(Some(None));
    };
    let arn = Arn::parse(given).ok();
    let supported = arn.is_some_and(|arn| match arn.service() {
        "sqs" | "sns" | "lambda" => true,
        "events" => arn.resource().starts_with("event-bus/"),
        _ => false,
    });
    if !supported {
        return Err(faults::invalid(format!(
            "The destination ARN {given} is invalid."
        )));
    }
    Ok(Some(Some(given.to_owned())))
}

fn nothing_to_set() -> Fault {
    faults::invalid("You must specify at least one of error handling or destination setting.")
}

fn missing(target: &Target) -> Fault {
    let qualifier = target.qualifier.as_deref().unwrap_or("$LATEST");
    let arn = target.arn();
    faults::missing(format!(
        "The function {arn}:{qualifier} doesn't have an EventInvokeConfig"
    ))
}
