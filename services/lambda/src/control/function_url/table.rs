//! The URLs of all functions.

use passo_json::{Json, Object};
use passo_records::Records;
use passo_service::Fault;
use passo_store::StoreError;

use super::super::faults;
use super::super::request::Target;
use super::UrlSettings;

/// The place of the URL that belongs to no alias.
const UNQUALIFIED: &str = "$LATEST";

/// URLs by account, region, function and qualifier, and where to look for an id.
pub(in super::super) struct UrlTable {
    settings: Records,
    by_id: Records,
}

impl UrlTable {
    pub(in super::super) fn new(settings: Records, by_id: Records) -> UrlTable {
        UrlTable { settings, by_id }
    }

    pub(in super::super) fn find(&self, target: &Target) -> Result<Option<UrlSettings>, Fault> {
        let row = self.settings.find(&key(target)).map_err(unreadable)?;
        Ok(row.as_ref().and_then(UrlSettings::read))
    }

    pub(super) fn by_id(&self, id: &str) -> Result<Option<UrlSettings>, Fault> {
        let Some(row) = self.by_id.find(&[id]).map_err(unreadable)? else {
            return Ok(None);
        };
        let text = |member: &str| row.get(member)?.as_str().map(str::to_owned);
        let target = || {
            Some(Target {
                account: text("Account")?,
                region: text("Region")?,
                name: text("Name")?,
                qualifier: text("Qualifier"),
            })
        };
        let Some(target) = target() else {
            return Ok(None);
        };
        // A function may have got another URL since.
        let found = self.find(&target)?;
        Ok(found.filter(|settings| settings.id == id))
    }

    /// Changes a URL, or makes it. `change` gets what is there.
    pub(in super::super) fn change(
        &self,
        target: &Target,
        change: impl FnOnce(Option<UrlSettings>) -> Result<UrlSettings, Fault>,
    ) -> Result<UrlSettings, Fault> {
        let changing = self.settings.change();
        let settings = change(self.find(target)?)?;
        let index = Object::default()
            .with("Account", settings.account.as_str())
            .with("Region", settings.region.as_str())
            .with("Name", settings.name.as_str());
        let index = match &settings.qualifier {
            Some(qualifier) => index.with("Qualifier", qualifier.as_str()),
            None => index,
        };
        // First the id: one that leads nowhere is no harm.
        let put = self
            .by_id
            .change()
            .put(&[&settings.id], &Json::from(index))
            .and_then(|()| changing.put(&key(target), &settings.record()));
        put.map_err(unreadable)?;
        Ok(settings)
    }

    /// Whether there was one to remove.
    pub(in super::super) fn remove(&self, target: &Target) -> Result<bool, Fault> {
        let changing = self.settings.change();
        let Some(settings) = self.find(target)? else {
            return Ok(false);
        };
        let removed = changing
            .remove(&key(target))
            .and_then(|()| self.by_id.change().remove(&[&settings.id]));
        removed.map_err(unreadable)?;
        Ok(true)
    }

    /// The URLs of a function and its aliases.
    pub(in super::super) fn list(&self, target: &Target) -> Result<Vec<UrlSettings>, Fault> {
        let [account, region, name, _] = key(target);
        let rows = self.settings.list(&[account, region, name]);
        let rows = rows.map_err(unreadable)?.into_iter();
        Ok(rows
            .filter_map(|(_, row)| UrlSettings::read(&row))
            .collect())
    }

    /// Removes those of a function and its aliases.
    pub(in super::super) fn forget(&self, target: &Target) -> Result<(), Fault> {
        for settings in self.list(target)? {
            self.remove(&settings.target())?;
        }
        Ok(())
    }
}

fn key(target: &Target) -> [&str; 4] {
    let qualifier = target.qualifier.as_deref().unwrap_or(UNQUALIFIED);
    [&target.account, &target.region, &target.name, qualifier]
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what `map_err` hands over"
)]
fn unreadable(error: StoreError) -> Fault {
    faults::store(&error)
}
