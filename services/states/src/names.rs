//! What state machines, executions and activities may be called.

use passo_service::Fault;

use crate::faults;

/// Whether AWS accepts `name`: 1 to 80 characters, no white space, wildcard, bracket, quote or other special
/// character, no control character.
///
/// Source: API reference, `CreateStateMachine`; recorded for activities.
///
/// # Errors
/// `InvalidName`.
pub(crate) fn check(name: &str) -> Result<(), Fault> {
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(is_forbidden) {
        return Err(faults::invalid_name(name));
    }
    Ok(())
}

fn is_forbidden(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || r##"<>{}[]?*"#%\^|~`$&,;:/"##.contains(character)
        || ('\u{fffe}'..='\u{ffff}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_character_by_character() {
        for name in [
            "a",
            "order-processing_2.v",
            "é",
            "(x)!'+=@",
            &"x".repeat(80),
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "",
            "a b",
            "a/b",
            "a:b",
            "a\u{7f}",
            "a\u{85}",
            "a\0",
            "a\u{ffff}",
            &"x".repeat(81),
        ] {
            let fault = check(name).unwrap_err();
            assert_eq!(fault.message, format!("Invalid Name: '{name}'"));
        }
        for character in r##"<>{}[]?*"#%\^|~`$&,;:/"##.chars() {
            assert!(check(&format!("a{character}b")).is_err(), "{character}");
        }
    }
}
