//! Lambda functions, with their code.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use passo_json::{Json, Object, json};
use passo_service::BoxFuture;
use passo_template::{Code, Function};

use super::archive;
use super::fingerprint::{Fingerprint, TAG};
use super::resource::{Deployed, Resource};
use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::problem::Problem;

/// How often AWS is asked whether a change has been made; it takes seconds there and no time here.
const POLL_EVERY: Duration = Duration::from_millis(500);
const POLLS_MAX: u32 = 120;

/// A function whose code could be read.
pub(super) struct FunctionResource {
    function: Function,
    /// A ZIP archive.
    code: Vec<u8>,
    role_arn: String,
    fingerprint: Fingerprint,
}

impl FunctionResource {
    /// Takes a function of a project, whose paths are relative to `directory`.
    ///
    /// # Errors
    /// When its code cannot be read.
    pub(super) fn read(function: &Function, directory: &Path) -> Result<FunctionResource, Problem> {
        let code = code_of(function, directory)?;
        let account = function.arn.split(':').nth(4).unwrap_or_default();
        let partition = function.arn.split(':').nth(1).unwrap_or("aws");
        let mut made = FunctionResource {
            role_arn: format!("arn:{partition}:iam::{account}:role/{}Role", function.name),
            function: function.clone(),
            code,
            fingerprint: Fingerprint::of(&[]),
        };
        let configuration = Json::from(made.configuration()).to_text();
        made.fingerprint = Fingerprint::of(&[configuration.as_bytes(), &made.code]);
        Ok(made)
    }

    /// What `CreateFunction` and `UpdateFunctionConfiguration` both take.
    fn configuration(&self) -> Object {
        let Function {
            runtime,
            handler,
            environment,
            timeout_seconds,
            memory_megabytes,
            ..
        } = &self.function;
        let variables = environment.iter();
        let variables: Object = variables
            .map(|(name, value)| (name.clone(), Json::from(&**value)))
            .collect();
        let configuration = json!({
            "FunctionName": &*self.function.name,
            "Runtime": &**runtime,
            "Handler": &**handler,
            "Role": self.role_arn.as_str(),
            "Timeout": i64::from(*timeout_seconds),
            "MemorySize": i64::from(*memory_megabytes),
            "Environment": {"Variables": variables},
        });
        configuration.as_object().cloned().unwrap_or_default()
    }

    fn tags(&self) -> Object {
        Object::default().with(TAG, self.fingerprint.as_str())
    }

    fn refused(&self, error: CallError) -> Problem {
        error.problem(format!(
            "the function `{}` was not deployed",
            self.function.name
        ))
    }

    fn path(&self, rest: &str) -> String {
        format!("/2015-03-31/functions/{}{rest}", self.function.name)
    }

    async fn call(
        &self,
        api: &Api,
        operation: &str,
        method: Method,
        path: &str,
        parameters: Option<&Json>,
    ) -> Result<Json, Problem> {
        let answer = api
            .rest("lambda", operation, method, path, parameters)
            .await;
        answer.map_err(|error| self.refused(error))
    }

    /// Waits until an earlier change has been made.
    async fn settled(&self, api: &Api) -> Result<(), Problem> {
        for _ in 0..POLLS_MAX {
            let path = self.path("/configuration");
            let found = self
                .call(api, "GetFunctionConfiguration", Method::GET, &path, None)
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
}

impl Resource for FunctionResource {
    fn kind(&self) -> &'static str {
        "function"
    }

    fn name(&self) -> &str {
        &self.function.name
    }

    fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    fn deployed<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<Deployed, Problem>> {
        Box::pin(async move {
            let path = self.path("");
            match api
                .rest("lambda", "GetFunction", Method::GET, &path, None)
                .await
            {
                Ok(found) => {
                    let tag = found.get("Tags").and_then(|tags| tags.get(TAG));
                    Ok(Deployed::of_tag(tag))
                }
                Err(error) if error.is_not_found() => Ok(Deployed::Nothing),
                Err(error) => Err(self.refused(error)),
            }
        })
    }

    fn create<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let parameters = self
                .configuration()
                .with("Code", json!({"ZipFile": STANDARD.encode(&self.code)}))
                .with("Tags", self.tags());
            let parameters = Json::from(parameters);
            let path = "/2015-03-31/functions";
            self.call(api, "CreateFunction", Method::POST, path, Some(&parameters))
                .await?;
            self.settled(api).await
        })
    }

    fn update<'a>(&'a self, api: &'a Api) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let code = json!({"ZipFile": STANDARD.encode(&self.code)});
            let path = self.path("/code");
            self.call(api, "UpdateFunctionCode", Method::PUT, &path, Some(&code))
                .await?;
            self.settled(api).await?;
            let configuration = Json::from(self.configuration());
            let path = self.path("/configuration");
            self.call(
                api,
                "UpdateFunctionConfiguration",
                Method::PUT,
                &path,
                Some(&configuration),
            )
            .await?;
            self.settled(api).await?;
            let tags = json!({"Tags": self.tags()});
            let arn = self.function.arn.replace(':', "%3A");
            let path = format!("/2017-03-31/tags/{arn}");
            self.call(api, "TagResource", Method::POST, &path, Some(&tags))
                .await?;
            Ok(())
        })
    }
}

/// The function's code as an archive.
fn code_of(function: &Function, directory: &Path) -> Result<Vec<u8>, Problem> {
    let refuse = |why: String| {
        Problem::new(format!(
            "the code of the function `{}` cannot be read",
            function.logical_id
        ))
        .why(why)
    };
    match &function.code {
        Code::Inline(text) => {
            let is_node = function.runtime.starts_with("nodejs");
            let name = if is_node { "index.js" } else { "index.py" };
            archive::of_file(name, text.as_bytes()).map_err(refuse)
        }
        Code::Path(path) => {
            let path = directory.join(path);
            if path.is_dir() {
                return archive::of_directory(&path).map_err(refuse);
            }
            let is_archive = path
                .extension()
                .is_some_and(|kind| kind == "zip" || kind == "jar");
            if is_archive {
                return std::fs::read(&path)
                    .map_err(|error| refuse(format!("`{}`: {error}", path.display())));
            }
            Err(refuse(format!(
                "`{}` is neither a directory nor an archive",
                path.display()
            )))
        }
    }
}
