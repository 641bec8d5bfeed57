//! Choice states and their rules.

use std::sync::Arc;

use passo_expr::{QueryLanguage, Template};

use super::expressions::States;
use super::reader::{Fields, Reader};
use super::state::Parts;
use crate::program::{Condition, Flow};

/// A Choice state as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) rules: Vec<Rule>,
    pub(crate) default: Option<Arc<str>>,
    pub(crate) flow: Flow,
}

/// An entry of `Choices` as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) condition: Condition,
    pub(crate) next: Arc<str>,
    pub(crate) assign: Option<Template>,
    pub(crate) output: Option<Template>,
}

impl Choice {
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &Fields<'_>,
        language: QueryLanguage,
        parts: &mut Parts,
    ) -> Option<Choice> {
        reader.require(fields, &["Choices"]);
        let rules = read_rules(reader, fields, language, parts);
        let default = fields
            .get("Default")
            .and_then(|field| reader.target(&field, parts));
        let flow = reader.flow(fields, language, States::Input, parts);
        Some(Choice {
            rules: rules?,
            default,
            flow,
        })
    }
}

fn read_rules(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    language: QueryLanguage,
    parts: &mut Parts,
) -> Option<Vec<Rule>> {
    let field = fields.get("Choices")?;
    let items = reader.filled_array(&field)?;
    let mut rules = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let place = field.place.index(index);
        let Some(fields) = reader.plain_object(item, place) else {
            continue;
        };
        reader.require(&fields, &["Next"]);
        let condition = reader.rule_condition(&fields, language);
        let next = fields
            .get("Next")
            .and_then(|field| reader.target(&field, parts));
        if let Some(comment) = fields.get("Comment") {
            reader.string(&comment);
        }
        if let Some(assign) = fields.get("Assign") {
            reader.assigned(&assign, language, parts);
        }
        let mut template = |name: &str| {
            fields
                .get(name)
                .and_then(|field| reader.template(&field, language, States::Input))
        };
        let (assign, output) = (template("Assign"), template("Output"));
        if let (Some(condition), Some(next)) = (condition, next) {
            rules.push(Rule {
                condition,
                next,
                assign,
                output,
            });
        }
    }
    Some(rules)
}
