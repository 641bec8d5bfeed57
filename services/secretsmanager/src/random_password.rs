//! `GetRandomPassword`

use passo_json::{Json, ObjectBuilder};
use passo_service::Fault;
use passo_vocab::Entropy;

use crate::faults;
use crate::reference::Request;

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
/// Characters. Source: API Reference.
const LENGTH_MAX: usize = 4096;

/// `GetRandomPassword`
pub(crate) fn get(request: &Request<'_>) -> Result<Json, Fault> {
    let parameters = request.parameters;
    let length = match parameters.number("PasswordLength") {
        None => 32,
        Some(given) => usize::try_from(given)
            .ok()
            .filter(|length| (1..=LENGTH_MAX).contains(length))
            .ok_or_else(|| {
                faults::invalid_parameter(format!(
                    "PasswordLength must be between 1 and {LENGTH_MAX}."
                ))
            })?,
    };
    let without = parameters.text("ExcludeCharacters").unwrap_or_default();
    let families = [
        ("ExcludeLowercase", LOWER),
        ("ExcludeUppercase", UPPER),
        ("ExcludeNumbers", DIGITS),
        ("ExcludePunctuation", PUNCTUATION),
        (
            "",
            if parameters.flag("IncludeSpace") {
                " "
            } else {
                ""
            },
        ),
    ];
    let families: Vec<Vec<char>> = families
        .into_iter()
        .filter(|(excluded, _)| !parameters.flag(excluded))
        .map(|(_, family)| family.chars().filter(|c| !without.contains(*c)).collect())
        .filter(|family: &Vec<char>| !family.is_empty())
        .collect();
    let each = parameters
        .get("RequireEachIncludedType")
        .and_then(Json::as_bool)
        .unwrap_or(true);
    if families.is_empty() || (each && families.len() > length) {
        return Err(faults::invalid_parameter(
            "The password can't be generated: no characters are left, or too few of them are asked for.",
        ));
    }
    let password = password(&request.service.entropy(), &families, length, each);
    let mut answer = ObjectBuilder::new();
    answer.insert("RandomPassword", password);
    Ok(Json::from(answer.build()))
}

fn password(entropy: &Entropy, families: &[Vec<char>], length: usize, each: bool) -> String {
    let pick = |from: &[char]| {
        let bound = u64::try_from(from.len()).unwrap_or(1);
        let at = usize::try_from(entropy.below(bound)).unwrap_or(0);
        from.get(at).copied()
    };
    let all: Vec<char> = families.iter().flatten().copied().collect();
    let mut password: Vec<char> = Vec::with_capacity(length);
    if each {
        password.extend(families.iter().filter_map(|family| pick(family)));
    }
    while password.len() < length {
        password.extend(pick(&all));
    }
    // The first ones are in the order of their families until they are shuffled.
    for last in (1..password.len()).rev() {
        let bound = u64::try_from(last).unwrap_or(0).saturating_add(1);
        password.swap(last, usize::try_from(entropy.below(bound)).unwrap_or(0));
    }
    password.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_is_in_a_password() {
        let families = [LOWER, DIGITS, "!"].map(|family| family.chars().collect::<Vec<_>>());
        for seed in 0..100 {
            let made = password(&Entropy::from_seed(seed), &families, 4, true);
            assert_eq!(made.len(), 4);
            for family in [LOWER, DIGITS, "!"] {
                assert!(made.contains(|c| family.contains(c)), "{made}");
            }
        }
    }
}
