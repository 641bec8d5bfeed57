//! Targets of rules.

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::Findings;
use passo_service::Fault;
use passo_vocab::Arn;

use crate::input::InputForm;
use crate::request::{Answer, Request};
use crate::{faults, plan};

/// Targets of one rule. Source: EventBridge quotas.
const TARGETS_MAX: usize = 5;

/// `PutTargets`
pub(crate) fn put(request: &Request<'_>) -> Answer {
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    let change = request.service.tables.records.change();
    let mut rule = request.rule(&bus, request.required("Rule")?)?;
    for target in request.given.list("Targets") {
        let Some(target) = target.as_object() else {
            continue;
        };
        // One that is wrong is the fault of the whole request.
        let id = check(target)?;
        rule.targets.insert(id.to_owned(), target.clone());
    }
    if rule.targets.len() > TARGETS_MAX {
        return Err(faults::limit(
            "The requested resource exceeds the maximum number allowed.",
        ));
    }
    request.keep_rule(&change, &rule)?;
    Ok(outcome(Vec::new()))
}

/// `RemoveTargets`
pub(crate) fn remove(request: &Request<'_>) -> Answer {
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    let change = request.service.tables.records.change();
    let mut rule = request.rule(&bus, request.required("Rule")?)?;
    let mut failed = Vec::new();
    for id in request.given.texts("Ids") {
        if rule.targets.remove(id).is_none() {
            let target = Object::default().with("Id", id);
            let message = format!(
                "Rule {} does not have a target with the Id {id}.",
                rule.name
            );
            let fault = Fault::caller("ResourceNotFoundException", message);
            failed.push(entry(&target, &fault));
        }
    }
    request.keep_rule(&change, &rule)?;
    Ok(outcome(failed))
}

/// `ListTargetsByRule`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let bus = request.bus(request.bus_name("EventBusName"))?.name;
    let rule = request.rule(&bus, request.required("Rule")?)?;
    let targets: Vec<(String, Object)> = rule.targets.into_iter().collect();
    let show = |(_, target): &(String, Object)| Json::from(target.clone());
    Ok(request.page("Targets", targets, |(id, _)| id, show))
}

/// The target's id, where the target is one.
fn check(target: &Object) -> Result<&str, Fault> {
    let text = |member: &str| target.get(member).and_then(Json::as_str);
    let (Some(id), Some(arn)) = (text("Id"), text("Arn")) else {
        return Err(faults::validation("A target has an Id and an Arn."));
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !id.chars().all(legal) {
        let mut findings = Findings::default();
        findings.pattern(id, "targets.1.member.id", r"[\.\-_A-Za-z0-9]+");
        findings.told().map_err(faults::validation)?;
    }
    let invalid = |reason: &str| {
        faults::validation(format!("Parameter {arn} is not valid. Reason: {reason}"))
    };
    let parsed = Arn::parse(arn).map_err(|_| invalid("Provided Arn is not in correct format."))?;
    if !plan::is_supported(&parsed) {
        return Err(invalid("Targets of this service are not supported."));
    }
    if needs_role(&parsed) && text("RoleArn").is_none() && text("RoleARN").is_none() {
        let message = format!("RoleArn is required for target {arn}.");
        return Err(faults::validation(message));
    }
    let wanted = needed(&parsed).filter(|member| target.get(member).is_none());
    if let Some(member) = wanted {
        let message = format!("Parameter(s) {member} must be specified for target: {id}.");
        return Err(faults::validation(message));
    }
    let forms = ["Input", "InputPath", "InputTransformer"];
    let forms = forms.into_iter().filter(|form| target.get(form).is_some());
    if forms.count() > 1 {
        return Err(faults::validation(format!(
            "Only one of Input, InputPath, or InputTransformer must be provided for target {id}."
        )));
    }
    InputForm::read(target).map_err(|problem| faults::validation(problem.of(id)))?;
    Ok(id)
}

/// Whether EventBridge calls such a target in a role, which the target has to name.
fn needs_role(arn: &Arn) -> bool {
    matches!(
        arn.service(),
        "kinesis" | "firehose" | "ecs" | "batch" | "codebuild" | "codepipeline" | "sagemaker"
    )
}

/// What such a target has to say besides.
fn needed(arn: &Arn) -> Option<&'static str> {
    match arn.service() {
        "sqs" if arn.resource().ends_with(".fifo") => Some("SqsParameters"),
        "ecs" => Some("EcsParameters"),
        "batch" => Some("BatchParameters"),
        _ => None,
    }
}

fn entry(target: &Object, fault: &Fault) -> Json {
    let mut entry = ObjectBuilder::new();
    entry
        .insert_some("TargetId", target.get("Id").cloned())
        .insert("ErrorCode", &*fault.code)
        .insert("ErrorMessage", fault.message.as_str());
    Json::from(entry.build())
}

fn outcome(failed: Vec<Json>) -> Json {
    let mut answer = ObjectBuilder::new();
    answer
        .insert("FailedEntryCount", i64::try_from(failed.len()).unwrap_or(0))
        .insert("FailedEntries", failed);
    Json::from(answer.build())
}
