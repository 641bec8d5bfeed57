//! Which operation of a REST service a method and a path are.

use passo_model::{Location, Model, Operation};

use crate::percent;
use crate::rest::labels;

/// The operations of one service, the most specific first.
#[derive(Debug)]
pub(super) struct Routes {
    all: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    operation: &'static Operation,
    path: &'static str,
    /// What the query string must hold.
    query: Vec<(String, String)>,
    /// Parameters that are required: what tells routes apart that are alike otherwise.
    required: Vec<&'static str>,
}

/// An operation, and what its labels are in one request.
pub(super) type Found = (&'static Operation, Vec<(&'static str, String)>);

impl Routes {
    pub(super) fn of(model: &'static Model) -> Routes {
        let operations = model.operations().iter();
        let mut all: Vec<Route> = operations
            .map(|operation| {
                let (path, query) = operation.uri.split_once('?').unwrap_or((operation.uri, ""));
                Route {
                    operation,
                    path: path.trim_end_matches('/'),
                    query: percent::pairs(query).unwrap_or_default(),
                    required: required(model, operation),
                }
            })
            .collect();
        all.sort_by_key(Route::vagueness);
        Routes { all }
    }

    /// The operation of a request.
    pub(super) fn find(&self, method: &str, path: &str, query: &str) -> Option<Found> {
        let path = path.trim_end_matches('/');
        let pairs = percent::pairs(query).unwrap_or_default();
        let fits = |route: &&Route| {
            let asks = |(name, value): &(String, String)| {
                let mut pairs = pairs.iter();
                pairs.any(|(given, to)| given == name && (value.is_empty() || value == to))
            };
            route.operation.method == method && route.query.iter().all(asks)
        };
        let is_complete = |route: &&Route| {
            let is_given = |name: &&str| pairs.iter().any(|(given, _)| given == name);
            route.required.iter().all(is_given)
        };
        let found = |route: &Route| Some((route.operation, labels(route.path, path)?));
        let all = || self.all.iter().filter(fits);
        // A parameter that is missing is for the service to ask for, unless another route wants none.
        all()
            .filter(is_complete)
            .find_map(found)
            .or_else(|| all().find_map(found))
    }
}

fn required(model: &'static Model, operation: &Operation) -> Vec<&'static str> {
    let structure = operation.input.and_then(|input| model.structure(input));
    let members = structure.into_iter().flat_map(|it| &it.members);
    members
        .filter(|member| member.is_required && member.location == Location::Query)
        .map(|member| member.wire_name())
        .collect()
}

impl Route {
    /// Words of a path are more specific than labels, these more than greedy ones; a query string is more specific than
    /// none.
    fn vagueness(&self) -> (Vec<u8>, usize) {
        let parts = self.path.split('/').map(|part| {
            if !part.starts_with('{') {
                0
            } else if part.ends_with("+}") {
                2
            } else {
                1
            }
        });
        (
            // What goes on is more specific than what ends.
            parts.chain([3]).collect(),
            usize::MAX - self.query.len() - self.required.len(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(service: &str, method: &str, target: &str, expect: &str) {
        let routes = Routes::of(passo_model::find(service).unwrap().model());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let found = routes.find(method, path, query).map_or_else(
            || "none".to_owned(),
            |(operation, labels)| format!("{} {labels:?}", operation.name),
        );
        assert_eq!(found, expect, "{method} {target}");
    }

    #[test]
    fn lambda_is_routed() {
        let base = "/2015-03-31/functions";
        check("lambda", "GET", base, "ListFunctions []");
        check("lambda", "GET", &format!("{base}/"), "ListFunctions []");
        check(
            "lambda",
            "POST",
            &format!("{base}/f/invocations"),
            r#"Invoke [("FunctionName", "f")]"#,
        );
        check(
            "lambda",
            "PUT",
            &format!("{base}/arn%3Aaws%3Alambda/aliases/live"),
            r#"UpdateAlias [("FunctionName", "arn:aws:lambda"), ("Name", "live")]"#,
        );
        check("lambda", "PUT", base, "none");
        check("lambda", "GET", &format!("{base}/f/other"), "none");
        check("lambda", "GET", "/", "none");
    }

    #[test]
    fn the_most_specific_route_wins() {
        check(
            "s3",
            "GET",
            "/b?list-type=2&prefix=a",
            r#"ListObjectsV2 [("Bucket", "b")]"#,
        );
        check("s3", "GET", "/b", r#"ListObjects [("Bucket", "b")]"#);
        check(
            "s3",
            "GET",
            "/b/a/b%20c",
            r#"GetObject [("Bucket", "b"), ("Key", "a/b c")]"#,
        );
        check(
            "apigatewayv2",
            "GET",
            "/v2/apis/a1/routes/r1",
            r#"GetRoute [("apiId", "a1"), ("routeId", "r1")]"#,
        );
        check(
            "apigateway",
            "GET",
            "/restapis/a1/resources/r1/methods/GET",
            r#"GetMethod [("restapi_id", "a1"), ("resource_id", "r1"), ("http_method", "GET")]"#,
        );
        check(
            "scheduler",
            "POST",
            "/schedules/s1",
            r#"CreateSchedule [("Name", "s1")]"#,
        );
    }

    #[test]
    fn every_operation_is_found_at_its_own_path() {
        for listed in passo_model::services() {
            if !listed.speaks(passo_model::Protocol::RestJson) {
                continue;
            }
            let routes = Routes::of(listed.model());
            for operation in listed.model().operations() {
                let (path, query) = operation.uri.split_once('?').unwrap_or((operation.uri, ""));
                let path = path.replace("+}", "}").replace(['{', '}'], "~");
                let found = routes.find(operation.method, &path, query);
                let found = found.map(|(found, _)| found.uri.replace(['+'], ""));
                assert!(found.is_some(), "{} {}", listed.id, operation.name);
            }
        }
    }
}
