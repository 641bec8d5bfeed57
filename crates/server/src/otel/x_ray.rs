//! The trace that a caller's `traceHeader` names, in X-Ray's form.
//!
//! Source: X-Ray Developer Guide, "Tracing header": `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.

/// A trace, and the span in it that an execution belongs under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) trace: String,
    pub(super) parent: Option<String>,
}

/// Reads a header; `None` where it names no trace.
pub(super) fn origin(header: &str) -> Option<Origin> {
    let field = |name: &str| {
        let mut fields = header.split(';').map(str::trim);
        fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    };
    let root = field("Root")?.strip_prefix("1-")?;
    let (time, unique) = root.split_once('-')?;
    let trace = format!("{time}{unique}");
    if !is_id(time, 8) || !is_id(unique, 24) {
        return None;
    }
    let parent = field("Parent").filter(|parent| is_id(parent, 16));
    Some(Origin {
        trace,
        parent: parent.map(str::to_owned),
    })
}

fn is_id(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x_ray_headers_name_traces() {
        const TRACE: &str = "5759e988bd862e3fe1be46a994272793";
        for (header, expect) in [
            (
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
                Some((TRACE, Some("53995c3f42cd8ad8"))),
            ),
            (
                "Sampled=0; Root=1-5759e988-bd862e3fe1be46a994272793",
                Some((TRACE, None)),
            ),
            (
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=x",
                Some((TRACE, None)),
            ),
            ("Root=1-5759e988-bd86", None),
            ("Root=2-5759e988-bd862e3fe1be46a994272793", None),
            ("", None),
        ] {
            let found = origin(header);
            let found = found
                .as_ref()
                .map(|origin| (&*origin.trace, origin.parent.as_deref()));
            assert_eq!(found, expect, "{header}");
        }
    }
}
