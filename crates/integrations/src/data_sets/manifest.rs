//! Manifests: objects that name the files of a data set.

use std::sync::Arc;

use passo_json::Json;
use passo_vocab::Failure;

use super::calls::{Address, Calls, unreadable};
use super::object::Text;
use super::plan::ManifestKind;

/// The largest manifest that is read.
const MANIFEST_BYTES_MAX: usize = 64 << 20;

/// What a manifest says.
pub(super) struct Manifest {
    pub(super) files: Vec<Address>,
    /// The columns of its files, where it names them.
    pub(super) columns: Option<Vec<String>>,
}

impl Manifest {
    /// Reads the manifest at `address`.
    ///
    /// # Errors
    /// Where S3 refuses, or it is no such manifest.
    pub(super) fn read(
        calls: &Arc<dyn Calls>,
        address: &Address,
        kind: ManifestKind,
    ) -> Result<Manifest, Failure> {
        let mut text = Text::open(calls, address, None, 0)?;
        let bytes = text.rest(MANIFEST_BYTES_MAX)?;
        let text = String::from_utf8_lossy(&bytes);
        match kind {
            ManifestKind::Inventory => inventory(&text, address.owner.as_deref()),
            ManifestKind::Athena => athena(&text, address.owner.as_deref()),
        }
    }
}

/// Source: S3 User Guide, "Locating your inventory list".
fn inventory(text: &str, owner: Option<&str>) -> Result<Manifest, Failure> {
    let wrong = || unreadable("The manifest is not that of an S3 Inventory.");
    let manifest = Json::parse(text).map_err(|_| wrong())?;
    let given = |name: &str| manifest.get(name).and_then(Json::as_str);
    if given("fileFormat").is_some_and(|format| format != "CSV") {
        return Err(unreadable(
            "Only S3 Inventory lists in CSV format can be read.",
        ));
    }
    let bucket = given("destinationBucket").ok_or_else(wrong)?;
    let bucket = bucket.rsplit_once(":::").map_or(bucket, |(_, name)| name);
    let columns = given("fileSchema").ok_or_else(wrong)?;
    let files = manifest
        .get("files")
        .and_then(Json::as_array)
        .ok_or_else(wrong)?;
    let address = |file: &Json| {
        let key = file.get("key")?.as_str()?;
        Some(object(bucket, key, owner))
    };
    Ok(Manifest {
        files: files
            .iter()
            .map(address)
            .collect::<Option<_>>()
            .ok_or_else(wrong)?,
        columns: Some(
            columns
                .split(',')
                .map(|column| column.trim().to_owned())
                .collect(),
        ),
    })
}

/// Source: Athena User Guide, "UNLOAD": an address on each line of the manifest.
fn athena(text: &str, owner: Option<&str>) -> Result<Manifest, Failure> {
    let lines = text.lines().map(|line| line.trim().trim_matches('"'));
    let address = |line: &str| {
        let (bucket, key) = line.strip_prefix("s3://")?.split_once('/')?;
        Some(object(bucket, key, owner))
    };
    let files = lines.filter(|line| !line.is_empty()).map(address);
    let wrong = || unreadable("The manifest is not that of an Athena UNLOAD.");
    Ok(Manifest {
        files: files.collect::<Option<_>>().ok_or_else(wrong)?,
        columns: None,
    })
}

fn object(bucket: &str, key: &str, owner: Option<&str>) -> Address {
    Address {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        version: None,
        owner: owner.map(str::to_owned),
    }
}
