//! Universal targets: any operation that changes something, of any service.
//!
//! Source: EventBridge Scheduler User Guide, "Using universal targets".

use passo_json::{Json, Object};
use passo_model::{Listed, Model, Shape, ShapeId};

/// What the ARN of a universal target begins with.
const PREFIX: &str = "arn:aws:scheduler:::aws-sdk:";

/// Operations whose names begin so only read, and are no targets.
const READING: [&str; 24] = [
    "get",
    "describe",
    "list",
    "poll",
    "receive",
    "search",
    "scan",
    "query",
    "select",
    "read",
    "lookup",
    "discover",
    "validate",
    "batchGet",
    "batchDescribe",
    "batchRead",
    "transactGet",
    "adminGet",
    "adminList",
    "testMigration",
    "retrieve",
    "testConnection",
    "translateDocument",
    "isAuthorized",
];

/// Levels of nesting whose members are renamed; what is deeper is handed on as it is.
const DEPTH_MAX: usize = 32;

/// An operation of a service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Universal {
    pub(crate) listed: &'static Listed,
    pub(crate) operation: &'static str,
    input: Option<ShapeId>,
}

impl Universal {
    /// Whether an ARN is that of a universal target, of whatever operation.
    pub(crate) fn is_meant(arn: &str) -> bool {
        arn.starts_with(PREFIX)
    }

    /// The operation that `arn:aws:scheduler:::aws-sdk:SERVICE:ACTION` names; none where there is none that may be a target.
    pub(crate) fn parse(arn: &str) -> Option<Universal> {
        let (service, action) = arn.strip_prefix(PREFIX)?.split_once(':')?;
        let reads = |verb: &str| {
            let rest = action.strip_prefix(verb);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
        };
        if READING.into_iter().any(reads) {
            return None;
        }
        let listed = passo_model::by_id(service)?;
        let mut name = action.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let operation = listed.model().operation(&name)?;
        Some(Universal {
            listed,
            operation: operation.name,
            input: operation.input,
        })
    }

    /// The operation's parameters from a target's input, which spells members as SDKs do, with a capital letter.
    pub(crate) fn parameters(self, input: &Json) -> Json {
        match self.input {
            Some(shape) => renamed(self.listed.model(), shape, input, DEPTH_MAX),
            None => Json::from(Object::default()),
        }
    }
}

fn renamed(model: &Model, shape: ShapeId, given: &Json, depth: usize) -> Json {
    let Some(depth) = depth.checked_sub(1) else {
        return given.clone();
    };
    match (model.shape(shape), given) {
        (Shape::Structure(structure), Json::Object(members)) => {
            let members = members.iter().map(|(name, value)| {
                let known = structure.member(name);
                let mut all = structure.members.iter();
                let known = known.or_else(|| all.find(|it| it.name.eq_ignore_ascii_case(name)));
                match known {
                    Some(member) => (member.name, renamed(model, member.shape, value, depth)),
                    None => (&**name, value.clone()),
                }
            });
            Json::from(members.collect::<Object>())
        }
        (Shape::List(list), Json::Array(items)) => {
            let items = items
                .iter()
                .map(|item| renamed(model, list.item, item, depth));
            Json::from(items.collect::<Vec<Json>>())
        }
        (Shape::Map(map), Json::Object(members)) => {
            let members = members
                .iter()
                .map(|(key, value)| (&**key, renamed(model, map.value, value, depth)));
            Json::from(members.collect::<Object>())
        }
        _ => given.clone(),
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn operations_are_found_and_members_renamed() {
        let found = Universal::parse("arn:aws:scheduler:::aws-sdk:sfn:startExecution").unwrap();
        assert_eq!(
            (found.listed.name, found.operation),
            ("states", "StartExecution")
        );
        assert_eq!(
            found.parameters(&json!({"StateMachineArn": "a", "Input": "{}", "other": 1})),
            json!({"stateMachineArn": "a", "input": "{}", "other": 1})
        );
        let found = Universal::parse("arn:aws:scheduler:::aws-sdk:dynamodb:putItem").unwrap();
        assert_eq!(
            found.parameters(&json!({"TableName": "t", "Item": {"Id": {"S": "1"}}})),
            json!({"TableName": "t", "Item": {"Id": {"S": "1"}}})
        );
        for none in [
            "sqs:getQueueUrl",
            "sqs:nothing",
            "nothing:putItem",
            "sqs",
            "",
        ] {
            let arn = format!("arn:aws:scheduler:::aws-sdk:{none}");
            assert!(Universal::parse(&arn).is_none(), "{none}");
        }
        assert!(Universal::parse("arn:aws:scheduler:::aws-sdk:ssm:putParameter").is_some());
    }
}
