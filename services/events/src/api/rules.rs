//! Rules.

use passo_event_pattern::Pattern;
use passo_json::{Json, ObjectBuilder};
use passo_schedule::Schedule;
use passo_service::Fault;

use crate::faults;
use crate::names::{self, DEFAULT_BUS};
use crate::records::Rule;
use crate::request::{Answer, Request, nothing};

/// Characters of a rule's name. Source: API Reference, "PutRule".
const NAME_MAX: usize = 64;
/// Characters of a pattern. Source: API Reference, "PutRule".
const PATTERN_MAX: usize = 4096;

/// `PutRule`: makes a rule, or changes it as a whole.
pub(crate) fn put(request: &Request<'_>) -> Answer {
    let given = request.given;
    let name = request.required("Name")?;
    if !names::is_legal(name, NAME_MAX) || name.contains('/') {
        return Err(faults::validation(format!(
            "1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+"
        )));
    }
    let filled = |member: &str| given.text(member).filter(|text| !text.is_empty());
    let (pattern, schedule) = (filled("EventPattern"), filled("ScheduleExpression"));
    if pattern.is_none() && schedule.is_none() {
        return Err(faults::validation(
            "Parameter(s) EventPattern or ScheduleExpression must be specified.",
        ));
    }
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    check(pattern, schedule, &bus)?;
    let change = request.service.tables.records.change();
    let old = request.find_rule(&bus, name)?;
    let text = |member: &str| filled(member).map(str::to_owned);
    let rule = Rule {
        account: given.account().to_owned(),
        region: given.region().to_owned(),
        name: name.to_owned(),
        bus,
        pattern: pattern.map(str::to_owned),
        schedule: schedule.map(str::to_owned),
        state: text("State").unwrap_or_else(|| "ENABLED".to_owned()),
        description: text("Description"),
        role: text("RoleArn"),
        tags: match &old {
            // Tags of a rule that is there are left alone.
            Some(old) => old.tags.clone(),
            None => given.tags("Tags"),
        },
        created_at: old
            .as_ref()
            .map_or_else(|| request.now(), |old| old.created_at),
        due_from: request.now(),
        targets: old.map(|old| old.targets).unwrap_or_default(),
    };
    request.keep_rule(&change, &rule)?;
    let mut answer = ObjectBuilder::new();
    answer.insert("RuleArn", rule.arn());
    Ok(Json::from(answer.build()))
}

fn check(pattern: Option<&str>, schedule: Option<&str>, bus: &str) -> Result<(), Fault> {
    if let Some(pattern) = pattern {
        if pattern.len() > PATTERN_MAX {
            return Err(faults::limit("Event pattern is too long."));
        }
        parsed(pattern)?;
    }
    let Some(schedule) = schedule else {
        return Ok(());
    };
    let parsed = Schedule::parse(schedule).ok();
    if parsed.is_none_or(|schedule| schedule.is_once()) {
        return Err(faults::validation(
            "Parameter ScheduleExpression is not valid.",
        ));
    }
    if bus != DEFAULT_BUS {
        return Err(faults::validation(
            "ScheduleExpression is supported only on the default event bus.",
        ));
    }
    Ok(())
}

/// A pattern from its text.
pub(crate) fn parsed(pattern: &str) -> Result<Pattern, Fault> {
    let json = Json::parse(pattern).map_err(|_| faults::not_json_pattern())?;
    Pattern::parse(&json).map_err(|error| faults::pattern(&error))
}

/// `DescribeRule`
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    let rule = request.rule(&bus, request.required("Name")?)?;
    let mut answer = described(&rule);
    answer.insert("CreatedBy", request.given.account());
    Ok(Json::from(answer.build()))
}

/// `ListRules`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    let (account, region) = (request.given.account(), request.given.region());
    let mut rules = request.service.tables.rules(account, region, &bus)?;
    if let Some(prefix) = request.given.text("NamePrefix") {
        rules.retain(|rule| rule.name.starts_with(prefix));
    }
    let show = |rule: &Rule| Json::from(described(rule).build());
    Ok(request.page("Rules", rules, |rule| &rule.name, show))
}

/// `ListRuleNamesByTarget`
pub(crate) fn list_by_target(request: &Request<'_>) -> Answer {
    let target = request.required("TargetArn")?;
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    let (account, region) = (request.given.account(), request.given.region());
    let mut rules = request.service.tables.rules(account, region, &bus)?;
    rules.retain(|rule| {
        let mut targets = rule.targets.values();
        targets.any(|one| one.get("Arn").and_then(Json::as_str) == Some(target))
    });
    let show = |rule: &Rule| Json::from(rule.name.as_str());
    Ok(request.page("RuleNames", rules, |rule| &rule.name, show))
}

/// `DeleteRule`: one that is not there is deleted already.
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let name = request.required("Name")?;
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    let change = request.service.tables.records.change();
    let Some(rule) = request.find_rule(&bus, name)? else {
        return Ok(nothing());
    };
    if !rule.targets.is_empty() {
        return Err(faults::has_targets());
    }
    let (account, region) = (request.given.account(), request.given.region());
    change
        .remove(&["rule", account, region, &bus, name])
        .map_err(|error| faults::store(&error))?;
    request.service.rules_changed(account, region, &bus);
    Ok(nothing())
}

/// `EnableRule` and `DisableRule`
pub(crate) fn set_state(request: &Request<'_>, state: &str) -> Answer {
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    let change = request.service.tables.records.change();
    let mut rule = request.rule(&bus, request.required("Name")?)?;
    if !rule.is_enabled() {
        rule.due_from = request.now();
    }
    state.clone_into(&mut rule.state);
    request.keep_rule(&change, &rule)?;
    Ok(nothing())
}

fn described(rule: &Rule) -> ObjectBuilder {
    let mut shown = ObjectBuilder::new();
    shown
        .insert("Name", rule.name.as_str())
        .insert("Arn", rule.arn())
        .insert_some("EventPattern", rule.pattern.as_deref())
        .insert_some("ScheduleExpression", rule.schedule.as_deref())
        .insert("State", rule.state.as_str())
        .insert_some("Description", rule.description.as_deref())
        .insert_some("RoleArn", rule.role.as_deref())
        .insert("EventBusName", rule.bus.as_str());
    shown
}
