//! How the URL of a function is set up.

use passo_json::{Json, Object, ObjectBuilder};

use super::super::request::Target;
use super::Place;

/// Who may use a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum AuthType {
    /// Everybody.
    None,
    /// Who signs requests.
    AwsIam,
}

/// The URL of a function, or of an alias.
///
/// Source: Lambda API Reference, `FunctionUrlConfig`.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct UrlSettings {
    pub(in super::super) id: String,
    pub(in super::super) account: String,
    pub(in super::super) region: String,
    pub(in super::super) name: String,
    /// An alias.
    pub(in super::super) qualifier: Option<String>,
    pub(in super::super) auth_type: AuthType,
    /// As it was given.
    pub(in super::super) cors: Option<Object>,
    pub(in super::super) invoke_mode: String,
    pub(in super::super) created: String,
    pub(in super::super) modified: String,
}

impl AuthType {
    /// Reads AWS's name.
    pub(in super::super) fn parse(text: &str) -> Option<AuthType> {
        match text {
            "NONE" => Some(AuthType::None),
            "AWS_IAM" => Some(AuthType::AwsIam),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            AuthType::None => "NONE",
            AuthType::AwsIam => "AWS_IAM",
        }
    }
}

impl UrlSettings {
    /// The function.
    pub(in super::super) fn target(&self) -> Target {
        Target {
            account: self.account.clone(),
            region: self.region.clone(),
            name: self.name.clone(),
            qualifier: self.qualifier.clone(),
        }
    }

    /// As the API shows it.
    pub(in super::super) fn show(&self, port: u16) -> Json {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("FunctionUrl", Place::url(&self.id, &self.region, port))
            .insert("FunctionArn", self.target().qualified_arn());
        self.write(&mut shown);
        Json::from(shown.build())
    }

    /// As it is kept.
    pub(super) fn record(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("Format", 1)
            .insert("Id", self.id.as_str())
            .insert("Account", self.account.as_str())
            .insert("Region", self.region.as_str())
            .insert("Name", self.name.as_str())
            .insert_some("Qualifier", self.qualifier.as_deref());
        self.write(&mut row);
        Json::from(row.build())
    }

    /// What was kept.
    pub(super) fn read(row: &Json) -> Option<UrlSettings> {
        let text = |member: &str| row.get(member)?.as_str().map(str::to_owned);
        Some(UrlSettings {
            id: text("Id")?,
            account: text("Account")?,
            region: text("Region")?,
            name: text("Name")?,
            qualifier: text("Qualifier"),
            auth_type: AuthType::parse(row.get("AuthType")?.as_str()?)?,
            cors: row.get("Cors").and_then(Json::as_object).cloned(),
            invoke_mode: text("InvokeMode")?,
            created: text("CreationTime")?,
            modified: text("LastModifiedTime")?,
        })
    }

    /// The members that are the same in both forms.
    fn write(&self, all: &mut ObjectBuilder) {
        all.insert("AuthType", self.auth_type.name())
            .insert_some("Cors", self.cors.clone())
            .insert("InvokeMode", self.invoke_mode.as_str())
            .insert("CreationTime", self.created.as_str())
            .insert("LastModifiedTime", self.modified.as_str());
    }
}
