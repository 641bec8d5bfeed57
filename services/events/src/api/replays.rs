//! Replays.

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;

use crate::api::put_events::time;
use crate::faults;
use crate::names;
use crate::replay::{CANCELLED, Replay, STARTING};
use crate::request::{Answer, Request, seconds};

/// Characters of a name. Source: API Reference, "StartReplay".
const NAME_MAX: usize = 64;

/// `StartReplay`
pub(crate) fn start(request: &Request<'_>) -> Answer {
    let name = request.required("ReplayName")?;
    if !names::is_legal(name, NAME_MAX) || name.contains('/') {
        return Err(faults::validation("Replay name is not valid."));
    }
    let source = request.required("EventSourceArn")?;
    let found = request.service.archive(source);
    let archive = found.map_err(|error| faults::store(&error))?;
    let archive = archive.filter(|archive| archive.account == request.given.account());
    let archive = archive.ok_or_else(|| {
        faults::validation(format!(
            "Parameter EventSourceArn is not valid. Reason: Archive {source} does not exist."
        ))
    })?;
    let destination = request.given.object("Destination").cloned();
    let destination = destination.unwrap_or_default();
    let bus = destination.get("Arn").and_then(Json::as_str);
    if bus.map(names::bus) != Some(archive.bus()) {
        return Err(faults::validation(
            "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
        ));
    }
    let at = |member: &str| time(request.given.get(member)).unwrap_or(0);
    let (from, end) = (at("EventStartTime"), at("EventEndTime"));
    if end <= from {
        return Err(faults::validation(
            "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
        ));
    }
    let replay = Replay {
        account: request.given.account().to_owned(),
        region: request.given.region().to_owned(),
        name: name.to_owned(),
        description: request.given.text("Description").map(str::to_owned),
        source: source.to_owned(),
        destination,
        from,
        end,
        state: STARTING.to_owned(),
        started_at: request.now(),
        ..Replay::default()
    };
    let change = request.service.tables.records.change();
    if find(request, name)?.is_some() {
        return Err(faults::exists(format!("Replay {name} already exists.")));
    }
    change
        .put(&replay.key(), &replay.encode())
        .map_err(|error| faults::store(&error))?;
    request.service.replays_changed.notify_one();
    let mut answer = outline(&replay);
    answer.insert("ReplayStartTime", seconds(replay.started_at));
    Ok(Json::from(answer.build()))
}

/// `DescribeReplay`
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let replay = named(request)?;
    let mut shown = replay.shown();
    shown
        .insert("ReplayArn", replay.arn())
        .insert_some("Description", replay.description.as_deref())
        .insert("Destination", replay.destination.clone());
    Ok(Json::from(shown.build()))
}

/// `ListReplays`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    request.one_filter("ListReplays")?;
    let mut found = request.listed("replay", Replay::decode, |replay| &replay.name)?;
    if let Some(state) = request.given.text("State") {
        found.retain(|replay| replay.state == state);
    }
    if let Some(source) = request.given.text("EventSourceArn") {
        found.retain(|replay| replay.source == source);
    }
    let show = |replay: &Replay| Json::from(replay.shown().build());
    Ok(request.page("Replays", found, |replay| &replay.name, show))
}

/// `CancelReplay`: what is delivered already stays so.
pub(crate) fn cancel(request: &Request<'_>) -> Answer {
    let change = request.service.tables.records.change();
    let mut replay = named(request)?;
    if !replay.is_running() {
        return Err(Fault::caller(
            "IllegalStatusException",
            format!(
                "Replay {} is not in a valid state for this operation.",
                replay.name
            ),
        ));
    }
    CANCELLED.clone_into(&mut replay.state);
    replay.ended_at = Some(request.now());
    change
        .put(&replay.key(), &replay.encode())
        .map_err(|error| faults::store(&error))?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("ReplayArn", replay.arn())
        .insert("State", "CANCELLING");
    Ok(Json::from(answer.build()))
}

fn outline(replay: &Replay) -> ObjectBuilder {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("ReplayArn", replay.arn())
        .insert("State", replay.state.as_str());
    shown
}

fn named(request: &Request<'_>) -> Result<Replay, Fault> {
    let name = request.required("ReplayName")?;
    find(request, name)?.ok_or_else(|| {
        Fault::caller(
            "ResourceNotFoundException",
            format!("Replay {name} does not exist."),
        )
    })
}

fn find(request: &Request<'_>, name: &str) -> Result<Option<Replay>, Fault> {
    request.find("replay", name, Replay::decode)
}
