//! A path that is read.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use passo_json::{Json, Number, Payload};

use crate::jsonpath::eval::{Document, Fault, budget};
use crate::jsonpath::parse;
use crate::jsonpath::query::{Query, Root, Step};
use crate::{ExpressionFailure, Scope, SyntaxError};

/// A compiled path: `$…` (the input), `$$…` (the context object) or `$name…` (a variable).
#[derive(Clone, Debug)]
pub struct Path {
    compiled: Arc<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    text: Arc<str>,
    query: Query,
    variables: Vec<Arc<str>>,
}

/// A path found nothing, or what it met cannot be walked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    path: Arc<str>,
    is_context: bool,
    kind: PathErrorKind,
}

/// What went wrong, in the words of the Jayway library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathErrorKind {
    /// The path leads nowhere; the text says where it ended.
    NotFound(String),
    /// The path ends in an index beyond the end of its list. Where the path is a member of a payload
    /// template, AWS takes it for null.
    OutOfRange(String),
    /// An index or a filter is applied to something that is not a list.
    NotAnArray(String),
    /// The root is a variable that is not set.
    UndefinedVariable(Arc<str>),
    /// The evaluation would visit more nodes than allowed.
    TooLarge,
}

impl Path {
    /// Compiles a path.
    ///
    /// # Errors
    /// Where the text is not a path of the Jayway dialect, or is nested too deeply.
    pub fn parse(text: &str) -> Result<Path, SyntaxError> {
        let query = parse::query(text)?;
        let mut variables = BTreeSet::new();
        query.collect_variables(&mut variables);
        let variables = variables.into_iter().collect();
        Ok(Path {
            compiled: Arc::new(Compiled {
                text: text.into(),
                query,
                variables,
            }),
        })
    }

    /// The text that was compiled.
    pub fn text(&self) -> &str {
        &self.compiled.text
    }

    /// Whether the path identifies one node at most.
    pub fn is_definite(&self) -> bool {
        self.compiled.query.is_definite()
    }

    /// Names of the variables that the path mentions, each once, sorted.
    pub fn variables(&self) -> &[Arc<str>] {
        &self.compiled.variables
    }

    /// The value that the path finds: the node of a definite path, else the list of matches.
    ///
    /// # Errors
    /// When a definite path finds nothing, or a variable is not set.
    pub fn read(&self, scope: &Scope<'_>) -> Result<Json, PathError> {
        let root = match &self.compiled.query.root {
            Root::Document | Root::Item => scope.input.json(),
            Root::Context => scope.context.json(),
            Root::Variable(name) => match scope.variables.get(name) {
                Some(value) => value,
                None => {
                    return Err(self.error(PathErrorKind::UndefinedVariable(Arc::clone(name))));
                }
            },
        };
        self.read_from(root)
    }

    /// The value that the path finds in `root`, whatever root it names.
    ///
    /// # Errors
    /// As [`Path::read`].
    pub fn read_from(&self, root: &Json) -> Result<Json, PathError> {
        let visits = budget();
        let query = &self.compiled.query;
        Document::new(root, &visits).read(query).map_err(|fault| {
            let message = describe(query, &fault);
            self.error(match fault {
                Fault::TooLarge => PathErrorKind::TooLarge,
                Fault::OutOfRange => PathErrorKind::OutOfRange(message),
                Fault::NotAnArray(..) => PathErrorKind::NotAnArray(message),
                Fault::NoResults
                | Fault::MissingProperty(_)
                | Fault::NotAnObject(..)
                | Fault::NullPath(_)
                | Fault::Function(_) => PathErrorKind::NotFound(message),
            })
        })
    }

    /// As [`Path::read`]; the whole input keeps its text.
    ///
    /// # Errors
    /// As [`Path::read`].
    pub fn read_payload(&self, scope: &Scope<'_>) -> Result<Payload, PathError> {
        let query = &self.compiled.query;
        if query.root == Root::Document && query.steps.is_empty() {
            return Ok(scope.input.clone());
        }
        self.read(scope).map(Payload::from)
    }

    pub(crate) fn query(&self) -> &Query {
        &self.compiled.query
    }

    pub(crate) fn root(&self) -> &Root {
        &self.compiled.query.root
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.compiled.query.steps
    }

    fn error(&self, kind: PathErrorKind) -> PathError {
        PathError {
            path: Arc::clone(&self.compiled.text),
            is_context: self.compiled.query.root == Root::Context,
            kind,
        }
    }
}

impl PathError {
    /// What went wrong.
    pub fn kind(&self) -> &PathErrorKind {
        &self.kind
    }

    /// The failure as `InputPath` and `OutputPath` report it: "Invalid path '…' : …".
    ///
    /// Source: recorded on AWS.
    pub fn into_invalid_path(self) -> ExpressionFailure {
        ExpressionFailure::runtime(format!("Invalid path '{}' : {self}", self.path))
    }

    /// The failure as templates, `ErrorPath` and `CausePath` report it: "The JSONPath '…' specified for
    /// the field '…' could not be found in the input '…'".
    ///
    /// Source: recorded on AWS.
    pub fn into_not_found(self, field: &str, scope: &Scope<'_>) -> ExpressionFailure {
        ExpressionFailure::runtime(format!(
            "The JSONPath '{}' specified for the field '{field}' could not be found in the input \
             '{}'",
            self.path,
            self.searched(scope)
        ))
    }

    /// What an intrinsic function says of the argument. A path into the context object is named as a path
    /// of its own, and yet the input is shown: AWS's oddity.
    ///
    /// Source: causes of executions on AWS, as users of another emulator captured them.
    pub(crate) fn into_missing_argument(self, scope: &Scope<'_>) -> String {
        if let PathErrorKind::NotAnArray(message) = self.kind {
            return message;
        }
        let path = match self.is_context {
            true => self.path.strip_prefix('$').unwrap_or_default(),
            false => &self.path,
        };
        format!(
            "The JsonPath argument for the field '{path}' could not be found in the input '{}'",
            scope.input.text()
        )
    }

    /// The text of the document that a path with this root is looked up in.
    fn searched(&self, scope: &Scope<'_>) -> String {
        if self.is_context {
            return scope.context.json().to_text();
        }
        scope.input.text().to_owned()
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PathErrorKind::NotFound(message)
            | PathErrorKind::OutOfRange(message)
            | PathErrorKind::NotAnArray(message) => f.write_str(message),
            PathErrorKind::UndefinedVariable(name) => write!(f, "No results for path: ${name}"),
            PathErrorKind::TooLarge => f.write_str("The path visits too many nodes"),
        }
    }
}

impl std::error::Error for PathError {}

/// The fault in Jayway's words.
fn describe(query: &Query, fault: &Fault) -> String {
    match fault {
        Fault::NoResults | Fault::OutOfRange => {
            format!("No results for path: {}", query.render(query.steps.len()))
        }
        Fault::MissingProperty(count) => {
            format!("Missing property in path {}", query.render(*count))
        }
        Fault::NotAnObject(at, found) => format!(
            "Expected to find an object with property {} in path {} but found '{}'. This is not a \
             json object according to the JsonProvider: \
             'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
            step_text(query, *at),
            query.render(*at),
            found.as_ref().map_or("null", java_class)
        ),
        Fault::NotAnArray(at, found) => format!(
            "Filter: {} can only be applied to arrays. Current context is: {found}",
            step_text(query, *at)
        ),
        Fault::NullPath(at) => format!("The path {} is null", query.render(*at)),
        Fault::Function(message) => (*message).to_owned(),
        Fault::TooLarge => "The path visits too many nodes".to_owned(),
    }
}

fn step_text(query: &Query, at: usize) -> String {
    let mut text = String::new();
    if let Some(step) = query.steps.get(at) {
        step.render(&mut text);
    }
    text
}

/// The class that Jayway names for a value that is not an object: those of Jackson's tree.
fn java_class(value: &Json) -> &'static str {
    match value {
        Json::Null => "com.fasterxml.jackson.databind.node.NullNode",
        Json::Bool(_) => "com.fasterxml.jackson.databind.node.BooleanNode",
        Json::Number(Number::Int(value)) if i32::try_from(*value).is_ok() => {
            "com.fasterxml.jackson.databind.node.IntNode"
        }
        Json::Number(Number::Int(_)) => "com.fasterxml.jackson.databind.node.LongNode",
        Json::Number(Number::Float(_)) => "com.fasterxml.jackson.databind.node.DoubleNode",
        Json::Number(Number::Big(_)) => "com.fasterxml.jackson.databind.node.BigIntegerNode",
        Json::String(_) => "com.fasterxml.jackson.databind.node.TextNode",
        Json::Array(_) => "com.fasterxml.jackson.databind.node.ArrayNode",
        Json::Object(_) => "com.fasterxml.jackson.databind.node.ObjectNode",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    const DOCUMENT: &str = r#"{
        "store": {
            "book": [
                {"title": "A", "price": 8.95, "tags": ["x", "y"], "isbn": null},
                {"title": "B", "price": 12, "tags": []},
                {"title": "C", "price": 23, "tags": ["z"], "isbn": "1"}
            ],
            "bicycle": {"color": "red", "price": 20}
        },
        "a-b": 1, "n": [3, 1, 2], "limit": 10, "nothing": null, "text": "abc",
        "q'\"": 5, "nested": [[1, 2], [3]]
    }"#;

    fn check(path: &str, expect: &str) {
        let document = Json::parse(DOCUMENT).unwrap();
        let path = Path::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let found = match path.read_from(&document) {
            Ok(value) => value.to_text(),
            Err(error) => format!("! {error}"),
        };
        assert_eq!(found, expect, "{}", path.text());
    }

    #[test]
    fn definite_paths_yield_the_node() {
        check("$.store.bicycle.color", r#""red""#);
        check("$['store']['bicycle']['color']", r#""red""#);
        check("$[\"store\"].book[0].title", r#""A""#);
        check("$.store.book[-1].title", r#""C""#);
        check("$.a-b", "1");
        check(r"$['q\'\u0022']", "5");
        check("$.nothing", "null");
        check("$.nested[1][0]", "3");
        check(" $.limit ", "10");
        check("$.['limit']", "10");
        check(
            "$.store.bicycle['color','price','none']",
            r#"{"color":"red","price":20}"#,
        );
    }

    #[test]
    fn what_is_missing_on_a_definite_path_is_an_error() {
        check("$.none", "! No results for path: $['none']");
        check("$.store.none", "! No results for path: $['store']['none']");
        check("$.no.such.path", "! Missing property in path $['no']");
        check(
            "$.store.no.path",
            "! Missing property in path $['store']['no']",
        );
        check("$.n[7]", "! No results for path: $['n'][7]");
        check("$.n[7][0]", "! The path $['n'][7] is null");
        check(
            "$.n[7].a",
            "! Expected to find an object with property ['a'] in path $['n'][7] but found 'null'. \
             This is not a json object according to the JsonProvider: \
             'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
        );
        check("$.n[-4]", "! No results for path: $['n'][-4]");
        check(
            "$.nothing[0]",
            "! Filter: [0] can only be applied to arrays. Current context is: null",
        );
        check(
            "$.text[0]",
            "! Filter: [0] can only be applied to arrays. Current context is: \"abc\"",
        );
        check(
            "$.text.a",
            "! Expected to find an object with property ['a'] in path $['text'] but found \
             'com.fasterxml.jackson.databind.node.TextNode'. This is not a json object according to the \
             JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
        );
    }

    #[test]
    fn indefinite_paths_yield_a_list() {
        check("$.store.book[*].title", r#"["A","B","C"]"#);
        check("$.store.book[0,2].title", r#"["A","C"]"#);
        check("$.store.book[5,6].title", "[]");
        check("$.n[0,6]", "[3,null]");
        check("$.nested[*][1]", "[2,null]");
        check("$.store.book[*].none", "[]");
        check("$.store.book[*].isbn", r#"[null,"1"]"#);
        check(
            "$.store.book[*]['title','isbn']",
            r#"[{"title":"A","isbn":null},{"title":"B"},{"title":"C","isbn":"1"}]"#,
        );
        check("$.store['book','bicycle'].color", r#"["red"]"#);
        check("$.store.bicycle.*", r#"["red",20]"#);
        check("$.n[*]", "[3,1,2]");
        check("$.nested[*][0]", "[1,3]");
    }

    #[test]
    fn slices_follow_jayway() {
        check("$.n[1:]", "[1,2]");
        check("$.n[:1]", "[3]");
        check("$.n[0:2]", "[3,1]");
        check("$.n[-2:]", "[1,2]");
        check("$.n[:-1]", "[3,1]");
        check("$.n[-1:1]", "[2,3]");
        check("$.n[2:1]", "[]");
        check("$.n[1:99]", "[1,2]");
        check("$.n[-99:99]", "[3,1,2,3,1,2]");
        check("$.store.book[1:].price", "[12,23]");
        check(
            "$.text[1:]",
            "! Filter: [1:] can only be applied to arrays. Current context is: \"abc\"",
        );
    }

    #[test]
    fn scans_visit_every_node() {
        check("$..price", "[8.95,12,23,20]");
        check("$..book[0].title", r#"["A"]"#);
        check("$..book[?(@.price > 20)].title", r#"["C"]"#);
        check("$.nested..[0]", "[[1,2],1,3]");
        check("$.nested..*", "[[1,2],[3],1,2,3]");
        check("$..[?(@.color)].price", "[20]");
        check("$..none", "[]");
    }

    #[test]
    fn filters_compare() {
        for (filter, titles) in [
            ("@.price < 10", r#"["A"]"#),
            ("@.price <= 12", r#"["A","B"]"#),
            ("@.price>12", r#"["C"]"#),
            ("@.price >= $.limit", r#"["B","C"]"#),
            ("@.price == '12'", r#"["B"]"#),
            ("@.price === '12'", "[]"),
            ("@.price !== 12", r#"["A","C"]"#),
            ("@.title == 'A'", r#"["A"]"#),
            ("@.title != \"A\"", r#"["B","C"]"#),
            ("@.title > 'A'", r#"["B","C"]"#),
            ("@.title > 0", "[]"),
            ("@.none == 1", "[]"),
            ("@.none != 1", r#"["A","B","C"]"#),
            ("@.isbn", r#"["A","C"]"#),
            ("!@.isbn", r#"["B"]"#),
            ("!(@.isbn)", r#"["B"]"#),
            ("@.isbn == null", r#"["A"]"#),
            ("@.isbn && @.price > 10", r#"["C"]"#),
            ("@.price < 10 || @.price > 20", r#"["A","C"]"#),
            ("(@.price<10||@.price>20)&&@.isbn!=null", r#"["C"]"#),
            ("@.title in ['A', \"C\"]", r#"["A","C"]"#),
            ("@.title nin ['A']", r#"["B","C"]"#),
            ("@.title IN ['A']", r#"["A"]"#),
            ("@.tags contains 'x'", r#"["A"]"#),
            ("'xyz' contains @.title", "[]"),
            ("@.tags size 2", r#"["A"]"#),
            ("@.tags empty true", r#"["B"]"#),
            ("@.tags empty false", r#"["A","C"]"#),
            ("@.tags subsetof ['x', 'y', 'w']", r#"["A","B"]"#),
            ("@.tags anyof ['y', 'z']", r#"["A","C"]"#),
            ("@.tags noneof ['y', 'z']", r#"["B"]"#),
            ("@.tags all ['y', 'x']", r#"["A"]"#),
            ("@.title =~ /[ab]/i", r#"["A","B"]"#),
            ("@.title =~ /.*B/", r#"["B"]"#),
            ("@.title =~ /\\//", "[]"),
            ("@.tags =~ /z/", r#"["C"]"#),
            ("@.tags.length() > 1", r#"["A"]"#),
            ("@.tags[0] == 'z'", r#"["C"]"#),
            ("@['title'] == 'B'", r#"["B"]"#),
            ("true", r#"["A","B","C"]"#),
            ("false", "[]"),
        ] {
            check(&format!("$.store.book[?({filter})].title"), titles);
        }
        check("$.n[?(@ > 1)]", "[3,2]");
        check("$.store.bicycle[?(@.color == 'red')].price", "[20]");
    }

    #[test]
    fn functions_work_on_the_node_before() {
        check("$.n.length()", "3");
        check("$.n.min()", "1.0");
        check("$.n.max()", "3.0");
        check("$.n.sum()", "6.0");
        check("$.n.avg()", "2.0");
        check("$.n.stddev()", "0.8164965809277263");
        check("$.n.first()", "3");
        check("$.n.last()", "2");
        check("$.n.index(1)", "1");
        check("$.n.index(9)", "! No results for path: $['n'].index()");
        check("$.n.append(4, 'x')", r#"[3,1,2,4,"x"]"#);
        check("$.store.bicycle.keys()", r#"["color","price"]"#);
        check("$.store.book[0].tags.concat('!')", r#""xy!""#);
        check("$.sum($..price)", "63.95");
        check("$.store.book[*].tags.length()", "[2,0,1]");
        check("$.text.length()", "3");
        check(
            "$.store.book[1].tags.max()",
            "! Aggregation function attempted to calculate value using empty array",
        );
    }

    #[test]
    fn refuses_what_is_not_a_path() {
        for path in [
            "",
            "a",
            "a.b",
            "@.a",
            "$.",
            "$..",
            "$...a",
            "$.a..",
            "$.a[",
            "$.a[]",
            "$.a['b'",
            "$.a['b]",
            "$.a[b]",
            "$.a[1",
            "$.a[1,]",
            "$.a[--1]",
            "$.a[99999999999]",
            "$.a[?(@.b]",
            "$.a[?(@.b ~ 1)]",
            "$.a[?(@.b like 1)]",
            "$.a[?(@.b =~ /x)]",
            "$.a[?(@.b =~ /(/)]",
            "$.a[?(@.b =~ /x/q)]",
            "$.a[?()]",
            "$.a b",
            "$.a.nope()",
            "$.a]",
            "$.a[?(@.b == )]",
            "$1",
            "$.a[?]",
        ] {
            assert!(Path::parse(path).is_err(), "{path}");
        }
        let deep = format!("$.a{}@.b{}", "[?(".repeat(100), ")]".repeat(100));
        assert!(Path::parse(&deep).is_err());
        let deep = format!("$.a[?({}@.b{})]", "(".repeat(5000), ")".repeat(5000));
        assert!(Path::parse(&deep).is_err());
        assert!(Path::parse(&format!("$.a[?({}@.b)]", "!".repeat(5000))).is_err());
        assert!(Path::parse(&format!("${}", ".a".repeat(2000))).is_err());
    }

    #[test]
    fn a_pattern_that_backtracks_without_end_does_not_match() {
        let path = Path::parse(r"$[?(@ =~ /(a+)+(?=b)c/)]").unwrap();
        let document = json!(["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]);
        assert_eq!(path.read_from(&document), Ok(json!([])));
    }

    #[test]
    fn knows_its_variables_and_shape() {
        let path = Path::parse("$name.a[0]").unwrap();
        assert_eq!(path.variables(), [Arc::from("name")]);
        assert!(path.is_definite());
        for text in [
            "$.a[*]",
            "$..a",
            "$.a[0,1]",
            "$['a','b'].c",
            "$.a[:1]",
            "$.a[?(@.b)]",
        ] {
            assert!(!Path::parse(text).unwrap().is_definite(), "{text}");
        }
        assert!(Path::parse("$['a','b']").unwrap().is_definite());
    }
}
