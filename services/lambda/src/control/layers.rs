//! Layers: versions of archives that functions find under `opt`.
//!
//! Source: Lambda Developer Guide, "Managing Lambda dependencies with layers".

use std::collections::BTreeSet;

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::Records;
use passo_service::Fault;
use passo_store::StoreError;
use passo_vocab::Arn;

use super::faults;

/// Layers by account, region and name, and their versions by number besides. A version's row has the members of the API.
pub(super) struct Layers {
    /// The number of the last version; numbers are never used again.
    counters: Records,
    versions: Records,
}

/// A layer's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LayerName {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) name: String,
}

/// A layer that a function has: enough to run it when the layer is deleted, as on AWS.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LayerUse {
    /// The ARN of its version.
    pub(super) arn: String,
    pub(super) sha256: String,
    pub(super) bytes: i64,
}

impl LayerName {
    /// Reads the ARN of a layer, or of a version of one.
    pub(super) fn parse(arn: &str) -> Option<(LayerName, Option<u64>)> {
        let arn = Arn::parse(arn).ok()?;
        let rest = arn.resource().strip_prefix("layer:")?;
        let (name, version) = match rest.split_once(':') {
            Some((name, version)) => (name, Some(version.parse().ok()?)),
            None => (rest, None),
        };
        let layer = LayerName {
            account: arn.account().to_owned(),
            region: arn.region().to_owned(),
            name: name.to_owned(),
        };
        (arn.service() == "lambda" && !name.is_empty()).then_some((layer, version))
    }

    pub(super) fn arn(&self) -> String {
        let LayerName {
            account,
            region,
            name,
        } = self;
        format!("arn:aws:lambda:{region}:{account}:layer:{name}")
    }

    fn key(&self) -> [&str; 3] {
        [&self.account, &self.region, &self.name]
    }
}

impl LayerUse {
    pub(super) fn show(&self) -> Json {
        let mut shown = ObjectBuilder::new();
        shown
            .insert("Arn", self.arn.as_str())
            .insert("CodeSize", self.bytes);
        Json::from(shown.build())
    }

    pub(super) fn record(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("Arn", self.arn.as_str())
            .insert("CodeSha256", self.sha256.as_str())
            .insert("CodeSize", self.bytes);
        Json::from(row.build())
    }

    pub(super) fn read(row: &Json) -> Option<LayerUse> {
        Some(LayerUse {
            arn: row.get("Arn")?.as_str()?.to_owned(),
            sha256: row.get("CodeSha256")?.as_str()?.to_owned(),
            bytes: row.get("CodeSize")?.as_i64()?,
        })
    }
}

impl Layers {
    pub(super) fn new(counters: Records, versions: Records) -> Layers {
        Layers { counters, versions }
    }

    /// Keeps what `row` makes of the number of the next version.
    pub(super) fn publish(
        &self,
        layer: &LayerName,
        row: impl FnOnce(u64) -> Object,
    ) -> Result<Object, Fault> {
        let changing = self.counters.change();
        let last = self.counters.find(&layer.key()).map_err(unreadable)?;
        let last = last.and_then(|last| last.get("Last")?.as_i64());
        let next = last.and_then(|last| u64::try_from(last).ok());
        let next = next.unwrap_or(0).saturating_add(1);
        let counter = Object::default().with("Last", i64::try_from(next).unwrap_or(i64::MAX));
        // First the number: one that is used by nobody is no harm.
        let put = changing.put(&layer.key(), &Json::from(counter));
        put.map_err(unreadable)?;
        let row = row(next);
        self.put(layer, next, &row)?;
        Ok(row)
    }

    pub(super) fn put(&self, layer: &LayerName, version: u64, row: &Object) -> Result<(), Fault> {
        let [account, region, name] = layer.key();
        let changing = self.versions.change();
        let row = Json::from(row.clone());
        let put = changing.put(&[account, region, name, &place(version)], &row);
        put.map_err(unreadable)
    }

    pub(super) fn find(&self, layer: &LayerName, version: u64) -> Result<Option<Object>, Fault> {
        let [account, region, name] = layer.key();
        let row = self
            .versions
            .find(&[account, region, name, &place(version)]);
        Ok(row.map_err(unreadable)?.as_ref().and_then(object))
    }

    pub(super) fn remove(&self, layer: &LayerName, version: u64) -> Result<(), Fault> {
        let [account, region, name] = layer.key();
        let changing = self.versions.change();
        let removed = changing.remove(&[account, region, name, &place(version)]);
        removed.map_err(unreadable)
    }

    /// The versions of a layer, the last one first.
    pub(super) fn versions(&self, layer: &LayerName) -> Result<Vec<Object>, Fault> {
        let rows = self.versions.list(&layer.key()).map_err(unreadable)?;
        Ok(rows
            .into_iter()
            .rev()
            .filter_map(|(_, row)| object(&row))
            .collect())
    }

    /// The last version of each layer of an account and region, by name.
    pub(super) fn last(
        &self,
        account: &str,
        region: &str,
        wanted: impl Fn(&Object) -> bool,
    ) -> Result<Vec<(LayerName, Object)>, Fault> {
        let mut last: Vec<(LayerName, Object)> = Vec::new();
        for row in self.rows(account, region)? {
            let Some(layer) = name_of(&row) else { continue };
            if !wanted(&row) {
                continue;
            }
            match last.last_mut() {
                Some((known, newest)) if *known == layer => *newest = row,
                Some(_) | None => last.push((layer, row)),
            }
        }
        Ok(last)
    }

    /// Bytes of all archives of an account and region.
    pub(super) fn bytes(&self, account: &str, region: &str) -> Result<i64, Fault> {
        let rows = self.rows(account, region)?;
        let bytes = rows.iter().filter_map(|row| row.get("CodeSize")?.as_i64());
        Ok(bytes.fold(0, i64::saturating_add))
    }

    /// The SHA-256 of every archive, of every account.
    pub(super) fn archives(&self) -> Result<BTreeSet<String>, StoreError> {
        let rows = self.versions.list(&[])?.into_iter();
        let digests = rows.filter_map(|(_, row)| Some(row.get("CodeSha256")?.as_str()?.to_owned()));
        Ok(digests.collect())
    }

    fn rows(&self, account: &str, region: &str) -> Result<Vec<Object>, Fault> {
        let rows = self.versions.list(&[account, region]).map_err(unreadable)?;
        Ok(rows
            .into_iter()
            .filter_map(|(_, row)| object(&row))
            .collect())
    }
}

fn name_of(row: &Object) -> Option<LayerName> {
    let arn = row.get("LayerVersionArn")?.as_str()?;
    LayerName::parse(arn).map(|(layer, _)| layer)
}

/// Numbers in the order of texts.
fn place(version: u64) -> String {
    format!("{version:020}")
}

fn object(row: &Json) -> Option<Object> {
    row.as_object().cloned()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what `map_err` hands over"
)]
fn unreadable(error: StoreError) -> Fault {
    faults::store(&error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_layers_are_read() {
        let arn = "arn:aws:lambda:eu-west-1:111111111111:layer:tools";
        let (layer, version) = LayerName::parse(arn).unwrap();
        assert_eq!((layer.arn().as_str(), version), (arn, None));
        let (_, version) = LayerName::parse(&format!("{arn}:12")).unwrap();
        assert_eq!(version, Some(12));
        for wrong in ["", "tools", &format!("{arn}:x"), &format!("{arn}:1:2")] {
            assert!(LayerName::parse(wrong).is_none(), "{wrong}");
        }
    }
}
