//! What children gave back, where it becomes the Map state's result.

use std::collections::BTreeMap;

use passo_json::{Json, ObjectBuilder, Payload};

use super::record::ChildRecord;
use super::{ArnRule, Child, MapRunSpec, OutputType, Transformation};

/// Results of children that have succeeded, by number. Once they are more than a payload may hold the rest is not kept:
/// the state fails whatever it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Results {
    parts: BTreeMap<u32, Payload>,
    bytes: usize,
}

impl Results {
    /// Takes note of a child that has succeeded.
    pub fn add(&mut self, spec: &MapRunSpec, arns: &ArnRule, index: u32, child: &Child) {
        if spec.exports() || self.bytes > spec.payload_bytes_max {
            return;
        }
        let record = ChildRecord::of(index, child);
        let part = match (spec.transformation(), record.output()) {
            (_, None) => return,
            (Transformation::None, Some(_)) => Payload::from(record.to_json(spec, arns)),
            (Transformation::Compact | Transformation::Flatten, Some(output)) => output.clone(),
        };
        let bytes = match spec.transformation() {
            Transformation::None | Transformation::Compact => part.bytes().saturating_add(1),
            Transformation::Flatten => match elements(part.text()).trim().len() {
                0 => return,
                length => length.saturating_add(1),
            },
        };
        self.bytes = self.bytes.saturating_add(bytes);
        self.parts.insert(index, part);
    }

    /// The Map state's result.
    pub fn payload(&self, spec: &MapRunSpec, written: Option<&Json>) -> Payload {
        if let Some(details) = written {
            let result = ObjectBuilder::new()
                .insert("MapRunArn", std::sync::Arc::clone(&spec.map_run_arn))
                .insert("ResultWriterDetails", details.clone())
                .build();
            return Payload::from(Json::from(result));
        }
        let parts = self.parts.values();
        let texts: Vec<&str> = match spec.transformation() {
            Transformation::None | Transformation::Compact => parts.map(Payload::text).collect(),
            Transformation::Flatten => parts.map(|part| elements(part.text())).collect(),
        };
        if spec.output_type() == OutputType::Jsonl {
            return Payload::from(Json::from(lines(spec, self.parts.values())));
        }
        let text = format!("[{}]", texts.join(","));
        Payload::from_text(text).unwrap_or_else(|_| Payload::from(Json::Null))
    }
}

/// An array's elements without its brackets; anything else as it is.
fn elements(text: &str) -> &str {
    let text = text.trim();
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    inner.unwrap_or(text)
}

/// A JSON text on each line.
fn lines<'a>(spec: &MapRunSpec, parts: impl Iterator<Item = &'a Payload>) -> String {
    let mut out = String::new();
    let mut line = |json: &Json| {
        out.push_str(&json.to_text());
        out.push('\n');
    };
    for part in parts {
        match (spec.transformation(), part.json()) {
            (Transformation::Flatten, Json::Array(items)) => items.iter().for_each(&mut line),
            (_, json) => line(json),
        }
    }
    out
}

impl MapRunSpec {
    /// Whether results go elsewhere.
    pub(super) fn exports(&self) -> bool {
        let writer = self.result_writer.as_ref();
        writer.is_some_and(|writer| writer.resource.is_some())
    }

    fn transformation(&self) -> Transformation {
        let writer = self.result_writer.as_ref();
        writer.map_or(Transformation::Compact, |writer| writer.transformation())
    }

    fn output_type(&self) -> OutputType {
        let writer = self.result_writer.as_ref();
        writer.map_or(OutputType::Json, |writer| writer.output_type())
    }
}
