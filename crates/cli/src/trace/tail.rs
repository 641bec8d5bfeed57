//! The end of a history, as it grows.

use passo_json::{Json, ObjectBuilder};

use crate::aws::{Api, CallError};
use crate::history::id;

/// Events of one page. Each may carry a payload: without payloads, histories leave the names of errors away too.
const PAGE: i64 = 250;

/// Reads a history from its beginning, and then what is added to it.
pub(super) struct Tail {
    arn: String,
    /// Where the last page begins.
    token: Option<Json>,
    /// The last event that was read.
    last: i64,
}

impl Tail {
    pub(super) fn new(arn: &str) -> Tail {
        Tail {
            arn: arn.to_owned(),
            token: None,
            last: 0,
        }
    }

    /// The events that were added since the last call, up to the end of a page, and whether there are more.
    pub(super) async fn next(&mut self, api: &Api) -> Result<(Vec<Json>, bool), CallError> {
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("executionArn", self.arn.as_str())
            .insert("maxResults", PAGE)
            .insert("includeExecutionData", true)
            .insert_some("nextToken", self.token.clone());
        let parameters = Json::from(parameters.build());
        let page = api.states("GetExecutionHistory", &parameters).await?;
        let events = page.get("events").and_then(Json::as_array);
        let added = events.into_iter().flat_map(|events| events.iter());
        let added: Vec<Json> = added
            .filter(|event| id(event) > self.last)
            .cloned()
            .collect();
        self.last = added.last().map_or(self.last, id);
        let token = page.get("nextToken");
        let token = token.filter(|token| token.as_str().is_some());
        if let Some(token) = token {
            self.token = Some(token.clone());
        }
        Ok((added, token.is_some()))
    }
}
