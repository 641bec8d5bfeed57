//! Names of children. They are drawn by lot; whoever runs the children may say which ones will do, so that a child is
//! found where its Map run is.

use std::fmt;
use std::sync::Arc;

use passo_vocab::Entropy;

/// Names drawn for one child at most. A rule that takes one of sixteen has none left over once in 10^112 children.
pub(super) const DRAWS_MAX: u32 = 4_000;

/// Which ARNs children may have. It must take a fair share of all that differ in a UUID.
#[derive(Clone)]
pub struct ArnRule(Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl ArnRule {
    /// Any ARN will do.
    pub fn any() -> ArnRule {
        ArnRule::new(|_| true)
    }

    /// ARNs that `accepts` takes.
    pub fn new(accepts: impl Fn(&str) -> bool + Send + Sync + 'static) -> ArnRule {
        ArnRule(Arc::new(accepts))
    }

    /// Whether it takes this one.
    pub fn accepts(&self, arn: &str) -> bool {
        (self.0)(arn)
    }

    /// Draws a name, a UUID, whose ARN it takes; `stem` is what comes before the name.
    pub(super) fn draw(&self, stem: &str, entropy: &Entropy) -> Arc<str> {
        let mut name = entropy.uuid_v4();
        for _ in 1..DRAWS_MAX {
            if self.accepts(&format!("{stem}{name}")) {
                break;
            }
            name = entropy.uuid_v4();
        }
        name.into()
    }
}

impl fmt::Debug for ArnRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ArnRule")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_drawn_until_one_will_do() {
        let entropy = Entropy::from_seed(1);
        let rule = ArnRule::new(|arn| arn.starts_with("a:7"));
        for _ in 0..20 {
            assert!(rule.draw("a:", &entropy).starts_with('7'));
        }
        let none = ArnRule::new(|_| false);
        assert_eq!(none.draw("", &entropy).len(), 36);
        assert_ne!(
            ArnRule::any().draw("", &entropy),
            ArnRule::any().draw("", &entropy)
        );
    }
}
