//! What an `ItemReader` says, as a value.

use passo_engine::map::ItemReaderSpec;
use passo_json::{Json, ObjectBuilder};
use passo_vocab::Failure;

use super::calls::{Address, unreadable};

/// What is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Plan {
    /// The list of objects itself.
    Listing(Listed),
    /// The contents of objects.
    Contents(Files, Format),
}

/// Which objects.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Files {
    One(Address),
    Listed(Listed),
    Manifest(Address, ManifestKind),
}

/// Objects of a bucket.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Listed {
    pub(super) bucket: String,
    /// What every call for the list has.
    pub(super) parameters: Json,
    pub(super) owner: Option<String>,
}

/// What a manifest names its files in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ManifestKind {
    /// The `manifest.json` of an S3 Inventory, which also says what the columns are.
    Inventory,
    /// What Athena's `UNLOAD` leaves: an address on each line.
    Athena,
}

/// What files hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Format {
    Csv {
        delimiter: u8,
        /// Given; otherwise the first row has them.
        headers: Option<Vec<String>>,
    },
    Json {
        pointer: Option<String>,
    },
    Jsonl,
    Parquet,
}

impl Plan {
    /// What `spec` asks for.
    ///
    /// # Errors
    /// `States.ItemReaderFailed` where that is nothing that can be read.
    pub(super) fn of(spec: &ItemReaderSpec) -> Result<Plan, Failure> {
        let none = Json::from(ObjectBuilder::new().build());
        let arguments = spec.arguments.as_ref().map_or(&none, |given| given.json());
        let config = |name: &str| spec.config.get(name).and_then(Json::as_str);
        match action(&spec.resource) {
            "listObjectsV2" => {
                let listed = listed(arguments)?;
                match config("Transformation") {
                    Some("LOAD_AND_FLATTEN") => {
                        Ok(Plan::Contents(Files::Listed(listed), format(&spec.config)?))
                    }
                    Some(_) | None => Ok(Plan::Listing(listed)),
                }
            }
            "getObject" => {
                let address = address(arguments)?;
                let files = match (config("ManifestType"), config("InputType")) {
                    (Some("ATHENA_DATA"), _) => Files::Manifest(address, ManifestKind::Athena),
                    (Some(_), _) | (None, Some("MANIFEST")) => {
                        let format = Format::Csv {
                            delimiter: b',',
                            headers: None,
                        };
                        let files = Files::Manifest(address, ManifestKind::Inventory);
                        return Ok(Plan::Contents(files, format));
                    }
                    (None, _) => Files::One(address),
                };
                Ok(Plan::Contents(files, format(&spec.config)?))
            }
            _ => Err(unreadable(format!(
                "The resource '{}' cannot be read by an ItemReader.",
                spec.resource
            ))),
        }
    }
}

/// The action of `arn:aws:states:::s3:<action>`.
fn action(resource: &str) -> &str {
    let action = resource.rsplit_once(":s3:");
    action.map_or("", |(_, action)| action)
}

fn format(config: &Json) -> Result<Format, Failure> {
    let text = |name: &str| config.get(name).and_then(Json::as_str);
    match text("InputType") {
        Some("CSV") => {
            let headers = config.get("CSVHeaders").and_then(Json::as_array);
            let headers = headers.filter(|_| text("CSVHeaderLocation") == Some("GIVEN"));
            Ok(Format::Csv {
                delimiter: match text("CSVDelimiter") {
                    Some("PIPE") => b'|',
                    Some("SEMICOLON") => b';',
                    Some("SPACE") => b' ',
                    Some("TAB") => b'\t',
                    Some(_) | None => b',',
                },
                headers: headers.map(|headers| {
                    let texts = headers.iter().filter_map(Json::as_str);
                    texts.map(str::to_owned).collect()
                }),
            })
        }
        Some("JSONL") => Ok(Format::Jsonl),
        Some("PARQUET") => Ok(Format::Parquet),
        Some("JSON") | None => Ok(Format::Json {
            pointer: text("ItemsPointer").map(str::to_owned),
        }),
        Some(other) => Err(unreadable(format!(
            "InputType '{other}' cannot be read here."
        ))),
    }
}

fn address(arguments: &Json) -> Result<Address, Failure> {
    let given = |name: &str| {
        arguments
            .get(name)
            .and_then(Json::as_str)
            .map(str::to_owned)
    };
    let needed = |name: &str| {
        given(name)
            .ok_or_else(|| unreadable(format!("The ItemReader needs a {name} that is text.")))
    };
    Ok(Address {
        bucket: needed("Bucket")?,
        key: needed("Key")?,
        version: given("VersionId"),
        owner: given("ExpectedBucketOwner"),
    })
}

fn listed(arguments: &Json) -> Result<Listed, Failure> {
    let given = |name: &str| arguments.get(name).and_then(Json::as_str);
    let bucket =
        given("Bucket").ok_or_else(|| unreadable("The ItemReader needs a Bucket that is text."))?;
    let mut parameters = ObjectBuilder::new();
    parameters.insert("Bucket", bucket);
    for name in ["Prefix", "ExpectedBucketOwner", "RequestPayer"] {
        parameters.insert_some(name, given(name));
    }
    Ok(Listed {
        bucket: bucket.to_owned(),
        parameters: Json::from(parameters.build()),
        owner: given("ExpectedBucketOwner").map(str::to_owned),
    })
}
