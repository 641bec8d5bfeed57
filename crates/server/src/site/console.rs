//! The console's files under `/console/`, and the way there from `/`.
//!
//! It knows nothing of what the console shows. Addresses inside the console that name no file are its pages: they all begin
//! with the same one.

#[cfg(feature = "console")]
use super::embedded::page;
use hyper::header::{
    ACCEPT, CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use passo_net::{SiteAnswer, SiteHead, SiteRequest};

/// Where the console is.
const ROOT: &str = "/console/";

/// Scripts and connections only from here. Styles may be inline: components set widths of columns that way.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Whether a request is for the console.
pub(super) fn owns(head: &SiteHead<'_>) -> bool {
    if head.method != "GET" && head.method != "HEAD" {
        return false;
    }
    head.path == "/console" || head.path.starts_with(ROOT) || is_a_browser_at_the_door(head)
}

/// `GET /` of somebody who reads HTML, and has not signed it as a call of S3 would be.
fn is_a_browser_at_the_door(head: &SiteHead<'_>) -> bool {
    let reads_html = |accept: &HeaderValue| {
        accept
            .to_str()
            .is_ok_and(|accept| accept.contains("text/html"))
    };
    head.path == "/"
        && head.headers.get(ACCEPT).is_some_and(reads_html)
        && !head.headers.contains_key("authorization")
}

/// The answer to a request that it owns.
pub(super) fn answer(request: &SiteRequest) -> SiteAnswer {
    match request.path.strip_prefix(ROOT) {
        None => SiteAnswer::with_headers(302, [("location", ROOT)], ""),
        Some(path) => page(path, &request.headers),
    }
}

#[cfg(not(feature = "console"))]
fn page(_: &str, _: &hyper::header::HeaderMap) -> SiteAnswer {
    missing()
}

/// There is no such file.
pub(super) fn missing() -> SiteAnswer {
    let text = "The console is not part of this server, or has no such file.\n";
    guarded(SiteAnswer::new(404, "text/plain; charset=utf-8", text))
}

/// An answer with what a browser has to be told about every page.
pub(super) fn guarded(answer: SiteAnswer) -> SiteAnswer {
    let told = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    let with =
        |answer: SiteAnswer, (name, value)| answer.with(name, HeaderValue::from_static(value));
    told.into_iter().fold(answer, with)
}
