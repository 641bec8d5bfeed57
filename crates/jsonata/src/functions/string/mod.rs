//! Strings. Lengths and places count characters (Unicode scalar values).

mod case;
mod encoding;
mod part;
mod text;

use super::Row;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "string",
        signature: "<x-b?:s>",
        arity: 1,
        body: text::string,
    },
    Row {
        name: "length",
        signature: "<s-:n>",
        arity: 1,
        body: part::length,
    },
    Row {
        name: "substring",
        signature: "<s-nn?:s>",
        arity: 3,
        body: part::substring,
    },
    Row {
        name: "substringBefore",
        signature: "<s-s:s>",
        arity: 2,
        body: part::substring_before,
    },
    Row {
        name: "substringAfter",
        signature: "<s-s:s>",
        arity: 2,
        body: part::substring_after,
    },
    Row {
        name: "lowercase",
        signature: "<s-:s>",
        arity: 1,
        body: case::lowercase,
    },
    Row {
        name: "uppercase",
        signature: "<s-:s>",
        arity: 1,
        body: case::uppercase,
    },
    Row {
        name: "trim",
        signature: "<s-:s>",
        arity: 1,
        body: case::trim,
    },
    Row {
        name: "pad",
        signature: "<s-ns?:s>",
        arity: 3,
        body: part::pad,
    },
    Row {
        name: "join",
        signature: "<a<s>s?:s>",
        arity: 2,
        body: part::join,
    },
    Row {
        name: "base64encode",
        signature: "<s-:s>",
        arity: 1,
        body: encoding::base64_encode,
    },
    Row {
        name: "base64decode",
        signature: "<s-:s>",
        arity: 1,
        body: encoding::base64_decode,
    },
    Row {
        name: "encodeUrl",
        signature: "<s-:s>",
        arity: 1,
        body: encoding::encode_url,
    },
    Row {
        name: "encodeUrlComponent",
        signature: "<s-:s>",
        arity: 1,
        body: encoding::encode_url_component,
    },
    Row {
        name: "decodeUrl",
        signature: "<s-:s>",
        arity: 1,
        body: encoding::decode_url,
    },
    Row {
        name: "decodeUrlComponent",
        signature: "<s-:s>",
        arity: 1,
        body: encoding::decode_url_component,
    },
];
