//! The tables of the API, over the store port. Reads see everything that was acknowledged; the changes of one call are
//! one commit.

use std::ops::{Bound, ControlFlow};
use std::sync::{Arc, Mutex, PoisonError};

use passo_service::{Caller, Fault};
use passo_store::{Batch, Direction, Durability, KeyRange, Snapshot, Space, Store, StoreError};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::cache::{Cache, Current};
use crate::faults;
use crate::model::{Activity, Alias, Owned, Revision, StateMachine, Tags, Version};
use crate::records::Record;

/// State machines by [`Owned`].
const MACHINES: Space = Space::new("states-machine");
/// Revisions by state machine and number. They outlive the state machine: its executions still show theirs.
const REVISIONS: Space = Space::new("states-revision");
/// Versions by state machine and number.
const VERSIONS: Space = Space::new("states-version");
/// Aliases by state machine and name.
const ALIASES: Space = Space::new("states-alias");
/// Activities by [`Owned`].
const ACTIVITIES: Space = Space::new("states-activity");
/// Tags by ARN.
const TAGS: Space = Space::new("states-tags");
/// One record: what page tokens are sealed with.
const SECRET: Space = Space::new("states-secret");

/// The tables.
pub(crate) struct Tables {
    store: Arc<dyn Store>,
    /// Held while a call reads what it is about to change.
    writer: Mutex<()>,
    cache: Cache,
}

/// The tables at one moment.
pub(crate) struct View {
    snapshot: Box<dyn Snapshot>,
}

/// The changes of one call.
#[derive(Default)]
pub(crate) struct Changes {
    batch: Batch,
    machines: Vec<Owned>,
}

impl Tables {
    pub(crate) fn new(store: Arc<dyn Store>) -> Tables {
        Tables {
            store,
            writer: Mutex::new(()),
            cache: Cache::default(),
        }
    }

    /// The secret that page tokens are sealed with; `fresh` becomes it where there is none.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    pub(crate) fn secret(&self, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        if let Some(secret) = self.store.snapshot()?.get(SECRET, b"page")? {
            return Ok(secret);
        }
        let mut batch = Batch::new();
        batch.put(SECRET, b"page", fresh);
        self.store.commit(&batch, Durability::Synced)?;
        Ok(fresh.to_vec())
    }

    /// The tables as they are now.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(crate) fn view(&self) -> Result<View, Fault> {
        let snapshot = self
            .store
            .snapshot()
            .map_err(|error| faults::store(&error))?;
        Ok(View { snapshot })
    }

    /// A state machine with its current revision, from memory where it is there.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub(crate) fn current(&self, owned: &Owned) -> Result<Option<Current>, Fault> {
        if let Some(current) = self.cache.get(owned) {
            return Ok(Some(current));
        }
        let generation = self.cache.generation();
        let view = self.view()?;
        let Some(machine) = view.machine(owned)? else {
            return Ok(None);
        };
        let revision = view.revision(owned, machine.revision)?;
        let current = Current {
            machine: Arc::new(machine),
            revision: Arc::new(revision),
        };
        self.cache
            .insert(owned.clone(), current.clone(), generation);
        Ok(Some(current))
    }

    /// Reads and changes: nothing else changes anything in between, and nothing is changed where `work` fails.
    ///
    /// # Errors
    /// Those of `work`, and those of the store.
    pub(crate) fn change<T>(
        &self,
        work: impl FnOnce(&View, &mut Changes) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        blocking(|| self.change_now(work))
    }

    fn change_now<T>(
        &self,
        work: impl FnOnce(&View, &mut Changes) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changes = Changes::default();
        let outcome = work(&self.view()?, &mut changes)?;
        if !changes.batch.is_empty() {
            let committed = self.store.commit(&changes.batch, Durability::Synced);
            self.cache.forget(&changes.machines);
            committed.map_err(|error| faults::store(&error))?;
        }
        Ok(outcome)
    }
}

/// Does what waits for the disk. Other calls that the same thread would have served go on elsewhere meanwhile.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        // There are no others, or nowhere else to go.
        _ => work(),
    }
}

impl View {
    pub(crate) fn machine(&self, owned: &Owned) -> Result<Option<StateMachine>, Fault> {
        self.get(MACHINES, owned.as_bytes())
    }

    /// Visits the caller's state machines by name, those after `after` only.
    pub(crate) fn machines(
        &self,
        caller: &Caller,
        after: Option<&str>,
        visit: &mut dyn FnMut(StateMachine) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let range = range_of(caller, after);
        self.scan(MACHINES, &range, Direction::Forward, visit)
    }

    /// How many state machines the caller has.
    pub(crate) fn count_machines(&self, caller: &Caller) -> Result<usize, Fault> {
        self.count(MACHINES, &KeyRange::prefix(&Owned::all_of(caller)))
    }

    /// How many activities the caller has.
    pub(crate) fn count_activities(&self, caller: &Caller) -> Result<usize, Fault> {
        self.count(ACTIVITIES, &KeyRange::prefix(&Owned::all_of(caller)))
    }

    /// The revision of that number, which must be there.
    pub(crate) fn revision(&self, owned: &Owned, number: u64) -> Result<Revision, Fault> {
        self.get(REVISIONS, &numbered(owned, number))?
            .ok_or_else(|| Fault::service("a revision of a state machine is missing"))
    }

    /// Visits the revisions of a state machine, the newest first.
    pub(crate) fn revisions(
        &self,
        owned: &Owned,
        visit: &mut dyn FnMut(Revision) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let range = KeyRange::prefix(owned.as_bytes());
        self.scan(REVISIONS, &range, Direction::Backward, visit)
    }

    /// Visits the revisions of a state machine, the oldest first.
    pub(crate) fn oldest_revisions(
        &self,
        owned: &Owned,
        visit: &mut dyn FnMut(Revision) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let range = KeyRange::prefix(owned.as_bytes());
        self.scan(REVISIONS, &range, Direction::Forward, visit)
    }

    pub(crate) fn version(&self, owned: &Owned, number: u64) -> Result<Option<Version>, Fault> {
        self.get(VERSIONS, &numbered(owned, number))
    }

    /// Visits the versions of a state machine, the newest first, those before `before` only.
    pub(crate) fn versions(
        &self,
        owned: &Owned,
        before: Option<u64>,
        visit: &mut dyn FnMut(Version) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let mut range = KeyRange::prefix(owned.as_bytes());
        if let Some(before) = before {
            range.end = Bound::Excluded(numbered(owned, before));
        }
        self.scan(VERSIONS, &range, Direction::Backward, visit)
    }

    pub(crate) fn alias(&self, owned: &Owned, name: &str) -> Result<Option<Alias>, Fault> {
        self.get(ALIASES, &named(owned, name))
    }

    /// Visits the aliases of a state machine by name, those after `after` only.
    pub(crate) fn aliases(
        &self,
        owned: &Owned,
        after: Option<&str>,
        visit: &mut dyn FnMut(Alias) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let mut range = KeyRange::prefix(owned.as_bytes());
        if let Some(after) = after {
            range.start = Bound::Excluded(named(owned, after));
        }
        self.scan(ALIASES, &range, Direction::Forward, visit)
    }

    pub(crate) fn activity(&self, owned: &Owned) -> Result<Option<Activity>, Fault> {
        self.get(ACTIVITIES, owned.as_bytes())
    }

    /// Visits the caller's activities by name, those after `after` only.
    pub(crate) fn activities(
        &self,
        caller: &Caller,
        after: Option<&str>,
        visit: &mut dyn FnMut(Activity) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let range = range_of(caller, after);
        self.scan(ACTIVITIES, &range, Direction::Forward, visit)
    }

    pub(crate) fn tags(&self, arn: &str) -> Result<Tags, Fault> {
        Ok(self.get(TAGS, arn.as_bytes())?.unwrap_or_default())
    }

    fn get<T: Record>(&self, space: Space, key: &[u8]) -> Result<Option<T>, Fault> {
        let value = self
            .snapshot
            .get(space, key)
            .map_err(|error| faults::store(&error))?;
        let record = value.as_deref().map(T::from_bytes).transpose();
        record.map_err(|error| faults::store(&error))
    }

    fn count(&self, space: Space, range: &KeyRange) -> Result<usize, Fault> {
        let mut count = 0;
        let scanned = self
            .snapshot
            .scan(space, range, Direction::Forward, &mut |_, _| {
                count += 1;
                ControlFlow::Continue(())
            });
        scanned.map_err(|error| faults::store(&error))?;
        Ok(count)
    }

    fn scan<T: Record>(
        &self,
        space: Space,
        range: &KeyRange,
        direction: Direction,
        visit: &mut dyn FnMut(T) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let mut failed = None;
        let scanned =
            self.snapshot.scan(
                space,
                range,
                direction,
                &mut |_, value| match T::from_bytes(value) {
                    Ok(record) => visit(record),
                    Err(error) => {
                        failed = Some(error);
                        ControlFlow::Break(())
                    }
                },
            );
        match scanned.err().or(failed) {
            None => Ok(()),
            Some(error) => Err(faults::store(&error)),
        }
    }
}

impl Changes {
    pub(crate) fn put_machine(&mut self, owned: &Owned, machine: &StateMachine) {
        self.machines.push(owned.clone());
        self.batch
            .put(MACHINES, owned.as_bytes(), machine.to_bytes());
    }

    /// Removes a state machine with its versions, aliases and tags.
    pub(crate) fn delete_machine(&mut self, owned: &Owned, arn: &str) {
        self.machines.push(owned.clone());
        self.batch.delete(MACHINES, owned.as_bytes());
        for space in [VERSIONS, ALIASES] {
            self.batch
                .delete_range(space, KeyRange::prefix(owned.as_bytes()));
        }
        self.batch.delete(TAGS, arn.as_bytes());
    }

    pub(crate) fn put_revision(&mut self, owned: &Owned, revision: &Revision) {
        self.batch.put(
            REVISIONS,
            numbered(owned, revision.number),
            revision.to_bytes(),
        );
    }

    pub(crate) fn delete_revision(&mut self, owned: &Owned, number: u64) {
        self.batch.delete(REVISIONS, numbered(owned, number));
    }

    pub(crate) fn put_version(&mut self, owned: &Owned, version: &Version) {
        self.batch.put(
            VERSIONS,
            numbered(owned, version.number),
            version.to_bytes(),
        );
    }

    pub(crate) fn delete_version(&mut self, owned: &Owned, number: u64) {
        self.batch.delete(VERSIONS, numbered(owned, number));
    }

    pub(crate) fn put_alias(&mut self, owned: &Owned, alias: &Alias) {
        self.batch
            .put(ALIASES, named(owned, &alias.name), alias.to_bytes());
    }

    pub(crate) fn delete_alias(&mut self, owned: &Owned, name: &str) {
        self.batch.delete(ALIASES, named(owned, name));
    }

    pub(crate) fn put_activity(&mut self, owned: &Owned, activity: &Activity) {
        self.batch
            .put(ACTIVITIES, owned.as_bytes(), activity.to_bytes());
    }

    pub(crate) fn delete_activity(&mut self, owned: &Owned, arn: &str) {
        self.batch.delete(ACTIVITIES, owned.as_bytes());
        self.batch.delete(TAGS, arn.as_bytes());
    }

    pub(crate) fn put_tags(&mut self, arn: &str, tags: &Tags) {
        self.batch.put(TAGS, arn.as_bytes(), tags.to_bytes());
    }
}

fn range_of(caller: &Caller, after: Option<&str>) -> KeyRange {
    let mut range = KeyRange::prefix(&Owned::all_of(caller));
    if let Some(after) = after {
        range.start = Bound::Excluded(Owned::new(caller, after).as_bytes().to_vec());
    }
    range
}

/// Numbers sort as bytes.
fn numbered(owned: &Owned, number: u64) -> Vec<u8> {
    let mut key = owned.as_bytes().to_vec();
    key.extend_from_slice(&number.to_be_bytes());
    key
}

fn named(owned: &Owned, name: &str) -> Vec<u8> {
    let mut key = owned.as_bytes().to_vec();
    key.extend_from_slice(name.as_bytes());
    key
}
