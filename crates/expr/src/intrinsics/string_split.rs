//! `States.StringSplit(text, delimiters)`: the parts between any of the delimiters; empty parts are dropped.

use passo_json::Json;

use crate::intrinsics::arguments::{Arguments, Problem};

/// Calls the function.
pub(super) fn call(arguments: &Arguments<'_>) -> Result<Json, Problem> {
    let (text, delimiters) = (arguments.string(0)?, arguments.string(1)?);
    let parts = text.split(|character| delimiters.contains(character));
    Ok(Json::from(
        parts
            .filter(|part| !part.is_empty())
            .map(Json::from)
            .collect::<Vec<_>>(),
    ))
}

#[cfg(test)]
mod tests {
    use crate::intrinsics::call::testing::check;

    #[test]
    fn splits_at_each_delimiter() {
        check("States.StringSplit($, ',')", r#"" , ""#, r#"[" "," "]"#);
        check("States.StringSplit($, ',')", r#"",,,""#, "[]");
        check(
            "States.StringSplit($, '.+,=')",
            r#""This.is+a,test=string""#,
            r#"["This","is","a","test","string"]"#,
        );
        check("States.StringSplit($, '')", r#""ab""#, r#"["ab"]"#);
    }
}
