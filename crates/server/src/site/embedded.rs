//! The console's files, as a browser wants them: compressed as it can read them, and sent only when it has others.
//!
//! Only where the console is part of the server.

use hyper::body::Bytes;
use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH,
    VARY,
};
use passo_net::SiteAnswer;

use super::console::{guarded, missing};

/// A file of the console, or the page that all of its addresses begin with.
pub(super) fn page(path: &str, headers: &HeaderMap) -> SiteAnswer {
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
