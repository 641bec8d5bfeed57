//! OAuth: a token for the client's own credentials (RFC 6749, section 4.4).

use std::collections::BTreeMap;

use passo_json::{Json, Object};
use passo_service::Fault;

use crate::connected;
use crate::connection::Connection;
use crate::form;
use crate::outgoing::{pairs, with_query};

/// A token is not used any more in the last seconds of its time, in milliseconds.
const MARGIN_MILLIS: i64 = 30_000;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// The value of the header `Authorization`.
    pub(crate) bearer: String,
    /// Milliseconds since 1970, where it ends.
    expires_at: Option<i64>,
}

impl Token {
    pub(crate) fn is_good(&self, now: i64) -> bool {
        let end = self.expires_at;
        end.is_none_or(|end| now < end.saturating_sub(MARGIN_MILLIS))
    }
}

/// The request for a token; none where the connection needs none. Parameters of the connection come before our own.
pub(crate) fn request(connection: &Connection) -> Option<Json> {
    if connection.authorization != "OAUTH_CLIENT_CREDENTIALS" {
        return None;
    }
    let oauth = connection.parameters.get("OAuthParameters")?;
    let text = |json: &Json, member: &str| json.get(member)?.as_str().map(str::to_owned);
    let client = oauth.get("ClientParameters")?;
    let method = text(oauth, "HttpMethod")?;
    let mut url = text(oauth, "AuthorizationEndpoint")?;
    let http = oauth.get("OAuthHttpParameters");
    let mut fields: BTreeMap<String, String> = BTreeMap::from([
        ("grant_type".to_owned(), "client_credentials".to_owned()),
        ("client_id".to_owned(), text(client, "ClientID")?),
        ("client_secret".to_owned(), text(client, "ClientSecret")?),
    ]);
    fields.extend(pairs(http, "BodyParameters"));
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in pairs(http, "HeaderParameters") {
        headers.insert(name.to_ascii_lowercase(), value);
    }
    let query = pairs(http, "QueryStringParameters");
    url = with_query(&url, query.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    let fields_text = || fields.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    let body = if method == "GET" {
        url = with_query(&url, fields_text());
        None
    } else {
        let kind = headers.entry("content-type".to_owned());
        let kind = kind.or_insert_with(|| "application/x-www-form-urlencoded".to_owned());
        Some(match kind.contains("json") {
            true => Json::from(object(&fields)).to_text(),
            false => form::of_pairs(fields_text()),
        })
    };
    Some(connected::request(&method, &url, object(&headers), body))
}

fn object(texts: &BTreeMap<String, String>) -> Object {
    let members = texts.iter();
    members
        .map(|(key, value)| (key.as_str(), Json::from(value.as_str())))
        .collect()
}

/// The token in an answer.
///
/// # Errors
/// Where there is none: the connection is of no use.
pub(crate) fn read(answer: &Json, now: i64) -> Result<Token, Fault> {
    let status = answer.get("Status").and_then(Json::as_i64).unwrap_or(0);
    let body = answer.get("Body").and_then(Json::as_str);
    let body = body.and_then(|text| Json::parse(text).ok());
    let text = |member: &str| body.as_ref()?.get(member)?.as_str();
    let token = text("access_token").filter(|_| (200..300).contains(&status));
    let Some(token) = token else {
        let message =
            format!("The authorization endpoint gave no access token; its status was {status}.");
        let code = "Events.ConnectionResource.InvalidConnectionState";
        return Err(Fault::caller(code, message));
    };
    let seconds = body.as_ref().and_then(|body| {
        let given = body.get("expires_in")?;
        given.as_i64().or_else(|| given.as_str()?.parse().ok())
    });
    Ok(Token {
        bearer: format!("Bearer {token}"),
        expires_at: seconds.map(|seconds| now.saturating_add(seconds.saturating_mul(1000))),
    })
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn connection(method: &str, http: Json) -> Connection {
        let parameters = json!({"OAuthParameters": {
            "ClientParameters": {"ClientID": "i", "ClientSecret": "s&"},
            "AuthorizationEndpoint": "https://a/t", "HttpMethod": method, "OAuthHttpParameters": http
        }});
        Connection {
            authorization: "OAUTH_CLIENT_CREDENTIALS".to_owned(),
            parameters: parameters.as_object().unwrap().clone(),
            ..Connection::default()
        }
    }

    #[test]
    fn tokens_are_asked_for_as_the_connection_says() {
        const FIELDS: &str = "client_id=i&client_secret=s%26&grant_type=client_credentials";
        let form = json!({"content-type": "application/x-www-form-urlencoded"});
        let json_kind = json!([{"Key": "Content-Type", "Value": "application/json"}]);
        for (method, http, expect) in [
            (
                "POST",
                json!({}),
                json!({"Method": "POST", "Url": "https://a/t", "Headers": form, "Body": FIELDS}),
            ),
            (
                "GET",
                json!({"QueryStringParameters": [{"Key": "q", "Value": "1"}]}),
                json!({"Method": "GET", "Url": (format!("https://a/t?q=1&{FIELDS}")), "Headers": {}}),
            ),
            (
                "PUT",
                json!({"HeaderParameters": json_kind, "BodyParameters": [{"Key": "grant_type", "Value": "g"}]}),
                json!({"Method": "PUT", "Url": "https://a/t", "Headers": {"content-type": "application/json"},
                    "Body": r#"{"client_id":"i","client_secret":"s&","grant_type":"g"}"#}),
            ),
        ] {
            assert_eq!(request(&connection(method, http)), Some(expect));
        }
        assert_eq!(request(&Connection::default()), None);
    }

    #[test]
    fn a_token_is_good_for_its_time() {
        let answer = |body: &str| json!({"Status": 200, "Body": body});
        let token = read(&answer(r#"{"access_token":"t","expires_in":60}"#), 1_000).unwrap();
        assert_eq!(token.bearer, "Bearer t");
        assert!(token.is_good(30_999) && !token.is_good(31_000));
        let forever = read(&answer(r#"{"access_token":"t"}"#), 0).unwrap();
        assert!(forever.is_good(i64::MAX));
        for bad in [
            answer("no"),
            answer("{}"),
            json!({"Status": 403, "Body": r#"{"access_token":"t"}"#}),
        ] {
            let fault = read(&bad, 0).unwrap_err();
            assert_eq!(
                fault.code,
                "Events.ConnectionResource.InvalidConnectionState"
            );
        }
    }
}
