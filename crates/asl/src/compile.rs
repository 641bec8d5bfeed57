//! From text to program, or to everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use passo_json::{Json, ParseError, ParseErrorKind};
use passo_vocab::{StateName, WorkflowType};

use crate::definition::{Machine, Reader};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::program::{BlockId, MapMode, Program, StateKind, lower};
use crate::source::{
    self, Format, Key, Mapping, Node, NodeKind, SourceErrorKind, SourceLimits, Span, json_fault,
};
use crate::validate::check_rules;

/// Which rules hold beside the language's own.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// The type of the state machine.
    pub workflow_type: WorkflowType,
    /// Whether values may be put in before the definition is used: `${…}` in strings, as
    /// `DefinitionSubstitutions` of a template name them, and the template's own functions (`!GetAtt`,
    /// `{"Ref": …}`). Such a definition can be validated, not compiled.
    pub substitutions: bool,
    /// Size and depth of the text.
    pub limits: SourceLimits,
}

/// A definition that is ready to run, with the facts that the API tells of it.
#[derive(Debug)]
pub struct Compiled {
    /// What runs.
    pub program: Program,
    /// What is probably not as meant.
    pub warnings: Vec<Diagnostic>,
    /// The variables that each state mentions, sorted; states without any are left out.
    ///
    /// Source: `variableReferences` of `DescribeStateMachine` (recorded).
    pub variable_references: BTreeMap<StateName, Vec<Arc<str>>>,
    /// `Comment` of the machine.
    pub comment: Option<Arc<str>>,
    /// The Distributed Maps with their labels, in the order of the definition.
    pub labels: Vec<LabelledMap>,
}

/// A Distributed Map and the label in the ARNs of its Map runs and child executions.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledMap {
    /// `Label`, or the one that was made for it.
    pub label: Arc<str>,
    /// The Map state.
    pub state: StateName,
    /// What its child executions run.
    pub processor: BlockId,
    /// What its child executions run, as written: `StartAt`, `States` ….
    pub definition: Json,
}

/// The name of a state that is compiled alone (recorded in the places of findings).
pub const SINGLE_STATE: &str = "StateName";

/// Compiles a definition.
///
/// # Errors
/// Every finding, warnings included, where at least one is an error.
pub fn compile(
    text: &str,
    format: Format,
    options: &CompileOptions,
) -> Result<Compiled, Vec<Diagnostic>> {
    let root = read(text, format, options).map_err(|finding| vec![finding])?;
    compile_tree(text, &root, options)
}

/// Compiles a definition that was already read, for example as part of a template; `text` is what the tree
/// was read from.
///
/// # Errors
/// As [`compile`]; spans are those of the tree.
pub fn compile_node(
    text: &str,
    root: &Node,
    options: &CompileOptions,
) -> Result<Compiled, Vec<Diagnostic>> {
    compile_tree(text, root, options)
}

/// Compiles the definition of a single state, as `TestState` takes it: it is the only state of a machine, under
/// the name [`SINGLE_STATE`], and whatever it leads to is a Succeed state.
///
/// # Errors
/// As [`compile`].
pub fn compile_state(
    text: &str,
    format: Format,
    options: &CompileOptions,
) -> Result<Compiled, Vec<Diagnostic>> {
    let state = read(text, format, options).map_err(|finding| vec![finding])?;
    let mut reader = Reader::new(text, options.substitutions);
    let alone = Machine::read(&mut reader, &machine_of(&state, &[]));
    let states = alone.iter().flat_map(|machine| &machine.scope.states);
    let targets: BTreeSet<Arc<str>> = states
        .flat_map(|state| &state.targets)
        .map(|target| Arc::clone(&target.name))
        .filter(|name| **name != *SINGLE_STATE)
        .collect();
    let targets: Vec<Arc<str>> = targets.into_iter().collect();
    compile_tree(text, &machine_of(&state, &targets), options)
}

/// A machine of one state and of the Succeed states that it leads to.
fn machine_of(state: &Node, targets: &[Arc<str>]) -> Node {
    let string = |text: &str| Node::new(state.span, NodeKind::String(Arc::from(text)));
    let object = |members: Vec<(&str, Node)>| {
        let mut mapping = Mapping::default();
        for (name, value) in members {
            let text = Arc::from(name);
            let span = state.span;
            mapping.push(Key { text, span }, value);
        }
        Node::new(state.span, NodeKind::Object(mapping))
    };
    let mut states = vec![(SINGLE_STATE, state.clone())];
    for name in targets {
        states.push((name, object(vec![("Type", string("Succeed"))])));
    }
    object(vec![
        ("StartAt", string(SINGLE_STATE)),
        ("States", object(states)),
    ])
}

/// Finds everything that is wrong with a definition, in the order of AWS: fields first, then what spans
/// states.
pub fn validate(text: &str, format: Format, options: &CompileOptions) -> Vec<Diagnostic> {
    match read(text, format, options) {
        Ok(root) => check(text, &root, options).1,
        Err(finding) => vec![finding],
    }
}

/// As [`validate`], for a definition that was already read.
pub fn validate_node(text: &str, root: &Node, options: &CompileOptions) -> Vec<Diagnostic> {
    check(text, root, options).1
}

fn check(text: &str, root: &Node, options: &CompileOptions) -> (Option<Machine>, Vec<Diagnostic>) {
    let mut reader = Reader::new(text, options.substitutions);
    let machine = Machine::read(&mut reader, root);
    let mut findings = reader.findings;
    if let Some(machine) = &machine {
        check_rules(machine, options.workflow_type, &mut findings);
    }
    (machine, findings)
}

fn compile_tree(
    text: &str,
    root: &Node,
    options: &CompileOptions,
) -> Result<Compiled, Vec<Diagnostic>> {
    let (machine, findings) = check(text, root, options);
    let (Some(machine), false) = (machine, findings.iter().any(Diagnostic::is_error)) else {
        return Err(findings);
    };
    let variable_references = variable_references(&machine);
    let comment = machine.comment.clone();
    match lower(machine) {
        Ok(program) => Ok(Compiled {
            labels: labels(&program, root),
            program,
            warnings: findings,
            variable_references,
            comment,
        }),
        Err(unresolved) => Err(vec![Diagnostic {
            severity: Severity::Error,
            code: Code::SchemaValidationFailed,
            message: unresolved.to_string(),
            location: Some("/".to_owned()),
            span: root.span,
            help: None,
        }]),
    }
}

fn variable_references(machine: &Machine) -> BTreeMap<StateName, Vec<Arc<str>>> {
    let mut references = BTreeMap::new();
    let mut scopes = vec![&machine.scope];
    while let Some(scope) = scopes.pop() {
        for state in &scope.states {
            scopes.extend(&state.scopes);
            if !state.mentioned.is_empty() {
                let names = state.mentioned.iter().cloned().collect();
                references.insert(StateName::new(Arc::clone(&state.name)), names);
            }
        }
    }
    references
}

fn labels(program: &Program, root: &Node) -> Vec<LabelledMap> {
    let distributed: BTreeSet<&str> = program
        .states()
        .iter()
        .filter(|state| label_of(&state.kind).is_some())
        .map(|state| state.name.as_str())
        .collect();
    if distributed.is_empty() {
        return Vec::new();
    }
    let mut processors = BTreeMap::new();
    find_processors(root, &distributed, &mut processors);
    let labelled = program.states().iter().filter_map(|state| {
        let (label, processor) = label_of(&state.kind)?;
        Some(LabelledMap {
            label: Arc::clone(label),
            state: state.name.clone(),
            processor,
            definition: processors
                .get(state.name.as_str())
                .cloned()
                .unwrap_or(Json::Null),
        })
    });
    labelled.collect()
}

fn label_of(kind: &StateKind) -> Option<(&Arc<str>, BlockId)> {
    match kind {
        StateKind::Map(map) => match &map.mode {
            MapMode::Distributed(distributed) => Some((&distributed.label, map.processor)),
            MapMode::Inline => None,
        },
        _ => None,
    }
}

/// The processors of the named Maps, as written.
fn find_processors(scope: &Node, names: &BTreeSet<&str>, found: &mut BTreeMap<String, Json>) {
    let states = scope.get("States").and_then(Node::as_object);
    for state in states.into_iter().flatten() {
        let processor = ["ItemProcessor", "Iterator"]
            .iter()
            .find_map(|name| state.value.get(name));
        if let Some(processor) = processor {
            if names.contains(&*state.key.text) {
                found.insert(state.key.text.to_string(), processor.to_json());
            }
            find_processors(processor, names, found);
        }
        let branches = state.value.get("Branches").and_then(Node::as_array);
        for branch in branches.unwrap_or_default() {
            find_processors(branch, names, found);
        }
    }
}

fn read(text: &str, format: Format, options: &CompileOptions) -> Result<Node, Diagnostic> {
    if text.trim().is_empty() {
        // Recorded: a blank definition is told as one that is no object, without a place.
        return Ok(Node::new(Span::new(0, text.len()), NodeKind::Null));
    }
    source::read(text, format, options.limits).map_err(|error| {
        let (code, message, location) = match (error.kind, format) {
            (SourceErrorKind::TooDeep, _) => (Code::TooDeeplyNested, error.message, None),
            (SourceErrorKind::TooLong | SourceErrorKind::TooMany, _) => {
                let message = format!("The definition is too large: {}", error.message);
                (Code::SchemaValidationFailed, message, None)
            }
            (SourceErrorKind::Syntax, Format::Yaml) => {
                (Code::InvalidJsonDescription, error.message, None)
            }
            (SourceErrorKind::Syntax, Format::Json) => {
                let fault = ParseError {
                    offset: error.span.start,
                    kind: ParseErrorKind::UnexpectedToken,
                };
                let fault = json_fault(text, &fault);
                let place = fault.source(text);
                let message = format!("{}\n at {place}", fault.message);
                (Code::InvalidJsonDescription, message, Some(place))
            }
        };
        Diagnostic {
            severity: Severity::Error,
            code,
            message,
            location,
            span: error.span,
            help: None,
        }
    })
}
