//! From a path to a stack: a template, CDK's output, or definitions by themselves.

use std::path::{Path, PathBuf};

use passo_asl::source::{Format, Span};
use passo_json::{Json, Object, json};
use passo_template::{Deployment, Stack};

use super::files::Files;
use crate::problem::Problem;
use crate::project::{self, Definition};

/// A project as it is deployed.
#[derive(Debug)]
pub struct Source {
    /// Its resources.
    pub stack: Stack,
    /// Its files.
    pub files: Files,
    /// The directory that its paths are relative to.
    pub directory: PathBuf,
    /// What the template asks for and does not get, for people.
    pub notes: Vec<String>,
}

/// What a path stands for, before the template's functions are looked at.
pub struct Found {
    /// The template.
    template: Definition,
    directory: PathBuf,
    assets: Option<Json>,
    /// The name that a stack has where none is given.
    pub stack_name: String,
}

/// Finds the template at a path.
///
/// # Errors
/// When there is none.
pub fn find(path: &Path) -> Result<Found, Problem> {
    let is_cdk = |path: &Path| path.join("cdk.json").is_file() && path.join("cdk.out").is_dir();
    if path.is_dir() && project::template_in(path).is_none() {
        if path.join("manifest.json").is_file() {
            return of_cdk(path);
        }
        if is_cdk(path) {
            return of_cdk(&path.join("cdk.out"));
        }
    }
    let file = match path.is_dir() {
        true => project::template_in(path),
        false => Some(path.to_owned()),
    };
    if let Some(file) = file.filter(|file| file.is_file()) {
        let template = Definition::read(&file)?;
        if passo_template::is_template(&template.text, template.format) {
            let directory = project::directory_of(&file);
            let name = stack_name(&directory);
            return Ok(of_template(&file, template, directory, name));
        }
    }
    of_definitions(path)
}

fn of_template(file: &Path, template: Definition, directory: PathBuf, stack_name: String) -> Found {
    let name = file.file_name().and_then(|name| name.to_str());
    let manifest = name.and_then(|name| name.strip_suffix(".template.json"));
    let manifest = manifest.map(|name| directory.join(format!("{name}.assets.json")));
    Found {
        assets: manifest.and_then(|file| json_of(&file)),
        template,
        directory,
        stack_name,
    }
}

fn json_of(file: &Path) -> Option<Json> {
    Json::parse(&std::fs::read_to_string(file).ok()?).ok()
}

/// The one stack of CDK's output.
fn of_cdk(directory: &Path) -> Result<Found, Problem> {
    let manifest = json_of(&directory.join("manifest.json")).unwrap_or(Json::Null);
    let artifacts = manifest.get("artifacts").and_then(Json::as_object);
    let stacks: Vec<(String, &str)> = artifacts
        .into_iter()
        .flat_map(|artifacts| artifacts.iter())
        .filter(|(_, it)| it.get("type").and_then(Json::as_str) == Some("aws:cloudformation:stack"))
        .filter_map(|(name, it)| {
            let properties = it.get("properties")?;
            let file = properties.get("templateFile")?.as_str()?;
            let named = properties.get("stackName").and_then(Json::as_str);
            Some((named.unwrap_or(name).to_owned(), file))
        })
        .collect();
    match &stacks[..] {
        [(name, file)] => {
            let path = directory.join(file);
            let template = Definition::read(&path)?;
            Ok(of_template(
                &path,
                template,
                directory.to_owned(),
                name.clone(),
            ))
        }
        [] => Err(Problem::new(format!(
            "`{}` has no stack that `cdk synth` wrote",
            directory.display()
        ))),
        several => {
            let names = several.iter().map(|(_, file)| format!("`{file}`"));
            let names: Vec<String> = names.collect();
            Err(
                Problem::new(format!("`{}` has several stacks", directory.display()))
                    .why(names.join(", "))
                    .next("name one of these files"),
            )
        }
    }
}

/// Definitions by themselves are state machines that stay when their files go.
fn of_definitions(path: &Path) -> Result<Found, Problem> {
    let files = match path.is_dir() {
        true => project::definitions_in(path)?,
        false => vec![path.to_owned()],
    };
    if files.is_empty() || !path.exists() {
        return Err(project::nothing_at(path));
    }
    let directory = match path.is_dir() {
        true => path.to_owned(),
        false => project::directory_of(path),
    };
    let mut resources = Object::default();
    for file in &files {
        let name = file.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or("workflow");
        let id = name.split('.').next().unwrap_or("workflow");
        let resource = json!({
            "Type": "AWS::StepFunctions::StateMachine",
            "DeletionPolicy": "Retain",
            "Properties": {"StateMachineName": id, "DefinitionUri": name},
        });
        resources = resources.with(id, resource);
    }
    let stack_name = match &files[..] {
        [only] if !path.is_dir() => {
            let name = only.file_name().and_then(|name| name.to_str());
            let name = name.and_then(|name| name.split('.').next());
            cleaned(name.unwrap_or_default())
        }
        _ => stack_name(&directory),
    };
    Ok(Found {
        template: Definition {
            text: json!({"Resources": resources}).to_text(),
            format: Format::Json,
            from: path.display().to_string(),
            file: None,
        },
        directory,
        assets: None,
        stack_name,
    })
}

/// The name of a directory, as a stack may be called.
fn stack_name(directory: &Path) -> String {
    let directory = directory.canonicalize();
    let directory = directory.unwrap_or_default();
    let name = directory.file_name().and_then(|name| name.to_str());
    cleaned(name.unwrap_or_default())
}

/// Source: CreateStack: letters, digits and hyphens, a letter first, at most 128.
fn cleaned(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(100)
        .collect();
    let name = name.trim_matches('-');
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name.to_owned(),
        Some(_) => format!("stack-{name}"),
        None => "local".to_owned(),
    }
}

impl Found {
    /// The names of stored parameters whose values are wanted.
    ///
    /// # Errors
    /// When the template cannot be read.
    pub fn stored(&self, deployment: &Deployment) -> Result<Vec<std::sync::Arc<str>>, Problem> {
        passo_template::stored_parameters(&self.template.text, self.template.format, deployment)
            .map_err(|errors| project::wrong_template(&self.template, &errors))
    }

    /// The stack as it is deployed to `deployment`.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn read(self, deployment: &Deployment) -> Result<Source, Problem> {
        let template = &self.template;
        let stack = Stack::read(&template.text, template.format, deployment)
            .map_err(|errors| project::wrong_template(template, &errors))?;
        let mut files = Files::new(self.directory.clone());
        if let Some(assets) = &self.assets {
            files = files.with_assets(assets);
        }
        let left_out = stack.left_out().iter();
        let notes = left_out.map(|note| {
            let at: Span = note.span;
            format!("{}: {note}", project::place(template, at))
        });
        Ok(Source {
            notes: notes.collect(),
            stack,
            files,
            directory: self.directory,
        })
    }
}
