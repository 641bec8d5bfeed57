//! Patterns of terms: `all of these`, `?any ?of ?these`, `-none`, `"a phrase"`, `%an expression%`.

use fancy_regex::Regex;

use super::condition::finds;

/// Terms to look for.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    all: Vec<Term>,
    any: Vec<Term>,
    none: Vec<Term>,
}

#[derive(Debug)]
enum Term {
    Text(String),
    Expression(Box<Regex>),
}

impl Terms {
    pub(super) fn parse(text: &str) -> Option<Terms> {
        let mut terms = Terms::default();
        let mut rest = text.trim();
        while let Some(first) = rest.chars().next() {
            let sign = matches!(first, '?' | '-').then_some(first);
            let after = sign
                .and_then(|sign| rest.strip_prefix(sign))
                .unwrap_or(rest);
            let (term, after) = Term::parse(after)?;
            let list = match sign {
                Some('?') => &mut terms.any,
                Some(_) => &mut terms.none,
                None => &mut terms.all,
            };
            list.extend(term);
            rest = after.trim_start();
        }
        Some(terms)
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let has = |term: &Term| term.is_in(message);
        // AWS ignores the question mark where there are other terms.
        let any = self.any.is_empty()
            || !self.all.is_empty()
            || !self.none.is_empty()
            || self.any.iter().any(has);
        any && self.all.iter().all(has) && !self.none.iter().any(has)
    }
}

impl Term {
    /// The first term, if there is anything in it, and what follows; `None` where its expression is none.
    fn parse(text: &str) -> Option<(Option<Term>, &str)> {
        if let Some((expression, after)) = text.strip_prefix('%').and_then(|it| it.split_once('%'))
        {
            let expression = Box::new(Regex::new(expression).ok()?);
            return Some((Some(Term::Expression(expression)), after));
        }
        let (term, after) = match text.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => text.split_once(char::is_whitespace).unwrap_or((text, "")),
        };
        let term = (!term.is_empty()).then(|| Term::Text(term.to_owned()));
        Some((term, after))
    }

    fn is_in(&self, message: &str) -> bool {
        match self {
            Term::Text(text) => message.contains(text.as_str()),
            Term::Expression(expression) => finds(expression, message),
        }
    }
}
