//! APIs in the form in which requests are answered: what was read from the store is kept as long as it is right.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use passo_json::{Json, Object};
use passo_service::Fault;

use super::route::Pattern;
use super::text;
use crate::gateway::Shared;

/// Deployments that are kept at once.
const KEPT_MAX: usize = 256;

/// The deployments that were asked last.
#[derive(Default)]
pub(crate) struct Live {
    rest: Mutex<BTreeMap<(String, String), Arc<RestApi>>>,
    /// With the generation of the table that they were read from.
    http: Mutex<BTreeMap<(String, String), Read>>,
}

/// An API, and the generation of the table that it was read from.
type Read = (u64, Arc<HttpApi>);

/// A deployment of a REST API. It never changes.
pub(crate) struct RestApi {
    pub(crate) snapshot: Object,
    pub(crate) resources: Vec<RestResource>,
}

pub(crate) struct RestResource {
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) pattern: Pattern,
    pub(crate) methods: Object,
}

impl RestApi {
    /// From what a deployment keeps.
    pub(crate) fn new(snapshot: Object) -> RestApi {
        let resources = snapshot.get("resources").and_then(Json::as_array);
        let resources = resources.into_iter().flat_map(|list| list.iter());
        let mut resources: Vec<RestResource> = resources
            .filter_map(Json::as_object)
            .map(|row| RestResource {
                id: text(row, "id").to_owned(),
                path: text(row, "path").to_owned(),
                pattern: Pattern::parse(text(row, "path")),
                methods: row
                    .get("resourceMethods")
                    .and_then(Json::as_object)
                    .cloned()
                    .unwrap_or_default(),
            })
            .collect();
        resources.sort_by_key(|resource| resource.pattern.rank());
        RestApi {
            snapshot,
            resources,
        }
    }

    /// A row of the deployment.
    pub(crate) fn row(&self, kind: &str, name: &str) -> Option<&Object> {
        self.snapshot.get(kind)?.get(name)?.as_object()
    }

    pub(crate) fn api(&self) -> Object {
        let api = self.snapshot.get("api").and_then(Json::as_object);
        api.cloned().unwrap_or_default()
    }

    /// The resource and the method of a request, and what the path's variables are.
    #[expect(clippy::type_complexity, reason = "read in one place")]
    pub(crate) fn find(
        &self,
        method: &str,
        path: &str,
    ) -> Option<(&RestResource, &Object, Vec<(String, String)>)> {
        let mut asked = self.resources.iter().filter(|it| !it.methods.is_empty());
        let (resource, variables) =
            asked.find_map(|resource| Some((resource, resource.pattern.matches(path)?)))?;
        let methods = &resource.methods;
        let found = methods.get(method).or_else(|| methods.get("ANY"))?;
        Some((resource, found.as_object()?, variables))
    }
}

/// An HTTP API as one of its stages shows it.
pub(crate) struct HttpApi {
    /// The API.
    pub(crate) row: Object,
    pub(crate) integrations: Object,
    pub(crate) authorizers: Object,
    /// Method, path and route, the most specific path first.
    routes: Vec<(String, Pattern, Object)>,
    /// Routes without a path, by their keys: `$default`, and those of WebSocket APIs.
    named: BTreeMap<String, Object>,
    /// The responses of a WebSocket API's integrations, by the integrations' ids.
    pub(crate) responses: Object,
    /// The ids of a WebSocket API's routes that answer.
    pub(crate) answers: Vec<String>,
}

impl HttpApi {
    pub(crate) fn new(snapshot: &Object, row: Object) -> HttpApi {
        let part = |name: &str| {
            let part = snapshot.get(name).and_then(Json::as_object);
            part.cloned().unwrap_or_default()
        };
        let (mut routes, mut named) = (Vec::new(), BTreeMap::new());
        for route in part("routes").values().filter_map(Json::as_object) {
            match text(route, "RouteKey").split_once(' ') {
                Some((method, path)) if path.starts_with('/') => {
                    routes.push((method.to_owned(), Pattern::parse(path), route.clone()));
                }
                Some(_) | None => {
                    named.insert(text(route, "RouteKey").to_owned(), route.clone());
                }
            }
        }
        // A method that is named comes before any method.
        routes.sort_by_key(|(method, pattern, _)| (pattern.rank(), method == "ANY"));
        HttpApi {
            row,
            integrations: part("integrations"),
            authorizers: part("authorizers"),
            routes,
            named,
            responses: part("integrationResponses"),
            answers: part("routeResponses")
                .keys()
                .map(ToString::to_string)
                .collect(),
        }
    }

    /// The route of that key, which is no method and path.
    pub(crate) fn named(&self, key: &str) -> Option<&Object> {
        self.named.get(key)
    }

    /// The route of a request, and what the path's variables are.
    pub(crate) fn find(
        &self,
        method: &str,
        path: &str,
    ) -> Option<(&Object, Vec<(String, String)>)> {
        let mut fitting = self.routes.iter().filter_map(|(wanted, pattern, route)| {
            let is_wanted = wanted == method || wanted == "ANY";
            let variables = pattern.matches(path).filter(|_| is_wanted)?;
            Some((route, variables))
        });
        let otherwise = || self.named("$default").map(|route| (route, Vec::new()));
        fitting.next().or_else(otherwise)
    }
}

impl Live {
    /// A deployment of a REST API.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(crate) fn rest(
        &self,
        shared: &Shared,
        api: &str,
        deployment: &str,
    ) -> Result<Option<Arc<RestApi>>, Fault> {
        let key = (api.to_owned(), deployment.to_owned());
        let kept = || self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept().get(&key) {
            return Ok(Some(Arc::clone(found)));
        }
        let Some(snapshot) = shared.table.find(&["Snapshot", api, deployment])? else {
            return Ok(None);
        };
        let made = Arc::new(RestApi::new(snapshot));
        let mut kept = kept();
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&made));
        Ok(Some(made))
    }

    /// An HTTP API as a deployment keeps it, or as it is now where `deployment` is empty.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(crate) fn http(
        &self,
        shared: &Shared,
        api: &str,
        deployment: &str,
        row: Object,
    ) -> Result<Option<Arc<HttpApi>>, Fault> {
        // Before anything is read: what changes meanwhile is read again.
        let generation = shared.table.generation();
        let key = (api.to_owned(), deployment.to_owned());
        let kept = || self.http.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, found)) = kept().get(&key)
            && *of == generation
        {
            return Ok(Some(Arc::clone(found)));
        }
        let snapshot = match deployment.is_empty() {
            true => crate::http::snapshot(&shared.table, api, &row)?,
            false => match shared.table.find(&["Snapshot", api, deployment])? {
                Some(snapshot) => snapshot,
                None => return Ok(None),
            },
        };
        let made = Arc::new(HttpApi::new(&snapshot, row));
        let mut kept = kept();
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(key, (generation, Arc::clone(&made)));
        Ok(Some(made))
    }
}
