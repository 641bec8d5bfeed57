//! A connection: who we are at somebody else's web server. Its secrets are kept, and never shown.

use passo_json::{Json, Object, ObjectBuilder};

use crate::request::seconds;

/// A connection that requests can be sent with.
pub(crate) const AUTHORIZED: &str = "AUTHORIZED";
/// One whose secrets were taken away.
pub(crate) const DEAUTHORIZED: &str = "DEAUTHORIZED";

/// A connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Connection {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// `BASIC`, `API_KEY` or `OAUTH_CLIENT_CREDENTIALS`.
    pub(crate) authorization: String,
    /// `AuthParameters` as they were given, with secrets.
    pub(crate) parameters: Object,
    pub(crate) state: String,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) modified_at: i64,
    pub(crate) authorized_at: i64,
}

impl Connection {
    pub(crate) fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("arn", self.arn.as_str())
            .insert("name", self.name.as_str())
            .insert_some("description", self.description.as_deref())
            .insert("authorization", self.authorization.as_str())
            .insert("parameters", self.parameters.clone())
            .insert("state", self.state.as_str())
            .insert("created_at", self.created_at)
            .insert("modified_at", self.modified_at)
            .insert("authorized_at", self.authorized_at);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Connection> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let number = |member: &str| row.get(member)?.as_i64();
        Some(Connection {
            arn: text("arn")?,
            name: text("name")?,
            description: text("description"),
            authorization: text("authorization")?,
            parameters: row.get("parameters")?.as_object()?.clone(),
            state: text("state")?,
            created_at: number("created_at")?,
            modified_at: number("modified_at")?,
            authorized_at: number("authorized_at")?,
        })
    }

    /// What every answer about it tells.
    pub(crate) fn outline(&self) -> ObjectBuilder {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("ConnectionArn", self.arn.as_str())
            .insert("ConnectionState", self.state.as_str())
            .insert("CreationTime", seconds(self.created_at))
            .insert("LastModifiedTime", seconds(self.modified_at));
        shown
    }

    /// `AuthParameters` without secrets.
    pub(crate) fn shown_parameters(&self) -> Object {
        let mut shown = ObjectBuilder::new();
        for (kind, given) in self.parameters.iter() {
            let Some(given) = given.as_object() else {
                continue;
            };
            let given = match &**kind {
                "InvocationHttpParameters" => http_parameters(given),
                "OAuthParameters" => oauth(given),
                _ => given.without("Password").without("ApiKeyValue"),
            };
            shown.insert(&**kind, given);
        }
        shown.build()
    }
}

fn oauth(given: &Object) -> Object {
    let mut shown = given.clone();
    if let Some(client) = given.get("ClientParameters").and_then(Json::as_object) {
        shown = shown.with("ClientParameters", client.without("ClientSecret"));
    }
    if let Some(http) = given.get("OAuthHttpParameters").and_then(Json::as_object) {
        shown = shown.with("OAuthHttpParameters", http_parameters(http));
    }
    shown
}

/// Values that are secret are left out.
fn http_parameters(given: &Object) -> Object {
    let lists = given.iter().map(|(name, list)| {
        let items = list.as_array().into_iter().flat_map(|list| list.iter());
        let items = items.filter_map(Json::as_object).map(|item| {
            let secret = item.get("IsValueSecret").and_then(Json::as_bool);
            Json::from(match secret {
                Some(true) => item.without("Value"),
                Some(false) | None => item.clone(),
            })
        });
        (&**name, Json::from(items.collect::<Vec<Json>>()))
    });
    lists.collect()
}

#[cfg(test)]
mod tests {
    use passo_json::json;
    use passo_vocab::Arn;

    use super::*;

    #[test]
    fn what_was_written_is_read_and_secrets_are_not_shown() {
        let parameters = json!({
            "BasicAuthParameters": {"Username": "u", "Password": "SECRET"},
            "ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "SECRET"},
            "OAuthParameters": {
                "ClientParameters": {"ClientID": "c", "ClientSecret": "SECRET"},
                "AuthorizationEndpoint": "https://a", "HttpMethod": "POST",
                "OAuthHttpParameters": {"BodyParameters": [{"Key": "b", "Value": "SECRET", "IsValueSecret": true}]}
            },
            "InvocationHttpParameters": {"HeaderParameters": [
                {"Key": "h", "Value": "SECRET", "IsValueSecret": true}, {"Key": "i", "Value": "open", "IsValueSecret": false}
            ]}
        });
        let connection = Connection {
            arn: "arn:aws:events:us-east-1:000000000000:connection/c/1".to_owned(),
            name: "c".to_owned(),
            authorization: "BASIC".to_owned(),
            parameters: parameters.as_object().unwrap().clone(),
            state: AUTHORIZED.to_owned(),
            ..Connection::default()
        };
        assert_eq!(
            Connection::decode(&connection.encode()),
            Some(connection.clone())
        );
        let shown = Json::from(connection.shown_parameters()).to_text();
        assert!(!shown.contains("SECRET"), "{shown}");
        for open in [
            r#""Username":"u""#,
            r#""ClientID":"c""#,
            r#""Value":"open""#,
        ] {
            assert!(shown.contains(open), "{open} in {shown}");
        }
        let arn = Arn::parse(&connection.arn).unwrap();
        assert_eq!(
            crate::names::place(&arn, "connection"),
            Some(("000000000000", "us-east-1", "c"))
        );
    }
}
