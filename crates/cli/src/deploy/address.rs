//! Where an API of this machine's server is reached that a template calls by its address at AWS.

/// The address here of `https://ID.execute-api.REGION.amazonaws.com/…`; none where it is no such address, or the server is
/// elsewhere.
pub fn here(value: &str, endpoint: &str) -> Option<String> {
    let rest = value.strip_prefix("https://")?;
    let (id, rest) = rest.split_once(".execute-api.")?;
    let path = match rest.split_once('/') {
        Some((_, path)) => path,
        None => "",
    };
    let is_id = id.chars().all(|c| c.is_ascii_alphanumeric());
    let port = ["http://127.0.0.1:", "http://localhost:"]
        .iter()
        .find_map(|start| endpoint.strip_prefix(start))?;
    let port = port.trim_end_matches('/');
    is_id.then(|| format!("http://{id}.execute-api.localhost:{port}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_apis_are_told() {
        for (value, endpoint, expect) in [
            (
                "https://a1.execute-api.us-east-1.amazonaws.com/Prod/x",
                "http://127.0.0.1:4566",
                Some("http://a1.execute-api.localhost:4566/Prod/x"),
            ),
            (
                "https://a1.execute-api.us-east-1.amazonaws.com",
                "http://localhost:1/",
                Some("http://a1.execute-api.localhost:1/"),
            ),
            (
                "https://a1.execute-api.us-east-1.amazonaws.com",
                "https://states.us-east-1.amazonaws.com",
                None,
            ),
            ("https://example.com/", "http://127.0.0.1:4566", None),
        ] {
            assert_eq!(here(value, endpoint).as_deref(), expect, "{value}");
        }
    }
}
