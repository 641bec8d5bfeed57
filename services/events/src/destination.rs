//! API destinations: HTTP endpoints that rules send events to, with a connection.
//!
//! Source: EventBridge User Guide, "API destinations as targets".

use std::collections::BTreeMap;

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;

use crate::form;
use crate::request::seconds;

/// Requests a second where nothing is said, and at most. Source: EventBridge quotas.
pub(crate) const RATE_DEFAULT: i64 = 300;
/// What EventBridge asks for of an answer.
const RANGE: &str = "bytes=0-1048575";
/// What events may be sent with.
pub(crate) const METHODS: [&str; 7] = ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"];

/// An API destination. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Destination {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) connection: String,
    pub(crate) endpoint: String,
    pub(crate) method: String,
    /// Requests a second.
    pub(crate) rate: i64,
    pub(crate) created_at: i64,
    pub(crate) modified_at: i64,
}

impl Destination {
    pub(crate) fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("arn", self.arn.as_str())
            .insert("name", self.name.as_str())
            .insert_some("description", self.description.as_deref())
            .insert("connection", self.connection.as_str())
            .insert("endpoint", self.endpoint.as_str())
            .insert("method", self.method.as_str())
            .insert("rate", self.rate)
            .insert("created_at", self.created_at)
            .insert("modified_at", self.modified_at);
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Destination> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let number = |member: &str| row.get(member)?.as_i64();
        Some(Destination {
            arn: text("arn")?,
            name: text("name")?,
            description: text("description"),
            connection: text("connection")?,
            endpoint: text("endpoint")?,
            method: text("method")?,
            rate: number("rate")?,
            created_at: number("created_at")?,
            modified_at: number("modified_at")?,
        })
    }

    /// What the answer to every change tells.
    pub(crate) fn outline(&self) -> ObjectBuilder {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("ApiDestinationArn", self.arn.as_str())
            .insert("ApiDestinationState", "ACTIVE")
            .insert("CreationTime", seconds(self.created_at))
            .insert("LastModifiedTime", seconds(self.modified_at));
        shown
    }

    /// What descriptions and lists tell.
    pub(crate) fn shown(&self) -> ObjectBuilder {
        let mut shown = self.outline();
        shown
            .insert("Name", self.name.as_str())
            .insert("ConnectionArn", self.connection.as_str())
            .insert("InvocationEndpoint", self.endpoint.as_str())
            .insert("HttpMethod", self.method.as_str())
            .insert("InvocationRateLimitPerSecond", self.rate);
        shown
    }

    /// The request that brings `input`, with the `HttpParameters` of the target. Each `*` of the endpoint is one of the path
    /// parameters. Those of the connection win, as the service that sends it sees to.
    pub(crate) fn request(&self, input: &str, http: Option<&Json>) -> Json {
        let values = http.and_then(|http| http.get("PathParameterValues")?.as_array());
        let mut values = values.into_iter().flat_map(|list| list.iter());
        let mut url = String::with_capacity(self.endpoint.len());
        for (number, part) in self.endpoint.split('*').enumerate() {
            if number > 0 {
                let value = values.next().and_then(Json::as_str);
                url.push_str(&form::escaped(value.unwrap_or_default()));
            }
            url.push_str(part);
        }
        let texts = |member: &str| http.and_then(|http| http.get(member)?.as_object()).cloned();
        let agent = "Amazon/EventBridge/ApiDestinations";
        let headers = texts("HeaderParameters").unwrap_or_default();
        let headers = Object::default()
            .with("User-Agent", agent)
            .with("Range", RANGE)
            .with("Content-Type", "application/json; charset=utf-8")
            .iter()
            .chain(headers.iter())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect::<BTreeMap<_, _>>();
        let headers: Object = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        let mut request = ObjectBuilder::new();
        request
            .insert("ConnectionArn", self.connection.as_str())
            .insert("Method", self.method.as_str())
            .insert("Url", url)
            .insert("Headers", headers)
            .insert_some("QueryParameters", texts("QueryStringParameters"));
        if !matches!(&*self.method, "GET" | "HEAD") {
            let body = Json::parse(input).unwrap_or_else(|_| Json::from(input));
            request.insert("Body", body);
        }
        Json::from(request.build())
    }
}

/// What an endpoint's answer means. Source: EventBridge User Guide, "API destinations", "HTTP response codes and retries".
///
/// # Errors
/// Where it has not taken the event; 409, 429 and failures of its own may be tried again, and so may those of a token.
pub(crate) fn taken(status: i64) -> Result<(), Fault> {
    let message = format!("The endpoint answered {status}.");
    match status {
        200..300 => Ok(()),
        401 | 407 | 409 | 429 => Err(Fault::service(message).with_status(429)),
        500.. => Err(Fault::service(message)),
        _ => Err(Fault::caller("SDK_CLIENT_ERROR", message)),
    }
}

/// Which requests may be sent now: an endpoint gets so many in a second, and no more.
#[derive(Debug, Default)]
pub(crate) struct Rates(BTreeMap<String, (i64, i64)>);

impl Rates {
    /// Whether one more request may be sent within the second of `now`, in milliseconds.
    pub(crate) fn may_send(&mut self, arn: &str, rate: i64, now: i64) -> bool {
        let second = now.div_euclid(1000);
        let (at, sent) = self.0.entry(arn.to_owned()).or_default();
        if *at != second {
            (*at, *sent) = (second, 0);
        }
        if *sent >= rate {
            return false;
        }
        *sent += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use passo_json::json;
    use passo_vocab::Arn;

    use super::*;

    #[test]
    fn requests_are_what_target_and_destination_say() {
        let destination = Destination {
            arn: "arn:aws:events:us-east-1:000000000000:api-destination/d/1".to_owned(),
            name: "d".to_owned(),
            connection: "c".to_owned(),
            endpoint: "https://host/*/b/*".to_owned(),
            method: "POST".to_owned(),
            rate: 2,
            ..Destination::default()
        };
        assert_eq!(
            Destination::decode(&destination.encode()),
            Some(destination.clone())
        );
        let arn = Arn::parse(&destination.arn).unwrap();
        assert_eq!(
            crate::names::place(&arn, "api-destination"),
            Some(("000000000000", "us-east-1", "d"))
        );
        let http = json!({"PathParameterValues": ["x y", "z"], "QueryStringParameters": {"q": "1"},
            "HeaderParameters": {"X-A": "1", "Content-Type": "text/plain"}});
        let request = destination.request(r#"{"a":1}"#, Some(&http));
        assert_eq!(
            request,
            json!({"ConnectionArn": "c", "Method": "POST", "Url": "https://host/x%20y/b/z",
                "Headers": {"content-type": "text/plain", "range": RANGE, "user-agent": "Amazon/EventBridge/ApiDestinations", "x-a": "1"},
                "QueryParameters": {"q": "1"}, "Body": {"a": 1}})
        );
    }

    #[test]
    fn an_endpoint_gets_so_many_a_second() {
        let mut rates = Rates::default();
        let sent = [0, 1, 999, 1000].map(|now| rates.may_send("a", 2, now));
        assert_eq!(sent, [true, true, false, true]);
        assert!(rates.may_send("b", 1, 999));
    }

    #[test]
    fn answers_are_taken_or_tried_again() {
        assert!(taken(204).is_ok());
        assert_eq!(taken(429).unwrap_err().status, 429);
        assert_eq!(
            taken(404).unwrap_err().kind,
            passo_service::FaultKind::Caller
        );
        assert_eq!(
            taken(503).unwrap_err().kind,
            passo_service::FaultKind::Service
        );
    }
}
