//! E-mails and text messages that nobody sends on: they are kept, for whoever looks.

use std::sync::{Arc, Mutex, PoisonError};

use passo_json::{Json, Object, ObjectBuilder};
use passo_records::Records;
use passo_runtime::Clock;
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_store::{Space, Store};

use crate::faults;
use crate::quotas::MAILBOX_MAX;

const SPACE: Space = Space::new("sns-mailbox");
/// All rows stand below this part of the key.
const KIND: &str = "sent";
/// How many more than the limit may be there before the oldest go.
const SLACK: usize = 100;

/// The service behind [`crate::MAIL`] that keeps what it is to send.
pub struct Mailbox {
    records: Records,
    clock: Arc<dyn Clock>,
    last: Mutex<u64>,
}

impl Mailbox {
    /// The mailbox in `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Mailbox {
        Mailbox {
            records: Records::new(store, SPACE),
            clock,
            last: Mutex::new(0),
        }
    }

    /// Everything that is kept, the newest last: `Kind` (`email` or `sms`), `At`, and what was to be sent.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn messages(&self) -> Result<Vec<Json>, Fault> {
        let rows = self.records.list(&[KIND]);
        let rows = rows.map_err(|error| faults::store(&error))?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    fn keep(&self, kind: &str, parameters: &Json) -> Result<(), Fault> {
        let at = self.clock.now();
        let number = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let least = at
                .epoch_millis()
                .max(0)
                .cast_unsigned()
                .saturating_mul(1000);
            *last = last.saturating_add(1).max(least);
            *last
        };
        let mut row = ObjectBuilder::new();
        row.insert("Kind", kind).insert("At", at.to_string());
        for (name, value) in parameters.as_object().into_iter().flat_map(Object::iter) {
            row.insert(name.clone(), value.clone());
        }
        let change = self.records.change();
        let key = format!("{number:020}");
        change
            .put(&[KIND, &key], &Json::from(row.build()))
            .map_err(|error| faults::store(&error))?;
        if !number.is_multiple_of(64) {
            return Ok(());
        }
        let rows = self
            .records
            .list(&[KIND])
            .map_err(|error| faults::store(&error))?;
        if rows.len() > MAILBOX_MAX + SLACK {
            for (key, _) in rows.iter().take(rows.len() - MAILBOX_MAX) {
                change
                    .remove(&[KIND, key])
                    .map_err(|error| faults::store(&error))?;
            }
        }
        Ok(())
    }
}

impl Service for Mailbox {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            match &*call.operation {
                "SendEmail" => self.keep("email", &call.parameters)?,
                "SendSms" => self.keep("sms", &call.parameters)?,
                other => return Err(faults::unknown_operation(other)),
            }
            Ok(Json::from(Object::default()))
        })
    }
}
