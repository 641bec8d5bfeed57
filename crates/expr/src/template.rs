//! Payload templates: JSON with values that are computed.
//!
//! A template is compiled into a tree in which every part without expressions is one shared literal.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use passo_json::{Json, ObjectBuilder};

use crate::java_order::hash_map_order;
use crate::{
    Expression, ExpressionFailure, PathExpression, QueryLanguage, Scope, StatesUse, SyntaxErrorKind,
};

/// Levels of a template that holds expressions.
const DEPTH_MAX: u32 = 500;

/// A compiled payload template of either language. A template without expressions costs a clone.
#[derive(Clone, Debug)]
pub struct Template {
    root: Node,
    variables: Arc<[Arc<str>]>,
}

/// A template cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The value at fault, as a JSON Pointer into the template.
    pub pointer: String,
    /// Whether the value is malformed, or well-formed but not allowed.
    pub kind: SyntaxErrorKind,
    /// What is wrong with it.
    pub message: String,
}

#[derive(Clone, Debug)]
enum Node {
    Literal(Json),
    List(Arc<[Node]>),
    Object(Arc<Members>),
    Expression(Expression),
}

#[derive(Debug)]
struct Members {
    plain: Vec<(Arc<str>, Node)>,
    computed: Vec<Computed>,
}

/// A member whose key ends in `.$`.
#[derive(Debug)]
struct Computed {
    name: Arc<str>,
    /// The key as written, which failures name.
    key: Arc<str>,
    value: PathExpression,
}

impl Template {
    /// Compiles a template.
    ///
    /// # Errors
    /// Where a key ends in `.$` but its value is not a path or a call, or where a string is a malformed
    /// JSONata expression.
    pub fn compile(language: QueryLanguage, template: &Json) -> Result<Template, TemplateError> {
        let mut compiler = Compiler {
            language,
            pointer: String::new(),
            variables: BTreeSet::new(),
        };
        let root = compiler.node(template, 0)?;
        Ok(Template {
            root,
            variables: compiler.variables.into_iter().collect(),
        })
    }

    /// Names of the variables that the template mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.variables
    }

    /// Mentions of `$states` in JSONata expressions, each with its JSON Pointer into the template.
    pub fn states_uses(&self) -> Vec<(String, StatesUse)> {
        let mut uses = Vec::new();
        self.root.collect_states_uses(&mut String::new(), &mut uses);
        uses
    }

    /// The value; `field` is where the template is written: `Parameters`, `Output`.
    ///
    /// Members of a JSONPath template come in AWS's order: the plain ones as written, then the computed
    /// ones in the order of a Java hash map.
    ///
    /// # Errors
    /// `States.Runtime` (JSONPath) or `States.QueryEvaluationError` (JSONata) of the first value that fails.
    pub fn evaluate(&self, scope: &Scope<'_>, field: &str) -> Result<Json, ExpressionFailure> {
        match &self.root {
            Node::Literal(value) => Ok(value.clone()),
            Node::Expression(expression) => expression.evaluate(scope, field),
            root @ (Node::List(_) | Node::Object(_)) => root.evaluate(scope, &mut field.to_owned()),
        }
    }
}

impl Node {
    /// Recursion is bounded by [`DEPTH_MAX`].
    fn evaluate(&self, scope: &Scope<'_>, field: &mut String) -> Result<Json, ExpressionFailure> {
        match self {
            Node::Literal(value) => Ok(value.clone()),
            Node::Expression(expression) => expression.evaluate(scope, field),
            Node::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    let parent = field.len();
                    field.push_str(&format!("[{at}]"));
                    values.push(item.evaluate(scope, field)?);
                    field.truncate(parent);
                }
                Ok(Json::from(values))
            }
            Node::Object(members) => {
                let mut object = ObjectBuilder::new();
                for (key, value) in &members.plain {
                    let parent = field.len();
                    field.push('/');
                    field.push_str(key);
                    object.insert(Arc::clone(key), value.evaluate(scope, field)?);
                    field.truncate(parent);
                }
                for Computed { name, key, value } in &members.computed {
                    object.insert(Arc::clone(name), value.evaluate(scope, key)?);
                }
                Ok(Json::Object(object.build()))
            }
        }
    }

    fn collect_states_uses(&self, pointer: &mut String, uses: &mut Vec<(String, StatesUse)>) {
        match self {
            Node::Literal(_) => {}
            Node::Expression(expression) => {
                uses.extend(
                    expression
                        .states_uses()
                        .iter()
                        .map(|one| (pointer.clone(), one.clone())),
                );
            }
            Node::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    let parent = push_pointer(pointer, &at.to_string());
                    item.collect_states_uses(pointer, uses);
                    pointer.truncate(parent);
                }
            }
            Node::Object(members) => {
                for (key, value) in &members.plain {
                    let parent = push_pointer(pointer, key);
                    value.collect_states_uses(pointer, uses);
                    pointer.truncate(parent);
                }
            }
        }
    }
}

struct Compiler {
    language: QueryLanguage,
    /// Where the compiler is, as a JSON Pointer.
    pointer: String,
    variables: BTreeSet<Arc<str>>,
}

impl Compiler {
    fn node(&mut self, template: &Json, depth: u32) -> Result<Node, TemplateError> {
        if depth > DEPTH_MAX {
            return Err(self.error("The template is nested too deeply"));
        }
        match template {
            Json::Null | Json::Bool(_) | Json::Number(_) => Ok(Node::Literal(template.clone())),
            Json::String(text) => self.string(text, template),
            Json::Array(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    let parent = push_pointer(&mut self.pointer, &at.to_string());
                    nodes.push(self.node(item, depth + 1)?);
                    self.pointer.truncate(parent);
                }
                if nodes.iter().all(Node::is_literal) {
                    return Ok(Node::Literal(template.clone()));
                }
                Ok(Node::List(nodes.into()))
            }
            Json::Object(members) => {
                let mut plain = Vec::new();
                let mut computed = Vec::new();
                for (key, value) in members.iter() {
                    let parent = push_pointer(&mut self.pointer, key);
                    match self.computed_name(key) {
                        Some(name) => computed.push(self.computed(name, key, value)?),
                        None => plain.push((Arc::clone(key), self.node(value, depth + 1)?)),
                    }
                    self.pointer.truncate(parent);
                }
                if computed.is_empty() && plain.iter().all(|(_, node)| node.is_literal()) {
                    return Ok(Node::Literal(template.clone()));
                }
                let computed = in_java_order(computed);
                Ok(Node::Object(Arc::new(Members { plain, computed })))
            }
        }
    }

    fn computed_name<'a>(&self, key: &'a str) -> Option<&'a str> {
        match self.language {
            QueryLanguage::JsonPath => key.strip_suffix(".$"),
            QueryLanguage::Jsonata => None,
        }
    }

    fn computed(
        &mut self,
        name: &str,
        key: &Arc<str>,
        value: &Json,
    ) -> Result<Computed, TemplateError> {
        let parsed = value
            .as_str()
            .and_then(|text| PathExpression::parse(text).ok());
        let Some(parsed) = parsed else {
            return Err(self.error(format!(
                "The value for the field '{key}' must be a valid JSONPath or a valid intrinsic \
                 function call"
            )));
        };
        self.variables.extend(parsed.variables().iter().cloned());
        Ok(Computed {
            name: name.into(),
            key: Arc::clone(key),
            value: parsed,
        })
    }

    fn string(&mut self, text: &str, template: &Json) -> Result<Node, TemplateError> {
        if self.language == QueryLanguage::JsonPath {
            return Ok(Node::Literal(template.clone()));
        }
        let parsed = match Expression::delimited(text) {
            Ok(None) => return Ok(Node::Literal(template.clone())),
            Ok(Some(source)) => Expression::parse(source),
            Err(error) => Err(error),
        };
        match parsed {
            Ok(expression) => {
                self.variables
                    .extend(expression.variables().iter().cloned());
                Ok(Node::Expression(expression))
            }
            Err(error) => Err(TemplateError {
                pointer: self.pointer.clone(),
                kind: error.kind,
                message: error.message,
            }),
        }
    }

    fn error(&self, message: impl Into<String>) -> TemplateError {
        TemplateError {
            pointer: self.pointer.clone(),
            kind: SyntaxErrorKind::Invalid,
            message: message.into(),
        }
    }
}

impl Node {
    fn is_literal(&self) -> bool {
        matches!(self, Node::Literal(_))
    }
}

fn in_java_order(computed: Vec<Computed>) -> Vec<Computed> {
    let order = hash_map_order(computed.iter().map(|member| &*member.name));
    let mut members: Vec<_> = computed.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|at| members.get_mut(at).and_then(Option::take))
        .collect()
}

/// Appends a reference token and returns the length before it.
fn push_pointer(pointer: &mut String, token: &str) -> usize {
    let parent = pointer.len();
    pointer.push('/');
    pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
    parent
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.message, self.pointer)
    }
}

impl std::error::Error for TemplateError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::testing::Fixture;
    use passo_json::json;

    fn check(template: &str, expect: &str) {
        let fixture = Fixture::new(json!({"a": 1, "b": {"c": [1, 2]}, "s": "x"}))
            .with_context(json!({"Execution": {"Name": "run"}}))
            .with_variable("v", json!({"w": true}));
        let template = Json::parse(template).unwrap();
        let compiled = Template::compile(QueryLanguage::JsonPath, &template).unwrap();
        let value = match compiled.evaluate(&fixture.scope(), "Parameters") {
            Ok(value) => value.to_text(),
            Err(failure) => format!("! {failure}"),
        };
        assert_eq!(value, expect);
    }

    #[test]
    fn fills_members_whose_key_ends_in_dollar() {
        check(r#"{"x.$": "$.a"}"#, r#"{"x":1}"#);
        check(
            r#"{"x.$": "$$.Execution.Name", "y": "$.a"}"#,
            r#"{"y":"$.a","x":"run"}"#,
        );
        check(
            r#"{"x.$": "$v.w", "deep": [{"y.$": "$.b.c[1:]"}, 3]}"#,
            r#"{"deep":[{"y":[2]},3],"x":true}"#,
        );
        check(
            r#"{"encoded.$": "$.a", "decoded.$": "$.s"}"#,
            r#"{"decoded":"x","encoded":1}"#,
        );
        check(
            r#"{"x.$": "States.Format('{}-{}', $.a, $.s)"}"#,
            r#"{"x":"1-x"}"#,
        );
        check(r#"{"x.$": "$.missing[*]"}"#, r#"{"x":[]}"#);
        check(r#"{"x.$": "$.b.missing[?(@.y)].z"}"#, r#"{"x":[]}"#);
        check(r#"["$.a", {"b": null}]"#, r#"["$.a",{"b":null}]"#);
    }

    #[test]
    fn says_which_member_finds_nothing() {
        check(
            r#"{"deep": {"x.$": "$.no"}}"#,
            "! States.Runtime: The JSONPath '$.no' specified for the field 'x.$' could not be found in \
             the input '{\"a\":1,\"b\":{\"c\":[1,2]},\"s\":\"x\"}'",
        );
        check(
            r#"{"x.$": "$$.no"}"#,
            "! States.Runtime: The JSONPath '$$.no' specified for the field 'x.$' could not be found in \
             the input '{\"Execution\":{\"Name\":\"run\"}}'",
        );
    }

    fn check_refused(language: QueryLanguage, template: &Json, pointer: &str) {
        let error = Template::compile(language, template).unwrap_err();
        assert_eq!(error.pointer, pointer, "{error}");
    }

    #[test]
    fn refuses_what_is_neither_path_nor_call() {
        use QueryLanguage::{JsonPath, Jsonata};
        check_refused(JsonPath, &json!({"a": [{"x.$": "text"}]}), "/a/0/x.$");
        check_refused(JsonPath, &json!({"x.$": 1}), "/x.$");
        check_refused(JsonPath, &json!({"x.$": "States.Nope()"}), "/x.$");
        check_refused(Jsonata, &json!({"a/b": ["{% 1"]}), "/a~1b/0");
        check_refused(Jsonata, &json!(" {% 1 %}"), "");
    }

    #[test]
    fn knows_literals_and_variables() {
        let literal = json!({"a": [1, {"b": "$.c"}]});
        let compiled = Template::compile(QueryLanguage::JsonPath, &literal).unwrap();
        assert!(matches!(&compiled.root, Node::Literal(value) if *value == literal));
        let template = json!({"b.$": "$w", "c": [{"a.$": "States.Array($v.x, $$, $)"}]});
        let compiled = Template::compile(QueryLanguage::JsonPath, &template).unwrap();
        assert!(!matches!(compiled.root, Node::Literal(_)));
        assert_eq!(compiled.variables(), [Arc::from("v"), Arc::from("w")]);
    }

    #[test]
    fn evaluates_jsonata_at_any_depth() {
        let fixture = Fixture::new(json!({"a": [1, 2]}));
        for (template, expect) in [
            (r#""{% $states.input.a %}""#, "[1,2]"),
            (
                r#"{"z": "{% 1 + 1 %}", "a": [{"k.$": "$.a"}, "{% $sum($states.input.a) %}"]}"#,
                r#"{"z":2,"a":[{"k.$":"$.a"},3]}"#,
            ),
            (
                r#"{"a": {"b": [[1, "{% $missing %}"]]}}"#,
                "! The JSONata expression '$missing' specified for the field 'Output/a/b[0][1]' returned \
                 nothing (undefined).",
            ),
        ] {
            let template = Json::parse(template).unwrap();
            let compiled = Template::compile(QueryLanguage::Jsonata, &template).unwrap();
            let value = match compiled.evaluate(&fixture.scope(), "Output") {
                Ok(value) => value.to_text(),
                Err(failure) => format!("! {}", failure.message),
            };
            assert_eq!(value, expect);
        }
    }

    #[test]
    fn says_where_states_is_mentioned() {
        let template = json!({"a": ["{% $states.result.x + $v %}"], "b": "{% 1 %}"});
        let compiled = Template::compile(QueryLanguage::Jsonata, &template).unwrap();
        let uses = compiled.states_uses();
        assert_eq!(uses.len(), 1);
        assert_eq!(
            (uses[0].0.as_str(), &uses[0].1.member),
            ("/a/0", &crate::StatesMember::Result)
        );
        assert_eq!(compiled.variables(), [Arc::from("v")]);
        check_refused(QueryLanguage::Jsonata, &json!({"a": "{% phone %}"}), "/a");
    }
}
