//! The document that the benchmarks share: an order with a thousand items, some 75 kB of text.

use std::fmt::Write as _;

/// How many items the document has.
pub const ITEMS: usize = 1000;

/// The text of the document, the same every time.
pub fn text() -> String {
    let mut text = String::from(
        r#"{"orderId":"o-12345","customer":{"name":"Ada Lovelace","email":"ada@example.org","address":{"street":"St James's Square 12","city":"London","country":"GB"},"vip":true},"items":["#,
    );
    for id in 0..ITEMS {
        let comma = if id == 0 { "" } else { "," };
        let price = 5 + id * 37 % 190;
        let _ = write!(
            text,
            r#"{comma}{{"id":{id},"price":{price}.{},"qty":{},"name":"item {id}","tags":["t{}","sale"]}}"#,
            id % 90 + 10,
            id % 7,
            id % 13
        );
    }
    text.push_str(r#"],"currency":"EUR","note":null}"#);
    text
}

#[cfg(test)]
mod tests {
    use passo_json::Json;

    use super::*;

    #[test]
    fn the_document_is_json_of_the_stated_size() {
        let text = text();
        let json = Json::parse(&text).unwrap();
        assert_eq!(
            json.get("items").and_then(Json::as_array).unwrap().len(),
            ITEMS
        );
        assert!((70_000..80_000).contains(&text.len()), "{}", text.len());
    }
}
