//! The documents that cases of the suite share.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use passo_json::Json;

/// Documents by name.
#[derive(Debug, Default)]
pub struct Datasets(BTreeMap<String, Json>);

impl Datasets {
    /// Reads every `<name>.json` in `folder`.
    ///
    /// # Errors
    /// When one of them cannot be read, or is not JSON.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut datasets = BTreeMap::new();
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("failed to list `{}`", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let Some(name) = path.file_stem().and_then(|name| name.to_str()) else {
                continue;
            };
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("failed to read `{}`", path.display()))?;
                let json = Json::parse(&text)
                    .with_context(|| format!("`{}` is not JSON", path.display()))?;
                datasets.insert(name.to_owned(), json);
            }
        }
        Ok(Self(datasets))
    }

    /// The document called `name`.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }
}
