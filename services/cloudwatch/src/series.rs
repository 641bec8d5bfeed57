//! One metric: whose it is, its namespace and name, and its dimensions.

use std::collections::BTreeMap;

use passo_json::{Json, ObjectBuilder};
use passo_runtime::Key;

/// Between the parts of a key, and between dimensions; both are below every character that names may have.
const SEPARATOR: char = '\0';
const BETWEEN: char = '\u{1}';

/// One metric.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Series {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) dimensions: BTreeMap<String, String>,
}

impl Series {
    /// Its key in the table of all metrics: those of one account, region, namespace and name are together.
    pub(crate) fn key(&self) -> Vec<u8> {
        let parts = [
            &*self.account,
            &self.region,
            &self.namespace,
            &self.name,
            "",
        ];
        let mut key = parts.join(&SEPARATOR.to_string());
        for (name, value) in &self.dimensions {
            key.push_str(name);
            key.push(BETWEEN);
            key.push_str(value);
            key.push(BETWEEN);
        }
        key.into_bytes()
    }

    /// The metric of such a key.
    pub(crate) fn of_key(key: &[u8]) -> Option<Series> {
        let mut parts = std::str::from_utf8(key).ok()?.split(SEPARATOR);
        let mut part = || parts.next().map(str::to_owned);
        let mut series = Series {
            account: part()?,
            region: part()?,
            namespace: part()?,
            name: part()?,
            dimensions: BTreeMap::new(),
        };
        let mut dimensions = parts.next()?.split(BETWEEN);
        while let (Some(name), Some(value)) = (dimensions.next(), dimensions.next()) {
            series.dimensions.insert(name.to_owned(), value.to_owned());
        }
        Some(series)
    }

    /// What all keys begin with that have these parts.
    pub(crate) fn prefix(parts: &[&str]) -> Vec<u8> {
        let parts = parts.iter().map(|part| format!("{part}{SEPARATOR}"));
        parts.collect::<String>().into_bytes()
    }

    /// Under what its points are kept.
    pub(crate) fn short_key(&self) -> Key {
        Key::of(&String::from_utf8_lossy(&self.key()))
    }

    /// As the API shows it.
    pub(crate) fn show(&self) -> Json {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("Namespace", self.namespace.as_str())
            .insert("MetricName", self.name.as_str())
            .insert("Dimensions", shown_dimensions(&self.dimensions));
        Json::from(shown.build())
    }
}

/// Dimensions as the API shows them.
pub(crate) fn shown_dimensions(dimensions: &BTreeMap<String, String>) -> Vec<Json> {
    let dimension = |(name, value): (&String, &String)| {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("Name", name.as_str())
            .insert("Value", value.as_str());
        Json::from(shown.build())
    };
    dimensions.iter().map(dimension).collect()
}

/// Dimensions as they are given.
pub(crate) fn read_dimensions(given: Option<&Json>) -> BTreeMap<String, String> {
    let list = given.and_then(Json::as_array);
    let items = list.into_iter().flat_map(|list| list.iter());
    items
        .filter_map(|item| {
            let text = |member: &str| item.get(member)?.as_str().map(str::to_owned);
            Some((text("Name")?, text("Value")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_give_the_metric_back() {
        for dimensions in [vec![], vec![("a", "b")], vec![("a", "b"), ("c", "")]] {
            let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let series = Series {
                account: "1".to_owned(),
                region: "r".to_owned(),
                namespace: "n/s".to_owned(),
                name: "m".to_owned(),
                dimensions: dimensions.iter().map(own).collect(),
            };
            let key = series.key();
            assert!(key.starts_with(&Series::prefix(&["1", "r", "n/s"])));
            assert_eq!(Series::of_key(&key), Some(series));
        }
    }
}
