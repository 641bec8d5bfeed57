//! Making a server have what a template wants.

use std::collections::BTreeSet;
use std::sync::Arc;

use passo_template::{Made, Output, Stack, StackResource, Values};

use super::dynamic;
use super::files::Files;
use super::kind::{Kind, Want};
use super::kinds;
use super::plan::{Change, Plan, compare, label_of, leaving, parts_of, shown_name, wanted};
use super::record::{self, Record, Records};
use crate::aws::{Api, CallError};
use crate::exit::Exit;
use crate::problem::Problem;

/// What was done about one resource, or why nothing could be.
pub struct Report {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What happened.
    pub outcome: Result<Change, Problem>,
}

/// A deployment that was tried.
pub struct Applied {
    /// What was done, in the order in which it was.
    pub reports: Vec<Report>,
    /// The stack's outputs, where everything went well.
    pub outputs: Vec<Output>,
}

/// Makes the server have the resources of `stack`. One that is refused keeps those from being made that need it, and
/// nothing is removed then. What is not right is left as it is.
pub(super) async fn apply(
    api: &Api,
    stack: &Stack,
    files: &Files,
    records: Records,
    plan: &Plan,
) -> Applied {
    let mut apply = Apply {
        api,
        stack,
        files,
        values: stack.values(),
        records,
        failed: BTreeSet::new(),
        is_broken: !plan.broken.is_empty(),
        reports: Vec::new(),
    };
    for (order, resource) in stack.resources().iter().enumerate() {
        if plan.broken.contains_key(&resource.logical_id) {
            apply.stay(resource);
            continue;
        }
        let order = i64::try_from(order).unwrap_or(i64::MAX);
        let name = plan
            .steps
            .iter()
            .find(|step| step.logical_id == resource.logical_id)
            .map_or_else(|| resource.logical_id.to_string(), |step| step.name.clone());
        apply.resource(resource, order, name).await;
    }
    let mut outputs = Vec::new();
    if apply.failed.is_empty() && !apply.is_broken {
        apply.remove().await;
        outputs = apply.outputs().await;
    }
    Applied {
        reports: apply.reports,
        outputs,
    }
}

struct Apply<'a> {
    api: &'a Api,
    stack: &'a Stack,
    files: &'a Files,
    values: Values,
    records: Records,
    failed: BTreeSet<Arc<str>>,
    /// Whether some resources are not right: then nothing is removed.
    is_broken: bool,
    reports: Vec<Report>,
}

impl Apply<'_> {
    /// What was deployed of a resource that is not right stays.
    fn stay(&mut self, resource: &StackResource) {
        let id = &resource.logical_id;
        match self.records.get(id) {
            Some(record) => self.values.insert(id, record.made.clone()),
            None => {
                self.failed.insert(Arc::clone(id));
            }
        }
    }

    async fn resource(&mut self, resource: &StackResource, order: i64, name: String) {
        let id = &resource.logical_id;
        let label = label_of(&resource.resource_type).to_owned();
        let missing = resource
            .needs
            .iter()
            .find(|need| self.failed.contains(*need));
        let outcome = match (missing, kinds::find(&resource.resource_type)) {
            (Some(missing), _) => Err(Problem::new(format!("`{id}` was not deployed"))
                .why(format!("it needs `{missing}`"))
                .exit(Exit::Failed)),
            (None, None) => {
                let made = Made::new(Arc::clone(id));
                self.values.insert_imagined(id, made);
                Ok((Change::Unsupported, name.clone()))
            }
            (None, Some(kind)) => self.deploy(resource, kind, order).await,
        };
        if outcome.is_err() {
            self.failed.insert(Arc::clone(id));
        }
        let (outcome, name) = match outcome {
            Ok((change, name)) => (Ok(change), name),
            Err(problem) => (Err(problem), name),
        };
        self.reports.push(Report {
            kind: label,
            name,
            outcome,
        });
    }

    async fn deploy(
        &mut self,
        resource: &StackResource,
        kind: &'static dyn Kind,
        order: i64,
    ) -> Result<(Change, String), Problem> {
        let id = &resource.logical_id;
        let mut want = wanted(self.stack, self.files, resource, kind, &self.values)?;
        let parts = parts_of(&want);
        let old = self.records.get(id).cloned();
        let (change, _) = compare(kind, &parts, old.as_ref());
        let name = shown_name(&want);
        let refused = |error: CallError| {
            error.problem(format!("the {} `{name}` was not deployed", kind.label()))
        };
        if change != Change::Unchanged {
            let properties = dynamic::resolved(self.api, want.properties).await;
            want.properties = properties.map_err(refused)?;
        }
        let (made, replaced) = match (change, &old) {
            (Change::Unchanged, Some(old)) => (old.made.clone(), old.replaced.clone()),
            (Change::Update, Some(old)) => {
                let made = self.update(kind, &want, &old.made).await;
                (made.map_err(refused)?, old.replaced.clone())
            }
            (Change::Replace, Some(old)) => {
                let made = self.replace(kind, &want, old).await;
                made.map_err(refused)?
            }
            _ => {
                let made = self.create(kind, &want).await;
                (made.map_err(refused)?, Vec::new())
            }
        };
        self.values.insert(id, made.clone());
        let record = Record {
            resource_type: Arc::clone(&resource.resource_type),
            made,
            parts,
            needs: resource.needs.clone(),
            order,
            is_retained: resource.is_retained,
            replaced,
        };
        if self.records.get(id) != Some(&record) {
            self.keep(id, record).await.map_err(refused)?;
        }
        Ok((change, name))
    }

    /// Makes a resource; takes over one that is there under the same name, as after a deployment that was broken off.
    async fn create(&self, kind: &dyn Kind, want: &Want<'_>) -> Result<Made, CallError> {
        match kind.create(self.api, want).await {
            Err(error) if error.is_conflict() => {
                let expected = kind.expected(want);
                let updated = kind.update(self.api, want, &expected).await;
                updated.map_err(|_| error)
            }
            made => made,
        }
    }

    /// Changes a resource; makes it again where somebody has removed it.
    async fn update(
        &self,
        kind: &dyn Kind,
        want: &Want<'_>,
        was: &Made,
    ) -> Result<Made, CallError> {
        match kind.update(self.api, want, was).await {
            Err(error) if error.is_not_found() => {
                let created = kind.create(self.api, want).await;
                created.map_err(|_| error)
            }
            made => made,
        }
    }

    /// Makes the new one, and leaves the old one until everything uses the new one; unless there can be only one of them.
    async fn replace(
        &self,
        kind: &dyn Kind,
        want: &Want<'_>,
        old: &Record,
    ) -> Result<(Made, Vec<Made>), CallError> {
        let mut replaced = old.replaced.clone();
        let expected = kind.expected(want);
        let is_same_type = *old.resource_type == *kind.resource_type();
        let arn = expected.attribute("Arn");
        let has_same_name = expected.reference == old.made.reference
            || (!arn.is_empty() && arn == old.made.attribute("Arn"));
        if is_same_type && !has_same_name {
            match kind.create(self.api, want).await {
                Err(error) if error.is_conflict() => {}
                made => {
                    replaced.push(old.made.clone());
                    return Ok((made?, replaced));
                }
            }
        }
        if let Some(old_kind) = kinds::find(&old.resource_type) {
            old_kind.delete(self.api, &old.made).await?;
        }
        Ok((self.create(kind, want).await?, replaced))
    }

    /// Removes what was replaced, and what has left the template.
    async fn remove(&mut self) {
        let replaced: Vec<(Arc<str>, Record)> = self
            .records
            .iter()
            .filter(|(_, record)| !record.replaced.is_empty())
            .map(|(id, record)| (Arc::clone(id), record.clone()))
            .collect();
        for (id, mut record) in replaced {
            let outcome = self
                .remove_all(&record.resource_type, &record.replaced)
                .await;
            if outcome.is_ok() {
                record.replaced.clear();
            }
            let outcome = match outcome {
                Ok(()) => self.keep(&id, record).await,
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                self.refused(&id, "what it replaced", error);
            }
        }
        let leaving: Vec<(Arc<str>, Record)> = leaving(self.stack, &self.records)
            .map(|(id, record)| (Arc::clone(id), record.clone()))
            .collect();
        for (id, record) in leaving {
            self.leave(&id, &record).await;
        }
    }

    async fn leave(&mut self, id: &Arc<str>, record: &Record) {
        let mut change = Change::Retain;
        if !record.is_retained {
            change = Change::Delete;
            let mut all = record.replaced.clone();
            all.push(record.made.clone());
            if let Err(error) = self.remove_all(&record.resource_type, &all).await {
                return self.refused(id, label_of(&record.resource_type), error);
            }
        }
        let forgotten = record::forget(self.api, &self.stack.deployment().stack_name, id).await;
        match forgotten {
            Ok(()) => self.reports.push(Report {
                kind: label_of(&record.resource_type).to_owned(),
                name: id.to_string(),
                outcome: Ok(change),
            }),
            Err(error) => self.refused(id, label_of(&record.resource_type), error),
        }
    }

    async fn remove_all(&self, resource_type: &str, all: &[Made]) -> Result<(), CallError> {
        let Some(kind) = kinds::find(resource_type) else {
            return Ok(());
        };
        for made in all {
            match kind.delete(self.api, made).await {
                Err(error) if !error.is_not_found() => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    fn refused(&mut self, id: &Arc<str>, kind: &str, error: CallError) {
        self.reports.push(Report {
            kind: kind.to_owned(),
            name: id.to_string(),
            outcome: Err(error.problem(format!("{kind} of `{id}` was not removed"))),
        });
    }

    async fn keep(&mut self, id: &Arc<str>, record: Record) -> Result<(), CallError> {
        let stack = &self.stack.deployment().stack_name;
        record::write(self.api, stack, id, &record).await?;
        self.records.insert(Arc::clone(id), record);
        Ok(())
    }

    async fn outputs(&mut self) -> Vec<Output> {
        let refuse = |what: &str, problem: Problem| Report {
            kind: "output".to_owned(),
            name: what.to_owned(),
            outcome: Err(problem),
        };
        let outputs = match self.stack.outputs(&self.values) {
            Ok(outputs) => outputs,
            Err(error) => {
                let problem = Problem::new("the outputs are not right").why(error);
                self.reports.push(refuse("Outputs", problem));
                return Vec::new();
            }
        };
        let stack = &self.stack.deployment().stack_name;
        for output in &outputs {
            if let Some(name) = &output.export
                && let Err(error) = record::export(self.api, stack, name, &output.value).await
            {
                let problem = error.problem(format!("`{name}` was not exported"));
                self.reports.push(refuse(&output.name, problem));
            }
        }
        outputs
    }
}
