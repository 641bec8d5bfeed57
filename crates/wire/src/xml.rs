//! XML as AWS uses it: elements, attributes and text. Namespaces are not told apart, declarations and comments are
//! skipped, document types are refused.

use crate::problem::{DEPTH_MAX, Problem};

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name, without a prefix.
    pub(crate) name: String,
    /// Its attributes, with their prefixes.
    pub(crate) attributes: Vec<(String, String)>,
    /// The elements inside it.
    pub(crate) children: Vec<Element>,
    /// The text inside it, all pieces joined.
    pub(crate) text: String,
}

impl Element {
    /// The first element inside with that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first element inside with that name.
    pub(crate) fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

/// The root element of a document.
pub(crate) fn parse(text: &str) -> Result<Element, Problem> {
    let mut open: Vec<Element> = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    loop {
        let Some((before, after)) = rest.split_once('<') else {
            return Err(malformed());
        };
        match open.last_mut() {
            Some(element) => unescape(before, &mut element.text)?,
            None if before.trim().is_empty() => {}
            None => return Err(malformed()),
        }
        if let Some(comment) = after.strip_prefix("!--") {
            rest = after_mark(comment, "-->")?;
        } else if let Some(cdata) = after.strip_prefix("![CDATA[") {
            let (data, after) = cdata.split_once("]]>").ok_or_else(malformed)?;
            open.last_mut().ok_or_else(malformed)?.text.push_str(data);
            rest = after;
        } else if after.starts_with('!') {
            return Err(malformed());
        } else if let Some(instruction) = after.strip_prefix('?') {
            rest = after_mark(instruction, "?>")?;
        } else if let Some(end) = after.strip_prefix('/') {
            let (name, after) = end.split_once('>').ok_or_else(malformed)?;
            let element = open.pop().ok_or_else(malformed)?;
            if local(name.trim()) != element.name {
                return Err(malformed());
            }
            rest = after;
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => return finished(element, rest),
            }
        } else {
            let (element, is_empty, after) = start(after)?;
            rest = after;
            let depth = open.len();
            match (is_empty, open.last_mut()) {
                (false, _) if depth >= DEPTH_MAX => return Err(Problem::too_deep()),
                (false, _) => open.push(element),
                (true, Some(parent)) => parent.children.push(element),
                (true, None) => return finished(element, rest),
            }
        }
    }
}

fn malformed() -> Problem {
    Problem::new("The body is not well-formed XML.")
}

fn after_mark<'a>(text: &'a str, mark: &str) -> Result<&'a str, Problem> {
    let (_, after) = text.split_once(mark).ok_or_else(malformed)?;
    Ok(after)
}

/// Nothing but comments and white space may follow the root; what does is not looked at.
fn finished(root: Element, rest: &str) -> Result<Element, Problem> {
    let rest = rest.trim_start();
    if rest.is_empty() || rest.starts_with("<!--") || rest.starts_with("<?") {
        return Ok(root);
    }
    Err(malformed())
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn is_space(character: char) -> bool {
    character.is_ascii_whitespace()
}

/// What stands between `<` and `>`, and what follows.
fn start(text: &str) -> Result<(Element, bool, &str), Problem> {
    let end = text.find(|c: char| is_space(c) || c == '>' || c == '/');
    let (name, mut rest) = text
        .split_at_checked(end.ok_or_else(malformed)?)
        .ok_or_else(malformed)?;
    if name.is_empty() {
        return Err(malformed());
    }
    let mut element = Element {
        name: local(name).to_owned(),
        ..Element::default()
    };
    loop {
        rest = rest.trim_start_matches(is_space);
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((element, false, after));
        }
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((element, true, after));
        }
        let (name, after) = rest.split_once('=').ok_or_else(malformed)?;
        let after = after.trim_start_matches(is_space);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let quote = quote.ok_or_else(malformed)?;
        let inner = after.strip_prefix(quote).ok_or_else(malformed)?;
        let (value, after) = inner.split_once(quote).ok_or_else(malformed)?;
        let name = name.trim_end_matches(is_space);
        if name.is_empty() || name.contains(|c: char| is_space(c) || matches!(c, '<' | '>' | '/')) {
            return Err(malformed());
        }
        let mut text = String::new();
        unescape(value, &mut text)?;
        element.attributes.push((name.to_owned(), text));
        rest = after;
    }
}

fn unescape(text: &str, out: &mut String) -> Result<(), Problem> {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, after) = after.split_once(';').ok_or_else(malformed)?;
        let character = match entity {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => numbered(entity),
        };
        out.push(character.ok_or_else(malformed)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(())
}

fn numbered(entity: &str) -> Option<char> {
    let number = entity.strip_prefix('#')?;
    let code = match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

/// Appends `text` as it stands between tags and in attributes.
pub(crate) fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A parser would make a line feed of it.
            '\r' => out.push_str("&#13;"),
            // XML 1.0 has no way to write other control characters.
            control if control.is_control() && !matches!(control, '\t' | '\n') => {
                out.push('\u{fffd}');
            }
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let shown = parse(text).ok().map(|element| show(&element));
        assert_eq!(shown.as_deref(), expect, "{text}");
    }

    fn show(element: &Element) -> String {
        let attributes = element.attributes.iter();
        let attributes: String = attributes.map(|(k, v)| format!(" {k}={v}")).collect();
        let children: String = element.children.iter().map(show).collect();
        format!(
            "({}{attributes} '{}'{children})",
            element.name, element.text
        )
    }

    #[test]
    fn documents_are_read() {
        check("<a/>", Some("(a '')"));
        check(
            "<?xml version=\"1.0\"?>\n<n:a xmlns:n='u'><b>1 &lt; 2&#x21;</b><!-- c --><b/></n:a>\n",
            Some("(a xmlns:n=u ''(b '1 < 2!')(b ''))"),
        );
        check("<a><![CDATA[<x>]]></a>", Some("(a '<x>')"));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "x",
            "<",
            "<a",
            "<a>",
            "<a></b>",
            "</a>",
            "<a>&nope;</a>",
            "<a>&#xD800;</a>",
            "<a b></a>",
            "<a b=c/>",
            "<!DOCTYPE a><a/>",
            "<a/><b/>",
            "<a b='1/>",
            "<>",
            "<a><![CDATA[</a>",
            "<a>&</a>",
        ] {
            check(text, None);
        }
        check(&"<a>".repeat(100_000), None);
    }

    #[test]
    fn texts_come_back() {
        let text = "a<b>&\"'\r\n\tü";
        let mut xml = String::from("<a>");
        escape(&mut xml, text);
        xml.push_str("</a>");
        assert_eq!(parse(&xml).unwrap().text, text);
    }
}
