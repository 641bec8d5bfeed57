//! `AWS::StepFunctions::StateMachine`, with its definition.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use passo_asl::WorkflowType;
use passo_json::{Json, json};
use passo_template::{Made, substitute};

use crate::aws::Api;
use crate::aws::names::member;
use crate::check;
use crate::deploy::kind::{Kind, Making, Removing, Want, gone, scalar};
use crate::problem::Problem;
use crate::project::{self, Definition, StateMachine};

/// Where a template may say the definition.
const SAID: [&str; 5] = [
    "Definition",
    "DefinitionString",
    "DefinitionUri",
    "DefinitionS3Location",
    "DefinitionSubstitutions",
];

/// State machines.
pub(super) struct StateMachines;

/// See [`StateMachines`].
pub(super) const STATE_MACHINE: StateMachines = StateMachines;

impl Kind for StateMachines {
    fn resource_type(&self) -> &'static str {
        "AWS::StepFunctions::StateMachine"
    }

    fn label(&self) -> &'static str {
        "state machine"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("StateMachineName")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "StateMachineName" | "StateMachineType")
    }

    fn prepare(&self, want: &mut Want<'_>) -> Result<(), Problem> {
        let definition = definition(want)?;
        let text = checked(want, definition)?;
        for name in SAID {
            want.properties = want.properties.without(name);
        }
        // Not a property: large, and its fingerprint is enough.
        want.content = Some(text.into_bytes().into());
        Ok(())
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let name = want.name();
        let arn = want.place.arn("states", &format!("stateMachine:{name}"));
        Made::new(Arc::clone(&arn))
            .with("Arn", &*arn)
            .with("Name", name)
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let renamed = ["StateMachineName", "StateMachineType"];
            let mut parameters = want
                .parameters(&renamed)
                .with("name", want.name())
                .with("definition", text(want))
                .with("RoleArn", role(want));
            if let Some(kind) = want.get("StateMachineType") {
                parameters = parameters.with("type", kind.clone());
            }
            let create = "CreateStateMachine";
            let answer = api.call("states", create, &Json::from(parameters)).await?;
            revised(self.expected(want), &answer)
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let expected = self.expected(want);
            let arn = &*expected.reference;
            let other = ["StateMachineName", "StateMachineType", "Tags"];
            let parameters = want
                .parameters(&other)
                .with("stateMachineArn", arn)
                .with("definition", text(want))
                .with("RoleArn", role(want));
            let update = "UpdateStateMachine";
            let answer = api.call("states", update, &Json::from(parameters)).await?;
            if let Some(tags) = want.get("Tags") {
                let parameters = json!({"ResourceArn": arn, "Tags": tags.clone()});
                api.call("states", "TagResource", &parameters).await?;
            }
            revised(expected.clone(), &answer)
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"stateMachineArn": &*was.reference});
            gone(api.call("states", "DeleteStateMachine", &parameters).await)
        })
    }
}

/// With the revision that the answer names; the first one has none.
#[expect(clippy::unnecessary_wraps, reason = "it ends what may fail")]
fn revised(made: Made, answer: &Json) -> Result<Made, crate::aws::CallError> {
    let revision = match member(answer, "revisionId") {
        "" => "INITIAL",
        revision => revision,
    };
    Ok(made.with("StateMachineRevisionId", revision))
}

fn text<'a>(want: &'a Want<'_>) -> &'a str {
    let content = want.content.as_deref().unwrap_or_default();
    std::str::from_utf8(content).unwrap_or_default()
}

fn role(want: &Want<'_>) -> String {
    match want.text("RoleArn") {
        "" => {
            let (partition, account) = (&want.place.partition, &want.place.account);
            format!("arn:{partition}:iam::{account}:role/{}Role", want.name())
        }
        role => role.to_owned(),
    }
}

/// The definition, with its substitutions made.
fn definition(want: &Want<'_>) -> Result<Definition, Problem> {
    let id = want.logical_id;
    let file = |path: PathBuf| {
        let why = |problem: Problem| problem.why(format!("the state machine `{id}` names it"));
        Definition::read(&path).map_err(why)
    };
    let mut definition = if let Some(definition) = want.get("Definition") {
        written(id, definition.to_pretty())
    } else if let Some(text) = want.get("DefinitionString").and_then(Json::as_str) {
        written(id, text.to_owned())
    } else if let Some(path) = want.get("DefinitionUri").and_then(Json::as_str) {
        file(want.files.path(path))?
    } else {
        let place = want.get("DefinitionS3Location");
        let key = place.and_then(|place| place.get("Key").or_else(|| place.get("S3Key")));
        let key = key.and_then(Json::as_str);
        let Some(path) = key.and_then(|key| want.files.asset(key)) else {
            let why = match place {
                Some(_) => "a definition in S3 is not read; give the path of a file",
                None => "it has none of `DefinitionUri`, `Definition` and `DefinitionString`",
            };
            return Err(
                Problem::new(format!("the state machine `{id}` has no definition")).why(why),
            );
        };
        file(path)?
    };
    let substitutions = want.get("DefinitionSubstitutions");
    let substitutions = substitutions.and_then(Json::as_object);
    let values: BTreeMap<Arc<str>, Arc<str>> = substitutions
        .into_iter()
        .flat_map(|values| values.iter())
        .filter_map(|(name, value)| Some((Arc::clone(name), scalar(value)?.into())))
        .collect();
    definition.text = substitute(&definition.text, &values);
    Ok(definition)
}

fn written(id: &str, text: String) -> Definition {
    Definition {
        format: project::format_of(Path::new(""), &text),
        text,
        from: id.to_owned(),
        file: None,
    }
}

/// The definition's text as JSON, where it is right.
fn checked(want: &Want<'_>, definition: Definition) -> Result<String, Problem> {
    let kind = WorkflowType::from_name(want.text("StateMachineType"));
    let machine = StateMachine {
        logical_id: want.logical_id.into(),
        name: want.name().into(),
        arn: "".into(),
        role_arn: "".into(),
        workflow_type: kind.unwrap_or_default(),
        definition,
    };
    if let Err(problem) = project::compile(&machine) {
        // The file itself shows places better than its text after substitution.
        let file = machine.definition.file.as_deref();
        let name = &machine.name;
        return Err(match file.and_then(check::errors_in) {
            Some(shown) => {
                Problem::new(format!("the definition of `{name}` is not right")).shows(shown)
            }
            None => problem,
        });
    }
    machine.definition.json()
}
