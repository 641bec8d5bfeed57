//! A call with the service it is for.

use passo_json::{Json, Object, ObjectBuilder};
use passo_model::{Operation, Structure};
use passo_records::Parameters;
use passo_service::Fault;

use super::Style;
use crate::faults;
use crate::gateway::Shared;

pub(crate) type Answer = Result<Json, Fault>;

/// One call.
pub(crate) struct Request<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) given: Parameters<'a>,
    pub(crate) style: Style,
    pub(crate) operation: &'static Operation,
}

impl<'a> Request<'a> {
    /// The call, if it names an operation of that API and has what the operation needs.
    pub(crate) fn new(
        shared: &'a Shared,
        given: Parameters<'a>,
        style: Style,
    ) -> Result<Request<'a>, Fault> {
        let name = &given.call.operation;
        let operation = style.model().and_then(|model| model.operation(name));
        let operation = operation.ok_or_else(|| faults::unknown_operation(name))?;
        let request = Request {
            shared,
            given,
            style,
            operation,
        };
        let input = operation.input.and_then(|input| request.structure(input));
        let members = input.into_iter().flat_map(|input| &input.members);
        let mut wanted = members.filter(|member| member.is_required);
        match wanted.find(|member| given.get(member.name).is_none()) {
            Some(missing) => Err(faults::bad_request(format!(
                "{} is a required parameter",
                missing.name
            ))),
            None => Ok(request),
        }
    }

    fn structure(&self, id: passo_model::ShapeId) -> Option<&'static Structure> {
        self.style.model()?.structure(id)
    }

    /// The shape of the answer.
    pub(crate) fn output(&self) -> Option<&'static Structure> {
        self.operation.output.and_then(|id| self.structure(id))
    }

    /// The members of the answer's shape that the call gives.
    pub(crate) fn given_members(&self) -> Object {
        let members = self.output().into_iter().flat_map(|it| &it.members);
        let members =
            members.filter_map(|member| Some((member.name, self.given.get(member.name)?.clone())));
        members.collect()
    }

    /// A parameter that the model wants.
    pub(crate) fn text(&self, member: &str) -> &'a str {
        self.given.text(member).unwrap_or_default()
    }

    /// Where records are kept that belong to no API.
    pub(crate) fn place(&self) -> String {
        format!("{} {}", self.given.account(), self.given.region())
    }

    /// The caller's API of that id.
    pub(crate) fn api(&self, id: &str) -> Result<Object, Fault> {
        let found = self.shared.table.find(&["api", id])?.filter(|row| {
            let is =
                |member: &str, wanted: &str| row.get(member).and_then(Json::as_str) == Some(wanted);
            is("account", self.given.account())
                && is("region", self.given.region())
                && is("style", self.style.name())
        });
        let api = found.and_then(|row| row.get("api")?.as_object().cloned());
        api.ok_or_else(|| faults::no_api(self.given.account(), id))
    }

    /// The row of an API of the caller.
    pub(crate) fn api_row(&self, api: Object) -> Object {
        let mut row = ObjectBuilder::new();
        row.insert("account", self.given.account())
            .insert("region", self.given.region())
            .insert("style", self.style.name())
            .insert("api", api);
        row.build()
    }

    /// The time now, in seconds.
    pub(crate) fn now(&self) -> Json {
        Json::from(self.shared.clock.now().epoch_millis() / 1000)
    }
}
