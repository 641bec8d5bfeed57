//! One look through every bucket that has rules: what is at its end goes.

use passo_service::{Caller, RequestId};
use passo_vocab::{AccountId, Region};
use s3s::S3Result;

use crate::backend::{Address, Core};
use crate::conditions::Conditions;
use crate::lifecycle::rule::{Rule, rules};
use crate::listing::Wanted;
use crate::notification::Happening;
use crate::rows::{BucketRow, ObjectRow};
use crate::tables::After;

/// Versions that are read at once.
const PAGE: usize = 1000;

/// How long it waits where the store fails, in milliseconds.
const AGAIN_MILLIS: i64 = 60_000;

/// A look through one bucket.
struct Sweep<'a> {
    core: &'a Core,
    name: &'a str,
    caller: Caller,
    rules: Vec<Rule>,
    now: i64,
    /// The next end that is not yet reached.
    next: Option<i64>,
    /// Of the key that is looked at: when its last version came, and how many there were that are not current.
    newer: Option<(String, i64)>,
    noncurrent: u64,
}

impl Core {
    /// Carries out every rule that is due; says when the next one is, in milliseconds since 1970.
    pub(crate) fn sweep(&self) -> Option<i64> {
        let now = self.now();
        // Where the store fails, nothing is lost but time.
        let again = Some(now.saturating_add(AGAIN_MILLIS));
        let Ok(buckets) = self.tables.buckets() else {
            return again;
        };
        let ends = buckets.iter().filter_map(|(name, bucket)| {
            let mut sweep = Sweep::of(self, (name, bucket), now)?;
            match sweep.objects().and_then(|()| sweep.uploads()) {
                Ok(()) => sweep.next,
                Err(_) => again,
            }
        });
        ends.min()
    }
}

impl<'a> Sweep<'a> {
    fn of(core: &'a Core, (name, bucket): (&'a str, &BucketRow), now: i64) -> Option<Sweep<'a>> {
        let rules = rules(bucket);
        let caller = Caller {
            account: AccountId::parse(&bucket.account).ok()?,
            region: Region::parse(&bucket.region).ok()?,
        };
        (!rules.is_empty()).then_some(Sweep {
            core,
            name,
            caller,
            rules,
            now,
            next: None,
            newer: None,
            noncurrent: 0,
        })
    }

    fn objects(&mut self) -> S3Result<()> {
        let wanted = Wanted {
            bucket: self.name,
            prefix: "",
            delimiter: "",
            after: "",
            limit: PAGE,
        };
        let (mut after, mut last) = (After::default(), None);
        loop {
            let page = self.core.versions(&wanted, after, last.as_deref())?;
            let Some(end) = page.versions.last() else {
                return Ok(());
            };
            after = After::of(&end.key, Some(end.row.sequence));
            last = Some(end.key.clone());
            for version in page.versions {
                self.version(version.key, &version.row, version.is_latest)?;
            }
            if !page.is_truncated {
                return Ok(());
            }
        }
    }

    fn version(&mut self, key: String, row: &ObjectRow, is_latest: bool) -> S3Result<()> {
        let newer = self.newer.take().filter(|(of, _)| *of == key);
        self.noncurrent = match is_latest {
            true => 0,
            false => self.noncurrent.saturating_add(1),
        };
        let ends = |end: &dyn Fn(&Rule) -> Option<i64>| {
            let rules = self.rules.iter().filter(|rule| rule.is_for(&key, row));
            rules.filter_map(end).min()
        };
        let end = match (is_latest, &newer) {
            (true, _) if row.is_marker => {
                let place = (self.name, &*key);
                let is_lonely = self
                    .core
                    .tables
                    .version_before(place, row.sequence)?
                    .is_none();
                ends(&|rule| rule.marker_end(row.modified).filter(|_| is_lonely))
            }
            (true, _) => ends(&|rule| rule.current_end(row.modified)),
            (false, Some((_, since))) => ends(&|rule| {
                let is_kept = self.noncurrent <= rule.noncurrent_kept;
                rule.noncurrent_end(*since).filter(|_| !is_kept)
            }),
            (false, None) => None,
        };
        self.newer = Some((key.clone(), row.modified));
        if self.is_due(end) {
            self.remove(key, row, is_latest && !row.is_marker)?;
        }
        Ok(())
    }

    /// Whether an end is reached; one that is not is waited for.
    fn is_due(&mut self, end: Option<i64>) -> bool {
        let Some(end) = end else {
            return false;
        };
        if end > self.now {
            self.next = Some(self.next.map_or(end, |next| next.min(end)));
        }
        end <= self.now
    }

    fn address(&self, key: String) -> Address {
        Address {
            caller: self.caller.clone(),
            request_id: RequestId::new(self.core.uuid()),
            bucket: self.name.to_owned(),
            key,
            version: None,
        }
    }

    /// Removes a version; where versions are kept, a current one stays behind a marker.
    fn remove(&self, key: String, row: &ObjectRow, is_current: bool) -> S3Result<()> {
        let named = (!is_current).then(|| row.version_name().to_owned());
        let address = self.address(key).at(named);
        let conditions = Conditions {
            sequence_is: Some(row.sequence),
            ..Conditions::default()
        };
        match self.core.remove(&address, &conditions, Happening::Expired) {
            // Somebody was faster, and put another one there.
            Err(error) if error.code().as_str() == "PreconditionFailed" => Ok(()),
            done => done.map(drop),
        }
    }

    fn uploads(&mut self) -> S3Result<()> {
        let uploads = self.core.tables.uploads()?;
        for (id, upload) in uploads {
            if upload.bucket != self.name {
                continue;
            }
            let rules = self.rules.iter();
            let ends = rules.filter_map(|rule| rule.upload_end(&upload.key, upload.begun));
            let end = ends.min();
            if self.is_due(end) {
                let _changing = self.core.tables.change_object(&upload.bucket, &upload.key);
                self.core.drop_upload(&id)?;
            }
        }
        Ok(())
    }
}
