//! The records of the tables as bytes: JSON objects with a version, so that they can be read with the naked eye.

use std::sync::Arc;

use passo_json::{Json, ObjectBuilder, json};
use passo_runtime::Key;
use passo_store::StoreError;
use passo_vocab::Timestamp;

use crate::model::{
    Activity, Alias, Creation, Revision, Route, StateMachine, Tags, Version, type_from_name,
    type_name,
};

/// The version of every record that this program writes, and the only one it reads.
const FORMAT: i64 = 1;

/// What a table holds.
pub(crate) trait Record: Sized {
    /// Its members.
    fn write(&self) -> ObjectBuilder;

    /// Reads them.
    fn read(fields: &Fields<'_>) -> Result<Self, StoreError>;

    /// The record as bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let object = self.write().insert("v", FORMAT).build();
        Json::Object(object).to_text().into_bytes()
    }

    /// Reads a record.
    ///
    /// # Errors
    /// Where it was written by another version, or is damaged.
    fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("text"))?;
        let json = Json::parse(text).map_err(|_| damaged("text"))?;
        match json.get("v").and_then(Json::as_i64) {
            Some(FORMAT) => Self::read(&Fields(&json)),
            found => Err(StoreError::Version {
                found: format!("record version {found:?}"),
                supported: format!("record version {FORMAT}"),
            }),
        }
    }
}

/// The members of a record.
pub(crate) struct Fields<'a>(&'a Json);

impl Fields<'_> {
    fn optional_text(&self, name: &str) -> Option<Arc<str>> {
        self.0.get(name).and_then(Json::as_str).map(Arc::from)
    }

    fn text(&self, name: &str) -> Result<Arc<str>, StoreError> {
        self.optional_text(name).ok_or_else(|| damaged(name))
    }

    fn number(&self, name: &str) -> Result<u64, StoreError> {
        let number = self.0.get(name).and_then(Json::as_i64);
        number
            .and_then(|it| u64::try_from(it).ok())
            .ok_or_else(|| damaged(name))
    }

    fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Json::as_bool).unwrap_or_default()
    }

    fn time(&self, name: &str) -> Result<Timestamp, StoreError> {
        let millis = self.0.get(name).and_then(Json::as_i64);
        millis
            .map(Timestamp::from_epoch_millis)
            .ok_or_else(|| damaged(name))
    }

    fn json(&self, name: &str) -> Json {
        self.0.get(name).cloned().unwrap_or(Json::Null)
    }

    fn list<T>(
        &self,
        name: &str,
        read: impl Fn(&Fields<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let items = self
            .0
            .get(name)
            .and_then(Json::as_array)
            .ok_or_else(|| damaged(name))?;
        items.iter().map(|item| read(&Fields(item))).collect()
    }
}

fn damaged(what: &str) -> StoreError {
    StoreError::Corrupt(format!(
        "`{what}` of a record of the Step Functions API cannot be read"
    ))
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Record for StateMachine {
    fn write(&self) -> ObjectBuilder {
        let mut object = ObjectBuilder::new();
        object
            .insert("arn", self.arn.clone())
            .insert("name", self.name.clone())
            .insert("type", type_name(self.workflow_type))
            .insert("created", self.created_at.epoch_millis())
            .insert("deleting", self.is_deleting)
            .insert("revision", number(self.revision))
            .insert("nextVersion", number(self.next_version))
            .insert("publish", self.creation.publish)
            .insert_some(
                "versionDescription",
                self.creation.version_description.clone(),
            );
        object
    }

    fn read(fields: &Fields<'_>) -> Result<StateMachine, StoreError> {
        Ok(StateMachine {
            arn: fields.text("arn")?,
            name: fields.text("name")?,
            workflow_type: type_from_name(Some(&fields.text("type")?)),
            created_at: fields.time("created")?,
            is_deleting: fields.flag("deleting"),
            revision: fields.number("revision")?,
            next_version: fields.number("nextVersion")?,
            creation: Creation {
                publish: fields.flag("publish"),
                version_description: fields.optional_text("versionDescription"),
            },
        })
    }
}

impl Record for Revision {
    fn write(&self) -> ObjectBuilder {
        let mut object = ObjectBuilder::new();
        object
            .insert("number", number(self.number))
            .insert_some("id", self.id.clone())
            .insert("definition", self.definition.clone())
            .insert("role", self.role_arn.clone())
            .insert("logging", self.logging.clone())
            .insert("tracing", self.tracing_enabled)
            .insert("encryption", self.encryption.clone())
            .insert("updated", self.updated_at.epoch_millis());
        object
    }

    fn read(fields: &Fields<'_>) -> Result<Revision, StoreError> {
        let definition = fields.text("definition")?;
        Ok(Revision {
            number: fields.number("number")?,
            id: fields.optional_text("id"),
            definition_key: Key::of(&definition),
            definition,
            role_arn: fields.text("role")?,
            logging: fields.json("logging"),
            tracing_enabled: fields.flag("tracing"),
            encryption: fields.json("encryption"),
            updated_at: fields.time("updated")?,
        })
    }
}

impl Record for Version {
    fn write(&self) -> ObjectBuilder {
        let mut object = ObjectBuilder::new();
        object
            .insert("number", number(self.number))
            .insert("revision", number(self.revision))
            .insert_some("description", self.description.clone())
            .insert("created", self.created_at.epoch_millis());
        object
    }

    fn read(fields: &Fields<'_>) -> Result<Version, StoreError> {
        Ok(Version {
            number: fields.number("number")?,
            revision: fields.number("revision")?,
            description: fields.optional_text("description"),
            created_at: fields.time("created")?,
        })
    }
}

impl Record for Alias {
    fn write(&self) -> ObjectBuilder {
        let routes = self
            .routing
            .iter()
            .map(|route| json!({"version": number(route.version), "weight": number(route.weight)}));
        let mut object = ObjectBuilder::new();
        object
            .insert("name", self.name.clone())
            .insert_some("description", self.description.clone())
            .insert("routing", routes.collect::<Vec<_>>())
            .insert("created", self.created_at.epoch_millis())
            .insert("updated", self.updated_at.epoch_millis());
        object
    }

    fn read(fields: &Fields<'_>) -> Result<Alias, StoreError> {
        let route = |fields: &Fields<'_>| {
            Ok(Route {
                version: fields.number("version")?,
                weight: fields.number("weight")?,
            })
        };
        Ok(Alias {
            name: fields.text("name")?,
            description: fields.optional_text("description"),
            routing: fields.list("routing", route)?,
            created_at: fields.time("created")?,
            updated_at: fields.time("updated")?,
        })
    }
}

impl Record for Activity {
    fn write(&self) -> ObjectBuilder {
        let mut object = ObjectBuilder::new();
        object
            .insert("arn", self.arn.clone())
            .insert("name", self.name.clone())
            .insert("created", self.created_at.epoch_millis())
            .insert("encryption", self.encryption.clone());
        object
    }

    fn read(fields: &Fields<'_>) -> Result<Activity, StoreError> {
        Ok(Activity {
            arn: fields.text("arn")?,
            name: fields.text("name")?,
            created_at: fields.time("created")?,
            encryption: fields.json("encryption"),
        })
    }
}

impl Record for Tags {
    fn write(&self) -> ObjectBuilder {
        let tags = self
            .iter()
            .map(|(key, value)| json!({"key": key.clone(), "value": value.clone()}));
        let mut object = ObjectBuilder::new();
        object.insert("tags", tags.collect::<Vec<_>>());
        object
    }

    fn read(fields: &Fields<'_>) -> Result<Tags, StoreError> {
        fields.list("tags", |tag| Ok((tag.text("key")?, tag.text("value")?)))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use passo_asl::WorkflowType;

    use super::*;

    fn check<T: Record + PartialEq + Debug>(record: T) {
        let bytes = record.to_bytes();
        assert_eq!(T::from_bytes(&bytes), Ok(record));
        for length in 0..bytes.len() {
            assert!(T::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        let other = String::from_utf8(bytes)
            .unwrap()
            .replace("\"v\":1", "\"v\":2");
        assert!(matches!(
            T::from_bytes(other.as_bytes()),
            Err(StoreError::Version { .. })
        ));
    }

    #[test]
    fn what_was_written_is_read() {
        let at = Timestamp::from_epoch_millis(1_700_000_000_123);
        check(StateMachine {
            arn: Arc::from("arn"),
            name: Arc::from("n\"ame"),
            workflow_type: WorkflowType::Express,
            created_at: at,
            is_deleting: true,
            revision: 3,
            next_version: 7,
            creation: Creation {
                publish: true,
                version_description: Some(Arc::from("d")),
            },
        });
        check(Revision {
            number: 1,
            id: None,
            definition: Arc::from("{}"),
            definition_key: Key::of("{}"),
            role_arn: Arc::from("r"),
            logging: json!({"level": "OFF"}),
            tracing_enabled: true,
            encryption: json!({"type": "AWS_OWNED_KEY"}),
            updated_at: at,
        });
        check(Version {
            number: 2,
            revision: 1,
            description: Some(Arc::from("é")),
            created_at: at,
        });
        check(Alias {
            name: Arc::from("prod"),
            description: None,
            routing: vec![
                Route {
                    version: 1,
                    weight: 90,
                },
                Route {
                    version: 2,
                    weight: 10,
                },
            ],
            created_at: at,
            updated_at: at,
        });
        check(Activity {
            arn: Arc::from("a"),
            name: Arc::from("b"),
            created_at: at,
            encryption: json!({"type": "AWS_OWNED_KEY"}),
        });
        check::<Tags>(vec![
            (Arc::from("k"), Arc::from("")),
            (Arc::from("k2"), Arc::from("v")),
        ]);
    }
}
