//! Finding the path of an API that a request's path fits, the most specific first.

use super::call::decoded;

/// A part of a route's path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Word(String),
    Variable(String),
    /// All that follows, at least one part.
    Greedy(String),
}

/// The path of a route.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Part>);

impl Pattern {
    pub(crate) fn parse(path: &str) -> Pattern {
        let parts = path.split('/').filter(|part| !part.is_empty());
        let parts = parts.map(|part| {
            let inner = part.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
            match inner.map(|it| (it, it.strip_suffix('+'))) {
                Some((_, Some(greedy))) => Part::Greedy(greedy.to_owned()),
                Some((name, None)) => Part::Variable(name.to_owned()),
                None => Part::Word(part.to_owned()),
            }
        });
        Pattern(parts.collect())
    }

    /// What the variables are in `path`, if it fits.
    pub(crate) fn matches(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut given = path.split('/').filter(|part| !part.is_empty());
        let mut variables = Vec::new();
        for part in &self.0 {
            let here = given.next()?;
            match part {
                Part::Word(word) if *word == here || *word == decoded(here, false) => {}
                Part::Word(_) => return None,
                Part::Variable(name) => variables.push((name.clone(), decoded(here, false))),
                Part::Greedy(name) => {
                    let rest: Vec<&str> = std::iter::once(here).chain(given).collect();
                    variables.push((name.clone(), decoded(&rest.join("/"), false)));
                    return Some(variables);
                }
            }
        }
        given.next().is_none().then_some(variables)
    }

    /// Smaller is more specific: words come before variables, these before greedy ones, and longer paths before shorter.
    pub(crate) fn rank(&self) -> Vec<u8> {
        let parts = self.0.iter().map(|part| match part {
            Part::Word(_) => 0,
            Part::Variable(_) => 1,
            Part::Greedy(_) => 2,
        });
        parts.chain([3]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_path_wins() {
        let all = ["/", "/a", "/a/{x}", "/a/b", "/{p+}", "/a/{p+}", "/a/{x}/c"];
        let find = |path: &str| {
            let mut fitting: Vec<_> = all
                .iter()
                .map(|it| (Pattern::parse(it), it))
                .filter_map(|(pattern, it)| Some((pattern.rank(), it, pattern.matches(path)?)))
                .collect();
            fitting.sort();
            let found = fitting.first().map(|(_, it, variables)| {
                let values: Vec<&str> = variables.iter().map(|(_, it)| it.as_str()).collect();
                format!("{it} {}", values.join(" "))
            });
            found.unwrap_or_default()
        };
        for (path, expect) in [
            ("/", "/ "),
            ("/a", "/a "),
            ("/a/", "/a "),
            ("/a/b", "/a/b "),
            ("/a/z", "/a/{x} z"),
            ("/a/z%20z/c", "/a/{x}/c z z"),
            ("/a/z/d", "/a/{p+} z/d"),
            ("/q/r", "/{p+} q/r"),
        ] {
            assert_eq!(find(path), expect, "{path}");
        }
    }
}
