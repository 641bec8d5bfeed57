//! Kubernetes on EKS: `eks:call`, a request to a cluster's API, and `eks:runJob`, a job of the cluster.
//!
//! Source: Step Functions Developer Guide, "Create and manage Amazon EKS clusters with Step Functions".

use passo_engine::TaskUpdate;
use passo_json::{Json, Object, ObjectBuilder, Payload};
use passo_vocab::{ErrorName, Failure};

use crate::http::{WebServer, query, result};
use crate::plan::{missing, unfit};
use crate::{Completion, ErrorStyle, Plan, Shape};

/// Who sends such requests.
pub(crate) const SERVICE: &str = "passo-kubernetes";
const SEND: &str = "Send";
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"];
/// Pods whose logs are read, at most.
const PODS_MAX: usize = 100;

/// The plan of `eks:{action}`, where that is a request to a cluster.
pub(crate) fn plan(
    action: &str,
    completion: Completion,
    parameters: &Payload,
) -> Option<Result<Plan, Failure>> {
    let request = match (action, completion) {
        ("call", Completion::Answer) => call(parameters),
        ("runJob", Completion::Answer | Completion::KubernetesJob) => run_job(parameters),
        _ => return None,
    };
    Some(request.map(|request| Plan {
        service: SERVICE,
        operation: SEND.to_owned(),
        parameters: Json::from(request),
        shape: Shape::Http(WebServer::Kubernetes),
        errors: ErrorStyle::Http(WebServer::Kubernetes),
        completion,
        lookup: None,
    }))
}

fn call(parameters: &Payload) -> Result<Object, Failure> {
    let method = text(parameters, "Method")?;
    if !METHODS.contains(&method) {
        let problem = format!("The value of the field 'Method' is not supported: {method}");
        return Err(unfit(&problem, parameters));
    }
    let given = parameters.json();
    let mut path = text(parameters, "Path")?.to_owned();
    let query = query(given.get("QueryParameters"));
    if !query.is_empty() {
        path = format!("{path}?{query}");
    }
    let body = given.get("RequestBody").filter(|body| !body.is_null());
    let request = cluster(parameters)?;
    let request = request.with("Method", method).with("Path", path);
    Ok(match body {
        Some(body) => request.with("Body", json(body)),
        None => request,
    })
}

fn run_job(parameters: &Payload) -> Result<Object, Failure> {
    let given = parameters.json();
    let job = given.get("Job").ok_or_else(|| missing("Job", parameters))?;
    let namespace = given.get("Namespace").and_then(Json::as_str);
    let namespace = namespace.unwrap_or("default");
    let jobs = format!("/apis/batch/v1/namespaces/{namespace}/jobs");
    Ok(cluster(parameters)?
        .with("Method", "POST")
        .with("Path", jobs)
        .with("Body", json(job)))
}

/// What leads to the cluster.
fn cluster(parameters: &Payload) -> Result<Object, Failure> {
    let members = ["ClusterName", "CertificateAuthority", "Endpoint"];
    let members = members.map(|name| Ok((name, Json::from(text(parameters, name)?))));
    members.into_iter().collect()
}

fn text<'a>(parameters: &'a Payload, member: &str) -> Result<&'a str, Failure> {
    let text = parameters.json().get(member).and_then(Json::as_str);
    text.ok_or_else(|| missing(member, parameters))
}

/// A body that is given as text or as JSON.
fn json(body: &Json) -> String {
    body.as_str().map_or_else(|| body.to_text(), str::to_owned)
}

/// A job that runs: where it is, and which logs are wanted at its end.
pub(crate) struct KubernetesJob<'a> {
    /// The request that began it.
    given: &'a Json,
    /// The path of the job itself.
    path: String,
    name: String,
    options: Option<&'a Json>,
}

impl<'a> KubernetesJob<'a> {
    /// The job that `begun` is the result of; `parameters` are the task's.
    pub(crate) fn new(
        given: &'a Json,
        begun: &Json,
        parameters: &'a Json,
    ) -> Option<KubernetesJob<'a>> {
        let name = begun.pointer("/ResponseBody/metadata/name")?.as_str()?;
        let jobs = given.get("Path")?.as_str()?;
        let options = parameters.get("LogOptions");
        Some(KubernetesJob {
            given,
            path: format!("{jobs}/{name}"),
            name: name.to_owned(),
            options: options
                .filter(|it| it.get("RetrieveLogs").and_then(Json::as_bool) == Some(true)),
        })
    }

    /// What to ask for its state: operation and parameters.
    pub(crate) fn question(&self) -> (&'static str, Json) {
        (SEND, self.request("GET", &self.path))
    }

    /// What ends it early, with its pods.
    pub(crate) fn stop(&self) -> (&'static str, Json) {
        let path = format!("{}?propagationPolicy=Background", self.path);
        (SEND, self.request("DELETE", &path))
    }

    /// The job, once it has ended, and whether it is complete.
    ///
    /// # Errors
    /// Where the cluster does not tell.
    pub(crate) fn ended(&self, answer: &Json) -> Result<Option<(bool, Json)>, Failure> {
        let job = self.body(answer)?;
        let conditions = job.pointer("/status/conditions").and_then(Json::as_array);
        let conditions = conditions.into_iter().flat_map(|all| all.iter());
        let is = |condition: &Json, kind: &str| {
            let text = |member: &str| condition.get(member).and_then(Json::as_str);
            text("type") == Some(kind) && text("status") == Some("True")
        };
        let mut ends = conditions.filter_map(|condition| match condition {
            it if is(it, "Complete") => Some(true),
            it if is(it, "Failed") => Some(false),
            _ => None,
        });
        Ok(ends.next().map(|is_complete| (is_complete, job.clone())))
    }

    /// What to ask for the job's pods, where logs are wanted.
    pub(crate) fn pods(&self) -> Option<(&'static str, Json)> {
        self.options?;
        let namespace = self.namespace()?;
        let path = format!("{namespace}/pods?labelSelector=job-name%3D{}", self.name);
        Some((SEND, self.request("GET", &path)))
    }

    /// What to ask for the logs of each container in the list of pods: pod, container, operation and parameters.
    pub(crate) fn logs(&self, pods: &Json) -> Vec<(String, String, &'static str, Json)> {
        let (Ok(pods), Some(namespace)) = (self.body(pods), self.namespace()) else {
            return Vec::new();
        };
        let parameters = self.options.and_then(|it| it.get("LogParameters"));
        let parameters = query(parameters);
        let items = pods.get("items").and_then(Json::as_array);
        let mut asked = Vec::new();
        for pod in items.into_iter().flat_map(|all| all.iter()).take(PODS_MAX) {
            let name = |of: &Json, place: &str| of.pointer(place)?.as_str().map(str::to_owned);
            let Some(pod_name) = name(pod, "/metadata/name") else {
                continue;
            };
            let containers = pod.pointer("/spec/containers").and_then(Json::as_array);
            for container in containers.into_iter().flat_map(|all| all.iter()) {
                let Some(container) = name(container, "/name") else {
                    continue;
                };
                let mut path = format!("{namespace}/pods/{pod_name}/log?container={container}");
                if !parameters.is_empty() {
                    path = format!("{path}&{parameters}");
                }
                let request = self.request("GET", &path);
                asked.push((pod_name.clone(), container, SEND, request));
            }
        }
        asked
    }

    /// A container's log as the result shows it, JSON where it is JSON, or why there is none.
    pub(crate) fn log(&self, answer: Result<Json, Failure>) -> Json {
        let is_raw = self.options.and_then(|it| it.get("RawLogs")?.as_bool()) == Some(true);
        let mut shown = ObjectBuilder::new();
        match answer.and_then(|answer| self.text(&answer)) {
            Ok(text) => {
                let parsed = Json::parse(&text).ok().filter(|_| !is_raw);
                shown.insert("log", parsed.unwrap_or_else(|| Json::from(text)));
            }
            Err(failure) => {
                let error = failure.error.as_ref().map(ErrorName::as_str);
                shown
                    .insert("error", error.unwrap_or_default())
                    .insert("cause", failure.cause.as_deref().unwrap_or_default());
            }
        }
        Json::from(shown.build())
    }

    /// `/api/v1/namespaces/NAMESPACE`
    fn namespace(&self) -> Option<String> {
        let jobs = self.given.get("Path")?.as_str()?;
        let namespace = jobs.split('/').nth(5)?;
        Some(format!("/api/v1/namespaces/{namespace}"))
    }

    fn request(&self, method: &str, path: &str) -> Json {
        let given = self.given.as_object().cloned().unwrap_or_default();
        let request = given.without("Body");
        Json::from(request.with("Method", method).with("Path", path))
    }

    fn body(&self, answer: &Json) -> Result<Json, Failure> {
        let shown = result(answer, WebServer::Kubernetes)?;
        Ok(shown
            .json()
            .get("ResponseBody")
            .cloned()
            .unwrap_or(Json::Null))
    }

    fn text(&self, answer: &Json) -> Result<String, Failure> {
        result(answer, WebServer::Kubernetes)?;
        let bytes = answer.get("Body").and_then(passo_service::body::bytes);
        Ok(String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned())
    }
}

/// What the task is told of a job that has ended, with the logs of its containers by pod.
pub(crate) fn told(is_complete: bool, job: &Json, logs: Option<Object>) -> TaskUpdate {
    let job = job.as_object().cloned().unwrap_or_default();
    let job = match logs {
        Some(pods) => job.with("logs", Object::default().with("pods", pods)),
        None => job,
    };
    let shown = Json::from(job);
    match is_complete {
        true => TaskUpdate::Succeeded(Payload::from(shown)),
        false => TaskUpdate::Failed(Failure::new(ErrorName::TASK_FAILED, shown.to_text())),
    }
}
