//! Which of the two languages a state is written in.

/// The language of a state's paths, templates and expressions: the field `QueryLanguage`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryLanguage {
    /// Paths and intrinsic functions; the default of the Amazon States Language.
    #[default]
    JsonPath,
    /// Expressions between `{%` and `%}`.
    Jsonata,
}

impl QueryLanguage {
    /// The language that the definition names, if it is one of the two.
    pub fn from_name(name: &str) -> Option<QueryLanguage> {
        match name {
            "JSONPath" => Some(QueryLanguage::JsonPath),
            "JSONata" => Some(QueryLanguage::Jsonata),
            _ => None,
        }
    }

    /// The name as definitions write it.
    pub fn name(self) -> &'static str {
        match self {
            QueryLanguage::JsonPath => "JSONPath",
            QueryLanguage::Jsonata => "JSONata",
        }
    }
}
