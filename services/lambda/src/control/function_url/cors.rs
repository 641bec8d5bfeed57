//! Requests from web pages of other origins.
//!
//! Source: Lambda API Reference, `Cors`; Fetch Standard, "HTTP CORS protocol".

use hyper::header::{HeaderMap, ORIGIN};
use passo_json::{Json, Object};

use super::UrlAnswer;

const REQUEST_METHOD: &str = "access-control-request-method";
const ANY: &str = "*";

/// What is said of origins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cors<'a> {
    pub(super) settings: &'a Object,
}

impl Cors<'_> {
    /// The answer to a request that only asks what would be allowed; such a request does not reach the function.
    pub(super) fn preflight(&self, method: &str, headers: &HeaderMap) -> Option<UrlAnswer> {
        if method != "OPTIONS" || !headers.contains_key(REQUEST_METHOD) {
            return None;
        }
        let mut answer = UrlAnswer::plain(200, "");
        if self.allow_origin(headers, &mut answer) {
            for (member, name) in [
                ("AllowMethods", "access-control-allow-methods"),
                ("AllowHeaders", "access-control-allow-headers"),
            ] {
                let listed = self.listed(member).join(",");
                if !listed.is_empty() {
                    answer.headers.push((name.to_owned(), listed));
                }
            }
            if let Some(seconds) = self.settings.get("MaxAge").and_then(Json::as_i64) {
                let name = "access-control-max-age".to_owned();
                answer.headers.push((name, seconds.to_string()));
            }
        }
        Some(answer)
    }

    /// Says in an answer of the function who may read it; what the function itself says of that is replaced.
    pub(super) fn say(&self, headers: &HeaderMap, answer: &mut UrlAnswer) {
        let theirs = |name: &str| name.starts_with("access-control-");
        answer.headers.retain(|(name, _)| !theirs(name));
        if self.allow_origin(headers, answer) {
            let exposed = self.listed("ExposeHeaders").join(",");
            if !exposed.is_empty() {
                let name = "access-control-expose-headers".to_owned();
                answer.headers.push((name, exposed));
            }
        }
    }

    /// Whether the origin of a request is one that may be.
    fn allow_origin(&self, headers: &HeaderMap, answer: &mut UrlAnswer) -> bool {
        let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
        let Some(origin) = origin else {
            return false;
        };
        let allowed = self.listed("AllowOrigins");
        let fits = |rule: &&&str| {
            let prefix = rule.strip_suffix(ANY);
            **rule == origin || prefix.is_some_and(|prefix| origin.starts_with(prefix))
        };
        let Some(rule) = allowed.iter().find(fits) else {
            return false;
        };
        let credentials = self
            .settings
            .get("AllowCredentials")
            .and_then(Json::as_bool);
        let said = if *rule == ANY && credentials != Some(true) {
            ANY
        } else {
            origin
        };
        let mut push = |name: &str, value: &str| {
            answer.headers.push((name.to_owned(), value.to_owned()));
        };
        push("access-control-allow-origin", said);
        if said != ANY {
            push("vary", "Origin");
        }
        if credentials == Some(true) {
            push("access-control-allow-credentials", "true");
        }
        true
    }

    fn listed(&self, member: &str) -> Vec<&str> {
        let list = self.settings.get(member).and_then(Json::as_array);
        let list = list.into_iter().flat_map(|list| list.iter());
        list.filter_map(Json::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;
    use passo_json::json;

    use super::*;

    fn said(settings: &Json, origin: Option<&'static str>, preflight: bool) -> Vec<String> {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
        }
        let cors = Cors {
            settings: settings.as_object().unwrap(),
        };
        let answer = if preflight {
            headers.insert(REQUEST_METHOD, HeaderValue::from_static("PUT"));
            cors.preflight("OPTIONS", &headers).unwrap()
        } else {
            let mut answer = UrlAnswer::plain(200, "");
            let own = "access-control-allow-origin".to_owned();
            answer.headers.push((own, "of the function".to_owned()));
            cors.say(&headers, &mut answer);
            answer
        };
        let said = answer.headers.iter().skip(1);
        said.map(|(name, value)| format!("{}={value}", name.trim_start_matches("access-control-")))
            .collect()
    }

    #[test]
    fn origins_are_told_what_they_may() {
        let open = json!({"AllowOrigins": ["*"], "AllowMethods": ["GET", "PUT"], "AllowHeaders": ["x-a"], "MaxAge": 60,
            "ExposeHeaders": ["x-b"]});
        assert_eq!(
            said(&open, Some("http://a"), false),
            ["allow-origin=*", "expose-headers=x-b"]
        );
        assert_eq!(
            said(&open, Some("http://a"), true),
            [
                "allow-origin=*",
                "allow-methods=GET,PUT",
                "allow-headers=x-a",
                "max-age=60"
            ]
        );
        let one = json!({"AllowOrigins": ["https://*"], "AllowCredentials": true});
        assert_eq!(
            said(&one, Some("https://a"), false),
            [
                "allow-origin=https://a",
                "vary=Origin",
                "allow-credentials=true"
            ]
        );
        for origin in [Some("http://a"), None] {
            assert!(said(&one, origin, true).is_empty(), "{origin:?}");
            assert!(said(&one, origin, false).is_empty(), "{origin:?}");
        }
        let cors = Cors {
            settings: open.as_object().unwrap(),
        };
        assert!(cors.preflight("GET", &HeaderMap::new()).is_none());
    }
}
