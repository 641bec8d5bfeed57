//! Where the URL of a function is, and which requests go there.

/// What a path begins with that goes to a function's URL whatever host is asked.
const PATH: &str = "/_lambda-url/";
/// Letters and digits of an id, as AWS has them.
const ID_CHARACTERS: usize = 32;

/// A request's way to the URL of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Place<'a> {
    pub(super) id: &'a str,
    /// The path as the function sees it.
    pub(super) path: &'a str,
}

impl<'a> Place<'a> {
    /// Reads the host `{id}.lambda-url.{region}.…`, or the path `/_lambda-url/{id}/…`.
    pub(super) fn of(host: &'a str, path: &'a str) -> Option<Place<'a>> {
        if let Some((id, rest)) = host.split_once('.')
            && rest.starts_with("lambda-url.")
        {
            return is_id(id).then_some(Place { id, path });
        }
        let rest = path.strip_prefix(PATH)?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (id, path) = rest.split_at_checked(end)?;
        let path = if path.is_empty() { "/" } else { path };
        is_id(id).then_some(Place { id, path })
    }

    /// The URL of an id.
    pub(in super::super) fn url(id: &str, region: &str, port: u16) -> String {
        format!("http://{id}.lambda-url.{region}.localhost:{port}/")
    }

    /// A new id.
    pub(in super::super) fn new_id() -> String {
        crate::entropy::random_hex()
    }
}

fn is_id(text: &str) -> bool {
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.len() == ID_CHARACTERS && text.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_paths_name_ids() {
        let id = Place::new_id();
        let host = format!("{id}.lambda-url.eu-west-1.localhost:4566");
        let path = format!("/_lambda-url/{id}");
        for (host, path, expect) in [
            (&*host, "/a/b", Some("/a/b")),
            ("localhost", &*path, Some("/")),
            ("localhost", &*format!("{path}/"), Some("/")),
            ("localhost", &*format!("{path}/a%20b/"), Some("/a%20b/")),
            ("localhost", "/_lambda-url/short/a", None),
            ("localhost", "/a", None),
            ("x.lambda-url.eu-west-1.localhost", "/", None),
            ("bucket.localhost", "/", None),
            ("", "", None),
        ] {
            let place = Place::of(host, path);
            assert_eq!(place.map(|place| place.path), expect, "{host} {path}");
            assert!(place.is_none_or(|place| place.id == id));
        }
    }
}
