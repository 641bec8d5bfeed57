//! `cargo xtask service-model FOLDER`: the tables of AWS's services, from their public models.
//!
//! FOLDER holds `<service>/<version>/service-2.json` or `service-2.json.gz`, as botocore's `data` folder does. The file
//! that is made is read by `passo-model`, which documents its form.

mod amend;
mod encode;
mod models;
mod tables;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::step;

/// Where the file belongs.
const TARGET: &str = "crates/model/data/services.bin";

/// Makes the file anew.
///
/// # Errors
/// Where the models cannot be read, or have a shape that is not known.
pub fn run(arguments: &[String]) -> Result<()> {
    let [folder] = arguments else {
        bail!("usage: cargo xtask service-model FOLDER")
    };
    let mut services = Vec::new();
    for file in models::files(Path::new(folder))? {
        let mut model = models::read(&file)?;
        amend::amend(&mut model);
        let service = tables::Service::of(&model);
        services.push(service.with_context(|| format!("in `{}`", file.display()))?);
    }
    tables::name(&mut services);
    let bytes = encode::file(&services)?;
    let target = step::root().join(TARGET);
    fs::write(&target, &bytes)
        .with_context(|| format!("failed to write `{}`", target.display()))?;
    let (count, size) = (services.len(), bytes.len());
    println!("{count} services, {size} bytes: {TARGET}");
    Ok(())
}
