//! `AWS::Lambda::Function`, with its code.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::archive;
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};
use crate::deploy::plan::parts_of;
use crate::problem::Problem;

/// How often AWS is asked whether a change has been made; it takes seconds there and no time here.
const POLL_EVERY: Duration = Duration::from_millis(500);
const POLLS_MAX: u32 = 120;
const ROLE_POLLS_MAX: u32 = 40;
/// What the operations that make and change a function do not take with the rest.
const APART: [&str; 5] = [
    "Code",
    "Tags",
    "ReservedConcurrentExecutions",
    "RuntimeManagementConfig",
    "RecursiveLoop",
];

/// Functions.
pub(super) struct Function;

/// See [`Function`].
pub(super) const FUNCTION: Function = Function;

impl Kind for Function {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::Function"
    }

    fn label(&self) -> &'static str {
        "function"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("FunctionName")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "FunctionName" | "PackageType")
    }

    fn prepare(&self, want: &mut Want<'_>) -> Result<(), Problem> {
        let content = content(want).map_err(|why| {
            let id = want.logical_id;
            Problem::new(format!("the code of the function `{id}` cannot be read")).why(why)
        })?;
        if content.is_some() {
            // Where the code lies is no matter, only what it is.
            want.properties = want.properties.without("Code");
        }
        want.content = content;
        Ok(())
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let name = want.name();
        let parts = parts_of(want);
        let parts: Vec<Json> = parts.values().map(|part| Json::from(&**part)).collect();
        let all =
            crate::deploy::fingerprint::Fingerprint::of(&[Json::from(parts).to_text().as_bytes()]);
        Made::new(name)
            .with(
                "Arn",
                &*want.place.arn("lambda", &format!("function:{name}")),
            )
            .with("passo:fingerprint", all.short())
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let parameters = configuration(want)
                .with("Code", Json::from(code(want)))
                .with("Tags", tags(want));
            create(api, &Json::from(parameters)).await?;
            settled(api, want.name()).await?;
            concurrency(api, want, false).await?;
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let name = want.name();
            let code = code(want).with("FunctionName", name);
            let update = "UpdateFunctionCode";
            api.call("lambda", update, &Json::from(code)).await?;
            settled(api, name).await?;
            let update = "UpdateFunctionConfiguration";
            let mut parameters = configuration(want);
            // What the template no longer has goes back to what it is without being said.
            if want.get("Layers").is_none() {
                parameters = parameters.with("Layers", Json::from(Vec::<Json>::new()));
            }
            if want.get("Environment").is_none() {
                parameters = parameters.with("Environment", json!({"Variables": {}}));
            }
            api.call("lambda", update, &Json::from(parameters)).await?;
            settled(api, name).await?;
            concurrency(api, want, true).await?;
            let expected = self.expected(want);
            let tags = tags(want);
            if !tags.is_empty() {
                let tags = json!({"Resource": expected.attribute("Arn"), "Tags": tags});
                api.call("lambda", "TagResource", &tags).await?;
            }
            Ok(expected)
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"FunctionName": &*was.reference});
            gone(api.call("lambda", "DeleteFunction", &parameters).await)
        })
    }
}

/// Creates a function, again while AWS does not know yet that its new role may be taken on.
async fn create(api: &Api, parameters: &Json) -> Result<(), CallError> {
    let mut polls = 0_u32;
    loop {
        let created = api.call("lambda", "CreateFunction", parameters).await;
        let is_early = created
            .as_ref()
            .is_err_and(|error| error.to_string().contains("cannot be assumed by Lambda"));
        polls = polls.saturating_add(1);
        if !is_early || polls >= ROLE_POLLS_MAX {
            return created.map(drop);
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
}

/// What both operations take. A function without a role gets a name that no role needs to have here.
fn configuration(want: &Want<'_>) -> Object {
    let mut parameters = want.parameters(&APART);
    if want.get("Role").is_none() {
        let (partition, account) = (&want.place.partition, &want.place.account);
        let role = format!("arn:{partition}:iam::{account}:role/{}Role", want.name());
        parameters = parameters.with("Role", role);
    }
    for (name, default) in [("Timeout", 3), ("MemorySize", 128)] {
        if want.get(name).is_none() {
            parameters = parameters.with(name, default);
        }
    }
    parameters
}

/// The code as the operations take it.
fn code(want: &Want<'_>) -> Object {
    match (&want.content, want.get("Code")) {
        (Some(content), _) => Object::default().with("ZipFile", STANDARD.encode(content)),
        (None, Some(Json::Object(place))) => place.clone(),
        (None, _) => Object::default(),
    }
}

fn tags(want: &Want<'_>) -> Object {
    let pairs = want.items("Tags");
    let pairs = pairs.iter().filter_map(|pair| {
        let key = pair.get("Key").and_then(Json::as_str)?;
        Some((Arc::from(key), pair.get("Value")?.clone()))
    });
    pairs.collect()
}

async fn concurrency(api: &Api, want: &Want<'_>, is_update: bool) -> Result<(), CallError> {
    let name = want.name();
    if let Some(reserved) = want.get("ReservedConcurrentExecutions") {
        let parameters = json!({
            "FunctionName": name, "ReservedConcurrentExecutions": reserved.clone(),
        });
        let put = api.call("lambda", "PutFunctionConcurrency", &parameters);
        put.await?;
    } else if is_update {
        let parameters = json!({"FunctionName": name});
        let delete = api.call("lambda", "DeleteFunctionConcurrency", &parameters);
        // A server that knows no concurrency has none to take back.
        let _ = delete.await;
    }
    Ok(())
}

/// Waits until an earlier change has been made.
async fn settled(api: &Api, name: &str) -> Result<(), CallError> {
    let parameters = json!({"FunctionName": name});
    for _ in 0..POLLS_MAX {
        let found = api
            .call("lambda", "GetFunctionConfiguration", &parameters)
            .await?;
        let is_busy = member(&found, "LastUpdateStatus") == "InProgress"
            || member(&found, "State") == "Pending";
        if !is_busy {
            return Ok(());
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
    Ok(())
}

/// The function's code as an archive; none where it lies in S3 or is an image.
fn content(want: &Want<'_>) -> Result<Option<Arc<[u8]>>, String> {
    match want.get("Code") {
        Some(Json::String(path)) => {
            let path = want.files.path(path);
            want.files.archive(&path).map(Some)
        }
        Some(code) => {
            if let Some(text) = code.get("ZipFile").and_then(Json::as_str) {
                let is_node = want.text("Runtime").starts_with("nodejs");
                let name = if is_node { "index.js" } else { "index.py" };
                return Ok(Some(archive::of_file(name, text.as_bytes())?.into()));
            }
            let key = code.get("S3Key").and_then(Json::as_str);
            match key.and_then(|key| want.files.asset(key)) {
                Some(path) => want.files.archive(&path).map(Some),
                None => Ok(None),
            }
        }
        None => Err("it has none".to_owned()),
    }
}
