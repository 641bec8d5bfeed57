//! Task states.

use passo_expr::{QueryLanguage, Template};

use super::expressions::States;
use super::machine::MOST_SECONDS;
use super::reader::{Fields, Reader};
use super::state::{Next, Parts};
use super::{Catcher, Resource, resource};
use crate::program::{Flow, Retrier, Scalar, TaskResource};

/// A Task state as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) resource: TaskResource,
    pub(crate) timeout_seconds: Option<Scalar<u64>>,
    pub(crate) heartbeat_seconds: Option<Scalar<u64>>,
    pub(crate) credentials: Option<Template>,
    pub(crate) flow: Flow,
    pub(crate) retry: Vec<Retrier>,
    pub(crate) catch: Vec<Catcher>,
    pub(crate) next: Next,
}

impl Task {
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        fields: &Fields<'_>,
        language: QueryLanguage,
        parts: &mut Parts,
    ) -> Option<Task> {
        reader.require(fields, &["Resource"]);
        let resource = read_resource(reader, fields, parts);
        let timeout_seconds =
            reader.seconds(fields, ["TimeoutSeconds", "TimeoutSecondsPath"], language);
        let heartbeat_seconds = reader.seconds(
            fields,
            ["HeartbeatSeconds", "HeartbeatSecondsPath"],
            language,
        );
        check_heartbeat(
            reader,
            fields,
            timeout_seconds.as_ref(),
            heartbeat_seconds.as_ref(),
        );
        let credentials = fields
            .get("Credentials")
            .and_then(|field| reader.template(&field, language, States::Input));
        let flow = reader.flow(fields, language, States::Result, parts);
        let retry = reader.retry(fields, language);
        let catch = reader.catch(fields, language, parts);
        let next = reader.next(fields, parts);
        Some(Task {
            resource: resource?,
            timeout_seconds,
            heartbeat_seconds,
            credentials,
            flow,
            retry,
            catch,
            next: next?,
        })
    }
}

fn read_resource(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    parts: &mut Parts,
) -> Option<TaskResource> {
    let field = fields.get("Resource")?;
    if reader.is_substituted(field.node) {
        return None;
    }
    let text = reader.string(&field)?;
    let Some(resource) = resource::parse(&text) else {
        reader.error(
            &field.place,
            field.node.span,
            "Value is not a valid resource ARN",
        );
        return None;
    };
    parts.resource = Some(Resource {
        resource: resource.clone(),
        location: field.place.to_string(),
        span: field.node.span,
    });
    Some(resource)
}

fn check_heartbeat(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    timeout: Option<&Scalar<u64>>,
    heartbeat: Option<&Scalar<u64>>,
) {
    if let (Some(Scalar::Literal(timeout)), Some(Scalar::Literal(heartbeat))) = (timeout, heartbeat)
        && heartbeat >= timeout
        && let Some(field) = fields.get("HeartbeatSeconds")
    {
        let message = "HeartbeatSeconds must be smaller than TimeoutSeconds";
        reader.error(&field.place, field.node.span, message);
    }
}

impl Reader<'_> {
    /// A positive number of seconds as literal, path or expression.
    fn seconds(
        &mut self,
        fields: &Fields<'_>,
        [literal, path]: [&'static str; 2],
        language: QueryLanguage,
    ) -> Option<Scalar<u64>> {
        self.at_most_one(fields, &[literal, path]);
        if let Some(field) = fields.get(literal) {
            return self.integer_or_expression(&field, language, 1, MOST_SECONDS);
        }
        let field = fields.get(path)?;
        self.path(&field).map(Scalar::Path)
    }
}
