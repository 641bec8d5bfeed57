//! What only a Distributed Map has: `ItemReader`, `ItemBatcher`, `ResultWriter`.
//!
//! Source: Developer Guide, "ItemReader", "ItemBatcher" and "ResultWriter".

use std::sync::Arc;

use passo_expr::{QueryLanguage, Template};
use passo_json::{Json, ObjectBuilder};

use super::expressions::States;
use super::fields;
use super::reader::{Field, Fields, Reader};
use crate::program::{ItemBatcher, ItemReader, ResultWriter, Scalar};

/// The most items that a reader takes.
const MOST_ITEMS: u64 = 100_000_000;

/// The largest batch.
const MOST_BATCH_BYTES: u64 = 262_144;

impl Reader<'_> {
    /// `ItemReader`.
    pub(crate) fn item_reader(
        &mut self,
        fields: &Fields<'_>,
        language: QueryLanguage,
    ) -> Option<ItemReader> {
        let field = fields.get("ItemReader")?;
        let own = self.object(field.node, field.place, fields::ITEM_READER, language)?;
        self.require(&own, &["Resource"]);
        let resource = own.get("Resource").and_then(|field| self.string(&field));
        let arguments = self.service_arguments(&own, language);
        let mut config = Json::Object(ObjectBuilder::new().build());
        let mut max_items = None;
        if let Some(field) = own.get("ReaderConfig") {
            max_items = self.reader_config(&field, language);
            config = without(&field.node.to_json(), &["MaxItems", "MaxItemsPath"]);
        }
        Some(ItemReader {
            resource: resource?,
            arguments,
            config,
            max_items,
        })
    }

    fn reader_config(&mut self, field: &Field<'_>, language: QueryLanguage) -> Option<Scalar<u64>> {
        let config = self.object(field.node, field.place, fields::READER_CONFIG, language)?;
        let words: [(&str, &[&'static str]); 5] = [
            (
                "InputType",
                &["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"],
            ),
            ("Transformation", &["NONE", "LOAD_AND_FLATTEN"]),
            ("ManifestType", &["ATHENA_DATA", "S3_INVENTORY"]),
            ("CSVHeaderLocation", &["FIRST_ROW", "GIVEN"]),
            (
                "CSVDelimiter",
                &["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"],
            ),
        ];
        for (name, words) in words {
            if let Some(field) = config.get(name) {
                self.word(&field, words);
            }
        }
        let given = config.get("CSVHeaderLocation");
        if given.is_some_and(|field| field.node.as_str() == Some("GIVEN")) {
            self.require(&config, &["CSVHeaders"]);
        }
        if let Some(field) = config.get("CSVHeaders") {
            for (index, header) in self.array(&field).unwrap_or_default().iter().enumerate() {
                self.text_at(header, &field.place.index(index));
            }
        }
        if let Some(field) = config.get("ItemsPointer") {
            self.string(&field);
        }
        self.count(
            &config,
            ["MaxItems", "MaxItemsPath"],
            language,
            0,
            MOST_ITEMS,
        )
    }

    /// `ItemBatcher`.
    pub(crate) fn item_batcher(
        &mut self,
        fields: &Fields<'_>,
        language: QueryLanguage,
    ) -> Option<ItemBatcher> {
        let field = fields.get("ItemBatcher")?;
        let own = self.object(field.node, field.place, fields::ITEM_BATCHER, language)?;
        let items = ["MaxItemsPerBatch", "MaxItemsPerBatchPath"];
        let bytes = ["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];
        if !items.iter().chain(&bytes).any(|name| own.has(name)) {
            let message =
                "One of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]";
            self.error(&own.place, own.span, message);
        }
        let batch_input = own
            .get("BatchInput")
            .and_then(|field| self.template(&field, language, States::Input));
        Some(ItemBatcher {
            batch_input,
            max_items_per_batch: self.count(&own, items, language, 1, MOST_ITEMS),
            max_input_bytes_per_batch: self.count(&own, bytes, language, 1, MOST_BATCH_BYTES),
        })
    }

    /// `ResultWriter`.
    pub(crate) fn result_writer(
        &mut self,
        fields: &Fields<'_>,
        language: QueryLanguage,
    ) -> Option<ResultWriter> {
        let field = fields.get("ResultWriter")?;
        let own = self.object(field.node, field.place, fields::RESULT_WRITER, language)?;
        let resource: Option<Arc<str>> = own.get("Resource").and_then(|field| self.string(&field));
        let arguments = self.service_arguments(&own, language);
        let mut config = Json::Object(ObjectBuilder::new().build());
        match own.get("WriterConfig") {
            Some(field) => {
                self.writer_config(&field, language);
                config = field.node.to_json();
            }
            // Where results go, or at least in which form, must be said.
            None if resource.is_none() => {
                let message = "One of these fields is required: [Resource, WriterConfig]";
                self.error(&own.place, own.span, message);
            }
            None => {}
        }
        Some(ResultWriter {
            resource,
            arguments,
            config,
        })
    }

    fn writer_config(&mut self, field: &Field<'_>, language: QueryLanguage) {
        let Some(config) = self.object(field.node, field.place, fields::WRITER_CONFIG, language)
        else {
            return;
        };
        if let Some(field) = config.get("Transformation") {
            self.word(&field, &["NONE", "COMPACT", "FLATTEN"]);
        }
        if let Some(field) = config.get("OutputType") {
            self.word(&field, &["JSON", "JSONL"]);
        }
    }

    /// What the service is called with: `Parameters` (JSONPath) or `Arguments` (JSONata).
    fn service_arguments(
        &mut self,
        fields: &Fields<'_>,
        language: QueryLanguage,
    ) -> Option<Template> {
        let name = match language {
            QueryLanguage::JsonPath => "Parameters",
            QueryLanguage::Jsonata => "Arguments",
        };
        let field = fields.get(name)?;
        self.template(&field, language, States::Input)
    }

    /// A whole number as literal, path or expression.
    fn count(
        &mut self,
        fields: &Fields<'_>,
        [literal, path]: [&'static str; 2],
        language: QueryLanguage,
        least: u64,
        most: u64,
    ) -> Option<Scalar<u64>> {
        self.at_most_one(fields, &[literal, path]);
        if let Some(field) = fields.get(literal) {
            return self.integer_or_expression(&field, language, least, most);
        }
        let field = fields.get(path)?;
        self.path(&field).map(Scalar::Path)
    }
}

fn without(value: &Json, names: &[&str]) -> Json {
    let Some(object) = value.as_object() else {
        return value.clone();
    };
    let kept = names
        .iter()
        .fold(object.clone(), |object, name| object.without(name));
    Json::Object(kept)
}
