//! Map states.

use std::sync::Arc;

use passo_expr::{QueryLanguage, Template};

use super::expressions::States;
use super::reader::{Field, Fields, Reader};
use super::state::{Next, Parts};
use super::{Catcher, Scope, fields};
use crate::diagnostic::Code;
use crate::program::{
    ExecutionType, Flow, ItemBatcher, ItemReader, Items, ResultWriter, Retrier, Scalar, Threshold,
};
use crate::source::{NodeKind, Span};

/// The longest label.
const LABEL_CHARACTERS: usize = 40;

/// A Map state as it was written; its processor is the state's only scope.
#[derive(Clone, Debug)]
pub(crate) struct Map {
    pub(crate) items: Items,
    pub(crate) item_selector: Option<Template>,
    pub(crate) max_concurrency: Option<Scalar<u64>>,
    pub(crate) mode: Mode,
    pub(crate) item_reader: Option<ItemReader>,
    pub(crate) item_batcher: Option<ItemBatcher>,
    pub(crate) result_writer: Option<ResultWriter>,
    pub(crate) tolerated_failure_count: Option<Threshold>,
    pub(crate) tolerated_failure_percentage: Option<Threshold>,
    pub(crate) flow: Flow,
    pub(crate) retry: Vec<Retrier>,
    pub(crate) catch: Vec<Catcher>,
    pub(crate) next: Next,
}

/// How a Map runs its items, and where that is written.
#[derive(Clone, Debug)]
pub(crate) struct Mode {
    /// The type of the child executions; none where the items run inline.
    pub(crate) distributed: Option<ExecutionType>,
    pub(crate) location: String,
    pub(crate) span: Span,
}

/// A Map's mode and label.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) mode: Mode,
    /// `Label` as written.
    pub(crate) label: Option<Arc<str>>,
    pub(crate) location: String,
    pub(crate) span: Span,
}

impl Map {
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &Fields<'_>,
        language: QueryLanguage,
        parts: &mut Parts,
        depth: usize,
    ) -> Option<Map> {
        let mode = read_processor(reader, fields, parts, depth);
        read_label(reader, fields, &mode, parts);
        reader.at_most_one(fields, &["ItemSelector", "Parameters"]);
        reader.at_most_one(fields, &["MaxConcurrency", "MaxConcurrencyPath"]);
        let items = reader.items(fields, language);
        let item_selector = ["ItemSelector", "Parameters"].iter().find_map(|name| {
            let field = fields.get(name)?;
            reader.template(&field, language, States::Input)
        });
        let max_concurrency = match fields.get("MaxConcurrency") {
            Some(field) => reader.integer_or_expression(&field, language, 0, u64::from(u32::MAX)),
            None => fields
                .get("MaxConcurrencyPath")
                .and_then(|field| reader.path(&field))
                .map(Scalar::Path),
        };
        if mode.distributed.is_none() {
            reader.refuse_distributed_fields(fields);
        }
        let item_reader = reader.item_reader(fields, language);
        let item_batcher = reader.item_batcher(fields, language);
        let result_writer = reader.result_writer(fields, language);
        let tolerated_failure_count = reader.threshold(
            fields,
            ["ToleratedFailureCount", "ToleratedFailureCountPath"],
            language,
            f64::INFINITY,
        );
        let tolerated_failure_percentage = reader.threshold(
            fields,
            [
                "ToleratedFailurePercentage",
                "ToleratedFailurePercentagePath",
            ],
            language,
            100.0,
        );
        let mut flow = reader.flow(fields, language, States::Result, parts);
        if let Flow::JsonPath(flow) = &mut flow {
            // A Map's `Parameters` is the older name of its item selector.
            flow.parameters = None;
        }
        let retry = reader.retry(fields, language);
        let catch = reader.catch(fields, language, parts);
        let next = reader.next(fields, parts);
        Some(Map {
            items: items?,
            item_selector,
            max_concurrency,
            mode,
            item_reader,
            item_batcher,
            result_writer,
            tolerated_failure_count,
            tolerated_failure_percentage,
            flow,
            retry,
            catch,
            next: next?,
        })
    }
}

/// `ItemProcessor`, or its older name `Iterator`.
fn read_processor(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    parts: &mut Parts,
    depth: usize,
) -> Mode {
    let inline = |field: Option<&Field<'_>>| Mode {
        distributed: None,
        location: field.map_or(fields.place, |field| field.place).to_string(),
        span: field.map_or(fields.span, |field| field.node.span),
    };
    reader.at_most_one(fields, &["ItemProcessor", "Iterator"]);
    let Some(field) = fields
        .get("ItemProcessor")
        .or_else(|| fields.get("Iterator"))
    else {
        reader.require(fields, &["ItemProcessor"]);
        return inline(None);
    };
    let language = QueryLanguage::JsonPath;
    let processor = reader.object(field.node, field.place, fields::PROCESSOR, language);
    let Some(processor) = processor else {
        return inline(Some(&field));
    };
    let mode = match processor.get("ProcessorConfig") {
        Some(config) => read_mode(reader, &config),
        None => inline(Some(&field)),
    };
    parts
        .scopes
        .push(Scope::read(reader, &processor, depth + 1));
    mode
}

fn read_mode(reader: &mut Reader<'_>, field: &Field<'_>) -> Mode {
    let mut read = Mode {
        distributed: None,
        location: field.place.to_string(),
        span: field.node.span,
    };
    let config = reader.object(
        field.node,
        field.place,
        fields::PROCESSOR_CONFIG,
        QueryLanguage::JsonPath,
    );
    let Some(config) = config else {
        return read;
    };
    let mode = config.get("Mode").and_then(|mode| {
        read.location = mode.place.to_string();
        read.span = mode.node.span;
        reader.word(&mode, &["INLINE", "DISTRIBUTED"])
    });
    let execution_type = config
        .get("ExecutionType")
        .and_then(|field| reader.word(&field, &["STANDARD", "EXPRESS"]));
    if mode == Some("DISTRIBUTED") {
        reader.require(&config, &["ExecutionType"]);
        read.distributed = Some(match execution_type {
            Some("EXPRESS") => ExecutionType::Express,
            _ => ExecutionType::Standard,
        });
    }
    read
}

fn read_label(reader: &mut Reader<'_>, fields: &Fields<'_>, mode: &Mode, parts: &mut Parts) {
    let mut label = Label {
        mode: mode.clone(),
        label: None,
        location: fields.place.to_string(),
        span: fields.span,
    };
    if let Some(field) = fields.get("Label") {
        label.location = field.place.to_string();
        label.span = field.node.span;
        if let Some(text) = reader.string(&field) {
            if let Some(fault) = label_fault(&text) {
                reader.report(Code::InvalidLabelName, &field.place, field.node.span, fault);
            }
            label.label = Some(text);
        }
    }
    parts.label = Some(label);
}

/// Why `label` cannot be a label; the words for a wrong character are recorded.
fn label_fault(label: &str) -> Option<String> {
    if label.is_empty() {
        return Some("Label cannot be empty".to_owned());
    }
    if label.chars().count() > LABEL_CHARACTERS {
        return Some(format!("Label cannot exceed {LABEL_CHARACTERS} characters"));
    }
    let wrong = label.chars().find(|character| {
        character.is_whitespace()
            || character.is_control()
            || "?*<>{}[]:;,\\|^~$#%&`\"".contains(*character)
    })?;
    let shown = crate::diagnostic::quoted_text(&wrong.to_string());
    Some(format!("Label contains invalid character: {shown}"))
}

impl Reader<'_> {
    /// `Items` (JSONata) or `ItemsPath` (JSONPath).
    fn items(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Option<Items> {
        if language == QueryLanguage::JsonPath {
            let Some(field) = fields.get("ItemsPath") else {
                return Some(Items::Path(None));
            };
            return self.path(&field).map(Some).map(Items::Path);
        }
        let Some(field) = fields.get("Items") else {
            return Some(Items::Template(None));
        };
        match field.node.kind {
            NodeKind::Array(_) | NodeKind::Object(_) => self
                .template(&field, language, States::Input)
                .map(Some)
                .map(Items::Template),
            _ => {
                if field.node.as_str().is_some() {
                    let expression = self.delimited(field.node, &field.place, States::Input)?;
                    if let Some(expression) = expression {
                        return Some(Items::Expression(expression));
                    }
                }
                let message = "Value must be an array, an object or a JSONata expression";
                self.error(&field.place, field.node.span, message);
                None
            }
        }
    }

    /// A tolerated failure count or percentage.
    fn threshold(
        &mut self,
        fields: &Fields<'_>,
        [literal, path]: [&'static str; 2],
        language: QueryLanguage,
        most: f64,
    ) -> Option<Threshold> {
        self.at_most_one(fields, &[literal, path]);
        if let Some(field) = fields.get(literal) {
            return self.number_or_expression(&field, language, 0.0, most);
        }
        let field = fields.get(path)?;
        self.path(&field).map(Scalar::Path)
    }

    /// Data sets are read, batched and written by Map runs only.
    fn refuse_distributed_fields(&mut self, fields: &Fields<'_>) {
        for name in ["ItemReader", "ItemBatcher", "ResultWriter"] {
            if let Some(field) = fields.get(name) {
                let message = format!("Field '{name}' is only supported in DISTRIBUTED mode");
                self.error(&fields.place, field.node.span, message);
            }
        }
    }
}
