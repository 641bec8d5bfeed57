//! The console's files under `/console/`, and the way there from `/`.
//!
//! It knows nothing of what the console shows. Addresses inside the console that name no file are its pages: they all begin
//! with the same one.

use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG,
    HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
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

#[cfg(feature = "console")]
fn page(path: &str, headers: &HeaderMap) -> SiteAnswer {
    let is_page = !path.starts_with("assets/");
    let asset = passo_console::file(path).or_else(|| is_page.then(passo_console::index).flatten());
    let Some(asset) = asset else {
        return missing();
    };
    let known = headers.get(IF_NONE_MATCH);
    let is_known =
        known.is_some_and(|tags| tags.to_str().is_ok_and(|tags| tags.contains(asset.etag())));
    let takes = |coding: &str| {
        let accepted = headers.get(ACCEPT_ENCODING);
        accepted.is_some_and(|codings| {
            codings
                .to_str()
                .is_ok_and(|codings| codings.contains(coding))
        })
    };
    let (body, coding) = match (is_known, takes("br"), takes("gzip")) {
        (true, _, _) => (Bytes::new(), None),
        (false, true, _) => (Bytes::from_static(asset.brotli()), Some("br")),
        (false, false, true) => (Bytes::from_static(asset.gzip()), Some("gzip")),
        (false, false, false) => (Bytes::from(asset.plain()), None),
    };
    let caching = match asset.is_immutable() {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let status = if is_known { 304 } else { 200 };
    let mut answer = SiteAnswer::new(status, asset.content_type(), body)
        .with(CACHE_CONTROL, HeaderValue::from_static(caching))
        .with(ETAG, HeaderValue::from_static(asset.etag()))
        .with(VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        answer = answer.with(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    guarded(answer)
}

#[cfg(not(feature = "console"))]
fn page(_: &str, _: &HeaderMap) -> SiteAnswer {
    missing()
}

fn missing() -> SiteAnswer {
    let text = "The console is not part of this server, or has no such file.\n";
    guarded(SiteAnswer::new(404, "text/plain; charset=utf-8", text))
}

/// With what a browser has to be told about every page.
fn guarded(answer: SiteAnswer) -> SiteAnswer {
    let told = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    let with =
        |answer: SiteAnswer, (name, value)| answer.with(name, HeaderValue::from_static(value));
    told.into_iter().fold(answer, with)
}
