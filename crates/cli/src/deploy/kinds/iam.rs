//! Roles and policies.

use passo_json::{Json, Object, json};
use passo_template::Made;

use crate::aws::names::member;
use crate::aws::{Api, CallError};
use crate::deploy::kind::{Kind, Making, Removing, Want, gone};

/// `AWS::IAM::Role`.
pub(super) struct Role;

/// See [`Role`].
pub(super) const ROLE: Role = Role;

impl Kind for Role {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::Role"
    }

    fn label(&self) -> &'static str {
        "role"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("RoleName")
    }

    fn default_name(&self, want: &Want<'_>) -> String {
        // Source: CreateRole: names have at most 64 characters.
        want.logical_id.chars().take(64).collect()
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        matches!(property, "RoleName" | "Path")
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let (partition, account) = (&want.place.partition, &want.place.account);
        let path = match want.text("Path") {
            "" => "/",
            path => path,
        };
        let name = want.name();
        let arn = format!("arn:{partition}:iam::{account}:role{path}{name}");
        Made::new(name).with("Arn", arn)
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let parameters = want.parameters(&["ManagedPolicyArns", "Policies"]);
            let create = "CreateRole";
            let answer = api.call("iam", create, &Json::from(parameters)).await?;
            policies(api, want, None).await?;
            let id = answer.get("Role").map(|role| member(role, "RoleId"));
            let made = noted(self.expected(want), want);
            Ok(made.with("RoleId", id.unwrap_or_default()))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, was: &'a Made) -> Making<'a> {
        Box::pin(async move {
            let parameters = json!({
                "RoleName": want.name(),
                "PolicyDocument": want.scalar("AssumeRolePolicyDocument").unwrap_or_default(),
            });
            api.call("iam", "UpdateAssumeRolePolicy", &parameters)
                .await?;
            policies(api, want, Some(was)).await?;
            let mut made = noted(self.expected(want), want);
            if let Some(id) = was.attributes.get("RoleId") {
                made = made.with("RoleId", id.clone());
            }
            Ok(made)
        })
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            let name = &*was.reference;
            match clear(api, name).await {
                Err(error) if error.is_not_found() => return Ok(()),
                cleared => cleared?,
            }
            gone(
                api.call("iam", "DeleteRole", &json!({"RoleName": name}))
                    .await,
            )
        })
    }
}

/// With the names of its own policies and of attached ones, so that they can be taken back.
fn noted(made: Made, want: &Want<'_>) -> Made {
    let own = want.items("Policies");
    let own = own.iter().map(|it| Json::from(member(it, "PolicyName")));
    made.with("passo:policies", Json::from(own.collect::<Vec<_>>()))
        .with(
            "passo:attached",
            Json::from(want.items("ManagedPolicyArns")),
        )
}

/// Gives a role the policies of the template, and takes those that the template no longer has. Other resources may have
/// given it further ones.
async fn policies(api: &Api, want: &Want<'_>, was: Option<&Made>) -> Result<(), CallError> {
    let role = want.name();
    let attached = want.items("ManagedPolicyArns");
    for arn in &attached {
        let parameters = json!({"RoleName": role, "PolicyArn": arn.clone()});
        api.call("iam", "AttachRolePolicy", &parameters).await?;
    }
    let own = want.items("Policies");
    for policy in &own {
        let document = policy.get("PolicyDocument").cloned().unwrap_or(Json::Null);
        let parameters = json!({
            "RoleName": role,
            "PolicyName": member(policy, "PolicyName"),
            "PolicyDocument": document,
        });
        api.call("iam", "PutRolePolicy", &parameters).await?;
    }
    let had = |name: &str| -> Vec<Json> {
        let had = was.and_then(|was| was.attributes.get(name)?.as_array());
        had.map(|had| had.iter().cloned().collect())
            .unwrap_or_default()
    };
    for arn in had("passo:attached") {
        if !attached.contains(&arn) {
            let parameters = json!({"RoleName": role, "PolicyArn": arn});
            gone(api.call("iam", "DetachRolePolicy", &parameters).await)?;
        }
    }
    for name in had("passo:policies") {
        let is_wanted = |it: &Json| Some(member(it, "PolicyName")) == name.as_str();
        if !own.iter().any(is_wanted) {
            let parameters = json!({"RoleName": role, "PolicyName": name});
            gone(api.call("iam", "DeleteRolePolicy", &parameters).await)?;
        }
    }
    Ok(())
}

/// Takes every policy from a role, so that it can be removed.
async fn clear(api: &Api, role: &str) -> Result<(), CallError> {
    let parameters = json!({"RoleName": role});
    let found = api
        .call("iam", "ListAttachedRolePolicies", &parameters)
        .await?;
    for policy in list(&found, "AttachedPolicies") {
        let parameters = json!({"RoleName": role, "PolicyArn": member(policy, "PolicyArn")});
        gone(api.call("iam", "DetachRolePolicy", &parameters).await)?;
    }
    let found = api.call("iam", "ListRolePolicies", &parameters).await?;
    for name in list(&found, "PolicyNames") {
        let parameters = json!({"RoleName": role, "PolicyName": name.clone()});
        gone(api.call("iam", "DeleteRolePolicy", &parameters).await)?;
    }
    Ok(())
}

fn list<'j>(answer: &'j Json, name: &str) -> impl Iterator<Item = &'j Json> {
    let items = answer.get(name).and_then(Json::as_array);
    items.into_iter().flat_map(|items| items.iter())
}

/// `AWS::IAM::Policy`: a policy of its own for each of some roles.
pub(super) struct Policy;

/// See [`Policy`].
pub(super) const POLICY: Policy = Policy;

impl Kind for Policy {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::Policy"
    }

    fn label(&self) -> &'static str {
        "policy"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("PolicyName")
    }

    fn is_replaced_by(&self, property: &str) -> bool {
        property == "PolicyName"
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(want.name()).with("passo:roles", Json::from(want.items("Roles")))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            for role in want.items("Roles") {
                let parameters = json!({
                    "RoleName": role,
                    "PolicyName": want.name(),
                    "PolicyDocument": want.scalar("PolicyDocument").unwrap_or_default(),
                });
                api.call("iam", "PutRolePolicy", &parameters).await?;
            }
            Ok(self.expected(want))
        })
    }

    fn update<'a>(&'a self, api: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        self.create(api, want)
    }

    fn delete<'a>(&'a self, api: &'a Api, was: &'a Made) -> Removing<'a> {
        Box::pin(async move {
            for role in roles(was) {
                let parameters = json!({"RoleName": role, "PolicyName": &*was.reference});
                gone(api.call("iam", "DeleteRolePolicy", &parameters).await)?;
            }
            Ok(())
        })
    }
}

fn roles(was: &Made) -> Vec<Json> {
    let roles = was.attributes.get("passo:roles").and_then(Json::as_array);
    roles
        .map(|roles| roles.iter().cloned().collect())
        .unwrap_or_default()
}

/// `AWS::IAM::ManagedPolicy`.
pub(super) struct ManagedPolicy;

/// See [`ManagedPolicy`].
pub(super) const MANAGED_POLICY: ManagedPolicy = ManagedPolicy;

impl Kind for ManagedPolicy {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::ManagedPolicy"
    }

    fn label(&self) -> &'static str {
        "managed policy"
    }

    fn name_property(&self) -> Option<&'static str> {
        Some("ManagedPolicyName")
    }

    fn is_replaced_by(&self, _: &str) -> bool {
        true
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        let (partition, account) = (&want.place.partition, &want.place.account);
        let arn = format!("arn:{partition}:iam::{account}:policy/{}", want.name());
        Made::new(arn.as_str())
            .with("PolicyArn", arn)
            .with("passo:roles", Json::from(want.items("Roles")))
    }

    fn create<'a>(&'a self, api: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(async move {
            let mut parameters = Object::default().with("PolicyName", want.name()).with(
                "PolicyDocument",
                want.scalar("PolicyDocument").unwrap_or_default(),
            );
            for name in ["Path", "Description"] {
                if let Some(value) = want.get(name) {
                    parameters = parameters.with(name, value.clone());
                }
            }
            let create = "CreatePolicy";
            let answer = api.call("iam", create, &Json::from(parameters)).await?;
            let arn = answer.get("Policy").map(|policy| member(policy, "Arn"));
            let mut made = self.expected(want);
            if let Some(arn) = arn.filter(|arn| !arn.is_empty()) {
                made.reference = arn.into();
                made = made.with("PolicyArn", arn);
            }
            for role in want.items("Roles") {
                let parameters = json!({"RoleName": role, "PolicyArn": &*made.reference});
                api.call("iam", "AttachRolePolicy", &parameters).await?;
            }
            Ok(made)
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
            for role in roles(was) {
                let parameters = json!({"RoleName": role, "PolicyArn": &*was.reference});
                gone(api.call("iam", "DetachRolePolicy", &parameters).await)?;
            }
            let parameters = json!({"PolicyArn": &*was.reference});
            gone(api.call("iam", "DeletePolicy", &parameters).await)
        })
    }
}
