//! What is written at a reference path is read there again.

use passo_expr::ReferencePath;
use passo_json::{Json, json};
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_written_is_read(names in proptest::collection::vec("[a-z '.\\[\\]$-]{1,6}", 1..6), number in any::<i64>()) {
        let quoted = names.iter().map(|name| format!("['{}']", name.replace('\'', "\\'")));
        let path = ReferencePath::parse(&format!("${}", quoted.collect::<String>())).unwrap();
        let root = json!({ "a": { "kept": true }, "other": 1 });
        // A path through `other` crosses a number.
        prop_assume!(names.first().is_none_or(|name| name != "other") || names.len() == 1);
        if let Ok(written) = path.write(&root, Json::from(number)) {
            prop_assert_eq!(path.as_path().read_from(&written), Ok(Json::from(number)));
            if names.first().is_none_or(|name| name != "other") {
                prop_assert_eq!(written.get("other"), Some(&json!(1)));
            }
        }
    }
}
