//! What a Map run's results are.

use passo_json::{Json, ObjectBuilder, Payload};

use super::ChildOutcome;
use super::state::{ChildStatus, MapRun};

impl MapRun {
    /// Whether results go elsewhere.
    pub(super) fn exports(&self) -> bool {
        self.spec
            .result_writer
            .as_ref()
            .is_some_and(|writer| writer.resource.is_some())
    }

    /// The Map state's result.
    pub(super) fn result(&self) -> Payload {
        if let Some(details) = &self.written {
            let result = ObjectBuilder::new()
                .insert("MapRunArn", std::sync::Arc::clone(&self.spec.map_run_arn))
                .insert("ResultWriterDetails", details.clone())
                .build();
            return Payload::from(Json::from(result));
        }
        let outputs = self
            .children
            .iter()
            .filter_map(|child| match &child.status {
                ChildStatus::Ended(ChildOutcome::Succeeded(output)) => Some(output),
                ChildStatus::Pending | ChildStatus::Running | ChildStatus::Ended(_) => None,
            });
        let flatten = self.spec.result_writer.as_ref().is_some_and(|writer| {
            writer.config.get("Transformation").and_then(Json::as_str) == Some("FLATTEN")
        });
        if flatten {
            let mut items = Vec::new();
            for output in outputs {
                match output.json() {
                    Json::Array(array) => items.extend(array.iter().cloned()),
                    other => items.push(other.clone()),
                }
            }
            return Payload::from(Json::from(items));
        }
        let mut text = String::from("[");
        for (place, output) in outputs.enumerate() {
            if place > 0 {
                text.push(',');
            }
            text.push_str(output.text());
        }
        text.push(']');
        Payload::from_text(text).unwrap_or_else(|_| Payload::from(Json::Null))
    }
}
