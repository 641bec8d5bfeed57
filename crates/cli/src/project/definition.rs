//! The text of a state machine's definition.

use std::path::{Path, PathBuf};

use passo_asl::source::{Format, SourceLimits};

use crate::problem::Problem;

/// A definition, with its substitutions made.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The text.
    pub text: String,
    /// How it is written.
    pub format: Format,
    /// The file that it comes from, for messages.
    pub from: String,
    /// That file.
    pub file: Option<PathBuf>,
}

impl Definition {
    /// Reads a file; its name tells JSON from YAML.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(path: &Path) -> Result<Definition, Problem> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problem::new(format!(
                "the definition `{}` cannot be read",
                path.display()
            ))
            .why(error)
        })?;
        Ok(Definition {
            format: format_of(path, &text),
            text,
            from: path.display().to_string(),
            file: Some(path.to_owned()),
        })
    }

    /// The text as JSON, which is all that AWS takes. JSON stays as it was written.
    ///
    /// # Errors
    /// When it is YAML that cannot be read.
    pub fn json(&self) -> Result<String, Problem> {
        match self.format {
            Format::Json => Ok(self.text.clone()),
            Format::Yaml => {
                let root =
                    passo_asl::source::read(&self.text, Format::Yaml, SourceLimits::default());
                let root = root.map_err(|error| {
                    Problem::new(format!("`{}` is not YAML", self.from)).why(error.message)
                })?;
                Ok(root.to_json().to_pretty())
            }
        }
    }
}

/// JSON or YAML, by the name of the file, else by its first character.
pub fn format_of(path: &Path, text: &str) -> Format {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => Format::Json,
        Some("yaml" | "yml") => Format::Yaml,
        Some(_) | None if text.trim_start().starts_with('{') => Format::Json,
        Some(_) | None => Format::Yaml,
    }
}
