//! `AWS::ApiGateway::RestApi`, its methods and its stages.

use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone, scalar};

const SERVICE: &str = "apigateway";

/// REST APIs.
pub(super) struct RestApi;

/// See [`RestApi`].
pub(super) const REST_API: RestApi = RestApi;

impl RestApi {
    /// The id of the resource `/`.
    async fn root(api: &Api, id: &str, answer: &Json) -> Result<String, CallError> {
        let root = member(answer, "rootResourceId");
        if !root.is_empty() {
            return Ok(root.to_owned());
        }
        let parameters = json!({"restApiId": id});
        let found = api.call(SERVICE, "GetResources", &parameters).await?;
        let items = found.get("items").and_then(Json::as_array);
        let mut items = items.into_iter().flat_map(|items| items.iter());
        let root = items.find(|item| member(item, "path") == "/");
        Ok(root
            .map(|root| member(root, "id").to_owned())
            .unwrap_or_default())
    }
}

impl Kind for RestApi {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGateway::RestApi"
    }

    fn label(&self) -> &'static str {
        "rest api"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn is_replaced_by(&self, _: &str) -> bool {
        false
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(format!("{}.Ref", want.logical_id))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let answer = match want.get("Body").and_then(scalar) {
                Some(body) => {
                    let parameters = json!({"body": body});
                    api.call(SERVICE, "ImportRestApi", &parameters).await?
                }
                None => {
                    let other = ["Body", "BodyS3Location", "Mode", "Parameters"];
                    let parameters = Json::from(want.parameters(&other));
                    api.call(SERVICE, "CreateRestApi", &parameters).await?
                }
            };
            let id = member(&answer, "id");
            let root = RestApi::root(api, id, &answer).await?;
            Ok(Made::new(id)
                .with("RestApiId", id)
                .with("RootResourceId", root))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let id = &*was.reference;
            if let Some(body) = want.get("Body").and_then(scalar) {
                let parameters = json!({"restApiId": id, "mode": "overwrite", "body": body});
                api.call(SERVICE, "PutRestApi", &parameters).await?;
            }
            let changes = [("/name", Some(want.name().to_owned()))];
            let changes = changes
                .into_iter()
                .chain([("/description", want.scalar("Description"))]);
            patch(api, "UpdateRestApi", json!({"restApiId": id}), changes).await?;
            let root = RestApi::root(api, id, &Json::Null).await?;
            Ok(was.clone().with("RootResourceId", root))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"restApiId": &*was.reference});
            gone(api.call(SERVICE, "DeleteRestApi", &parameters).await)
        })
    }
}

/// Replaces values, where there are any.
async fn patch(
    api: &Api,
    operation: &str,
    key: Json,
    changes: impl Iterator<Item = (&str, Option<String>)>,
) -> Result<(), CallError> {
    let changes = changes.filter_map(|(path, value)| {
        let value = value?;
        Some(json!({"op": "replace", "path": path, "value": value}))
    });
    let changes: Vec<Json> = changes.collect();
    if let (Json::Object(key), false) = (key, changes.is_empty()) {
        let parameters = Json::from(key.with("patchOperations", changes));
        api.call(SERVICE, operation, &parameters).await?;
    }
    Ok(())
}

/// `AWS::ApiGateway::Method`, with its integration and their responses.
pub(super) struct Method;

/// See [`Method`].
pub(super) const METHOD: Method = Method;

/// The parameters that name a method.
fn key_of(want: &Want<'_>) -> Object {
    Object::default()
        .with("restApiId", want.text("RestApiId"))
        .with("resourceId", want.text("ResourceId"))
        .with("httpMethod", want.text("HttpMethod"))
}

impl Kind for Method {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGateway::Method"
    }

    fn label(&self) -> &'static str {
        "api method"
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "RestApiId" | "ResourceId" | "HttpMethod")
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let mut made = Made::new(want.logical_id);
        for (name, value) in key_of(want).iter() {
            made = made.with(name, value.clone());
        }
        made
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let mut parameters = want.parameters(&["Integration", "MethodResponses"]);
            if want.get("AuthorizationType").is_none() {
                parameters = parameters.with("AuthorizationType", "NONE");
            }
            api.call(SERVICE, "PutMethod", &Json::from(parameters))
                .await?;
            for response in want.items("MethodResponses") {
                let parameters = Json::from(joined(key_of(want), &response, &[]));
                api.call(SERVICE, "PutMethodResponse", &parameters).await?;
            }
            let Some(integration) = want.get("Integration") else {
                return Ok(self.expected(want));
            };
            let parameters = joined(key_of(want), integration, &["IntegrationResponses"]);
            let parameters = match parameters.get("IntegrationHttpMethod").cloned() {
                Some(method) => parameters.with("integrationHttpMethod", method),
                None => parameters,
            };
            let put = "PutIntegration";
            api.call(SERVICE, put, &Json::from(parameters)).await?;
            let responses = integration.get("IntegrationResponses");
            let responses = responses.and_then(Json::as_array);
            for response in responses.into_iter().flat_map(|it| it.iter()) {
                let parameters = Json::from(joined(key_of(want), response, &[]));
                let put = "PutIntegrationResponse";
                api.call(SERVICE, put, &parameters).await?;
            }
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            self.delete(api, was).await?;
            self.create(api, want).await
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({
                "restApiId": was.attribute("restApiId"),
                "resourceId": was.attribute("resourceId"),
                "httpMethod": was.attribute("httpMethod"),
            });
            gone(api.call(SERVICE, "DeleteMethod", &parameters).await)
        })
    }
}

/// `key` with the members of `more`, but for some.
fn joined(mut key: Object, more: &Json, without: &[&str]) -> Object {
    for (name, value) in more.as_object().into_iter().flat_map(|more| more.iter()) {
        if !without.contains(&&**name) {
            key = key.with(&**name, value.clone());
        }
    }
    key
}

/// `AWS::ApiGateway::Stage`.
pub(super) struct Stage;

/// See [`Stage`].
pub(super) const STAGE: Stage = Stage;

impl Kind for Stage {
    fn resource_type(&self) -> &'static str {
        "AWS::ApiGateway::Stage"
    }

    fn label(&self) -> &'static str {
        "api stage"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("StageName")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "RestApiId" | "StageName")
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(want.name()).with("RestApiId", want.text("RestApiId"))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let parameters = want.parameters(&["MethodSettings", "AccessLogSetting"]);
            api.call(SERVICE, "CreateStage", &Json::from(parameters))
                .await?;
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let key = json!({"restApiId": want.text("RestApiId"), "stageName": want.name()});
            let variables = want.get("Variables").and_then(Json::as_object);
            let variables: Vec<(String, Option<String>)> = variables
                .into_iter()
                .flat_map(|variables| variables.iter())
                .map(|(name, value)| (format!("/variables/{name}"), scalar(value)))
                .collect();
            let changes = [
                ("/deploymentId", want.scalar("DeploymentId")),
                ("/description", want.scalar("Description")),
            ];
            let variables = variables
                .iter()
                .map(|(path, value)| (path.as_str(), value.clone()));
            let changes = changes.into_iter().chain(variables);
            patch(api, "UpdateStage", key, changes).await?;
            Ok(self.expected(want))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({
                "restApiId": was.attribute("RestApiId"), "stageName": &*was.reference,
            });
            gone(api.call(SERVICE, "DeleteStage", &parameters).await)
        })
    }
}
