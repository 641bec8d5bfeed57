//! What pages of other sites may ask of a bucket: preflights are answered, and answers say who may read them.
//!
//! Source: "Using cross-origin resource sharing" and "Troubleshooting CORS" of the S3 user guide; the Fetch standard.

use std::sync::Arc;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use s3s::dto::CORSRule;
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use crate::backend::Core;
use crate::configurations::cors::NAME;
use crate::faults;

/// Methods that a rule may name.
const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "POST", "DELETE"];

/// Rules of a bucket, at most.
const RULES_MAX: usize = 100;

const VARIES: &str = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/// What a page asks.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    origin: String,
    method: String,
    headers: Vec<String>,
    is_preflight: bool,
}

impl Asked {
    /// What a request with the method `method` asks, if it is one of a page.
    pub(crate) fn of(method: &http::Method, headers: &HeaderMap) -> Option<Asked> {
        let text = |name: HeaderName| headers.get(name).and_then(|it| it.to_str().ok());
        let is_preflight = method == http::Method::OPTIONS;
        let asked = match is_preflight {
            true => text(ACCESS_CONTROL_REQUEST_METHOD)?,
            false => method.as_str(),
        };
        let names = text(ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default();
        let names = names
            .split(',')
            .map(|name| name.trim().to_ascii_lowercase());
        Some(Asked {
            origin: text(ORIGIN)?.to_owned(),
            method: asked.to_owned(),
            headers: names.filter(|name| !name.is_empty()).collect(),
            is_preflight,
        })
    }

    /// The headers of the answer by the first rule that allows it.
    fn allowed(&self, rules: &[CORSRule]) -> Option<HeaderMap> {
        let (rule, origin) = rules.iter().find_map(|rule| {
            let mut origins = rule.allowed_origins.iter();
            let origin = origins.find(|pattern| fits(pattern, &self.origin))?;
            let is_method = rule.allowed_methods.contains(&self.method);
            let allowed = rule.allowed_headers.as_deref().unwrap_or_default();
            let is_named = |name: &String| {
                { allowed.iter() }.any(|pattern| fits(&pattern.to_ascii_lowercase(), name))
            };
            let is_heads = !self.is_preflight || self.headers.iter().all(is_named);
            (is_method && is_heads).then_some((rule, origin))
        })?;
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        let is_any = origin == "*";
        put(
            ACCESS_CONTROL_ALLOW_ORIGIN,
            if is_any { "*" } else { &self.origin },
        );
        if !is_any {
            put(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        put(
            ACCESS_CONTROL_ALLOW_METHODS,
            &rule.allowed_methods.join(", "),
        );
        if self.is_preflight && !self.headers.is_empty() {
            put(ACCESS_CONTROL_ALLOW_HEADERS, &self.headers.join(", "));
        }
        if let Some(exposed) = rule.expose_headers.as_ref().filter(|it| !it.is_empty()) {
            put(ACCESS_CONTROL_EXPOSE_HEADERS, &exposed.join(", "));
        }
        if let Some(seconds) = rule.max_age_seconds {
            put(ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
        }
        put(VARY, VARIES);
        Some(headers)
    }
}

/// Whether a pattern, which may have one `*`, stands for a text.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((begin, end)) => { text.strip_prefix(begin) }.is_some_and(|rest| rest.ends_with(end)),
    }
}

/// Whether rules may be put.
///
/// # Errors
/// `InvalidRequest`, `MalformedXML`.
pub(crate) fn checked(rules: Vec<CORSRule>) -> S3Result<Vec<CORSRule>> {
    if rules.is_empty() || rules.len() > RULES_MAX {
        return Err(faults::malformed());
    }
    for rule in &rules {
        let mut methods = rule.allowed_methods.iter();
        if let Some(method) = methods.find(|method| !METHODS.contains(&method.as_str())) {
            return Err(s3_error!(
                InvalidRequest,
                "Found unsupported HTTP method in CORS config. Unsupported method is {method}"
            ));
        }
        let stars = |text: &&String| text.matches('*').count() > 1;
        if let Some(origin) = rule.allowed_origins.iter().find(stars) {
            return Err(s3_error!(
                InvalidRequest,
                "AllowedOrigin \"{origin}\" can not have more than one wildcard."
            ));
        }
        if let Some(header) = rule.allowed_headers.iter().flatten().find(stars) {
            return Err(s3_error!(
                InvalidRequest,
                "AllowedHeader \"{header}\" can not have more than one wildcard."
            ));
        }
    }
    Ok(rules)
}

impl Core {
    fn cors_rules(&self, bucket: &str) -> S3Result<Option<Vec<CORSRule>>> {
        let row = self.tables.bucket(bucket)?.ok_or_else(faults::no_bucket)?;
        let kept = row.configurations.get(NAME).cloned();
        let kept = kept.map(serde_json::from_value).transpose();
        kept.map_err(|_| faults::broken())
    }

    /// What an answer says to a page, if its bucket has anything to say.
    pub(crate) async fn cors(self: &Arc<Self>, bucket: String, asked: Asked) -> Option<HeaderMap> {
        let rules = self.run(move |core| core.cors_rules(&bucket)).await;
        asked.allowed(&rules.ok()??)
    }

    /// What a page may ask of a bucket.
    ///
    /// # Errors
    /// `AccessForbidden`, and `BadRequest` where it does not say what it wants.
    pub(crate) async fn preflight(
        self: &Arc<Self>,
        bucket: String,
        asked: Option<Asked>,
    ) -> S3Result<HeaderMap> {
        let Some(asked) = asked else {
            return Err(custom(
                "BadRequest",
                "Insufficient information. Origin request header needed.",
                http::StatusCode::BAD_REQUEST,
            ));
        };
        let rules = self.run(move |core| core.cors_rules(&bucket)).await?;
        let rules =
            rules.ok_or_else(|| forbidden("CORSResponse: CORS is not enabled for this bucket."))?;
        asked.allowed(&rules).ok_or_else(|| {
            forbidden(
                "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
            )
        })
    }
}

fn forbidden(message: &'static str) -> S3Error {
    custom("AccessForbidden", message, http::StatusCode::FORBIDDEN)
}

fn custom(code: &'static str, message: &'static str, status: http::StatusCode) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    error.set_status_code(status);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(origin: &str, method: &str, names: &str, expect: Option<&str>) {
        let rule = |origins: &[&str], methods: &[&str], headers: &[&str]| CORSRule {
            allowed_origins: origins.iter().map(|it| (*it).to_owned()).collect(),
            allowed_methods: methods.iter().map(|it| (*it).to_owned()).collect(),
            allowed_headers: Some(headers.iter().map(|it| (*it).to_owned()).collect()),
            expose_headers: None,
            id: None,
            max_age_seconds: None,
        };
        let rules = [
            rule(&["http://*.example.com"], &["PUT"], &["X-Amz-*"]),
            rule(&["*"], &["GET"], &["*"]),
        ];
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (ORIGIN, origin),
            (ACCESS_CONTROL_REQUEST_METHOD, method),
            (ACCESS_CONTROL_REQUEST_HEADERS, names),
        ] {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        let asked = Asked::of(&http::Method::OPTIONS, &headers).unwrap();
        let allowed = asked.allowed(&rules);
        let found = allowed
            .as_ref()
            .and_then(|it| it.get(ACCESS_CONTROL_ALLOW_ORIGIN));
        assert_eq!(
            found.map(|it| it.to_str().unwrap()),
            expect,
            "{origin} {method} {names}"
        );
    }

    #[test]
    fn the_first_rule_that_fits_answers() {
        let page = "http://a.example.com";
        check(page, "PUT", "", Some(page));
        check(page, "PUT", "x-amz-date, X-Amz-Acl", Some(page));
        check(page, "PUT", "content-type", None);
        check(page, "GET", "content-type", Some("*"));
        check("http://example.org", "PUT", "", None);
        check("http://example.org", "DELETE", "", None);
    }

    #[test]
    fn patterns_have_one_star() {
        for (pattern, text, expect) in [
            ("*", "x", true),
            ("a*c", "abc", true),
            ("aa*aa", "aaa", false),
            ("a", "b", false),
        ] {
            assert_eq!(fits(pattern, text), expect, "{pattern} {text}");
        }
    }
}
