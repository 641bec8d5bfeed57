//! The rules of a configuration: which versions they are for, and when these end.

use s3s::dto;

use crate::lifecycle::configuration::kept;
use crate::rows::{BucketRow, ObjectRow, seconds, time};

const DAY_MILLIS: i64 = 86_400_000;

/// A rule that is carried out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rule {
    pub(crate) id: String,
    prefix: String,
    tags: Vec<(String, String)>,
    larger_than: Option<u64>,
    smaller_than: Option<u64>,
    days: Option<i64>,
    /// Milliseconds since 1970.
    date: Option<i64>,
    removes_lonely_markers: bool,
    noncurrent_days: Option<i64>,
    /// Versions that stay, whatever their age, beside the current one.
    pub(crate) noncurrent_kept: u64,
    upload_days: Option<i64>,
}

/// The end of what began at `since` and stays so many days: midnight after them.
fn after(since: i64, days: i64) -> i64 {
    let end = since.saturating_add(days.saturating_mul(DAY_MILLIS));
    let begun = end.rem_euclid(DAY_MILLIS);
    match begun {
        0 => end,
        begun => end.saturating_add(DAY_MILLIS - begun),
    }
}

impl Rule {
    fn read(rule: &dto::LifecycleRule) -> Option<Rule> {
        if rule.status.as_str() != dto::ExpirationStatus::ENABLED {
            return None;
        }
        let filter = rule.filter.as_ref();
        let and = filter.and_then(|filter| filter.and.as_ref());
        let prefix = filter.and_then(|filter| filter.prefix.clone());
        let prefix = prefix.or_else(|| and?.prefix.clone());
        // Old rules have their prefix beside the filter.
        let prefix = prefix.or_else(|| rule.prefix.clone());
        let one = filter.and_then(|filter| filter.tag.clone());
        let many = and.and_then(|and| and.tags.clone()).unwrap_or_default();
        let tags = one.into_iter().chain(many);
        let tags = tags.map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()));
        let bytes = |of_filter: Option<i64>, of_and: Option<i64>| {
            let bytes = of_filter.or(of_and)?;
            u64::try_from(bytes).ok()
        };
        let expiration = rule.expiration.as_ref();
        let noncurrent = rule.noncurrent_version_expiration.as_ref();
        let aborted = rule.abort_incomplete_multipart_upload.as_ref();
        Some(Rule {
            id: rule.id.clone().unwrap_or_default(),
            prefix: prefix.unwrap_or_default(),
            tags: tags.collect(),
            larger_than: bytes(
                filter.and_then(|filter| filter.object_size_greater_than),
                and.and_then(|and| and.object_size_greater_than),
            ),
            smaller_than: bytes(
                filter.and_then(|filter| filter.object_size_less_than),
                and.and_then(|and| and.object_size_less_than),
            ),
            days: expiration.and_then(|it| it.days).map(i64::from),
            date: expiration
                .and_then(|it| it.date.as_ref())
                .map(|date| seconds(date).saturating_mul(1000)),
            removes_lonely_markers: expiration
                .is_some_and(|it| it.expired_object_delete_marker == Some(true)),
            noncurrent_days: noncurrent.and_then(|it| it.noncurrent_days).map(i64::from),
            noncurrent_kept: noncurrent
                .and_then(|it| u64::try_from(it.newer_noncurrent_versions?).ok())
                .unwrap_or(0),
            upload_days: aborted
                .and_then(|it| it.days_after_initiation)
                .map(i64::from),
        })
    }

    /// Whether it is for that version of `key`.
    pub(crate) fn is_for(&self, key: &str, row: &ObjectRow) -> bool {
        key.starts_with(&self.prefix)
            && self
                .tags
                .iter()
                .all(|tag| row.attributes.tags.contains(tag))
            && self.larger_than.is_none_or(|bytes| row.size > bytes)
            && self.smaller_than.is_none_or(|bytes| row.size < bytes)
    }

    /// When a current version ends that has come at `since`.
    pub(crate) fn current_end(&self, since: i64) -> Option<i64> {
        self.date.or_else(|| Some(after(since, self.days?)))
    }

    /// When a delete marker ends that has come at `since` and hides nothing.
    pub(crate) fn marker_end(&self, since: i64) -> Option<i64> {
        match self.removes_lonely_markers {
            true => Some(since),
            false => self.current_end(since),
        }
    }

    /// When a version ends that is not current since `since`.
    pub(crate) fn noncurrent_end(&self, since: i64) -> Option<i64> {
        Some(after(since, self.noncurrent_days?))
    }

    /// When an upload of `key` ends that was begun at `since`.
    pub(crate) fn upload_end(&self, key: &str, since: i64) -> Option<i64> {
        let is_for = key.starts_with(&self.prefix) && self.tags.is_empty();
        Some(after(since, self.upload_days.filter(|_| is_for)?))
    }

    /// Before when nothing ends of what begins at `now`.
    pub(crate) fn earliest(&self, now: i64) -> Option<i64> {
        let days = [self.days, self.noncurrent_days, self.upload_days];
        let ends = days.into_iter().flatten().map(|days| after(now, days));
        let marker = self.removes_lonely_markers.then(|| after(now, 0));
        ends.chain(self.date).chain(marker).min()
    }
}

/// The rules of a bucket that are carried out.
pub(crate) fn rules(bucket: &BucketRow) -> Vec<Rule> {
    let kept = kept(bucket);
    let rules = kept.iter().flat_map(|kept| kept.rules.iter());
    rules.filter_map(Rule::read).collect()
}

/// What answers say of the end of a current version: `x-amz-expiration`.
pub(crate) fn expiration(bucket: &BucketRow, key: &str, row: &ObjectRow) -> Option<String> {
    let rules = rules(bucket).into_iter();
    let ends = rules.filter(|rule| rule.is_for(key, row));
    let ends = ends.filter_map(|rule| Some((rule.current_end(row.modified)?, rule.id)));
    let (end, id) = ends.min()?;
    let mut text = Vec::new();
    let format = dto::TimestampFormat::HttpDate;
    time(end).format(format, &mut text).ok()?;
    let text = String::from_utf8(text).ok()?;
    Some(format!("expiry-date=\"{text}\", rule-id=\"{id}\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Attributes;

    #[test]
    fn ends_are_midnights() {
        for (since, days, expect) in [
            (0, 1, DAY_MILLIS),
            (1, 1, 2 * DAY_MILLIS),
            (DAY_MILLIS - 1, 3, 4 * DAY_MILLIS),
            (5, 0, DAY_MILLIS),
            (i64::MAX, 5, i64::MAX),
        ] {
            assert_eq!(after(since, days), expect, "{since} {days}");
        }
    }

    #[test]
    fn rules_are_for_some() {
        let row = |size, tags: &[(&str, &str)]| ObjectRow {
            segments: Vec::new(),
            size,
            etag: String::new(),
            modified: 0,
            sum: None,
            part_sums: Vec::new(),
            attributes: Attributes {
                tags: tags
                    .iter()
                    .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                    .collect(),
                ..Attributes::default()
            },
            version: None,
            sequence: 0,
            is_marker: false,
        };
        let rule = Rule {
            prefix: "log/".to_owned(),
            tags: vec![("a".to_owned(), "b".to_owned())],
            larger_than: Some(10),
            ..Rule::default()
        };
        assert!(rule.is_for("log/1", &row(11, &[("a", "b"), ("c", "d")])));
        assert!(!rule.is_for("logs", &row(11, &[("a", "b")])));
        assert!(!rule.is_for("log/1", &row(10, &[("a", "b")])));
        assert!(!rule.is_for("log/1", &row(11, &[("a", "c")])));
    }
}
