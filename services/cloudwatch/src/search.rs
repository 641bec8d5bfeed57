//! `SEARCH`: which metrics an expression finds.
//!
//! Pure. `{Namespace, Dimension, …}` names a namespace and exactly these dimensions; terms after it must be in a metric's name or
//! dimensions, `Name="value"` is exact, `NOT` and `OR` go between them. Source: CloudWatch User Guide, "Search expressions".

use crate::series::Series;

/// A search.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Search {
    /// A namespace, and the names of all dimensions.
    schema: Option<(String, Vec<String>)>,
    /// One of these must hold; none if there are no terms.
    alternatives: Vec<Vec<Term>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    wanted: bool,
    /// What has to be exactly so.
    name: Option<String>,
    is_exact: bool,
    text: String,
}

impl Search {
    /// Reads a search; `None` where it is none.
    pub(crate) fn parse(text: &str) -> Option<Search> {
        let mut search = Search::default();
        let mut rest = text.trim();
        if let Some(inside) = rest.strip_prefix('{') {
            let (schema, after) = inside.split_once('}')?;
            let mut parts = schema.split(',').map(|part| unquoted(part.trim()));
            let namespace = parts.next().filter(|part| !part.is_empty())?;
            let mut dimensions: Vec<String> = parts.collect();
            dimensions.sort();
            search.schema = Some((namespace, dimensions));
            rest = after.trim();
        }
        let mut terms = Vec::new();
        let mut wanted = true;
        while !rest.is_empty() {
            let (word, after) = word(rest)?;
            rest = after.trim_start();
            match word {
                "AND" => {}
                "OR" => search.alternatives.push(std::mem::take(&mut terms)),
                "NOT" => wanted = false,
                word => {
                    terms.push(Term::read(word, wanted));
                    wanted = true;
                }
            }
        }
        if !terms.is_empty() || !search.alternatives.is_empty() {
            search.alternatives.push(terms);
        }
        (search != Search::default()).then_some(search)
    }

    /// The one namespace that is searched.
    pub(crate) fn namespace(&self) -> Option<&str> {
        self.schema
            .as_ref()
            .map(|(namespace, _)| namespace.as_str())
    }

    pub(crate) fn finds(&self, series: &Series) -> bool {
        let schema = self.schema.as_ref().is_none_or(|(namespace, dimensions)| {
            *namespace == series.namespace && dimensions.iter().eq(series.dimensions.keys())
        });
        let holds = |terms: &Vec<Term>| terms.iter().all(|term| term.holds(series));
        schema && (self.alternatives.is_empty() || self.alternatives.iter().any(holds))
    }
}

impl Term {
    fn read(word: &str, wanted: bool) -> Term {
        let named = word.split_once('=').filter(|(name, _)| !name.contains('"'));
        Term {
            wanted,
            name: named.map(|(name, _)| unquoted(name)),
            is_exact: named.is_some_and(|(_, value)| value.starts_with('"'))
                || word.starts_with('"'),
            text: unquoted(named.map_or(word, |(_, value)| value)),
        }
    }

    fn holds(&self, series: &Series) -> bool {
        let is = |text: &str| {
            if self.is_exact {
                text == self.text
            } else {
                text.to_lowercase().contains(&self.text.to_lowercase())
            }
        };
        let found = match self.name.as_deref() {
            Some("MetricName") => is(&series.name),
            Some("Namespace") => is(&series.namespace),
            Some(name) => series.dimensions.get(name).is_some_and(|value| is(value)),
            None => {
                let dimensions = series.dimensions.iter();
                let mut dimensions = dimensions.flat_map(|(name, value)| [name, value]);
                is(&series.name) || is(&series.namespace) || dimensions.any(|text| is(text))
            }
        };
        found == self.wanted
    }
}

/// The first word: up to white space that is not quoted.
fn word(text: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    let end = text.find(|c: char| {
        is_quoted ^= c == '"';
        c.is_whitespace() && !is_quoted
    });
    text.split_at_checked(end.unwrap_or(text.len()))
}

fn unquoted(text: &str) -> String {
    text.trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_found() {
        let series = Series {
            namespace: "AWS/Lambda".to_owned(),
            name: "Errors".to_owned(),
            dimensions: [("FunctionName".to_owned(), "my-function".to_owned())].into(),
            ..Series::default()
        };
        for (text, expect) in [
            ("{AWS/Lambda,FunctionName}", true),
            ("{AWS/Lambda}", false),
            ("{AWS/Lambda,FunctionName} MetricName=\"Errors\"", true),
            ("{AWS/Lambda,FunctionName} MetricName=\"Error\"", false),
            ("{AWS/Lambda, FunctionName} error", true),
            ("function NOT duration", true),
            ("function NOT errors", false),
            ("duration OR FunctionName=my", true),
            ("\"my-function\" Errors", true),
            ("\"my\" Errors", false),
        ] {
            let search = Search::parse(text).unwrap();
            assert_eq!(search.finds(&series), expect, "{text}");
        }
        assert_eq!(Search::parse(""), None);
        assert_eq!(Search::parse("{x"), None);
    }
}
