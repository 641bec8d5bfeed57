//! `AWS::ApiGatewayV2::Api`.

use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone, scalar};

/// HTTP APIs.
pub(super) struct HttpApi;

/// See [`HttpApi`].
pub(super) const HTTP_API: HttpApi = HttpApi;

/// What comes with a description, or belongs to importing one.
const IMPORTED: [&str; 4] = ["Body", "BodyS3Location", "FailOnWarnings", "BasePath"];

impl Kind for HttpApi {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGatewayV2::Api"
    }

    fn label(&self) -> &'static str {
        "http api"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        property == "ProtocolType"
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(format!("{}.Ref", want.logical_id))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let answer = match want.get("Body").and_then(scalar) {
                Some(body) => {
                    let parameters = json!({"Body": body});
                    let import = "ImportApi";
                    let answer = api.call("apigatewayv2", import, &parameters).await?;
                    configure(api, want, member(&answer, "ApiId")).await?;
                    answer
                }
                None => {
                    let mut parameters = want.parameters(&IMPORTED);
                    if want.get("ProtocolType").is_none() {
                        parameters = parameters.with("ProtocolType", "HTTP");
                    }
                    let create = "CreateApi";
                    let parameters = Json::from(parameters);
                    api.call("apigatewayv2", create, &parameters).await?
                }
            };
            Ok(made(&answer, member(&answer, "ApiId")))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let id = &*was.reference;
            if let Some(body) = want.get("Body").and_then(scalar) {
                let parameters = json!({"ApiId": id, "Body": body});
                let import = "ReimportApi";
                api.call("apigatewayv2", import, &parameters).await?;
            }
            let answer = configure(api, want, id).await?;
            Ok(made(&answer, id))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"ApiId": &*was.reference});
            gone(api.call("apigatewayv2", "DeleteApi", &parameters).await)
        })
    }
}

fn made(answer: &Json, id: &str) -> Made {
    Made::new(id)
        .with("ApiId", id)
        .with("ApiEndpoint", member(answer, "ApiEndpoint"))
}

/// Sets what a description does not hold.
async fn configure(api: &Api, want: &Want<'_>, id: &str) -> Result<Json, CallError> {
    let mut parameters: Object = Object::default().with("ApiId", id);
    for name in [
        "Name",
        "Description",
        "CorsConfiguration",
        "DisableExecuteApiEndpoint",
        "RouteSelectionExpression",
        "Version",
    ] {
        if let Some(value) = want.get(name) {
            parameters = parameters.with(name, value.clone());
        }
    }
    let update = "UpdateApi";
    let parameters = Json::from(parameters);
    api.call("apigatewayv2", update, &parameters).await
}
