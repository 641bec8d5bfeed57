//! How a command prints what it found.

use clap::{Args, ValueEnum};
use passo_asl::source::to_yaml;
use passo_json::Json;

use crate::problem::Problem;

use super::filter::JqExpression;
use super::table::{self, Column};
use super::{data, fields, readable};

/// Options of every command that prints data.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// What standard output gets
    #[arg(long, short = 'o', value_enum, default_value_t, value_name = "FORMAT")]
    pub output: Format,

    /// The same as -o json
    #[arg(long, conflicts_with = "output")]
    pub json: bool,

    /// Only these members, such as name,status
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub fields: Vec<String>,

    /// Only what this jq expression makes of the JSON; a list is one array
    #[arg(long, value_name = "EXPR", value_parser = JqExpression::parse, conflicts_with_all = ["output", "json", "fields"])]
    pub jq: Option<JqExpression>,
}

/// `--output`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// One JSON document
    Json,
    /// One JSON document per line
    Jsonl,
    /// YAML
    Yaml,
    /// For scripts: values only, separated by tabs
    Text,
}

impl OutputArguments {
    /// The format that is wanted.
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { self.output }
    }

    /// Whether a person reads the whole of it, as the command lays it out.
    pub fn is_for_people(&self) -> bool {
        self.format() == Format::Table && self.fields.is_empty() && self.jq.is_none()
    }

    /// Prints a list. As text, a row is its columns' plain values; `empty` is said on standard error where a person
    /// looks and there is nothing.
    ///
    /// # Errors
    /// When the jq expression can do nothing with it.
    pub fn rows(&self, rows: &[Json], columns: &[Column], empty: &str) -> Result<(), Problem> {
        let rows: Vec<Json> = rows.iter().map(readable).collect();
        if let Some(expression) = &self.jq {
            return filtered(expression, &Json::from(rows));
        }
        match self.format() {
            Format::Table if rows.is_empty() => anstream::eprintln!("{empty}"),
            Format::Table if self.fields.is_empty() => data::lines(&table::draw(&rows, columns)),
            Format::Table => data::lines(&table::draw_members(&rows, &self.fields)),
            Format::Text if self.fields.is_empty() => {
                for row in &rows {
                    let cells = columns.iter().map(|column| column.plain(row));
                    data::line(&cells.collect::<Vec<_>>().join("\t"));
                }
            }
            Format::Text => {
                for row in &rows {
                    data::line(&fields::texts(row, &self.fields).join("\t"));
                }
            }
            Format::Json => {
                let rows: Vec<Json> = rows.iter().map(|row| self.chosen(row)).collect();
                data::line(&Json::from(rows).to_pretty());
            }
            Format::Jsonl => {
                for row in &rows {
                    data::line(&self.chosen(row).to_text());
                }
            }
            Format::Yaml => {
                let rows: Vec<Json> = rows.iter().map(|row| self.chosen(row)).collect();
                data::line(to_yaml(&Json::from(rows)).trim_end());
            }
        }
        Ok(())
    }

    /// Prints one thing: for people as `table` draws it, as text by `text`.
    ///
    /// # Errors
    /// When the jq expression can do nothing with it.
    pub fn one(
        &self,
        value: &Json,
        table: impl FnOnce(&Json) -> Vec<String>,
        text: impl FnOnce(&Json) -> String,
    ) -> Result<(), Problem> {
        let value = readable(value);
        if let Some(expression) = &self.jq {
            return filtered(expression, &value);
        }
        match self.format() {
            Format::Table if self.fields.is_empty() => data::lines(&table(&value)),
            Format::Table | Format::Text if !self.fields.is_empty() => {
                data::line(&fields::texts(&value, &self.fields).join("\t"));
            }
            Format::Table | Format::Text => data::line(&text(&value)),
            Format::Json => data::line(&self.chosen(&value).to_pretty()),
            Format::Jsonl => data::line(&self.chosen(&value).to_text()),
            Format::Yaml => data::line(to_yaml(&self.chosen(&value)).trim_end()),
        }
        Ok(())
    }

    fn chosen(&self, value: &Json) -> Json {
        if self.fields.is_empty() {
            value.clone()
        } else {
            fields::only(value, &self.fields)
        }
    }
}

fn filtered(expression: &JqExpression, value: &Json) -> Result<(), Problem> {
    let lines = expression.lines(value).map_err(|why| {
        Problem::new("the jq expression cannot be used with this output").why(why)
    })?;
    data::lines(&lines);
    Ok(())
}
