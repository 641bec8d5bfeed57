//! The resources of Step Functions, by their ARNs.

use std::sync::Arc;

use passo_service::{Caller, Fault};
use passo_vocab::Arn;

use crate::faults;

/// What an ARN of Step Functions names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// `stateMachine:NAME`, `stateMachine:NAME/LABEL`, `stateMachine:NAME:QUALIFIER`
    StateMachine(StateMachineRef),
    /// `execution:NAME:EXECUTION` and, for a Map run's child, `execution:NAME/LABEL:UUID`
    Execution,
    /// `express:NAME:EXECUTION:UUID` and, for a Map run's child, `express:NAME/LABEL:UUID:UUID`
    Express {
        /// Whether it is a Map run's child: those can be described.
        is_child: bool,
    },
    /// `mapRun:NAME/LABEL:UUID`
    MapRun,
    /// `activity:NAME`
    Activity {
        /// Its name.
        name: Arc<str>,
    },
}

/// A state machine, or a version, an alias or a Distributed Map of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateMachineRef {
    /// The state machine's name.
    pub(crate) name: Arc<str>,
    /// What follows it.
    pub(crate) part: Part,
}

/// What of a state machine is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The state machine itself.
    Whole,
    /// A Distributed Map of it, by label.
    Label(Arc<str>),
    /// One of its versions, by number.
    Version(u64),
    /// One of its aliases, by name.
    Alias(Arc<str>),
}

impl Resource {
    /// Reads an ARN of Step Functions.
    ///
    /// # Errors
    /// `InvalidArn` for anything else.
    pub(crate) fn parse(text: &str) -> Result<Resource, Fault> {
        let invalid = || faults::invalid_arn(&format!("Invalid ARN prefix: {text}"));
        let arn = Arn::parse(text).map_err(|_| invalid())?;
        if arn.service() != "states" {
            return Err(faults::invalid_arn(&format!(
                "Invalid service in ARN: {}",
                arn.service()
            )));
        }
        let (kind, rest) = arn.resource().split_once(':').ok_or_else(invalid)?;
        if rest.is_empty() {
            return Err(invalid());
        }
        match kind {
            "stateMachine" => state_machine(rest)
                .map(Resource::StateMachine)
                .ok_or_else(invalid),
            "execution" if rest.split(':').count() == 2 => Ok(Resource::Execution),
            "express" if rest.split(':').count() == 3 => {
                let is_child = rest
                    .split(':')
                    .next()
                    .is_some_and(|name| name.contains('/'));
                Ok(Resource::Express { is_child })
            }
            "mapRun" => Ok(Resource::MapRun),
            "activity" => Ok(Resource::Activity {
                name: Arc::from(rest),
            }),
            "execution" | "express" => Err(invalid()),
            other => Err(faults::wrong_resource_type(other)),
        }
    }

    /// The word that the ARN has for this kind of resource.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Resource::StateMachine(_) => "stateMachine",
            Resource::Execution => "execution",
            Resource::Express { .. } => "express",
            Resource::MapRun => "mapRun",
            Resource::Activity { .. } => "activity",
        }
    }
}

fn state_machine(rest: &str) -> Option<StateMachineRef> {
    let (name, qualifier) = match rest.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier)),
        None => (rest, None),
    };
    let (name, label) = match name.split_once('/') {
        Some((name, label)) => (name, Some(label)),
        None => (name, None),
    };
    let part = match (label, qualifier) {
        (Some(label), _) if !label.is_empty() => Part::Label(Arc::from(label)),
        (None, None) => Part::Whole,
        (None, Some(qualifier)) if !qualifier.is_empty() && !qualifier.contains(':') => {
            match qualifier.parse() {
                Ok(version) => Part::Version(version),
                Err(_) => Part::Alias(Arc::from(qualifier)),
            }
        }
        _ => return None,
    };
    (!name.is_empty()).then(|| StateMachineRef {
        name: Arc::from(name),
        part,
    })
}

/// The state machine, version, alias or label that `text` names.
///
/// # Errors
/// `InvalidArn` where it is no ARN or names something else.
pub(crate) fn state_machine_ref(text: &str) -> Result<StateMachineRef, Fault> {
    match Resource::parse(text)? {
        Resource::StateMachine(reference) => Ok(reference),
        other => Err(faults::wrong_resource_type(other.type_name())),
    }
}

/// Checks that `text` names a Standard execution or, Standard or Express, a child of a Map run.
///
/// # Errors
/// `InvalidArn` where it is no ARN or names something else.
pub(crate) fn check_execution(text: &str) -> Result<(), Fault> {
    match Resource::parse(text)? {
        Resource::Execution | Resource::Express { is_child: true } => Ok(()),
        other => Err(faults::wrong_resource_type(other.type_name())),
    }
}

/// Checks that `text` names a Map run.
///
/// # Errors
/// `InvalidArn` where it is no ARN or names something else.
pub(crate) fn check_map_run(text: &str) -> Result<(), Fault> {
    match Resource::parse(text)? {
        Resource::MapRun => Ok(()),
        other => Err(faults::wrong_resource_type(other.type_name())),
    }
}

/// The activity that `text` names.
///
/// # Errors
/// `InvalidArn` where it is no ARN or names something else.
pub(crate) fn activity_name(text: &str) -> Result<Arc<str>, Fault> {
    match Resource::parse(text)? {
        Resource::Activity { name } => Ok(name),
        other => Err(faults::wrong_resource_type(other.type_name())),
    }
}

/// Whether an ARN belongs to the caller's account and region: nothing else is visible to it.
pub(crate) fn is_of(text: &str, caller: &Caller) -> bool {
    Arn::parse(text).is_ok_and(|arn| {
        arn.account() == caller.account.as_str() && arn.region() == caller.region.as_str()
    })
}

/// The ARN of a resource of the caller, from what follows the account.
pub(crate) fn arn(caller: &Caller, resource: &str) -> Arc<str> {
    let partition = match caller.region.as_str() {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    Arc::from(format!(
        "arn:{partition}:states:{}:{}:{resource}",
        caller.region, caller.account
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part_of(resource: &str) -> Result<Part, String> {
        let text = format!("arn:aws:states:us-east-1:123456789012:{resource}");
        state_machine_ref(&text)
            .map(|it| it.part)
            .map_err(|fault| fault.message)
    }

    #[test]
    fn state_machines_have_parts() {
        for (resource, expect) in [
            ("stateMachine:m", Part::Whole),
            ("stateMachine:m.x", Part::Whole),
            ("stateMachine:m:7", Part::Version(7)),
            ("stateMachine:m:prod", Part::Alias(Arc::from("prod"))),
            ("stateMachine:m/each", Part::Label(Arc::from("each"))),
        ] {
            assert_eq!(part_of(resource), Ok(expect), "{resource}");
        }
        for resource in [
            "stateMachine:",
            "stateMachine",
            "stateMachine:m:",
            "stateMachine:m:a:b",
            "stateMachine:/l",
        ] {
            assert!(part_of(resource).is_err(), "{resource}");
        }
        assert_eq!(
            part_of("execution:m:e"),
            Err("Invalid Arn: 'Resource type not valid in this context: execution'".into())
        );
    }

    #[test]
    fn other_resources_are_told_apart() {
        for (resource, expect) in [
            ("execution:m:e", "execution"),
            ("execution:m/l:e", "execution"),
            ("express:m:e:u", "express"),
            ("mapRun:m/l:u", "mapRun"),
            ("activity:a", "activity"),
        ] {
            let text = format!("arn:aws:states:us-east-1:123456789012:{resource}");
            assert_eq!(Resource::parse(&text).unwrap().type_name(), expect);
        }
        for text in [
            "",
            "arn",
            "arn:aws:lambda:us-east-1:1:function:f",
            "arn:aws:states:::x:y",
            "arn:aws:states:r:1:express:m:e",
        ] {
            assert_eq!(
                Resource::parse(text).unwrap_err().code,
                "InvalidArn",
                "{text}"
            );
        }
    }
}
