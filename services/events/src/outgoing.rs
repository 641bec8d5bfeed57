//! A request of an HTTP task, joined with what its connection adds. The connection's values win.
//!
//! Source: Step Functions Developer Guide, "Call HTTPS APIs", "Merging EventBridge connection and HTTP Task definition data".

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_json::{Json, Object};
use passo_service::Fault;

use crate::connected;
use crate::connection::Connection;
use crate::form::{self, ArrayFormat};

/// More of an answer than a state may hold is not asked for.
const RANGE: &str = "bytes=0-262144";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request that is ready but for a token.
#[derive(Debug, PartialEq)]
pub(crate) struct Outgoing {
    method: String,
    url: String,
    /// By name in small letters.
    headers: BTreeMap<String, Vec<String>>,
    body: Option<String>,
}

impl Outgoing {
    /// Joins the request in `parameters` with `connection`.
    ///
    /// # Errors
    /// Where they cannot be joined.
    pub(crate) fn read(
        parameters: &Json,
        connection: &Connection,
        region: &str,
    ) -> Result<Outgoing, Fault> {
        let text = |member: &str| parameters.get(member).and_then(Json::as_str);
        let added = connection.parameters.get("InvocationHttpParameters");
        let mut headers = lists(parameters.get("Headers"), |name| name.to_ascii_lowercase());
        for (name, value) in pairs(added, "HeaderParameters") {
            headers.insert(name.to_ascii_lowercase(), vec![value]);
        }
        if let Some((name, value)) = credentials(connection) {
            headers.insert(name, vec![value]);
        }
        let mut query = lists(parameters.get("QueryParameters"), str::to_owned);
        for (name, value) in pairs(added, "QueryStringParameters") {
            query.insert(name, vec![value]);
        }
        let query = query
            .iter()
            .flat_map(|(name, values)| values.iter().map(|value| (name.as_str(), value.as_str())));
        let body = joined(parameters.get("Body"), pairs(added, "BodyParameters"))?;
        let body = encoded(body, parameters.get("Transform"), &mut headers)?;
        let agent = format!("Amazon|StepFunctions|HttpInvoke|{region}");
        for (name, value) in [("user-agent", agent.as_str()), ("range", RANGE)] {
            let values = headers.entry(name.to_owned());
            values.or_insert_with(|| vec![value.to_owned()]);
        }
        Ok(Outgoing {
            method: text("Method").unwrap_or("GET").to_owned(),
            url: with_query(text("Url").unwrap_or_default(), query),
            headers,
            body,
        })
    }

    /// The parameters of the call that sends it.
    pub(crate) fn request(&self, bearer: Option<&str>) -> Json {
        let mut headers: Object = self
            .headers
            .iter()
            .map(|(name, values)| {
                let values: Vec<Json> = values.iter().map(|value| value.as_str().into()).collect();
                (name.as_str(), Json::from(values))
            })
            .collect();
        if let Some(bearer) = bearer {
            headers = headers.with("authorization", bearer);
        }
        connected::request(&self.method, &self.url, headers, self.body.clone())
    }
}

/// The request cannot be made.
pub(crate) fn invalid(message: &str) -> Fault {
    Fault::caller("States.Runtime", message)
}

/// A list of `Key` and `Value` in parameters of a connection.
pub(crate) fn pairs(parameters: Option<&Json>, list: &str) -> Vec<(String, String)> {
    let list = parameters.and_then(|parameters| parameters.get(list)?.as_array());
    let items = list.into_iter().flat_map(|list| list.iter());
    items
        .filter_map(|item| {
            let text = |member: &str| item.get(member)?.as_str().map(str::to_owned);
            Some((text("Key")?, text("Value")?))
        })
        .collect()
}

/// `url` with more of a query.
pub(crate) fn with_query<'a>(url: &str, query: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let query = form::of_pairs(query);
    match query.is_empty() {
        true => url.to_owned(),
        false => format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' }),
    }
}

/// Members that are a value or a list of values.
fn lists(members: Option<&Json>, name: impl Fn(&str) -> String) -> BTreeMap<String, Vec<String>> {
    let members = members.and_then(Json::as_object);
    let members = members.into_iter().flat_map(Object::iter);
    members
        .map(|(key, value)| {
            let values = match value.as_array() {
                Some(items) => items.iter().map(form::text).collect(),
                None => vec![form::text(value)],
            };
            (name(key), values)
        })
        .collect()
}

/// The header that says who we are, where that needs no token.
fn credentials(connection: &Connection) -> Option<(String, String)> {
    let text = |kind: &str, member: &str| connection.parameters.get(kind)?.get(member)?.as_str();
    match &*connection.authorization {
        "BASIC" => {
            let part = |member: &str| text("BasicAuthParameters", member);
            let both = format!("{}:{}", part("Username")?, part("Password")?);
            let value = format!("Basic {}", STANDARD.encode(both));
            Some(("authorization".to_owned(), value))
        }
        "API_KEY" => {
            let part = |member: &str| text("ApiKeyAuthParameters", member);
            let name = part("ApiKeyName")?.to_ascii_lowercase();
            Some((name, part("ApiKeyValue")?.to_owned()))
        }
        _ => None,
    }
}

fn joined(body: Option<&Json>, added: Vec<(String, String)>) -> Result<Option<Json>, Fault> {
    let body = body.filter(|body| !body.is_null());
    if added.is_empty() {
        return Ok(body.cloned());
    }
    let mut members = match body {
        None => Object::default(),
        Some(Json::Object(members)) => members.clone(),
        Some(_) => {
            return Err(invalid(
                "The body parameters of the connection can only be merged with a request body that is a JSON object.",
            ));
        }
    };
    for (name, value) in added {
        members = members.with(name.as_str(), value);
    }
    Ok(Some(Json::from(members)))
}

fn encoded(
    body: Option<Json>,
    transform: Option<&Json>,
    headers: &mut BTreeMap<String, Vec<String>>,
) -> Result<Option<String>, Fault> {
    let Some(body) = body else { return Ok(None) };
    let encoding = transform.and_then(|transform| transform.get("RequestBodyEncoding")?.as_str());
    let (text, kind) = match encoding {
        None | Some("NONE") => (form::text(&body), "application/json"),
        Some("URL_ENCODED") if body.as_object().is_none() => {
            return Err(invalid(
                "Only a request body that is a JSON object can be URL-encoded.",
            ));
        }
        Some("URL_ENCODED") => {
            let options = transform.and_then(|transform| transform.get("RequestEncodingOptions"));
            let format = options.and_then(|options| options.get("ArrayFormat")?.as_str());
            let format = match format {
                None => Some(ArrayFormat::default()),
                Some(format) => ArrayFormat::parse(format),
            };
            let format = format.ok_or_else(|| invalid("The ArrayFormat is not valid."))?;
            (form::of_json(&body, format), FORM)
        }
        Some(_) => return Err(invalid("The RequestBodyEncoding is not valid.")),
    };
    let kinds = headers.entry("content-type".to_owned());
    kinds.or_insert_with(|| vec![kind.to_owned()]);
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    fn connection(authorization: &str, parameters: &Json) -> Connection {
        Connection {
            authorization: authorization.to_owned(),
            parameters: parameters.as_object().unwrap().clone(),
            ..Connection::default()
        }
    }

    fn read(parameters: &Json, connection: &Connection) -> Result<Outgoing, Fault> {
        Outgoing::read(parameters, connection, "us-east-1")
    }

    #[test]
    fn the_values_of_the_connection_win() {
        let one = |value: &str| json!([{"Key": "K", "Value": value}]);
        let connection = connection(
            "BASIC",
            &json!({
                "BasicAuthParameters": {"Username": "u", "Password": "p"},
                "InvocationHttpParameters": {"HeaderParameters": one("h"),
                    "QueryStringParameters": one("q"), "BodyParameters": one("b")}
            }),
        );
        let parameters = json!({"Method": "POST", "Url": "https://a/b?x=1",
            "Headers": {"k": "no", "l": ["1", 2]}, "QueryParameters": {"K": "no", "m": ["1", "2"]},
            "Body": {"K": "no", "n": 1}});
        let expect = json!({"Method": "POST", "Url": "https://a/b?x=1&K=q&m=1&m=2",
            "Headers": {"authorization": ["Basic dTpw"], "content-type": ["application/json"], "k": ["h"], "l": ["1", "2"],
                "range": [RANGE], "user-agent": ["Amazon|StepFunctions|HttpInvoke|us-east-1"]},
            "Body": r#"{"K":"b","n":1}"#});
        assert_eq!(
            read(&parameters, &connection).unwrap().request(None),
            expect
        );
        let text = json!({"Url": "https://a", "Body": "text"});
        assert_eq!(read(&text, &connection).unwrap_err().code, "States.Runtime");
    }

    #[test]
    fn keys_and_tokens_are_headers() {
        let key = json!({"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "v"}});
        let outgoing = read(&json!({"Url": "https://a"}), &connection("API_KEY", &key)).unwrap();
        assert_eq!(outgoing.headers.get("x-key"), Some(&vec!["v".to_owned()]));
        let sent = outgoing.request(Some("Bearer t"));
        let token = sent.get("Headers").unwrap().get("authorization");
        assert_eq!(token, Some(&json!("Bearer t")));
    }

    #[test]
    fn bodies_are_encoded_as_wanted() {
        let none = connection("NONE", &json!({}));
        let form = |format: &str| json!({"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": format}});
        for (body, transform, expect) in [
            (
                json!({"a": 1}),
                json!({}),
                Ok((r#"{"a":1}"#, "application/json")),
            ),
            (
                json!("t"),
                json!({"RequestBodyEncoding": "NONE"}),
                Ok(("t", "application/json")),
            ),
            (json!({"a": [1, 2]}), form("REPEAT"), Ok(("a=1&a=2", FORM))),
            (json!("t"), form("REPEAT"), Err("Only a request body")),
            (json!({}), form("OTHER"), Err("The ArrayFormat")),
            (
                json!({}),
                json!({"RequestBodyEncoding": "OTHER"}),
                Err("The RequestBodyEncoding"),
            ),
        ] {
            let parameters = json!({"Url": "https://a", "Body": body, "Transform": transform});
            match (read(&parameters, &none), expect) {
                (Ok(outgoing), Ok((body, kind))) => {
                    assert_eq!(outgoing.body.as_deref(), Some(body));
                    let kinds = outgoing.headers.get("content-type");
                    assert_eq!(kinds, Some(&vec![kind.to_owned()]));
                }
                (Err(fault), Err(message)) => assert!(fault.message.starts_with(message)),
                (got, expect) => panic!("{got:?} for {expect:?}"),
            }
        }
    }
}
