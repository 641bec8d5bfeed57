//! The context object: `$$` in JSONPath, `$states.context` in JSONata.
//!
//! Knows the members and their order; not where their values come from.

use std::sync::{Arc, OnceLock};

use passo_json::{Json, ObjectBuilder, Payload};
use passo_vocab::{StateName, Timestamp};

/// What an execution tells its expressions about itself. Its JSON form is built when first asked for.
///
/// Source: Step Functions Developer Guide, "Accessing execution data from the Context object"; the order
/// of members is the one recorded on AWS.
#[derive(Clone, Debug)]
pub struct ContextObject {
    parts: Parts,
    json: OnceLock<Json>,
}

#[derive(Clone, Debug)]
enum Parts {
    Typed {
        execution: Arc<ExecutionContext>,
        state: Option<StateContext>,
        task_token: Option<Arc<str>>,
        map_item: Option<MapItem>,
    },
    Given,
}

/// The part that stays the same while an execution runs (until it is redriven).
#[derive(Clone, Debug)]
pub struct ExecutionContext {
    /// The execution's ARN: `Execution.Id`.
    pub id: Arc<str>,
    /// `Execution.Input`.
    pub input: Payload,
    /// `Execution.Name`.
    pub name: Arc<str>,
    /// `Execution.RoleArn`.
    pub role_arn: Arc<str>,
    /// `Execution.StartTime`.
    pub start_time: Timestamp,
    /// `Execution.RedriveCount`; absent for Express executions.
    pub redrive_count: Option<u32>,
    /// `Execution.RedriveTime`; present after a redrive only.
    pub redrive_time: Option<Timestamp>,
    /// The state machine's ARN: `StateMachine.Id`.
    pub state_machine_id: Arc<str>,
    /// `StateMachine.Name`.
    pub state_machine_name: Arc<str>,
}

/// The state that evaluates.
#[derive(Clone, Debug)]
pub struct StateContext {
    /// `State.Name`.
    pub name: StateName,
    /// `State.EnteredTime`.
    pub entered_time: Timestamp,
    /// `State.RetryCount`; recorded for states that can be retried, absent for others.
    pub retry_count: Option<u32>,
}

/// The item of a Map state that is being prepared.
#[derive(Clone, Debug)]
pub struct MapItem {
    /// `Map.Item.Index`, from 0.
    pub index: u64,
    /// `Map.Item.Value`.
    pub value: Json,
    /// `Map.Item.Key`, when the Map iterates over an object.
    pub key: Option<Arc<str>>,
    /// `Map.Item.Source`, for example `STATE_DATA`; absent for inline Maps.
    pub source: Option<Arc<str>>,
}

impl ContextObject {
    /// The context of an execution outside any state.
    pub fn new(execution: Arc<ExecutionContext>) -> ContextObject {
        ContextObject::of(Parts::Typed {
            execution,
            state: None,
            task_token: None,
            map_item: None,
        })
    }

    /// A context object exactly as a caller gives it (`TestState`).
    pub fn from_json(json: Json) -> ContextObject {
        let context = ContextObject::of(Parts::Given);
        context.json.get_or_init(|| json);
        context
    }

    /// The same context inside a state. A given context object stays as it is, here and below.
    #[must_use]
    pub fn with_state(self, entered: StateContext) -> ContextObject {
        self.change(|_, state, _, _| *state = Some(entered))
    }

    /// The same context with the token of a task that waits for a callback.
    #[must_use]
    pub fn with_task_token(self, token: impl Into<Arc<str>>) -> ContextObject {
        self.change(|_, _, task_token, _| *task_token = Some(token.into()))
    }

    /// The same context with the item of a Map state.
    #[must_use]
    pub fn with_map_item(self, item: MapItem) -> ContextObject {
        self.change(|_, _, _, map_item| *map_item = Some(item))
    }

    /// The JSON form, built once.
    pub fn json(&self) -> &Json {
        self.json.get_or_init(|| self.parts.to_json())
    }

    fn of(parts: Parts) -> ContextObject {
        ContextObject {
            parts,
            json: OnceLock::new(),
        }
    }

    fn change(
        mut self,
        change: impl FnOnce(
            &mut Arc<ExecutionContext>,
            &mut Option<StateContext>,
            &mut Option<Arc<str>>,
            &mut Option<MapItem>,
        ),
    ) -> ContextObject {
        if let Parts::Typed {
            execution,
            state,
            task_token,
            map_item,
        } = &mut self.parts
        {
            change(execution, state, task_token, map_item);
            self.json = OnceLock::new();
        }
        self
    }
}

impl Parts {
    fn to_json(&self) -> Json {
        let Parts::Typed {
            execution,
            state,
            task_token,
            map_item,
        } = self
        else {
            return Json::Null;
        };
        let mut context = ObjectBuilder::new();
        context.insert("Execution", execution.execution_json());
        context.insert("StateMachine", execution.state_machine_json());
        if let Some(state) = state {
            context.insert("State", state.to_json());
        }
        if let Some(token) = task_token {
            context.insert(
                "Task",
                ObjectBuilder::new()
                    .insert("Token", Arc::clone(token))
                    .build(),
            );
        }
        if let Some(item) = map_item {
            context.insert(
                "Map",
                ObjectBuilder::new().insert("Item", item.to_json()).build(),
            );
        }
        context.build().into()
    }
}

impl ExecutionContext {
    fn execution_json(&self) -> Json {
        let mut members = ObjectBuilder::new();
        members
            .insert("Id", Arc::clone(&self.id))
            .insert("Input", self.input.json().clone())
            .insert("StartTime", self.start_time.to_string())
            .insert("Name", Arc::clone(&self.name))
            .insert("RoleArn", Arc::clone(&self.role_arn))
            .insert_some("RedriveCount", self.redrive_count)
            .insert_some(
                "RedriveTime",
                self.redrive_time.map(|time| time.to_string()),
            );
        members.build().into()
    }

    fn state_machine_json(&self) -> Json {
        let mut members = ObjectBuilder::new();
        members
            .insert("Id", Arc::clone(&self.state_machine_id))
            .insert("Name", Arc::clone(&self.state_machine_name));
        members.build().into()
    }
}

impl StateContext {
    fn to_json(&self) -> Json {
        let mut members = ObjectBuilder::new();
        members
            .insert("Name", self.name.shared())
            .insert("EnteredTime", self.entered_time.to_string())
            .insert_some("RetryCount", self.retry_count);
        members.build().into()
    }
}

impl MapItem {
    /// `Map.Item` of the context object.
    pub fn to_json(&self) -> Json {
        let mut members = ObjectBuilder::new();
        members
            .insert("Index", i64::try_from(self.index).unwrap_or(i64::MAX))
            .insert_some("Key", self.key.clone())
            .insert("Value", self.value.clone())
            .insert_some("Source", self.source.clone());
        members.build().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn execution() -> Arc<ExecutionContext> {
        Arc::new(ExecutionContext {
            id: "arn:execution".into(),
            input: Payload::from(json!({"a": 1})),
            name: "run".into(),
            role_arn: "arn:role".into(),
            start_time: Timestamp::from_epoch_millis(0),
            redrive_count: Some(0),
            redrive_time: None,
            state_machine_id: "arn:machine".into(),
            state_machine_name: "machine".into(),
        })
    }

    #[test]
    fn prints_members_in_the_recorded_order() {
        let context = ContextObject::new(execution()).with_state(StateContext {
            name: "First".into(),
            entered_time: Timestamp::from_epoch_millis(1500),
            retry_count: None,
        });
        assert_eq!(
            context.json().to_text(),
            r#"{"Execution":{"Id":"arn:execution","Input":{"a":1},"StartTime":"1970-01-01T00:00:00Z","Name":"run","RoleArn":"arn:role","RedriveCount":0},"StateMachine":{"Id":"arn:machine","Name":"machine"},"State":{"Name":"First","EnteredTime":"1970-01-01T00:00:01.500Z"}}"#
        );
    }

    #[test]
    fn shows_token_and_item_when_present() {
        let before = ContextObject::new(execution());
        assert_eq!(before.json().get("Task"), None);
        let context = before.with_task_token("token").with_map_item(MapItem {
            index: 2,
            value: json!("v"),
            key: Some("k".into()),
            source: Some("STATE_DATA".into()),
        });
        assert_eq!(context.json().get("Task"), Some(&json!({"Token": "token"})));
        assert_eq!(
            context.json().get("Map").map(Json::to_text).as_deref(),
            Some(r#"{"Item":{"Index":2,"Key":"k","Value":"v","Source":"STATE_DATA"}}"#)
        );
    }

    #[test]
    fn keeps_a_given_context_as_it_is() {
        let context = ContextObject::from_json(json!({"Execution": {}})).with_task_token("token");
        assert_eq!(context.json().to_text(), r#"{"Execution":{}}"#);
    }
}
