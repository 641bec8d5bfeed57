//! The definitions that the command line names, in files of their own or within templates.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use passo_asl::source::{self, Node, SourceLimits};
use passo_asl::{Format, WorkflowType};

use crate::problem::Problem;

/// Bytes of a file at most; a definition may have one mebibyte, and that is told as a finding.
const MOST_BYTES: u64 = 16 << 20;

/// Folders within each other at most.
const MOST_FOLDERS: usize = 64;

/// What a folder is searched for, beside templates.
const SUFFIXES: [&str; 3] = [".asl.json", ".asl.yaml", ".asl.yml"];

/// The names of templates that a folder is searched for.
const TEMPLATES: [&str; 3] = ["template.yaml", "template.yml", "template.json"];

/// A definition and the file that it comes from.
#[derive(Debug)]
pub(super) struct Definition {
    /// The file, as the command line names it.
    pub(super) path: String,
    /// The whole text of the file.
    pub(super) text: Rc<str>,
    pub(super) format: Format,
    /// The definition, where it is only a part of the text.
    pub(super) part: Option<Node>,
    /// The type that the template says.
    pub(super) workflow_type: Option<WorkflowType>,
}

/// Reads every definition that `paths` name, each once.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Definition>, Problem> {
    let mut definitions = Vec::new();
    for path in paths {
        let before = definitions.len();
        if path.is_dir() {
            let mut files = Vec::new();
            search(path, 0, &mut files)?;
            for file in &files {
                definitions.extend(read_file(file)?);
            }
        } else {
            definitions.extend(read_file(path)?);
        }
        if definitions.len() == before {
            return Err(nothing(path));
        }
    }
    Ok(each_once(definitions))
}

/// The files of definitions that `paths` name, in folders those with a name for it; without templates.
pub(super) fn named(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            search(path, 0, &mut files)?;
        } else {
            files.push(path.clone());
        }
    }
    let is_template = |file: &PathBuf| {
        let name = file.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| TEMPLATES.contains(&name))
    };
    files.retain(|file| !is_template(file));
    Ok(files)
}

fn nothing(path: &Path) -> Problem {
    let what = format!("`{}` holds no definition", path.display());
    if !path.is_dir() {
        return Problem::new(what).why("the template has no state machine with a definition here");
    }
    let (suffixes, templates) = (SUFFIXES.join(", "), TEMPLATES.join(", "));
    Problem::new(what)
        .why(format!(
            "looked for files that end with {suffixes}, and for {templates}"
        ))
        .next("name the file itself: any JSON or YAML file is then read")
}

/// A file that a template names may also be found by itself; the template knows its type.
fn each_once(definitions: Vec<Definition>) -> Vec<Definition> {
    let mut files: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut kept: Vec<Definition> = Vec::new();
    for definition in definitions {
        if definition.part.is_none() {
            let path = Path::new(&definition.path);
            let file = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            if let Some(earlier) = files.get(&file).and_then(|index| kept.get_mut(*index)) {
                earlier.workflow_type = earlier.workflow_type.or(definition.workflow_type);
                continue;
            }
            files.insert(file, kept.len());
        }
        kept.push(definition);
    }
    kept
}

/// Finds files in a folder and the folders in it, in the order of their names. Hidden folders and folders
/// of dependencies are left out, links to folders are not followed.
fn search(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Problem> {
    if depth > MOST_FOLDERS {
        return Ok(());
    }
    let unreadable = |error: std::io::Error| {
        Problem::new(format!("the folder `{}` cannot be read", folder.display())).why(error)
    };
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        entries.push((entry.path(), entry.file_type().map_err(unreadable)?));
    }
    entries.sort_by(|(left, _), (right, _)| left.cmp(right));
    for (path, file_type) in entries {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if file_type.is_dir() {
            if !name.starts_with('.') && !matches!(name, "node_modules" | "target") {
                search(&path, depth + 1, files)?;
            }
        } else if SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) || TEMPLATES.contains(&name)
        {
            files.push(path);
        }
    }
    Ok(())
}

/// The definition that a file is, or those of the template that it is.
fn read_file(path: &Path) -> Result<Vec<Definition>, Problem> {
    let (text, format) = read_text(path)?;
    let file = Definition {
        path: path.display().to_string(),
        text: Rc::from(text),
        format,
        part: None,
        workflow_type: None,
    };
    if passo_template::is_template(&file.text, format) {
        return read_template(path, &file);
    }
    Ok(vec![file])
}

fn read_template(path: &Path, template: &Definition) -> Result<Vec<Definition>, Problem> {
    let Ok(root) = source::read(&template.text, template.format, SourceLimits::default()) else {
        return Ok(Vec::new());
    };
    let mut definitions = Vec::new();
    for resource in root
        .get("Resources")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
    {
        let type_name = match resource.value.get("Type").and_then(Node::as_str) {
            Some("AWS::Serverless::StateMachine") => "Type",
            Some("AWS::StepFunctions::StateMachine") => "StateMachineType",
            _ => continue,
        };
        let Some(properties) = resource.value.get("Properties") else {
            continue;
        };
        let workflow_type = properties
            .get(type_name)
            .and_then(Node::as_str)
            .and_then(WorkflowType::from_name)
            .unwrap_or_default();
        if let Some(definition) = properties.get("Definition") {
            definitions.push(Definition {
                path: template.path.clone(),
                text: Rc::clone(&template.text),
                format: template.format,
                part: Some(definition.clone()),
                workflow_type: Some(workflow_type),
            });
        }
        let uri = properties
            .get("DefinitionUri")
            .filter(|uri| uri.tag.is_none());
        let uri = uri
            .and_then(Node::as_str)
            .filter(|uri| !uri.starts_with("s3://"));
        if let Some(uri) = uri {
            let file = path.parent().unwrap_or(Path::new("")).join(uri);
            let (text, format) = read_text(&file)?;
            definitions.push(Definition {
                path: file.display().to_string(),
                text: Rc::from(text),
                format,
                part: None,
                workflow_type: Some(workflow_type),
            });
        }
    }
    Ok(definitions)
}

fn read_text(path: &Path) -> Result<(String, Format), Problem> {
    let shown = path.display().to_string();
    let problem =
        |why: String| Problem::new(format!("the definition `{shown}` cannot be read")).why(why);
    let file = File::open(path).map_err(|error| problem(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| problem(error.to_string()))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
        return Err(problem(format!(
            "it is larger than {} MiB",
            MOST_BYTES >> 20
        )));
    }
    let text = String::from_utf8(bytes).map_err(|_| problem("it is not UTF-8 text".to_owned()))?;
    let format = match path.extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => Format::Yaml,
        Some("json") => Format::Json,
        _ if text.trim_start().starts_with('{') => Format::Json,
        _ => Format::Yaml,
    };
    Ok((text, format))
}
