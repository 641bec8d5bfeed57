//! Names of children. They are drawn by lot; whoever runs the children may say which ones will do, so that a child is
//! found where its Map run is.

use std::fmt;
use std::sync::Arc;

use passo_vocab::Entropy;

/// Names drawn for one child at most. A rule that takes one of sixteen has none left over once in 10^112 children.
pub(super) const DRAWS_MAX: u32 = 4_000;

/// Which names children may have. It must take a fair share of all names.
#[derive(Clone)]
pub struct NameRule(Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl NameRule {
    /// Any name will do.
    pub fn any() -> NameRule {
        NameRule::new(|_| true)
    }

    /// Names that `accepts` takes.
    pub fn new(accepts: impl Fn(&str) -> bool + Send + Sync + 'static) -> NameRule {
        NameRule(Arc::new(accepts))
    }

    /// Draws a name: a UUID.
    pub(super) fn draw(&self, entropy: &Entropy) -> Arc<str> {
        let mut name = entropy.uuid_v4();
        for _ in 1..DRAWS_MAX {
            if (self.0)(&name) {
                break;
            }
            name = entropy.uuid_v4();
        }
        name.into()
    }
}

impl fmt::Debug for NameRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameRule")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_drawn_until_one_will_do() {
        let entropy = Entropy::from_seed(1);
        let rule = NameRule::new(|name| name.starts_with('7'));
        for _ in 0..20 {
            assert!(rule.draw(&entropy).starts_with('7'));
        }
        let none = NameRule::new(|_| false);
        assert_eq!(none.draw(&entropy).len(), 36);
        assert_ne!(
            NameRule::any().draw(&entropy),
            NameRule::any().draw(&entropy)
        );
    }
}
