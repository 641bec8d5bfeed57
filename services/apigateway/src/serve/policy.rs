//! The policies that Lambda authorizers return: whether they allow a method.
//!
//! Only what such a policy needs: effects, actions and resources, with stars and question marks. Conditions are not looked at.

use passo_json::Json;

/// What a policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
    /// Nothing of it, which is a no.
    Nothing,
}

const ACTION: &str = "execute-api:Invoke";

/// What `policy` says of invoking the method `arn`.
pub(crate) fn effect(policy: &Json, arn: &str) -> Effect {
    let statements = policy.get("Statement");
    let mut effect = Effect::Nothing;
    for statement in statements.map(each).into_iter().flatten() {
        let names = |member: &str, wanted: &str, ignore_case: bool| {
            let patterns = statement.get(member).map(each).into_iter().flatten();
            let mut patterns = patterns.filter_map(Json::as_str);
            patterns.any(|pattern| match ignore_case {
                true => fits(&pattern.to_ascii_lowercase(), &wanted.to_ascii_lowercase()),
                false => fits(pattern, wanted),
            })
        };
        let is_about_it = names("Action", ACTION, true) && names("Resource", arn, false);
        match statement.get("Effect").and_then(Json::as_str) {
            Some("Deny") if is_about_it => return Effect::Deny,
            Some("Allow") if is_about_it => effect = Effect::Allow,
            Some(_) | None => {}
        }
    }
    effect
}

/// The items of a list, or the one value that stands for a list.
fn each(json: &Json) -> Vec<&Json> {
    match json.as_array() {
        Some(items) => items.iter().collect(),
        None => vec![json],
    }
}

/// Whether a text fits a pattern in which `*` is any text and `?` any character. Its time grows with the product of both.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut here) = (0_usize, 0_usize);
    // The last star, and how far the text was when it was met.
    let mut star: Option<(usize, usize)> = None;
    while let Some(character) = text.get(here) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, here));
                at = at.saturating_add(1);
            }
            Some(wanted) if *wanted == '?' || wanted == character => {
                at = at.saturating_add(1);
                here = here.saturating_add(1);
            }
            _ => match star {
                Some((star_at, met)) => {
                    at = star_at.saturating_add(1);
                    here = met.saturating_add(1);
                    star = Some((star_at, here));
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn policies_allow_and_deny() {
        let arn = "arn:aws:execute-api:us-east-1:000000000000:api/prod/GET/a/b";
        let statement = |effect: &str, resource: &str| json!({"Effect": effect, "Action": "execute-api:invoke", "Resource": [resource]});
        let any = "arn:aws:execute-api:*:*:api/*/GET/*";
        for (statements, expect) in [
            (json!([]), Effect::Nothing),
            (json!([(statement("Allow", "*"))]), Effect::Allow),
            (statement("Allow", any), Effect::Allow),
            (
                statement("Allow", "arn:aws:execute-api:*:*:api/*/POST/*"),
                Effect::Nothing,
            ),
            (
                json!([(statement("Allow", any)), (statement("Deny", arn))]),
                Effect::Deny,
            ),
            (
                json!([{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]),
                Effect::Nothing,
            ),
        ] {
            assert_eq!(effect(&json!({"Statement": statements}), arn), expect);
        }
        assert!(fits("a*b?d", "axxbcd") && !fits("a?c", "ac") && fits("**", ""));
    }
}
