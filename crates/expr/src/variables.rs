//! Variables: a persistent chain of scopes.
//!
//! Every change makes a new value that shares the rest with the old one, so that branches and iterations
//! start from the same variables without copying them. Names are checked when a definition is read, not
//! here; limits on sizes are the engine's.

use std::collections::BTreeMap;
use std::sync::Arc;

use passo_json::Json;

/// The variables that a state can see: those of its own scope, then those of the scopes around it.
///
/// Cloning costs one reference count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables {
    innermost: Option<Arc<Level>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Level {
    values: BTreeMap<Arc<str>, Json>,
    /// Bytes of the values of this level, as compact JSON.
    bytes: usize,
    outer: Variables,
}

impl Variables {
    /// No variables, one scope.
    pub fn new() -> Variables {
        Variables::default()
    }

    /// The value of the innermost variable with that name (without `$`).
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.levels().find_map(|level| level.values.get(name))
    }

    /// The same scopes, with these variables set in the innermost one.
    #[must_use]
    pub fn with_assigned(
        &self,
        assignments: impl IntoIterator<Item = (Arc<str>, Json)>,
    ) -> Variables {
        let mut level = self.innermost.as_deref().cloned().unwrap_or_default();
        for (name, value) in assignments {
            level.bytes = level.bytes.saturating_add(value.text_bytes());
            if let Some(replaced) = level.values.insert(name, value) {
                level.bytes = level.bytes.saturating_sub(replaced.text_bytes());
            }
        }
        Variables {
            innermost: Some(Arc::new(level)),
        }
    }

    /// A new, empty scope inside these: for a branch or an iteration.
    #[must_use]
    pub fn child_scope(&self) -> Variables {
        let level = Level {
            outer: self.clone(),
            ..Level::default()
        };
        Variables {
            innermost: Some(Arc::new(level)),
        }
    }

    /// Variables of the innermost scope only, by name.
    pub fn own(&self) -> impl Iterator<Item = (&Arc<str>, &Json)> {
        self.innermost.iter().flat_map(|level| level.values.iter())
    }

    /// Every variable that can be seen, by name; inner ones hide outer ones.
    pub fn visible(&self) -> BTreeMap<&Arc<str>, &Json> {
        let mut visible = BTreeMap::new();
        for level in self.levels() {
            for (name, value) in &level.values {
                visible.entry(name).or_insert(value);
            }
        }
        visible
    }

    /// Whether no variable can be seen.
    pub fn is_empty(&self) -> bool {
        self.levels().all(|level| level.values.is_empty())
    }

    /// Bytes of all values in all scopes, each as compact JSON.
    pub fn total_bytes(&self) -> usize {
        self.levels()
            .fold(0, |total, level| total.saturating_add(level.bytes))
    }

    fn levels(&self) -> impl Iterator<Item = &Level> {
        std::iter::successors(self.innermost.as_deref(), |level| {
            level.outer.innermost.as_deref()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_json::json;

    fn assign(variables: &Variables, name: &str, value: Json) -> Variables {
        variables.with_assigned([(Arc::from(name), value)])
    }

    #[test]
    fn inner_scopes_see_outer_ones_and_write_their_own() {
        let outer = assign(&assign(&Variables::new(), "a", json!(1)), "b", json!("x"));
        let inner = assign(&outer.child_scope(), "a", json!([2, 3]));
        assert_eq!(inner.get("a"), Some(&json!([2, 3])));
        assert_eq!(inner.get("b"), Some(&json!("x")));
        assert_eq!(outer.get("a"), Some(&json!(1)));
        assert_eq!(inner.get("c"), None);
        assert_eq!(inner.own().count(), 1);
        assert_eq!(inner.visible().len(), 2);
    }

    #[test]
    fn counts_bytes_of_all_scopes() {
        let outer = assign(&Variables::new(), "a", json!("four"));
        assert_eq!(outer.total_bytes(), 6);
        let inner = assign(&outer.child_scope(), "b", json!([1, 2]));
        assert_eq!(inner.total_bytes(), 11);
        assert_eq!(assign(&inner, "b", json!(1)).total_bytes(), 7);
        assert!(!inner.is_empty());
        assert!(Variables::new().child_scope().is_empty());
    }
}
