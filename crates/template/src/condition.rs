//! `Conditions`: which resources and values a deployment has.
//!
//! Source: CloudFormation user guide, "Condition functions": `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not`, `Condition`.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_asl::source::{Mapping, Node, Span};

use crate::TemplateError;
use crate::intrinsic::{Resolver, intrinsic_of};

/// Levels of conditions within conditions, so that no template can exhaust the stack.
const DEPTH_MAX: u32 = 400;

/// The value of each condition.
pub(crate) type Conditions = BTreeMap<Arc<str>, bool>;

/// Evaluates the section `Conditions`. `resolver` knows the parameters; conditions cannot speak of resources.
pub(crate) fn read(
    section: Option<&Mapping>,
    resolver: &Resolver<'_>,
) -> Result<Conditions, TemplateError> {
    let Some(section) = section else {
        return Ok(Conditions::new());
    };
    let mut reader = Reader {
        section,
        resolver,
        known: Conditions::new(),
        open: Vec::new(),
        depth: 0,
    };
    for entry in section {
        reader.named(&entry.key.text, entry.key.span)?;
    }
    Ok(reader.known)
}

struct Reader<'r, 'a> {
    section: &'r Mapping,
    resolver: &'r Resolver<'a>,
    known: Conditions,
    /// Conditions whose value is being found: none may need itself.
    open: Vec<Arc<str>>,
    /// Values within values, those of named conditions included.
    depth: u32,
}

impl Reader<'_, '_> {
    fn named(&mut self, name: &str, span: Span) -> Result<bool, TemplateError> {
        if let Some(value) = self.known.get(name) {
            return Ok(*value);
        }
        let Some(entry) = self.section.entry(name) else {
            let message = format!("the template has no condition `{name}`");
            return Err(TemplateError::over(span, message));
        };
        if self.open.iter().any(|open| &**open == name) {
            let message = format!("the condition `{name}` needs itself");
            return Err(TemplateError::over(span, message));
        }
        self.open.push(Arc::clone(&entry.key.text));
        let value = self.value(&entry.value)?;
        self.open.pop();
        self.known.insert(Arc::clone(&entry.key.text), value);
        Ok(value)
    }

    fn value(&mut self, node: &Node) -> Result<bool, TemplateError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEPTH_MAX {
            return Err(TemplateError::at(
                node,
                "conditions need each other too deeply",
            ));
        }
        let value = self.function(node);
        self.depth = self.depth.saturating_sub(1);
        value
    }

    fn function(&mut self, node: &Node) -> Result<bool, TemplateError> {
        if let Some(name) = node.get("Condition") {
            return self.referred(name);
        }
        let Some((function, argument)) = intrinsic_of(node) else {
            return Err(TemplateError::at(node, "expected a condition function"));
        };
        match function {
            "Condition" => self.referred(argument),
            "Equals" => match argument.as_array() {
                Some([one, other]) => Ok(self.resolver.text(one)? == self.resolver.text(other)?),
                _ => Err(TemplateError::at(argument, "`Equals` takes two values")),
            },
            "Not" => match argument.as_array() {
                Some([one]) => Ok(!self.value(one)?),
                _ => Err(TemplateError::at(
                    argument,
                    "`Not` takes a list of one condition",
                )),
            },
            "And" => Ok(self.values(argument)?.into_iter().all(|value| value)),
            "Or" => Ok(self.values(argument)?.into_iter().any(|value| value)),
            _ => {
                let message = format!("`{function}` is not a condition function");
                Err(TemplateError::at(node, message))
            }
        }
    }

    fn referred(&mut self, name: &Node) -> Result<bool, TemplateError> {
        match name.as_str() {
            Some(text) => self.named(text, name.span),
            None => Err(TemplateError::at(name, "expected the name of a condition")),
        }
    }

    fn values(&mut self, list: &Node) -> Result<Vec<bool>, TemplateError> {
        let Some(items) = list.as_array() else {
            return Err(TemplateError::at(list, "expected a list of conditions"));
        };
        items.iter().map(|item| self.value(item)).collect()
    }
}
