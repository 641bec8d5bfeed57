//! Values given on the command line: as text, as `@file`, or as `-` for standard input.

use std::io::Read;

use passo_json::Json;

use crate::located::Located;
use crate::problem::Problem;

/// A text and where it comes from.
pub struct Given {
    /// The text.
    pub text: String,
    /// A file's path, `<stdin>`, or the option's name.
    pub from: String,
}

impl Given {
    /// Reads what `value`, given to `option`, stands for.
    ///
    /// # Errors
    /// When the file or standard input cannot be read.
    pub fn read(option: &str, value: &str) -> Result<Given, Problem> {
        if value == "-" {
            let mut text = String::new();
            let read = std::io::stdin().read_to_string(&mut text);
            read.map_err(|error| Problem::new("standard input cannot be read").why(error))?;
            return Ok(Given {
                text,
                from: "<stdin>".to_owned(),
            });
        }
        let Some(path) = value.strip_prefix('@') else {
            return Ok(Given {
                text: value.to_owned(),
                from: option.to_owned(),
            });
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problem::new(format!(
                "the file `{path}` given to {option} cannot be read"
            ))
            .why(error)
        })?;
        Ok(Given {
            text,
            from: path.to_owned(),
        })
    }

    /// The text as JSON.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn json(&self) -> Result<Json, Problem> {
        Json::parse(&self.text).map_err(|error| {
            let message = error.to_string();
            let message = message.split(" at byte").next().unwrap_or_default().to_owned();
            let located = Located::new(&self.from, &self.text, error.offset, message);
            Problem::new(format!("{} is not JSON", self.from))
                .why(located)
                .next("give JSON, as in --input '{\"orderId\": \"12345\"}', or a file with --input @input.json")
        })
    }
}
