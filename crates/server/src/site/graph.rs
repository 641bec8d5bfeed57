//! Pictures: of a definition that is sent along, of a workflow, and of an execution as it stands.

use std::sync::Arc;

use hyper::header::{CACHE_CONTROL, HeaderValue};
use passo_engine::History;
use passo_graph::{Picture, Scope, Standings, Theme};
use passo_json::{Json, json};
use passo_net::{SiteAnswer, SiteRequest};
use passo_runtime::{Definitions as _, Key, Runtime};
use passo_states::Definitions;

use super::backstage::Asked;
use super::console::guarded;
use super::query::Query;
use super::{Pages, Refusal, is_of, typed_object};

impl Pages {
    /// Where everything is in the picture of the definition that is the body.
    pub(super) async fn layout(&self, request: &SiteRequest) -> Result<Json, Refusal> {
        let definition = typed_object(request)?;
        beside(move || Ok(picture(&definition)?.to_json())).await
    }

    /// A picture as SVG: of the definition that is the body, of `workflow`, or of `execution`.
    pub(super) async fn graph(&self, request: &SiteRequest) -> Result<SiteAnswer, Refusal> {
        let query = Query::of(&request.query);
        let theme = match query.get("theme") {
            None => Theme::default(),
            Some(name) => Theme::named(name)
                .ok_or_else(|| Refusal::invalid("`theme` is neither `light` nor `dark`"))?,
        };
        let drawn = match request.method.as_str() {
            "POST" => {
                let definition = typed_object(request)?;
                beside(move || Ok(passo_graph::svg(&picture(&definition)?, theme, None))).await?
            }
            "GET" => match (query.get("workflow"), query.get("execution")) {
                (Some(workflow), None) => self.workflow(workflow, theme, request).await?,
                (None, Some(execution)) => self.execution(execution, theme, request).await?,
                _ => {
                    let message = "one of the parameters `workflow` and `execution` is needed";
                    return Err(Refusal::invalid(message));
                }
            },
            method => return Err(Refusal::method(method, "GET, POST")),
        };
        let answer = guarded(SiteAnswer::new(200, "image/svg+xml", drawn));
        Ok(answer.with(CACHE_CONTROL, HeaderValue::from_static("no-store")))
    }

    async fn workflow(
        &self,
        arn: &str,
        theme: Theme,
        request: &SiteRequest,
    ) -> Result<String, Refusal> {
        let asked = Asked {
            caller: request.caller.clone(),
            request_id: request.request_id.clone(),
        };
        let backstage = &self.audience.backstage;
        let wish = json!({"stateMachineArn": arn});
        let found = backstage
            .states("DescribeStateMachine", wish, &asked)
            .await?;
        beside(move || {
            let text = found.get("definition").and_then(Json::as_str);
            let definition = read(text.unwrap_or_default())?;
            Ok(passo_graph::svg(&picture(&definition)?, theme, None))
        })
        .await
    }

    async fn execution(
        &self,
        arn: &str,
        theme: Theme,
        request: &SiteRequest,
    ) -> Result<String, Refusal> {
        let missing = Refusal::missing(format!("there is no execution `{arn}`"));
        if !is_of(arn, &request.caller.account) {
            return Err(missing);
        }
        let runtime = self.audience.backstage.runtime()?.clone();
        let definitions = Arc::clone(&self.audience.definitions);
        let key = Key::of(arn);
        let drawing = beside(move || {
            let Some((definition, standings)) = standings(&runtime, &definitions, key)? else {
                return Ok(None);
            };
            let picture = picture(&definition)?;
            Ok(Some(passo_graph::svg(&picture, theme, Some(&standings))))
        });
        drawing.await?.ok_or(missing)
    }
}

/// Does work that keeps a thread busy where others do not wait for it.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let working = tokio::task::spawn_blocking(work);
    working.await.map_err(|_| Refusal::unavailable())?
}

fn picture(definition: &Json) -> Result<Picture, Refusal> {
    let scope = Scope::read(definition);
    let scope = scope.ok_or_else(|| Refusal::invalid("the definition has no `States`"))?;
    Ok(Picture::of(&scope))
}

fn read(definition: &str) -> Result<Json, Refusal> {
    Json::parse(definition)
        .map_err(|error| Refusal::invalid(format!("the definition is not JSON: {error}")))
}

/// What an execution runs, and how its states stand; `None` where there is no such execution.
fn standings(
    runtime: &Runtime,
    definitions: &Definitions,
    key: Key,
) -> Result<Option<(Json, Standings)>, Refusal> {
    let unread = |error| Refusal::store(&error);
    let Some((summary, header)) = runtime.execution(key).map_err(unread)? else {
        return Ok(None);
    };
    let text = runtime.definition(summary.definition).map_err(unread)?;
    let text = text.as_deref().unwrap_or_default();
    let program = definitions.program(text).map_err(Refusal::conflict)?;
    let events = runtime.events(key, &header).map_err(unread)?;
    let mut standings = Standings::default();
    for event in History::project(&program, &header, &events) {
        standings.take(&event.to_json(false));
    }
    Ok(Some((read(text)?, standings)))
}
