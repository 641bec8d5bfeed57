//! Writing the results of a Map run: files for each way that children end, and a manifest that names them.
//!
//! Source: Developer Guide, "ResultWriter"; recorded: where the manifest is.

use std::ops::ControlFlow;

use passo_engine::map::{ChildOutcome, ChildRecord, OutputType, ResultWriterSpec, Transformation};
use passo_json::{Json, ObjectBuilder, json};
use passo_service::Fault;
use passo_vocab::{ErrorName, Failure};

use super::calls::{Calls, unwritten};

/// Bytes of one part of a file that is uploaded in parts.
const PART_BYTES: usize = 8 << 20;
/// Bytes of one file, about. Source: Developer Guide, "ResultWriter": 5 GB, then comes the next file.
const FILE_BYTES_MAX: u64 = 5_000_000_000;

/// The children of a Map run, for whoever writes what became of them.
pub trait Outcomes {
    /// Gives each child to `visit`, once, until that breaks.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn visit(&self, visit: &mut dyn FnMut(ChildRecord) -> ControlFlow<()>) -> Result<(), String>;

    /// A child's record as AWS writes it.
    fn json(&self, record: &ChildRecord) -> Json;
}

/// Writes `outcomes`, those of the Map run `map_run_arn`, where `writer` says, and gives `ResultWriterDetails`. Doing it again writes the same objects.
///
/// # Errors
/// `States.ResultWriterFailed`, with S3's own words where it has refused.
pub fn write(
    map_run_arn: &str,
    writer: &ResultWriterSpec,
    outcomes: &dyn Outcomes,
    calls: &dyn Calls,
) -> Result<Json, Failure> {
    let place = Place::of(map_run_arn, writer)?;
    let mut files = [
        Files::new("FAILED", writer),
        Files::new("PENDING", writer),
        Files::new("SUCCEEDED", writer),
    ];
    let mut broken = None;
    let read = outcomes.visit(&mut |record| {
        let which = match &record.outcome {
            Some(ChildOutcome::Succeeded(_)) => 2,
            Some(ChildOutcome::Aborted) | None if record.name.is_none() => 1,
            Some(ChildOutcome::Failed(_) | ChildOutcome::TimedOut(_) | ChildOutcome::Aborted)
            | None => 0,
        };
        let Some(files) = files.get_mut(which) else {
            return ControlFlow::Continue(());
        };
        match files.take(&record, outcomes, &place, calls) {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => {
                broken = Some(unwritten(&fault, calls));
                ControlFlow::Break(())
            }
        }
    });
    read.map_err(|reason| failed(format!("The results could not be read: {reason}")))?;
    if let Some(failure) = broken {
        return Err(failure);
    }
    manifest(map_run_arn, files, &place, calls).map_err(|fault| unwritten(&fault, calls))
}

/// Ends the files, and writes the manifest that names them.
fn manifest(
    map_run_arn: &str,
    files: [Files; 3],
    place: &Place,
    calls: &dyn Calls,
) -> Result<Json, Fault> {
    let mut listed = ObjectBuilder::new();
    for mut files in files {
        files.end(place, calls)?;
        listed.insert(files.name, files.written);
    }
    let mut manifest = ObjectBuilder::new();
    manifest
        .insert("DestinationBucket", &*place.bucket)
        .insert("MapRunArn", map_run_arn)
        .insert("ResultFiles", Json::from(listed.build()));
    let key = place.key("manifest.json");
    let text = Json::from(manifest.build()).to_text();
    calls.call("PutObject", place.object(&key, Some(text)))?;
    Ok(json!({"Bucket": &*place.bucket, "Key": key}))
}

fn failed(cause: impl Into<String>) -> Failure {
    Failure::new(ErrorName::RESULT_WRITER_FAILED, cause.into())
}

/// Where the files go.
struct Place {
    bucket: String,
    /// Ends with `/`.
    folder: String,
    owner: Option<String>,
}

impl Place {
    fn of(map_run_arn: &str, writer: &ResultWriterSpec) -> Result<Place, Failure> {
        let given = |name: &str| {
            let arguments = writer.arguments.as_ref()?.json();
            Some(arguments.get(name)?.as_str()?.to_owned())
        };
        let resource = writer.resource.as_deref().unwrap_or_default();
        if !resource.ends_with(":s3:putObject") {
            let cause =
                format!("The resource '{resource}' cannot be written to by a ResultWriter.");
            return Err(failed(cause));
        }
        let missing = || failed("The ResultWriter needs a Bucket that is text.");
        let run = map_run_arn.rsplit(':').next().unwrap_or_default();
        let prefix = given("Prefix").unwrap_or_default();
        let prefix = prefix.trim_end_matches('/');
        Ok(Place {
            bucket: given("Bucket").ok_or_else(missing)?,
            folder: match prefix.is_empty() {
                true => format!("{run}/"),
                false => format!("{prefix}/{run}/"),
            },
            owner: given("ExpectedBucketOwner"),
        })
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    /// The parameters of a call for an object.
    fn object(&self, key: &str, body: Option<String>) -> Json {
        Json::from(self.begin(key, body).build())
    }

    fn begin(&self, key: &str, body: Option<String>) -> ObjectBuilder {
        let mut parameters = ObjectBuilder::new();
        parameters
            .insert("Bucket", &*self.bucket)
            .insert("Key", key)
            .insert_some("Body", body)
            .insert_some("ExpectedBucketOwner", self.owner.as_deref());
        parameters
    }
}

/// The files for one way to end.
struct Files {
    name: &'static str,
    form: Transformation,
    output_type: OutputType,
    /// Those that are complete, as the manifest shows them.
    written: Vec<Json>,
    file: Option<File>,
}

/// A file under way.
struct File {
    key: String,
    text: String,
    bytes: u64,
    /// The upload and its parts, once there is more than one part holds.
    upload: Option<(String, Vec<Json>)>,
}

impl Files {
    fn new(name: &'static str, writer: &ResultWriterSpec) -> Files {
        Files {
            name,
            form: writer.transformation(),
            output_type: writer.output_type(),
            written: Vec::new(),
            file: None,
        }
    }

    /// Adds what became of one child.
    fn take(
        &mut self,
        record: &ChildRecord,
        outcomes: &dyn Outcomes,
        place: &Place,
        calls: &dyn Calls,
    ) -> Result<(), Fault> {
        match (self.form, record.output()) {
            // What has not succeeded is always written whole.
            (Transformation::None, _) | (_, None) => {
                self.add(&outcomes.json(record).to_text(), place, calls)
            }
            (Transformation::Compact, Some(output)) => self.add(output.text(), place, calls),
            (Transformation::Flatten, Some(output)) => match output.json() {
                Json::Array(items) => items
                    .iter()
                    .try_for_each(|item| self.add(&item.to_text(), place, calls)),
                other => self.add(&other.to_text(), place, calls),
            },
        }
    }

    fn add(&mut self, text: &str, place: &Place, calls: &dyn Calls) -> Result<(), Fault> {
        let file = self.file.get_or_insert_with(|| File {
            key: place.key(&format!(
                "{}_{}.{}",
                self.name,
                self.written.len(),
                match self.output_type {
                    OutputType::Json => "json",
                    OutputType::Jsonl => "jsonl",
                }
            )),
            text: String::new(),
            bytes: 0,
            upload: None,
        });
        let before = file.text.len();
        match self.output_type {
            OutputType::Json => file.text.push(if file.bytes == 0 { '[' } else { ',' }),
            OutputType::Jsonl => {}
        }
        file.text.push_str(text);
        match self.output_type {
            OutputType::Json => {}
            OutputType::Jsonl => file.text.push('\n'),
        }
        let added = file.text.len().saturating_sub(before);
        file.bytes = file
            .bytes
            .saturating_add(u64::try_from(added).unwrap_or(u64::MAX));
        if file.text.len() >= PART_BYTES {
            file.send(place, calls)?;
        }
        if file.bytes >= FILE_BYTES_MAX {
            self.end(place, calls)?;
        }
        Ok(())
    }

    /// Ends the file that is under way.
    fn end(&mut self, place: &Place, calls: &dyn Calls) -> Result<(), Fault> {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        if self.output_type == OutputType::Json {
            file.text.push(']');
            file.bytes = file.bytes.saturating_add(1);
        }
        let size = i64::try_from(file.bytes).unwrap_or(i64::MAX);
        let key = file.key.clone();
        file.end(place, calls)?;
        self.written.push(json!({"Key": key, "Size": size}));
        Ok(())
    }
}

impl File {
    /// Uploads what there is as a part.
    fn send(&mut self, place: &Place, calls: &dyn Calls) -> Result<(), Fault> {
        if self.upload.is_none() {
            let begun = calls.call("CreateMultipartUpload", place.object(&self.key, None))?;
            let upload = begun
                .get("UploadId")
                .and_then(Json::as_str)
                .unwrap_or_default();
            self.upload = Some((upload.to_owned(), Vec::new()));
        }
        let Some((upload, parts)) = &mut self.upload else {
            return Ok(());
        };
        let number = i64::try_from(parts.len())
            .unwrap_or(i64::MAX)
            .saturating_add(1);
        let mut part = place.begin(&self.key, Some(std::mem::take(&mut self.text)));
        part.insert("UploadId", &**upload)
            .insert("PartNumber", number);
        let answer = calls.call("UploadPart", Json::from(part.build()))?;
        let etag = answer.get("ETag").cloned().unwrap_or(Json::Null);
        parts.push(json!({"ETag": etag, "PartNumber": number}));
        Ok(())
    }

    fn end(mut self, place: &Place, calls: &dyn Calls) -> Result<(), Fault> {
        if self.upload.is_none() {
            let text = std::mem::take(&mut self.text);
            return calls
                .call("PutObject", place.object(&self.key, Some(text)))
                .map(drop);
        }
        self.send(place, calls)?;
        let Some((upload, parts)) = self.upload else {
            return Ok(());
        };
        let mut complete = place.begin(&self.key, None);
        complete
            .insert("UploadId", upload)
            .insert("MultipartUpload", json!({"Parts": parts}));
        calls
            .call("CompleteMultipartUpload", Json::from(complete.build()))
            .map(drop)
    }
}
