//! What belongs to Lambda functions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::Api;
use crate::aws::names::member;
use crate::deploy::described::{Described, From, PLAIN};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};
use crate::problem::Problem;

/// Described types.
pub(super) const DESCRIBED: &[Described] = &[
    Described {
        resource_type: "AWS::Lambda::Permission",
        label: "permission",
        service: "lambda",
        name: Some("StatementId"),
        create: "AddPermission",
        delete: Some("RemovePermission"),
        attributes: &[("FunctionName", From::Property("FunctionName"))],
        key: &[("FunctionName", "FunctionName"), ("StatementId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Lambda::EventSourceMapping",
        label: "event source mapping",
        service: "lambda",
        replaced_by: &[
            "EventSourceArn",
            "StartingPosition",
            "StartingPositionTimestamp",
            "SelfManagedEventSource",
        ],
        create: "CreateEventSourceMapping",
        update: Some("UpdateEventSourceMapping"),
        delete: Some("DeleteEventSourceMapping"),
        reference: From::Answer("UUID"),
        attributes: &[("Id", From::Answer("UUID"))],
        key: &[("UUID", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Lambda::EventInvokeConfig",
        label: "event invoke config",
        service: "lambda",
        replaced_by: &["FunctionName", "Qualifier"],
        create: "PutFunctionEventInvokeConfig",
        update: Some("PutFunctionEventInvokeConfig"),
        delete: Some("DeleteFunctionEventInvokeConfig"),
        attributes: &[
            ("FunctionName", From::Property("FunctionName")),
            ("Qualifier", From::Property("Qualifier")),
        ],
        key: &[("FunctionName", "FunctionName"), ("Qualifier", "Qualifier")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Lambda::Url",
        label: "function url",
        service: "lambda",
        replaced_by: &["TargetFunctionArn", "Qualifier"],
        create: "CreateFunctionUrlConfig",
        update: Some("UpdateFunctionUrlConfig"),
        delete: Some("DeleteFunctionUrlConfig"),
        renamed: &[("TargetFunctionArn", "FunctionName")],
        reference: From::Answer("FunctionArn"),
        attributes: &[
            ("FunctionArn", From::Answer("FunctionArn")),
            ("FunctionUrl", From::Answer("FunctionUrl")),
            ("FunctionName", From::Property("TargetFunctionArn")),
            ("Qualifier", From::Property("Qualifier")),
        ],
        key: &[("FunctionName", "FunctionName"), ("Qualifier", "Qualifier")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Lambda::Version",
        label: "function version",
        service: "lambda",
        create: "PublishVersion",
        delete: Some("DeleteFunction"),
        reference: From::Answer("FunctionArn"),
        attributes: &[
            ("FunctionArn", From::Answer("FunctionArn")),
            ("FunctionName", From::Property("FunctionName")),
            ("Version", From::Answer("Version")),
        ],
        key: &[("FunctionName", "FunctionName"), ("Qualifier", "Version")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Lambda::Alias",
        label: "function alias",
        service: "lambda",
        name: Some("Name"),
        replaced_by: &["FunctionName"],
        create: "CreateAlias",
        update: Some("UpdateAlias"),
        delete: Some("DeleteAlias"),
        reference: From::Answer("AliasArn"),
        attributes: &[
            ("AliasArn", From::Answer("AliasArn")),
            ("FunctionName", From::Property("FunctionName")),
            ("Name", From::Name),
        ],
        key: &[("FunctionName", "FunctionName"), ("Name", "Name")],
        ..PLAIN
    },
];

/// `AWS::Lambda::LayerVersion`: every change is a new version.
pub(super) struct LayerVersion;

/// See [`LayerVersion`].
pub(super) const LAYER_VERSION: LayerVersion = LayerVersion;

impl Kind for LayerVersion {
    fn resource_type(&self) -> &'static str {
        "AWS::Lambda::LayerVersion"
    }

    fn label(&self) -> &'static str {
        "layer"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("LayerName")
    }

    fn is_replaced_by(&self, _: &str) -> bool {
        true
    }

    fn prepare(&self, want: &mut Want<'_>) -> Result<(), Problem> {
        let path = match want.get("Content") {
            Some(Json::String(path)) => Some(want.files.path(path)),
            Some(place) => {
                let key = place.get("S3Key").and_then(Json::as_str);
                key.and_then(|key| want.files.asset(key))
            }
            None => None,
        };
        let Some(path) = path else {
            return Ok(());
        };
        let archive = want.files.archive(&path).map_err(|why| {
            let id = want.logical_id;
            Problem::new(format!("the content of the layer `{id}` cannot be read")).why(why)
        })?;
        want.properties = want.properties.without("Content");
        want.content = Some(archive);
        Ok(())
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let layer = want.place.arn("lambda", &format!("layer:{}", want.name()));
        Made::new(format!("{layer}:new"))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let mut parameters = want.parameters(&[]);
            if let Some(content) = &want.content {
                let content = Object::default().with("ZipFile", STANDARD.encode(content));
                parameters = parameters.with("Content", content);
            }
            let publish = "PublishLayerVersion";
            let answer = api.call("lambda", publish, &Json::from(parameters)).await?;
            let version = answer.get("Version").and_then(Json::as_i64);
            let arn = member(&answer, "LayerVersionArn");
            Ok(Made::new(arn)
                .with("LayerVersionArn", arn)
                .with("passo:layer", want.name())
                .with("passo:version", version.unwrap_or_default()))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        self.create(api, want)
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let version = was.attributes.get("passo:version").cloned();
            let parameters = json!({
                "LayerName": was.attribute("passo:layer"),
                "VersionNumber": version.unwrap_or(Json::Null),
            });
            gone(api.call("lambda", "DeleteLayerVersion", &parameters).await)
        })
    }
}
