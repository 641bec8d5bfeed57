//! JSONata text that is put together.

use std::fmt;

use passo_json::{Json, write_quoted};

/// An expression's text, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jsonata {
    text: String,
    /// Whether a step or an operator can be put behind it as it is.
    is_atom: bool,
    /// Whether its value is one item of a list that it stands in: it is no list, or a list that was written out.
    is_item: bool,
}

impl Jsonata {
    /// A name, a call, a path: what needs no parentheses anywhere. Its value may be a list.
    pub fn atom(text: impl Into<String>) -> Jsonata {
        Jsonata {
            text: text.into(),
            is_atom: true,
            is_item: false,
        }
    }

    /// Operators: what needs parentheses inside of something else. Its value is no list.
    pub fn compound(text: impl Into<String>) -> Jsonata {
        Jsonata {
            text: text.into(),
            is_atom: false,
            is_item: true,
        }
    }

    /// A value that is known.
    pub fn literal(value: &Json) -> Jsonata {
        Jsonata {
            text: value.to_text(),
            is_atom: !value.as_f64().is_some_and(|number| number < 0.0),
            is_item: true,
        }
    }

    /// The same, its value being one item of a list that it stands in.
    #[must_use]
    pub fn item(mut self) -> Jsonata {
        self.is_item = true;
        self
    }

    /// An object of these members.
    pub fn object(members: impl IntoIterator<Item = (String, Jsonata)>) -> Jsonata {
        let members: Vec<String> = members
            .into_iter()
            .map(|(name, value)| format!("{}: {}", quoted(&name), value.text))
            .collect();
        Jsonata::atom(match members.is_empty() {
            true => "{}".to_owned(),
            false => format!("{{ {} }}", members.join(", ")),
        })
        .item()
    }

    /// A list of these items, none of which is flattened.
    pub fn list(items: &[Jsonata]) -> Jsonata {
        let texts: Vec<&str> = items.iter().map(|item| &*item.text).collect();
        if items.iter().all(|item| item.is_item) {
            return Jsonata::atom(format!("[{}]", texts.join(", "))).item();
        }
        let members = items
            .iter()
            .enumerate()
            .map(|(at, item)| (format!("item{at}"), item.clone()));
        let members = Jsonata::object(members);
        Jsonata::list_of(&format!("$each({members}, function($v) {{ $v }})[]"))
    }

    /// The list that a sequence is.
    pub(super) fn list_of(sequence: &str) -> Jsonata {
        Jsonata::atom(format!("[{sequence}]")).item()
    }

    /// A call.
    pub fn call(name: &str, arguments: &[&Jsonata]) -> Jsonata {
        let arguments: Vec<&str> = arguments.iter().map(|argument| &*argument.text).collect();
        Jsonata::atom(format!("{name}({})", arguments.join(", ")))
    }

    /// The member of that name.
    #[must_use]
    pub fn member(&self, name: &str) -> Jsonata {
        if name.contains('`') {
            return Jsonata::atom(format!("$lookup({}, {})", self.text, quoted(name)));
        }
        let shown = if is_plain(name) {
            name.to_owned()
        } else {
            format!("`{name}`")
        };
        Jsonata::atom(format!("{}.{shown}", self.step()))
    }

    /// The item at that index.
    #[must_use]
    pub fn at(&self, index: i64) -> Jsonata {
        Jsonata::atom(format!("{}[{index}]", self.step()))
    }

    /// The text as the first step of a path, which a literal cannot be.
    fn step(&self) -> String {
        if self.is_atom && self.text.starts_with(['$', '{', '[', '(']) {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }

    /// The text as an operand.
    pub fn operand(&self) -> String {
        if self.is_atom {
            self.text.clone()
        } else {
            format!("({})", self.text)
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as a value of a definition.
    pub fn delimited(&self) -> String {
        format!("{{% {} %}}", self.text)
    }
}

impl fmt::Display for Jsonata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text as JSONata writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut shown = String::new();
    write_quoted(text, &mut shown);
    shown
}

/// Whether a name needs no backticks.
fn is_plain(name: &str) -> bool {
    const WORDS: [&str; 7] = ["and", "or", "in", "true", "false", "null", "function"];
    let starts = |character: char| character.is_ascii_alphabetic() || character == '_';
    let goes_on = |character: char| character.is_ascii_alphanumeric() || character == '_';
    name.starts_with(starts) && name.chars().all(goes_on) && !WORDS.contains(&name)
}
