//! What else belongs to Step Functions: activities, versions, aliases.

use passo_json::{Json, json};
use passo_template::Made;

use crate::aws::Api;
use crate::aws::names::member;
use crate::deploy::described::{Described, From, PLAIN};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};

/// Described types.
pub(super) const DESCRIBED: &[Described] = &[
    Described {
        resource_type: "AWS::StepFunctions::Activity",
        label: "activity",
        service: "states",
        name: Some("Name"),
        create: "CreateActivity",
        delete: Some("DeleteActivity"),
        reference: From::Arn("states", "activity:"),
        attributes: &[
            ("Arn", From::Arn("states", "activity:")),
            ("Name", From::Name),
        ],
        key: &[("activityArn", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::StepFunctions::StateMachineVersion",
        label: "state machine version",
        service: "states",
        create: "PublishStateMachineVersion",
        delete: Some("DeleteStateMachineVersion"),
        renamed: &[("StateMachineRevisionId", "revisionId")],
        reference: From::Answer("stateMachineVersionArn"),
        attributes: &[("Arn", From::Answer("stateMachineVersionArn"))],
        key: &[("stateMachineVersionArn", "")],
        ..PLAIN
    },
];

/// `AWS::StepFunctions::StateMachineAlias`.
pub(super) struct Alias;

/// See [`Alias`].
pub(super) const ALIAS: Alias = Alias;

/// The routes of an alias.
fn routes(want: &Want<'_>) -> Json {
    let preference = want.get("DeploymentPreference");
    if let Some(version) = preference.and_then(|it| it.get("StateMachineVersionArn")) {
        return json!([{"stateMachineVersionArn": version.clone(), "weight": 100}]);
    }
    Json::from(want.items("RoutingConfiguration"))
}

impl Kind for Alias {
    fn resource_type(&self) -> &'static str {
        "AWS::StepFunctions::StateMachineAlias"
    }

    fn label(&self) -> &'static str {
        "state machine alias"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        property == "Name"
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let routes = routes(want);
        let version = routes.at(0).map(|route| {
            let upper = member(route, "StateMachineVersionArn");
            let lower = member(route, "stateMachineVersionArn");
            if upper.is_empty() { lower } else { upper }
        });
        let machine = version
            .and_then(|arn| arn.rsplit_once(':'))
            .unwrap_or_default();
        let arn = format!("{}:{}", machine.0, want.name());
        Made::new(arn.as_str()).with("Arn", arn.as_str())
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let parameters = json!({
                "name": want.name(),
                "description": want.text("Description"),
                "routingConfiguration": routes(want),
            });
            let create = "CreateStateMachineAlias";
            let answer = api.call("states", create, &parameters).await?;
            let arn = member(&answer, "stateMachineAliasArn");
            Ok(Made::new(arn).with("Arn", arn))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let parameters = json!({
                "stateMachineAliasArn": &*was.reference,
                "description": want.text("Description"),
                "routingConfiguration": routes(want),
            });
            let update = "UpdateStateMachineAlias";
            api.call("states", update, &parameters).await?;
            Ok(was.clone())
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"stateMachineAliasArn": &*was.reference});
            gone(
                api.call("states", "DeleteStateMachineAlias", &parameters)
                    .await,
            )
        })
    }
}
