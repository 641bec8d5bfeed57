//! A function's configuration: read from a request, kept, shown.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use passo_json::{Json, Object, ObjectBuilder};
use passo_service::Fault;
use passo_vocab::{Arn, Timestamp};

use super::code::Code;
use super::faults;
use super::layers::LayerUse;
use super::request::Request;
use crate::{Function, InvalidFunction, Runtime};

/// One version's configuration. What is kept for callers only is in `shown`.
///
/// Source: Lambda API Reference, `FunctionConfiguration`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Configuration {
    /// The function's ARN, without a qualifier.
    pub(super) arn: String,
    pub(super) name: String,
    /// `$LATEST` or a number.
    pub(super) version: String,
    pub(super) runtime: String,
    pub(super) handler: String,
    pub(super) role: String,
    pub(super) description: String,
    pub(super) timeout_seconds: u32,
    pub(super) memory_megabytes: u32,
    pub(super) environment: BTreeMap<String, String>,
    pub(super) code_sha256: String,
    pub(super) code_bytes: i64,
    pub(super) last_modified: String,
    pub(super) revision_id: String,
    pub(super) log_group: Option<String>,
    /// What is put under `opt`, later ones over earlier ones.
    pub(super) layers: Vec<LayerUse>,
    /// Members that do not change how the function runs here, such as `VpcConfig`, as given.
    pub(super) shown: Object,
}

/// Members that are kept and shown, and nothing more.
const SHOWN: [&str; 9] = [
    "VpcConfig",
    "DeadLetterConfig",
    "KMSKeyArn",
    "TracingConfig",
    "FileSystemConfigs",
    "ImageConfig",
    "SnapStart",
    "Architectures",
    "EphemeralStorage",
];

impl Configuration {
    /// The configuration of a new function.
    pub(super) fn new(
        request: &Request<'_>,
        arn: String,
        name: String,
    ) -> Result<Configuration, Fault> {
        if request
            .text("PackageType")
            .is_some_and(|kind| kind != "Zip")
        {
            return Err(faults::invalid(
                "Functions of the package type Image are not supported.",
            ));
        }
        let role = request.required("Role")?.to_owned();
        let (Some(_), Some(_)) = (request.text("Runtime"), request.text("Handler")) else {
            return Err(faults::invalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
            ));
        };
        let mut configuration = Configuration {
            arn,
            name,
            version: "$LATEST".to_owned(),
            runtime: String::new(),
            handler: String::new(),
            role,
            description: String::new(),
            timeout_seconds: 3,
            memory_megabytes: 128,
            environment: BTreeMap::new(),
            code_sha256: String::new(),
            code_bytes: 0,
            last_modified: String::new(),
            revision_id: String::new(),
            log_group: None,
            layers: Vec::new(),
            shown: Object::default(),
        };
        configuration.update(request)?;
        Ok(configuration)
    }

    /// Takes over what a request gives, all or nothing.
    pub(super) fn update(&mut self, request: &Request<'_>) -> Result<(), Fault> {
        let mut changed = self.clone();
        let texts = [
            ("Runtime", &mut changed.runtime),
            ("Handler", &mut changed.handler),
            ("Role", &mut changed.role),
            ("Description", &mut changed.description),
        ];
        for (member, field) in texts {
            if let Some(text) = request.text(member) {
                text.clone_into(field);
            }
        }
        let numbers = [
            ("Timeout", &mut changed.timeout_seconds),
            ("MemorySize", &mut changed.memory_megabytes),
        ];
        for (member, field) in numbers {
            if let Some(given) = request.get(member) {
                let number = given.as_i64().and_then(|number| u32::try_from(number).ok());
                *field = number.ok_or_else(|| {
                    let member = member.to_ascii_lowercase();
                    faults::constraint(&given.to_text(), &member, "Member must be in its range")
                })?;
            }
        }
        if let Some(environment) = request.get("Environment") {
            let variables = environment.get("Variables").and_then(Json::as_object);
            changed.environment = text_map(variables);
        }
        let log_group = request
            .get("LoggingConfig")
            .and_then(|config| config.get("LogGroup")?.as_str());
        if let Some(log_group) = log_group {
            changed.log_group = Some(log_group.to_owned());
        }
        for member in SHOWN {
            if let Some(value) = request.get(member) {
                changed.shown = changed.shown.with(member, value.clone());
            }
        }
        changed
            .function(PathBuf::new())
            .map_err(|error| refused(&error))?;
        changed.touch();
        *self = changed;
        Ok(())
    }

    /// Takes over new code.
    pub(super) fn set_code(&mut self, code: Code) {
        self.code_sha256 = code.sha256;
        self.code_bytes = i64::try_from(code.bytes).unwrap_or(i64::MAX);
        self.touch();
    }

    /// Marks a change.
    pub(super) fn touch(&mut self) {
        self.last_modified = moment();
        self.revision_id = crate::entropy::random_uuid();
    }

    /// What runs.
    pub(super) fn function(&self, code_directory: PathBuf) -> Result<Function, InvalidFunction> {
        let arn = Arn::parse(&self.arn).map_err(|_| InvalidFunction::Arn(self.arn.clone()))?;
        let runtime = Runtime::parse(&self.runtime)?;
        let mut function = Function::new(&arn, runtime, &self.handler, code_directory)?
            .with_timeout_seconds(self.timeout_seconds)?
            .with_memory_megabytes(self.memory_megabytes)?
            .with_environment(self.environment.clone())?
            .with_code_revision(&self.code_sha256)
            .with_version(&self.version);
        if let Some(log_group) = &self.log_group {
            function = function.with_log_group(log_group);
        }
        Ok(function)
    }

    /// As the API shows it. `qualifier` is what the caller named.
    pub(super) fn show(&self, qualifier: Option<&str>) -> Object {
        let arn = match qualifier {
            Some(qualifier) => format!("{}:{qualifier}", self.arn),
            None => self.arn.clone(),
        };
        let mut all = ObjectBuilder::new();
        all.insert("FunctionName", self.name.as_str())
            .insert("FunctionArn", arn);
        self.write(&mut all);
        let log_group = self.log_group.clone();
        let mut logging = ObjectBuilder::new();
        logging.insert("LogFormat", "Text").insert(
            "LogGroup",
            log_group.unwrap_or_else(|| format!("/aws/lambda/{}", self.name)),
        );
        all.insert("LoggingConfig", logging.build())
            .insert("PackageType", "Zip")
            .insert("State", "Active")
            .insert("LastUpdateStatus", "Successful");
        let defaults = [
            ("TracingConfig", passo_json::json!({"Mode": "PassThrough"})),
            ("Architectures", passo_json::json!(["x86_64"])),
            ("EphemeralStorage", passo_json::json!({"Size": 512})),
            (
                "SnapStart",
                passo_json::json!({"ApplyOn": "None", "OptimizationStatus": "Off"}),
            ),
        ];
        for (member, value) in defaults {
            if !self.shown.contains_key(member) {
                all.insert(member, value);
            }
        }
        if !self.layers.is_empty() {
            let layers: Vec<Json> = self.layers.iter().map(LayerUse::show).collect();
            all.insert("Layers", layers);
        }
        for (member, value) in self.shown.iter() {
            all.insert(member.clone(), value.clone());
        }
        all.build()
    }

    /// As it is kept.
    pub(super) fn record(&self) -> Json {
        let mut all = ObjectBuilder::new();
        all.insert("FunctionName", self.name.as_str())
            .insert("FunctionArn", self.arn.as_str())
            .insert_some("LogGroup", self.log_group.as_deref())
            .insert(
                "LayerUses",
                self.layers.iter().map(LayerUse::record).collect::<Vec<_>>(),
            )
            .insert("Shown", self.shown.clone());
        self.write(&mut all);
        Json::from(all.build())
    }

    /// What was kept.
    pub(super) fn read(record: &Json) -> Option<Configuration> {
        let text = |member: &str| Some(record.get(member)?.as_str()?.to_owned());
        let number = |member: &str| u32::try_from(record.get(member)?.as_i64()?).ok();
        let environment = record
            .get("Environment")
            .and_then(|all| all.get("Variables")?.as_object());
        Some(Configuration {
            arn: text("FunctionArn")?,
            name: text("FunctionName")?,
            version: text("Version")?,
            runtime: text("Runtime")?,
            handler: text("Handler")?,
            role: text("Role")?,
            description: text("Description")?,
            timeout_seconds: number("Timeout")?,
            memory_megabytes: number("MemorySize")?,
            environment: text_map(environment),
            code_sha256: text("CodeSha256")?,
            code_bytes: record.get("CodeSize")?.as_i64()?,
            last_modified: text("LastModified")?,
            revision_id: text("RevisionId")?,
            log_group: text("LogGroup"),
            // Rows of before there were layers have none.
            layers: record
                .get("LayerUses")
                .and_then(Json::as_array)
                .into_iter()
                .flat_map(|layers| layers.iter())
                .map(LayerUse::read)
                .collect::<Option<_>>()?,
            shown: record.get("Shown")?.as_object()?.clone(),
        })
    }

    /// The members that are the same in both forms.
    fn write(&self, all: &mut ObjectBuilder) {
        all.insert("Runtime", self.runtime.as_str())
            .insert("Role", self.role.as_str())
            .insert("Handler", self.handler.as_str())
            .insert("CodeSize", self.code_bytes)
            .insert("Description", self.description.as_str())
            .insert("Timeout", i64::from(self.timeout_seconds))
            .insert("MemorySize", i64::from(self.memory_megabytes))
            .insert("LastModified", self.last_modified.as_str())
            .insert("CodeSha256", self.code_sha256.as_str())
            .insert("Version", self.version.as_str())
            .insert("RevisionId", self.revision_id.as_str());
        if !self.environment.is_empty() {
            let variables = self.environment.iter();
            let variables: Object = variables
                .map(|(key, value)| (key.as_str(), Json::from(value.as_str())))
                .collect();
            let mut environment = ObjectBuilder::new();
            environment.insert("Variables", variables);
            all.insert("Environment", environment.build());
        }
    }
}

/// The time now, as Lambda writes times.
pub(super) fn moment() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let now = Timestamp::from_epoch_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    let text = now.to_string();
    let seconds = text.get(..19).unwrap_or_default();
    let millis = now.epoch_millis().rem_euclid(1000);
    format!("{seconds}.{millis:03}+0000")
}

fn text_map(object: Option<&Object>) -> BTreeMap<String, String> {
    object
        .into_iter()
        .flat_map(Object::iter)
        .filter_map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned())))
        .collect()
}

fn refused(error: &InvalidFunction) -> Fault {
    faults::invalid(error.to_string())
}
