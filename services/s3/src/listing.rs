//! Pages of a bucket's keys, with those that share a beginning folded into one.

use std::ops::ControlFlow;

use s3s::{S3Result, s3_error};

use crate::rows::ObjectRow;
use crate::tables::Tables;

/// Keys of a page, at most.
const PAGE_MAX: i32 = 1000;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) prefix: &'a str,
    pub(crate) delimiter: &'a str,
    /// A key, or a folded beginning, that the page comes after.
    pub(crate) after: &'a str,
    pub(crate) limit: usize,
}

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) objects: Vec<(String, ObjectRow)>,
    pub(crate) prefixes: Vec<String>,
    /// What the next one comes after; none where there is no more.
    pub(crate) next: Option<String>,
}

/// How many keys a page may have, where the parameter `name` asks for so many.
///
/// # Errors
/// `InvalidArgument`.
pub(crate) fn limit(asked: Option<i32>, name: &str) -> S3Result<usize> {
    let asked = asked.unwrap_or(PAGE_MAX).min(PAGE_MAX);
    usize::try_from(asked).map_err(|_| {
        s3_error!(
            InvalidArgument,
            "Argument {name} must be an integer between 0 and 2147483647"
        )
    })
}

/// The page that is wanted.
pub(crate) fn page(tables: &Tables, wanted: &Wanted<'_>) -> S3Result<Page> {
    let mut page = Page::default();
    if wanted.limit == 0 {
        return Ok(page);
    }
    let mut last = wanted.after.to_owned();
    // Behind a folded beginning the scan goes on behind all of its keys.
    let mut from = match is_folded(wanted, &last) {
        true => Some(behind(&last)),
        false => (!last.is_empty()).then(|| last.clone().into_bytes()),
    };
    loop {
        let mut folded = None;
        let after = from.as_deref();
        tables.scan_objects(wanted.bucket, wanted.prefix, after, |key, row| {
            if page.objects.len() + page.prefixes.len() == wanted.limit {
                page.next = Some(last.clone());
                return ControlFlow::Break(());
            }
            if let Some(prefix) = fold(wanted, key) {
                last = prefix.to_owned();
                page.prefixes.push(last.clone());
                folded = Some(behind(prefix));
                return ControlFlow::Break(());
            }
            last = key.to_owned();
            page.objects.push((last.clone(), row));
            ControlFlow::Continue(())
        })?;
        match folded {
            Some(behind) => from = Some(behind),
            None => return Ok(page),
        }
    }
}

fn is_folded(wanted: &Wanted<'_>, after: &str) -> bool {
    fold(wanted, after) == Some(after)
}

/// The beginning that stands for `key`.
pub(crate) fn fold<'k>(wanted: &Wanted<'_>, key: &'k str) -> Option<&'k str> {
    if wanted.delimiter.is_empty() {
        return None;
    }
    let rest = key.strip_prefix(wanted.prefix)?;
    let at = rest.find(wanted.delimiter)?;
    key.get(..wanted.prefix.len() + at + wanted.delimiter.len())
}

/// Above every key that begins with `prefix`: no UTF-8 has this byte.
pub(crate) fn behind(prefix: &str) -> Vec<u8> {
    let mut behind = prefix.as_bytes().to_vec();
    behind.push(u8::MAX);
    behind
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use passo_store::{Batch, MemoryStore};

    use super::*;
    use crate::rows::Attributes;
    use crate::tables::put_object;

    fn check(wanted: &Wanted<'_>, expect: &[&str]) {
        let tables = Tables::new(Arc::new(MemoryStore::new()));
        for key in ["a", "b/1", "b/2", "b/c/3", "d/4", "e"] {
            let row = ObjectRow {
                segments: Vec::new(),
                size: 0,
                etag: String::new(),
                modified: 0,
                sum: None,
                part_sums: Vec::new(),
                attributes: Attributes::default(),
                version: None,
                sequence: 0,
                is_marker: false,
            };
            let mut batch = Batch::new();
            put_object(&mut batch, ("bucket", key), &row).unwrap();
            put_object(&mut batch, ("bucket-2", "z"), &row).unwrap();
            tables.commit(&batch).unwrap();
        }
        let mut found = Vec::new();
        let mut after = wanted.after.to_owned();
        loop {
            let asked = Wanted {
                after: &after,
                ..*wanted
            };
            let page = page(&tables, &asked).unwrap();
            let mut keys: Vec<String> = page.objects.into_iter().map(|(key, _)| key).collect();
            keys.extend(page.prefixes);
            assert!(keys.len() <= wanted.limit);
            found.extend(keys);
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        found.sort();
        assert_eq!(found, expect, "{wanted:?}");
    }

    #[test]
    fn pages_join_to_the_whole_and_fold() {
        for limit in 1..=7 {
            let all = Wanted {
                bucket: "bucket",
                prefix: "",
                delimiter: "",
                after: "",
                limit,
            };
            check(&all, &["a", "b/1", "b/2", "b/c/3", "d/4", "e"]);
            let folded = Wanted {
                delimiter: "/",
                ..all
            };
            check(&folded, &["a", "b/", "d/", "e"]);
            let inside = Wanted {
                prefix: "b/",
                ..folded
            };
            check(&inside, &["b/1", "b/2", "b/c/"]);
            check(
                &Wanted {
                    after: "b/2",
                    ..all
                },
                &["b/c/3", "d/4", "e"],
            );
            check(&Wanted { prefix: "x", ..all }, &[]);
        }
    }
}
