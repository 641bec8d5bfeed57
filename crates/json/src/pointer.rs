//! JSON Pointer (RFC 6901), reading only.

use crate::Json;

/// The value that `pointer` leads to from `root`.
pub(crate) fn resolve<'a>(root: &'a Json, pointer: &str) -> Option<&'a Json> {
    if pointer.is_empty() {
        return Some(root);
    }
    let steps = pointer.strip_prefix('/')?;
    steps.split('/').try_fold(root, |value, step| match value {
        Json::Object(object) if step.contains('~') => {
            object.get(&step.replace("~1", "/").replace("~0", "~"))
        }
        Json::Object(object) => object.get(step),
        Json::Array(array) => array.get(index(step)?),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
    })
}

fn index(step: &str) -> Option<usize> {
    let plain = step == "0" || !step.starts_with(['0', '+']);
    if plain { step.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use crate::json;

    #[test]
    fn pointers_of_the_standard() {
        let root = json!({"foo": ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8});
        for (pointer, expect) in [
            ("/foo/0", Some(json!("bar"))),
            ("/", Some(json!(0))),
            ("/a~1b", Some(json!(1))),
            ("/m~0n", Some(json!(8))),
            ("/foo/01", None),
            ("/foo/2", None),
            ("foo", None),
            ("", Some(root.clone())),
        ] {
            assert_eq!(root.pointer(pointer), expect.as_ref(), "{pointer}");
        }
    }
}
