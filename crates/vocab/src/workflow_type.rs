//! The two types of a state machine.

/// The type of a state machine, fixed when it is created.
///
/// Source: `type` of `CreateStateMachine`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkflowType {
    /// `STANDARD`: durable, at most a year long, with a history of its own.
    #[default]
    Standard,
    /// `EXPRESS`: at most five minutes long, told only by its logs.
    Express,
}

impl WorkflowType {
    /// The API's name of it.
    pub fn name(self) -> &'static str {
        match self {
            WorkflowType::Standard => "STANDARD",
            WorkflowType::Express => "EXPRESS",
        }
    }

    /// The type that the API calls `name`.
    pub fn from_name(name: &str) -> Option<WorkflowType> {
        [WorkflowType::Standard, WorkflowType::Express]
            .into_iter()
            .find(|workflow_type| workflow_type.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for workflow_type in [WorkflowType::Standard, WorkflowType::Express] {
            assert_eq!(
                WorkflowType::from_name(workflow_type.name()),
                Some(workflow_type)
            );
        }
        assert_eq!(WorkflowType::from_name("express"), None);
    }
}
