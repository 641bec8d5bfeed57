//! `SecretId`: a name, an ARN, or an ARN without its last six characters.

use passo_json::Json;
use passo_records::{Changing, Parameters};
use passo_service::Fault;
use passo_vocab::Arn;

use crate::secret::Secret;
use crate::{SecretsManager, faults};

/// The key of a secret's row.
pub(crate) type Key<'a> = [&'a str; 3];

/// A call with its service.
pub(crate) struct Request<'a> {
    pub(crate) service: &'a SecretsManager,
    pub(crate) parameters: Parameters<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn now(&self) -> i64 {
        self.service.clock.now().epoch_millis()
    }

    pub(crate) fn key<'b>(&'b self, name: &'b str) -> Key<'b> {
        [self.parameters.account(), self.parameters.region(), name]
    }

    /// The secret called `name`, unless its time has come.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Secret>, Fault> {
        let row = self.service.records.find(&self.key(name));
        let row = row.map_err(|error| faults::store(&error))?;
        let secret = row.as_ref().and_then(Secret::decode);
        Ok(secret.filter(|secret| secret.gone_at.is_none_or(|at| at > self.now())))
    }

    /// The secret that `SecretId` names, deleted or not.
    pub(crate) fn any(&self) -> Result<Secret, Fault> {
        let id = self.parameters.required("SecretId");
        self.named(id.map_err(|missing| faults::missing(&missing))?)
    }

    /// The secret that `id` names, deleted or not.
    pub(crate) fn named(&self, id: &str) -> Result<Secret, Fault> {
        let Ok(arn) = Arn::parse(id) else {
            return self.find(id)?.ok_or_else(faults::no_secret);
        };
        let name = arn.resource().strip_prefix("secret:").unwrap_or_default();
        // A name may look like one with the six characters of an ARN.
        if let Some(secret) = self.find(name)? {
            return Ok(secret);
        }
        let short = name.rsplit_once('-').map_or(name, |(name, _)| name);
        let secret = self.find(short)?.filter(|secret| secret.arn == id);
        secret.ok_or_else(faults::no_secret)
    }

    /// The secret that `SecretId` names, which is not deleted.
    pub(crate) fn living(&self) -> Result<Secret, Fault> {
        let secret = self.any()?;
        match secret.deleted_at {
            Some(_) => Err(faults::marked_for_deletion()),
            None => Ok(secret),
        }
    }

    /// Every secret of the caller.
    pub(crate) fn all(&self) -> Result<Vec<Secret>, Fault> {
        let place = [self.parameters.account(), self.parameters.region()];
        let rows = self.service.records.list(&place);
        let rows = rows.map_err(|error| faults::store(&error))?;
        let now = self.now();
        let secrets = rows.iter().filter_map(|(_, row)| Secret::decode(row));
        Ok(secrets
            .filter(|secret| secret.gone_at.is_none_or(|at| at > now))
            .collect())
    }

    /// Keeps `secret`.
    pub(crate) fn keep(&self, change: &Changing<'_>, secret: &Secret) -> Result<(), Fault> {
        change
            .put(&self.key(&secret.name), &secret.encode())
            .map_err(|error| faults::store(&error))
    }

    /// Changes the secret that `SecretId` names, which is not deleted, and answers with its ARN and name.
    pub(crate) fn changed(
        &self,
        how: impl FnOnce(&mut Secret) -> Result<(), Fault>,
    ) -> Result<Secret, Fault> {
        let change = self.service.records.change();
        let mut secret = self.living()?;
        how(&mut secret)?;
        secret.changed_at = self.now();
        self.keep(&change, &secret)?;
        Ok(secret)
    }
}

/// `ARN` and `Name`, which most answers begin with.
pub(crate) fn head(secret: &Secret) -> passo_json::ObjectBuilder {
    let mut answer = passo_json::ObjectBuilder::new();
    answer
        .insert("ARN", secret.arn.as_str())
        .insert("Name", secret.name.as_str());
    answer
}

/// An answer of `ARN` and `Name`.
pub(crate) fn only_head(secret: &Secret) -> Json {
    Json::from(head(secret).build())
}
