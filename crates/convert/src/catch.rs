//! Catchers, and the names of errors.

use passo_expr::Jsonata;
use passo_json::{Json, ObjectBuilder};

use crate::fields::{Fields, Findings, Stuck};
use crate::finding::{Code, Severity};
use crate::template::Value;

/// Errors of JSONPath states only.
const JSON_PATH_ERRORS: [&str; 5] = [
    "States.IntrinsicFailure",
    "States.ParameterPathFailure",
    "States.ReferencePathConflict",
    "States.ResultPathMatchFailure",
    "States.Runtime",
];

impl Findings {
    /// `Catch`.
    pub(crate) fn catch(&mut self, fields: &Fields<'_>) -> Result<Json, Stuck> {
        let mut converted = Vec::new();
        for catcher in fields.objects("Catch", self)? {
            converted.push(Json::from(self.catcher(&catcher)?.build()));
        }
        Ok(Json::from(converted))
    }

    fn catcher(&mut self, catcher: &Fields<'_>) -> Result<ObjectBuilder, Stuck> {
        let error = Jsonata::atom("$states.errorOutput");
        let output = self.written(catcher, Value::of(error.clone()))?;
        let mut object = ObjectBuilder::new();
        for (name, value) in catcher.object.iter() {
            match &**name {
                "ResultPath" => {
                    if output.code != error {
                        object.insert("Output", output.json.clone());
                    }
                }
                "Assign" => {
                    let assign = self.template(value, &error, &catcher.place("Assign"))?;
                    object.insert("Assign", assign.json);
                }
                _ => {
                    object.insert(&**name, value.clone());
                }
            }
        }
        self.error_names(catcher);
        Ok(object)
    }

    /// Names that a JSONata state does not fail with.
    pub(crate) fn error_names(&mut self, fields: &Fields<'_>) {
        let names = fields.get("ErrorEquals").and_then(Json::as_array);
        for name in names.into_iter().flat_map(|names| names.iter()) {
            let Some(name) = name.as_str().filter(|name| JSON_PATH_ERRORS.contains(name)) else {
                continue;
            };
            let message = format!(
                "expressions of a JSONata state do not fail with {name} but with States.QueryEvaluationError"
            );
            let place = fields.place("ErrorEquals");
            self.note(Severity::Warning, Code::ErrorName, &place, message);
        }
    }
}
