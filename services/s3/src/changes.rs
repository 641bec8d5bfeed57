//! What is changed at once: rows of objects, and the news of it, which become durable together.

use passo_delivery::Ticket;
use passo_store::Batch;
use s3s::S3Result;

use crate::backend::{Address, Core};
use crate::bodies::Draft;
use crate::conditions::Conditions;
use crate::faults;
use crate::notification::{Happening, News, announce};
use crate::rows::{BucketRow, ObjectRow};
use crate::tables::{put_object, remove_object};

/// Rows, and deliveries that begin once these are durable.
#[derive(Default)]
pub(crate) struct Change {
    pub(crate) batch: Batch,
    pub(crate) tickets: Vec<Ticket>,
}

impl Core {
    /// Makes a change durable, and lets its news go.
    ///
    /// # Errors
    /// Where the store takes nothing of it.
    pub(crate) fn commit(&self, change: Change) -> S3Result<()> {
        self.tables.commit(&change.batch)?;
        for ticket in change.tickets {
            self.outbox.let_go(ticket);
        }
        Ok(())
    }

    /// Adds to `change` that an object takes the place of what was there, and who is told.
    pub(crate) fn replace(
        &self,
        change: &mut Change,
        (bucket, address): (&BucketRow, &Address),
        (happening, row): (Happening, &mut ObjectRow),
    ) -> S3Result<()> {
        row.modified = self.now();
        put_object(&mut change.batch, (&address.bucket, &address.key), row)?;
        let news = News::of(happening, address, Some(row));
        announce(self, change, bucket, &news);
        Ok(())
    }

    /// Puts a body into its place.
    pub(crate) fn place(
        &self,
        address: &Address,
        conditions: &Conditions,
        (happening, draft, mut row): (Happening, Draft, ObjectRow),
    ) -> S3Result<ObjectRow> {
        let _changing = self.tables.change_object(&address.bucket, &address.key);
        let bucket = self.bucket(&address.caller, &address.bucket)?;
        let old = self.tables.object(&address.bucket, &address.key)?;
        conditions.check_write(old.as_ref())?;
        let mut change = Change::default();
        self.replace(&mut change, (&bucket, address), (happening, &mut row))?;
        self.commit(change)?;
        draft.keep();
        if let Some(old) = old {
            self.bodies.remove(&old.segments);
        }
        Ok(row)
    }

    /// Changes what is said of an object.
    pub(crate) fn describe(
        &self,
        address: &Address,
        happening: Happening,
        describe: impl FnOnce(&mut ObjectRow),
    ) -> S3Result<()> {
        let place = (&*address.bucket, &*address.key);
        let _changing = self.tables.change_object(place.0, place.1);
        let bucket = self.bucket(&address.caller, place.0)?;
        let row = self.tables.object(place.0, place.1)?;
        let mut row = row.ok_or_else(faults::no_key)?;
        describe(&mut row);
        let mut change = Change::default();
        put_object(&mut change.batch, place, &row)?;
        let news = News::of(happening, address, Some(&row));
        announce(self, &mut change, &bucket, &news);
        self.commit(change)
    }

    /// Removes an object, whether it is there or not.
    pub(crate) fn remove(
        &self,
        address: &Address,
        conditions: &Conditions,
        happening: Happening,
    ) -> S3Result<()> {
        let place = (&*address.bucket, &*address.key);
        let _changing = self.tables.change_object(place.0, place.1);
        let bucket = self.bucket(&address.caller, place.0)?;
        let Some(old) = self.tables.object(place.0, place.1)? else {
            return Ok(());
        };
        conditions.check_write(Some(&old))?;
        let mut change = Change::default();
        remove_object(&mut change.batch, place);
        announce(
            self,
            &mut change,
            &bucket,
            &News::of(happening, address, None),
        );
        self.commit(change)?;
        self.bodies.remove(&old.segments);
        Ok(())
    }
}
