//! Which API a request is for.

/// An API, and what is asked of it: a path whose first part may be a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The API's id.
    pub(crate) api: String,
    /// The path behind the API's own address, as it was sent; it begins with a slash.
    pub(crate) path: String,
}

/// What an API's host says behind its id.
const HOST: &str = "execute-api";

impl Address {
    /// The API that a host and a path name, in one of the forms that requests over HTTP may have: the host
    /// `{id}.execute-api.…`, and the paths `/restapis/{id}/{stage}/_user_request_/…` and
    /// `/_aws/execute-api/{id}/{stage}/…`.
    pub fn of(host: &str, path: &str) -> Option<Address> {
        Address::of_host(host, path)
            .or_else(|| Address::under("/_aws/execute-api/", path))
            .or_else(|| {
                let (begin, rest) = path.split_once("/_user_request_")?;
                let named = begin.strip_prefix("/restapis/")?;
                let (api, stage) = named.split_once('/')?;
                let is_plain = !api.is_empty() && !stage.is_empty() && !stage.contains('/');
                (is_plain && (rest.is_empty() || rest.starts_with('/'))).then(|| Address {
                    api: api.to_owned(),
                    path: format!("/{stage}{rest}"),
                })
            })
    }

    /// Like [`Address::of`], for a URL that some task of this server wants to call: on this machine, a path
    /// `/restapis/{id}/{stage}/…` names an API too.
    pub fn of_url(url: &str) -> Option<Address> {
        let (_, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(end)?;
        let path = path.split('?').next().unwrap_or_default();
        let path = if path.is_empty() { "/" } else { path };
        Address::of(host, path).or_else(|| {
            let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
            let is_here = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
            is_here.then(|| Address::under("/restapis/", path))?
        })
    }

    /// The API's id.
    pub fn api(&self) -> &str {
        &self.api
    }

    /// Whether it is that of a connection, under which a client is sent messages, rather than of what an API serves.
    pub fn is_of_connection(&self) -> bool {
        super::web_socket::connection_path(self).is_some()
    }

    fn of_host(host: &str, path: &str) -> Option<Address> {
        let (api, rest) = host.split_once('.')?;
        let rest = rest.strip_prefix(HOST)?;
        let is_id = !api.is_empty() && api.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_id && rest.starts_with('.')).then(|| Address {
            api: api.to_ascii_lowercase(),
            path: path.to_owned(),
        })
    }

    fn under(prefix: &str, path: &str) -> Option<Address> {
        let rest = path.strip_prefix(prefix)?;
        let (api, path) = match rest.split_once('/') {
            Some((api, path)) => (api, path),
            None => (rest, ""),
        };
        (!api.is_empty()).then(|| Address {
            api: api.to_owned(),
            path: format!("/{path}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: Option<Address>, expect: Option<(&str, &str)>) {
        let found = found.map(|it| (it.api, it.path));
        let expect = expect.map(|(api, path)| (api.to_owned(), path.to_owned()));
        assert_eq!(found, expect);
    }

    #[test]
    fn hosts_and_paths_name_apis() {
        for (host, path, expect) in [
            (
                "a1.execute-api.localhost:4566",
                "/prod/x",
                Some(("a1", "/prod/x")),
            ),
            (
                "A1.execute-api.us-east-1.amazonaws.com",
                "/",
                Some(("a1", "/")),
            ),
            ("execute-api.localhost", "/", None),
            ("a1.execute-apis.localhost", "/", None),
            ("a-1.execute-api.localhost", "/", None),
            (
                "localhost",
                "/restapis/a1/prod/_user_request_/x/y",
                Some(("a1", "/prod/x/y")),
            ),
            (
                "localhost",
                "/restapis/a1/prod/_user_request_",
                Some(("a1", "/prod")),
            ),
            ("localhost", "/restapis/a1/prod/x/_user_request_/x", None),
            ("localhost", "/restapis/a1/resources/x", None),
            (
                "localhost",
                "/_aws/execute-api/a1/prod/x",
                Some(("a1", "/prod/x")),
            ),
            ("localhost", "/_aws/execute-api/", None),
        ] {
            check(Address::of(host, path), expect);
        }
        for (url, expect) in [
            (
                "https://a1.execute-api.eu-west-1.amazonaws.com/p/x?y=1",
                Some(("a1", "/p/x")),
            ),
            (
                "http://127.0.0.1:1/restapis/a1/prod/x?y",
                Some(("a1", "/prod/x")),
            ),
            ("http://localhost/restapis/a1", Some(("a1", "/"))),
            ("http://example.com/restapis/a1/prod/x", None),
            ("http://a1.execute-api.localhost?x", Some(("a1", "/"))),
            ("nothing", None),
        ] {
            check(Address::of_url(url), expect);
        }
    }
}
