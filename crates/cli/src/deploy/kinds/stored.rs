//! `AWS::SSM::Parameter` and `AWS::SecretsManager::Secret`.

use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};

/// Parameters of the Parameter Store.
pub(super) struct Parameter;

/// See [`Parameter`].
pub(super) const PARAMETER: Parameter = Parameter;

impl Kind for Parameter {
    fn resource_type(&self) -> &'static str {
        "AWS::SSM::Parameter"
    }

    fn label(&self) -> &'static str {
        "parameter"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        property == "Name"
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(want.name())
            .with("Type", want.text("Type"))
            .with("Value", want.text("Value"))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            // Tags cannot be given to a parameter that may be there already.
            let parameters = want.parameters(&["Tags"]).with("Overwrite", true);
            let put = "PutParameter";
            api.call("ssm", put, &Json::from(parameters)).await?;
            if let Some(tags) = want.get("Tags") {
                let parameters = json!({
                    "ResourceType": "Parameter", "ResourceId": want.name(), "Tags": tags.clone(),
                });
                api.call("ssm", "AddTagsToResource", &parameters).await?;
            }
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        self.create(api, want)
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({"Name": &*was.reference});
            gone(api.call("ssm", "DeleteParameter", &parameters).await)
        })
    }
}

/// Secrets.
pub(super) struct Secret;

/// See [`Secret`].
pub(super) const SECRET: Secret = Secret;

/// What `GenerateSecretString` tells about the text around the password.
const AROUND: [&str; 2] = ["SecretStringTemplate", "GenerateStringKey"];

impl Secret {
    /// The secret's text; nothing where the template says none.
    async fn text(api: &Api, want: &Want<'_>) -> Result<Option<String>, CallError> {
        if let Some(text) = want.scalar("SecretString") {
            return Ok(Some(text));
        }
        let Some(Json::Object(generate)) = want.get("GenerateSecretString") else {
            return Ok(None);
        };
        let mut parameters: Object = generate.clone();
        for name in AROUND {
            parameters = parameters.without(name);
        }
        let get = "GetRandomPassword";
        let answer = api
            .call("secretsmanager", get, &Json::from(parameters))
            .await?;
        let password = member(&answer, "RandomPassword");
        let template = generate.get("SecretStringTemplate").and_then(Json::as_str);
        let key = generate.get("GenerateStringKey").and_then(Json::as_str);
        let around = template.and_then(|template| Json::parse(template).ok());
        Ok(Some(match (around, key) {
            (Some(Json::Object(around)), Some(key)) => {
                Json::from(around.with(key, password)).to_text()
            }
            _ => password.to_owned(),
        }))
    }
}

impl Kind for Secret {
    fn resource_type(&self) -> &'static str {
        "AWS::SecretsManager::Secret"
    }

    fn label(&self) -> &'static str {
        "secret"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        property == "Name"
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let arn = want
            .place
            .arn("secretsmanager", &format!("secret:{}", want.name()));
        Made::new(&*arn)
            .with("Id", &*arn)
            .with("passo:name", want.name())
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let mut parameters = want.parameters(&["GenerateSecretString", "SecretString"]);
            if let Some(text) = Secret::text(api, want).await? {
                parameters = parameters.with("SecretString", text);
            }
            let create = "CreateSecret";
            let answer = api
                .call("secretsmanager", create, &Json::from(parameters))
                .await?;
            let arn = member(&answer, "ARN");
            Ok(Made::new(arn)
                .with("Id", arn)
                .with("passo:name", want.name()))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let mut parameters = Object::default().with("SecretId", want.name());
            for name in ["Description", "KmsKeyId", "SecretString"] {
                if let Some(value) = want.get(name) {
                    parameters = parameters.with(name, value.clone());
                }
            }
            let update = "UpdateSecret";
            let answer = api
                .call("secretsmanager", update, &Json::from(parameters))
                .await?;
            let arn = match member(&answer, "ARN") {
                "" => &*was.reference,
                arn => arn,
            };
            Ok(Made::new(arn)
                .with("Id", arn)
                .with("passo:name", want.name()))
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let parameters = json!({
                "SecretId": &*was.reference, "ForceDeleteWithoutRecovery": true,
            });
            gone(
                api.call("secretsmanager", "DeleteSecret", &parameters)
                    .await,
            )
        })
    }
}
