//! [`json!`]: small values written as they look.

/// Builds a [`Json`](crate::Json) from its own notation; an expression in it is converted with `Into<Json>`.
#[macro_export]
macro_rules! json {
    (null) => { $crate::Json::Null };
    ([ $($item:tt)* ]) => { $crate::json!(@array [] $($item)*) };
    ({ $($entry:tt)* }) => {{
        #[allow(unused_mut)]
        let mut object = $crate::ObjectBuilder::new();
        $crate::json!(@object object $($entry)*);
        $crate::Json::Object(object.build())
    }};
    (@array [$($done:expr,)*]) => { $crate::Json::from(<[$crate::Json]>::into_vec(Box::new([$($done),*]))) };
    (@array [$($done:expr,)*] null $(, $($rest:tt)*)?) => { $crate::json!(@array [$($done,)* $crate::Json::Null,] $($($rest)*)?) };
    (@array [$($done:expr,)*] [$($inner:tt)*] $(, $($rest:tt)*)?) => { $crate::json!(@array [$($done,)* $crate::json!([$($inner)*]),] $($($rest)*)?) };
    (@array [$($done:expr,)*] {$($inner:tt)*} $(, $($rest:tt)*)?) => { $crate::json!(@array [$($done,)* $crate::json!({$($inner)*}),] $($($rest)*)?) };
    (@array [$($done:expr,)*] $item:expr $(, $($rest:tt)*)?) => { $crate::json!(@array [$($done,)* $crate::Json::from($item),] $($($rest)*)?) };
    (@object $object:ident) => {};
    (@object $object:ident $key:literal : null $(, $($rest:tt)*)?) => { $object.insert($key, $crate::Json::Null); $crate::json!(@object $object $($($rest)*)?); };
    (@object $object:ident $key:literal : [$($inner:tt)*] $(, $($rest:tt)*)?) => { $object.insert($key, $crate::json!([$($inner)*])); $crate::json!(@object $object $($($rest)*)?); };
    (@object $object:ident $key:literal : {$($inner:tt)*} $(, $($rest:tt)*)?) => { $object.insert($key, $crate::json!({$($inner)*})); $crate::json!(@object $object $($($rest)*)?); };
    (@object $object:ident $key:literal : $value:expr $(, $($rest:tt)*)?) => { $object.insert($key, $crate::Json::from($value)); $crate::json!(@object $object $($($rest)*)?); };
    ($value:expr) => { $crate::Json::from($value) };
}
