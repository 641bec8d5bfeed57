//! Events that EventBridge and its Scheduler send, to functions and state machines.

use passo_asl::source::Node;

use super::event::{dead_letters, no_window, targets};
use super::expansion::{Expansion, Source};
use super::role;
use crate::tree::{object, text};

/// What an event calls.
pub(super) struct Called<'a> {
    /// Whose event it is.
    pub(super) source: Source<'a>,
    /// The event's name.
    pub(super) name: &'a str,
    /// The event's properties.
    pub(super) properties: &'a Node,
    /// The ARN of what is called.
    pub(super) target: Node,
    /// The role it is called with, where one is needed.
    pub(super) role: Option<Node>,
}

impl Called<'_> {
    fn get(&self, name: &'static str) -> Option<Node> {
        self.properties.get(name).cloned()
    }

    fn target_id(&self) -> Node {
        let own = self.properties.get("Target");
        let own = own.and_then(|target| target.get("Id")).cloned();
        let made = || {
            let kind = match self.role {
                Some(_) => "StepFunctionsTarget",
                None => "LambdaTarget",
            };
            let name = format!("{}{}{kind}", self.source.id, self.name);
            // Source: PutTargets: ids have at most 64 characters.
            let name: String = name.chars().take(64).collect();
            text(self.properties.span, &name)
        };
        own.unwrap_or_else(made)
    }

    fn state(&self) -> Option<Node> {
        let enabled = self.properties.get("Enabled")?.as_bool()?;
        let state = if enabled { "ENABLED" } else { "DISABLED" };
        Some(text(self.properties.span, state))
    }
}

/// `Schedule`: a rule. The name of its resource.
pub(super) fn rule(into: &mut Expansion<'_>, called: &Called<'_>) -> String {
    let target = target(into, called);
    let properties = object(
        called.properties.span,
        [
            ("ScheduleExpression", called.get("Schedule")),
            ("Name", called.get("Name")),
            ("Description", called.get("Description")),
            ("State", called.get("State").or_else(|| called.state())),
            ("Targets", Some(targets(target))),
        ],
    );
    take(into, called, "AWS::Events::Rule", properties)
}

/// `EventBridgeRule`: a rule. The name of its resource.
pub(super) fn pattern(into: &mut Expansion<'_>, called: &Called<'_>) -> String {
    let target = target(into, called);
    let properties = object(
        called.properties.span,
        [
            ("EventPattern", called.get("Pattern")),
            ("EventBusName", called.get("EventBusName")),
            ("Name", called.get("RuleName")),
            ("State", called.get("State")),
            ("Targets", Some(targets(target))),
        ],
    );
    take(into, called, "AWS::Events::Rule", properties)
}

fn target(into: &mut Expansion<'_>, called: &Called<'_>) -> Node {
    let letters = dead_letters(into, called.source, called.name, called.properties);
    object(
        called.properties.span,
        [
            ("Arn", Some(called.target.clone())),
            ("Id", Some(called.target_id())),
            ("RoleArn", called.role.clone()),
            ("Input", called.get("Input")),
            ("InputPath", called.get("InputPath")),
            ("InputTransformer", called.get("InputTransformer")),
            ("RetryPolicy", called.get("RetryPolicy")),
            ("DeadLetterConfig", letters),
        ],
    )
}

/// `ScheduleV2`: a schedule of the Scheduler, which calls with a role of its own.
pub(super) fn schedule(into: &mut Expansion<'_>, called: &Called<'_>, action: &str) {
    let service = "scheduler.amazonaws.com";
    let arn = called.target.clone();
    let role = called.get("RoleArn");
    let role = role
        .unwrap_or_else(|| role::for_event(into, called.source, called.name, service, action, arn));
    let letters = dead_letters(into, called.source, called.name, called.properties);
    let target = object(
        called.properties.span,
        [
            ("Arn", Some(called.target.clone())),
            ("RoleArn", Some(role)),
            ("Input", called.get("Input")),
            ("RetryPolicy", called.get("RetryPolicy")),
            ("DeadLetterConfig", letters),
        ],
    );
    let window = called.get("FlexibleTimeWindow");
    let window = window.unwrap_or_else(|| no_window(called.properties));
    let name = called.get("Name").unwrap_or_else(|| {
        let name = format!("{}{}", called.source.id, called.name);
        text(called.properties.span, &name)
    });
    let properties = object(
        called.properties.span,
        [
            ("Name", Some(name)),
            ("ScheduleExpression", called.get("ScheduleExpression")),
            (
                "ScheduleExpressionTimezone",
                called.get("ScheduleExpressionTimezone"),
            ),
            ("Description", called.get("Description")),
            ("StartDate", called.get("StartDate")),
            ("EndDate", called.get("EndDate")),
            ("GroupName", called.get("GroupName")),
            ("KmsKeyArn", called.get("KmsKeyArn")),
            ("State", called.get("State")),
            ("FlexibleTimeWindow", Some(window)),
            ("Target", Some(target)),
        ],
    );
    take(into, called, "AWS::Scheduler::Schedule", properties);
}

fn take(into: &mut Expansion<'_>, called: &Called<'_>, kind: &str, properties: Node) -> String {
    let id = format!("{}{}", called.source.id, called.name);
    into.comes_with(called.source, &id, kind, properties);
    id
}
