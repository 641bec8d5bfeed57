//! What is changed at once: rows of objects, and the news of it, which become durable together.

use passo_delivery::Ticket;
use passo_store::Batch;
use s3s::S3Result;

use crate::backend::{Address, Core};
use crate::bodies::{Draft, Segment};
use crate::conditions::Conditions;
use crate::lifecycle::expiration;
use crate::notification::{Happening, News, announce};
use crate::rows::{Attributes, BucketRow, ObjectRow};
use crate::tables::{put_object, put_version};
use crate::versions::Versioning;

/// The tag of what has no bytes, as delete markers are said to have.
const ETAG_OF_NOTHING: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// Rows, deliveries that begin once these are durable, and files that no row names then.
#[derive(Default)]
pub(crate) struct Change {
    pub(crate) batch: Batch,
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) doomed: Vec<Segment>,
}

/// An object that has taken its place.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) row: ObjectRow,
    /// As answers call it.
    pub(crate) version: Option<String>,
    /// When it ends by itself, as answers say it.
    pub(crate) expiration: Option<String>,
}

/// What was removed: a version, or what a delete marker hides.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    /// Whether a marker was removed, or made.
    pub(crate) is_marker: bool,
    pub(crate) version: Option<String>,
}

impl Core {
    /// Makes a change durable, lets its news go, and removes files that it leaves without a name.
    ///
    /// # Errors
    /// Where the store takes nothing of it.
    pub(crate) fn commit(&self, change: Change) -> S3Result<()> {
        self.tables.commit(&change.batch)?;
        for ticket in change.tickets {
            self.outbox.let_go(ticket);
        }
        self.bodies.remove(&change.doomed);
        Ok(())
    }

    /// Adds to `change` that an object takes the place of what is there, and who is told.
    pub(crate) fn replace(
        &self,
        change: &mut Change,
        (bucket, address, conditions): (&BucketRow, &Address, &Conditions),
        (happening, mut row): (Happening, ObjectRow),
    ) -> S3Result<Placed> {
        let place = address.place();
        let current = self.tables.object(place.0, place.1)?;
        conditions.check_write(current.as_ref())?;
        self.make_room(change, (bucket, address), (current, &mut row))?;
        put_object(&mut change.batch, place, &row)?;
        announce(
            self,
            change,
            bucket,
            &News::of(happening, (bucket, address), &row),
        );
        self.agenda.note(bucket, row.modified);
        Ok(Placed {
            version: bucket.version_of(&row),
            expiration: expiration(bucket, &address.key, &row),
            row,
        })
    }

    /// Puts a body into its place.
    pub(crate) fn place(
        &self,
        address: &Address,
        conditions: &Conditions,
        (happening, draft, row): (Happening, Draft, ObjectRow),
    ) -> S3Result<Placed> {
        let _changing = self.tables.change_object(&address.bucket, &address.key);
        let bucket = self.bucket(&address.caller, &address.bucket)?;
        let mut change = Change::default();
        let of = (&bucket, address, conditions);
        let placed = self.replace(&mut change, of, (happening, row))?;
        self.commit(change)?;
        draft.keep();
        Ok(placed)
    }

    /// Changes what is said of an object; gives its version.
    pub(crate) fn describe(
        &self,
        address: &Address,
        happening: Happening,
        describe: impl FnOnce(&mut ObjectRow),
    ) -> S3Result<Option<String>> {
        let place = address.place();
        let _changing = self.tables.change_object(place.0, place.1);
        let bucket = self.bucket(&address.caller, place.0)?;
        let mut found = self.readable(&bucket, address)?;
        describe(&mut found.row);
        let mut change = Change::default();
        match found.is_object {
            true => put_object(&mut change.batch, place, &found.row)?,
            false => put_version(&mut change.batch, place, &found.row)?,
        }
        let news = News::of(happening, (&bucket, address), &found.row);
        announce(self, &mut change, &bucket, &news);
        self.commit(change)?;
        Ok(bucket.version_of(&found.row))
    }

    /// Removes an object, whether it is there or not: the version that is named, or what is current, of which a marker
    /// stays where versions are kept.
    pub(crate) fn remove(
        &self,
        address: &Address,
        conditions: &Conditions,
        happening: Happening,
    ) -> S3Result<Removed> {
        let place = address.place();
        let _changing = self.tables.change_object(place.0, place.1);
        let bucket = self.bucket(&address.caller, place.0)?;
        if address.version.is_none() && bucket.versioning() != Versioning::Never {
            return self.mark(&bucket, (address, conditions), happening);
        }
        let Some(found) = self.find(address)? else {
            return Ok(Removed {
                is_marker: false,
                version: address.version.clone(),
            });
        };
        conditions.check_write(Some(&found.row))?;
        let removed = Removed {
            is_marker: found.row.is_marker,
            version: bucket.version_of(&found.row),
        };
        let mut change = Change::default();
        let news = News::of(happening, (&bucket, address), &found.row);
        self.remove_found(&mut change, address, found)?;
        announce(self, &mut change, &bucket, &news);
        self.commit(change)?;
        if address.version.is_some() {
            self.agenda.look_soon(&bucket, self.now());
        }
        Ok(removed)
    }

    /// Puts a delete marker before what is current.
    fn mark(
        &self,
        bucket: &BucketRow,
        (address, conditions): (&Address, &Conditions),
        happening: Happening,
    ) -> S3Result<Removed> {
        let current = self.tables.object(&address.bucket, &address.key)?;
        conditions.check_write(current.as_ref())?;
        let mut marker = ObjectRow {
            segments: Vec::new(),
            size: 0,
            etag: ETAG_OF_NOTHING.to_owned(),
            modified: 0,
            sum: None,
            part_sums: Vec::new(),
            attributes: Attributes::default(),
            version: None,
            sequence: 0,
            is_marker: true,
        };
        let mut change = Change::default();
        let is_there = current.is_some();
        self.make_room(&mut change, (bucket, address), (current, &mut marker))?;
        if is_there {
            crate::tables::remove_object(&mut change.batch, address.place());
        }
        put_version(&mut change.batch, address.place(), &marker)?;
        let news = News::of(happening.by_marker(), (bucket, address), &marker);
        announce(self, &mut change, bucket, &news);
        self.commit(change)?;
        self.agenda.note(bucket, marker.modified);
        Ok(Removed {
            is_marker: true,
            version: bucket.version_of(&marker),
        })
    }
}
