//! One state.

use std::sync::Arc;

use passo_expr::{Jsonata, Obstacle};
use passo_json::{Json, Object, ObjectBuilder};

use crate::fields::{Fields, Findings, Stuck};
use crate::flow::input;
use crate::template::{Value, plain};

/// Fields of JSONPath that say what the output is.
const OUTPUT_FIELDS: [&str; 5] = [
    "InputPath",
    "Result",
    "ResultSelector",
    "ResultPath",
    "OutputPath",
];

/// Fields with a path, and the field that takes an expression. A Map's also take a number in a text.
const PATHS: [(&str, &str, bool); 10] = [
    ("HeartbeatSecondsPath", "HeartbeatSeconds", false),
    ("MaxConcurrencyPath", "MaxConcurrency", true),
    ("MaxInputBytesPerBatchPath", "MaxInputBytesPerBatch", true),
    ("MaxItemsPath", "MaxItems", true),
    ("MaxItemsPerBatchPath", "MaxItemsPerBatch", true),
    ("SecondsPath", "Seconds", false),
    ("TimeoutSecondsPath", "TimeoutSeconds", false),
    ("TimestampPath", "Timestamp", false),
    ("ToleratedFailureCountPath", "ToleratedFailureCount", true),
    (
        "ToleratedFailurePercentagePath",
        "ToleratedFailurePercentage",
        true,
    ),
];

/// What the fields of a state come to.
struct Plan {
    /// What `InputPath` leaves.
    effective: Jsonata,
    /// What `$` is in `Assign`.
    assigned_from: Jsonata,
    /// `Output`, where it is not what the state yields anyway.
    output: Option<Value>,
}

/// Whether the state is one of JSONPath, in a machine of JSONPath.
pub(crate) fn is_json_path(state: &Object) -> bool {
    state
        .get("QueryLanguage")
        .is_none_or(|language| language.as_str() == Some("JSONPath"))
}

/// The state in JSONata; what is inside of it is as it was.
pub(crate) fn converted(findings: &mut Findings, fields: &Fields<'_>) -> Result<Object, Stuck> {
    let Some(kind) = fields.get("Type").and_then(Json::as_str) else {
        return Err(findings.invalid(&fields.location, "the state has no type"));
    };
    let plan = plan(findings, fields, kind)?;
    let mut object = ObjectBuilder::new();
    for (name, value) in fields.object.iter() {
        if &**name == "QueryLanguage" {
            continue;
        }
        field(findings, fields, kind, &plan, name, value, &mut object)?;
        if &**name == "Type" {
            object.insert("QueryLanguage", "JSONata");
        }
    }
    implied(kind, &plan, fields, &mut object);
    let object = object.build();
    shadowed(findings, &object, &fields.location)?;
    Ok(object)
}

/// A variable of the workflow hides the function of its name, and is hidden by a parameter of its name.
fn shadowed(findings: &mut Findings, state: &Object, location: &str) -> Result<(), Stuck> {
    let own = state
        .iter()
        .filter(|(name, _)| !["Branches", "ItemProcessor", "Iterator"].contains(&&***name));
    let text: String = own.map(|(_, value)| value.to_text()).collect();
    let clash = findings.variables.iter().find(|name| {
        let is_called = text.contains(&format!("${name}("));
        let is_parameter = ["v", "i", "a"].contains(&&***name) && text.contains("function($v");
        is_called || is_parameter
    });
    let Some(name) = clash.cloned() else {
        return Ok(());
    };
    let obstacle = Obstacle::new(format!(
        "the workflow's variable '{name}' has a name that the JSONata needs"
    ));
    Err(findings.obstacle(location, &obstacle))
}

fn plan(findings: &mut Findings, fields: &Fields<'_>, kind: &str) -> Result<Plan, Stuck> {
    let effective = findings.effective(fields)?;
    let (assigned_from, output) = match kind {
        "Task" | "Parallel" | "Map" => {
            let result = Jsonata::atom("$states.result");
            let output = findings.output(fields, &Value::of(result.clone()))?;
            (result, output)
        }
        "Pass" => {
            let result = match (fields.get("Result"), fields.get("Parameters")) {
                (Some(result), _) => Value::literal(result),
                (None, Some(template)) => {
                    findings.template(template, &effective, &fields.place("Parameters"))?
                }
                (None, None) => Value::of(effective.clone()),
            };
            let output = match findings.output(fields, &result)? {
                None => result.clone(),
                Some(output) => output,
            };
            (result.code, (output.code != input()).then_some(output))
        }
        "Choice" | "Wait" | "Succeed" => {
            let output = findings.output_of_input(fields, &effective)?;
            (effective.clone(), output)
        }
        "Fail" => (effective.clone(), None),
        _ => {
            let place = fields.place("Type");
            return Err(findings.invalid(&place, "this type of state does not exist"));
        }
    };
    Ok(Plan {
        effective,
        assigned_from,
        output,
    })
}

/// Adds what one field becomes.
fn field(
    findings: &mut Findings,
    fields: &Fields<'_>,
    kind: &str,
    plan: &Plan,
    name: &Arc<str>,
    value: &Json,
    object: &mut ObjectBuilder,
) -> Result<(), Stuck> {
    let effective = &plan.effective;
    let place = fields.place(name);
    match &**name {
        "Parameters" | "ItemSelector" | "Credentials" => {
            let name = match (kind, &**name) {
                ("Pass", _) => {
                    output(plan, object);
                    return Ok(());
                }
                ("Map", "Parameters") => "ItemSelector",
                (_, "Parameters") => "Arguments",
                (_, other) => other,
            };
            let template = findings.template(value, effective, &place)?;
            object.insert(name, template.json);
        }
        "ItemsPath" => {
            let path = findings.path(value, effective, &place)?;
            object.insert("Items", path.delimited());
        }
        "ErrorPath" | "CausePath" => {
            let text = findings.path_or_call(value, effective, &place)?;
            object.insert(name.trim_end_matches("Path"), text.delimited());
        }
        "Error" | "Cause" => {
            object.insert(&**name, value.as_str().map_or(value.clone(), plain));
        }
        "Assign" => {
            let assign = findings.template(value, &plan.assigned_from, &place)?;
            object.insert("Assign", assign.json);
        }
        "Catch" => {
            object.insert("Catch", findings.catch(fields)?);
        }
        "Retry" => {
            for retrier in fields.objects("Retry", findings)? {
                findings.error_names(&retrier);
            }
            object.insert("Retry", value.clone());
        }
        "Choices" => {
            let choices = findings.choices(fields, effective, plan.output.as_ref())?;
            object.insert("Choices", choices);
        }
        "ItemReader" | "ItemBatcher" | "ResultWriter" => {
            let Some(inner) = value.as_object() else {
                return Err(findings.invalid(&place, "an object is expected here"));
            };
            let inner = data_set(findings, &Fields::new(inner, place), effective, 0)?;
            object.insert(&**name, inner);
        }
        other if OUTPUT_FIELDS.contains(&other) => output(plan, object),
        other if path_field(other).is_some() => {
            scalar(findings, effective, other, value, &place, object)?;
        }
        other => {
            object.insert(other, value.clone());
        }
    }
    Ok(())
}

/// `Output`, once.
fn output(plan: &Plan, object: &mut ObjectBuilder) {
    object.insert_some(
        "Output",
        plan.output.as_ref().map(|output| output.json.clone()),
    );
}

/// What `InputPath` alone did to what the state works on.
fn implied(kind: &str, plan: &Plan, fields: &Fields<'_>, object: &mut ObjectBuilder) {
    if plan.effective == input() {
        return;
    }
    let works_on = match kind {
        "Task" | "Parallel" if fields.get("Parameters").is_none() => "Arguments",
        "Map" if fields.get("ItemsPath").is_none() && fields.get("ItemReader").is_none() => "Items",
        _ => return,
    };
    object.insert(works_on, plan.effective.delimited());
}

fn path_field(name: &str) -> Option<(&'static str, bool)> {
    let found = PATHS.iter().find(|(path, ..)| *path == name);
    found.map(|(_, field, takes_text)| (*field, *takes_text))
}

fn scalar(
    findings: &mut Findings,
    effective: &Jsonata,
    name: &str,
    value: &Json,
    place: &str,
    object: &mut ObjectBuilder,
) -> Result<(), Stuck> {
    let Some((field, takes_text)) = path_field(name) else {
        return Ok(());
    };
    let path = findings.path(value, effective, place)?;
    let path = match takes_text {
        true => Jsonata::call("$number", &[&path]),
        false => path,
    };
    object.insert(field, path.delimited());
    Ok(())
}

/// `ItemReader`, `ItemBatcher`, `ResultWriter` and what is in them: two levels.
fn data_set(
    findings: &mut Findings,
    fields: &Fields<'_>,
    effective: &Jsonata,
    depth: usize,
) -> Result<Object, Stuck> {
    let mut object = ObjectBuilder::new();
    for (name, value) in fields.object.iter() {
        let place = fields.place(name);
        match &**name {
            "Parameters" => {
                let template = findings.template(value, effective, &place)?;
                object.insert("Arguments", template.json);
            }
            "BatchInput" => {
                let template = findings.template(value, effective, &place)?;
                object.insert("BatchInput", template.json);
            }
            other if path_field(other).is_some() => {
                scalar(findings, effective, other, value, &place, &mut object)?;
            }
            other => match value.as_object() {
                Some(inner) if depth == 0 => {
                    let inner = Fields::new(inner, place);
                    object.insert(other, data_set(findings, &inner, effective, 1)?);
                }
                _ => {
                    object.insert(other, value.clone());
                }
            },
        }
    }
    Ok(object.build())
}
