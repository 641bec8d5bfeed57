//! From a path to a project.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use passo_asl::source::{LineIndex, Span};
use passo_engine::WorkflowType;
use passo_template::{DefinitionSource, Deployment, Project, TemplateError, substitute};

use super::definition::format_of;
use super::{Definition, LoadedProject, StateMachine};
use crate::located::Located;
use crate::problem::Problem;

/// The names that SAM looks for, in its order.
const TEMPLATES: [&str; 4] = ["template.yaml", "template.yml", "template.json", "template"];
const DEFINITIONS: [&str; 3] = [".asl.json", ".asl.yaml", ".asl.yml"];

/// Reads the project at `path`: a directory, a template or a definition.
///
/// # Errors
/// When there is none, or it is not right.
pub fn load(path: &Path, deployment: &Deployment) -> Result<LoadedProject, Problem> {
    if path.is_dir() {
        return from_directory(path, deployment);
    }
    from_file(path, deployment)
}

/// The template of a directory.
pub fn template_in(directory: &Path) -> Option<PathBuf> {
    let paths = TEMPLATES.iter().map(|name| directory.join(name));
    paths.into_iter().find(|path| path.is_file())
}

/// The problem of a path with nothing to deploy or run.
pub fn nothing_at(path: &Path) -> Problem {
    if path.is_dir() {
        return Problem::new(format!(
            "`{}` has neither a template nor a definition",
            path.display()
        ))
        .why("looked for template.yaml, template.yml, template.json and *.asl.json, *.asl.yaml")
        .next("passo run PATH-OF-A-DEFINITION");
    }
    Problem::new(format!("there is no `{}`", path.display()))
        .next("give a directory with a template.yaml, or a definition such as order.asl.json")
}

fn from_file(path: &Path, deployment: &Deployment) -> Result<LoadedProject, Problem> {
    if !path.exists() {
        return Err(nothing_at(path));
    }
    let definition = Definition::read(path)?;
    if passo_template::is_template(&definition.text, definition.format) {
        from_template(path, &definition, deployment)
    } else {
        Ok(from_definition(path, definition, deployment))
    }
}

fn from_directory(directory: &Path, deployment: &Deployment) -> Result<LoadedProject, Problem> {
    if let Some(path) = template_in(directory) {
        let template = Definition::read(&path)?;
        return from_template(&path, &template, deployment);
    }
    let definitions = definitions_in(directory)?;
    match &definitions[..] {
        [only] => Ok(from_definition(only, Definition::read(only)?, deployment)),
        [] => Err(nothing_at(directory)),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            Err(Problem::new(format!(
                "`{}` has no template, and several definitions",
                directory.display()
            ))
            .why(names.join(", "))
            .next("name one of them"))
        }
    }
}

/// The definitions of a directory.
///
/// # Errors
/// When it cannot be read.
pub fn definitions_in(directory: &Path) -> Result<Vec<PathBuf>, Problem> {
    let unreadable = |error: std::io::Error| {
        let directory = directory.display();
        Problem::new(format!("the directory `{directory}` cannot be read")).why(error)
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if DEFINITIONS.iter().any(|suffix| name.ends_with(suffix)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn from_definition(path: &Path, definition: Definition, deployment: &Deployment) -> LoadedProject {
    let file_name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("workflow");
    let name: Arc<str> = file_name.split('.').next().unwrap_or("workflow").into();
    let machine = StateMachine {
        logical_id: Arc::clone(&name),
        arn: deployment.arn("states", &format!("stateMachine:{name}")),
        role_arn: format!("arn:aws:iam::{}:role/{name}Role", deployment.account).into(),
        name,
        workflow_type: WorkflowType::Standard,
        definition,
    };
    LoadedProject {
        file: path.to_owned(),
        directory: directory_of(path),
        state_machines: vec![machine],
        functions: Vec::new(),
        notes: Vec::new(),
    }
}

fn from_template(
    path: &Path,
    template: &Definition,
    deployment: &Deployment,
) -> Result<LoadedProject, Problem> {
    let project = passo_template::read(&template.text, template.format, deployment)
        .map_err(|errors| wrong_template(template, &errors))?;
    let directory = directory_of(path);
    let machines = project.state_machines.iter();
    let state_machines = machines
        .map(|machine| state_machine(machine, &directory, template))
        .collect::<Result<Vec<_>, _>>()?;
    if state_machines.is_empty() {
        return Err(Problem::new(format!("`{}` has no state machine", path.display()))
            .why("a workflow is a resource of the type AWS::Serverless::StateMachine or AWS::StepFunctions::StateMachine"));
    }
    Ok(LoadedProject {
        file: path.to_owned(),
        notes: notes(&project, template),
        directory,
        state_machines,
        functions: project.functions,
    })
}

fn state_machine(
    machine: &passo_template::StateMachine,
    directory: &Path,
    template: &Definition,
) -> Result<StateMachine, Problem> {
    let mut definition = match &machine.definition {
        DefinitionSource::File(path) => {
            let path = directory.join(path);
            Definition::read(&path).map_err(|problem| {
                let place = place(template, machine.span);
                problem.why(format!(
                    "{place}: the state machine `{}` names it",
                    machine.logical_id
                ))
            })?
        }
        DefinitionSource::Text(text) => Definition {
            text: text.to_string(),
            format: format_of(Path::new(""), text),
            from: format!("{} ({})", template.from, machine.logical_id),
            file: template.file.clone(),
        },
    };
    definition.text = substitute(&definition.text, &machine.substitutions);
    Ok(StateMachine {
        logical_id: Arc::clone(&machine.logical_id),
        name: Arc::clone(&machine.name),
        arn: Arc::clone(&machine.arn),
        role_arn: Arc::clone(&machine.role_arn),
        workflow_type: machine.workflow_type,
        definition,
    })
}

/// Resources that a workflow might miss.
fn notes(project: &Project, template: &Definition) -> Vec<String> {
    let missed = project
        .unsupported
        .iter()
        .filter(|resource| !resource.harmless);
    missed
        .map(|resource| {
            format!(
                "{}: the resource `{}` ({}) is not created here",
                place(template, resource.span),
                resource.logical_id,
                resource.resource_type
            )
        })
        .collect()
}

/// The problem of a template with faults.
pub fn wrong_template(template: &Definition, errors: &[TemplateError]) -> Problem {
    let mut problem = Problem::new(format!("the template `{}` cannot be used", template.from));
    for error in errors {
        let start = error.span.start;
        problem = problem.why(Located::new(
            &template.from,
            &template.text,
            start,
            &error.message,
        ));
    }
    problem
}

/// A place in a template, for people.
pub fn place(template: &Definition, span: Span) -> String {
    let position = LineIndex::new(&template.text).position(&template.text, span.start);
    format!("{}:{}:{}", template.from, position.line, position.column)
}

/// The directory of a file.
pub fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
